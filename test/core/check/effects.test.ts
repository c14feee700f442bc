import { describe, expect, it } from 'vitest';
import { headsOf, judgeEffects, withoutEffects, withoutTrust } from '../../../src/core/check/effects.ts';
import type { Rule } from '../../../src/core/check/rule.ts';
import { answered, ruleOf, triedWith } from '../../helpers/battery.ts';

describe('effects', () => {
  const passed = { outcome: 'passed' } as const;
  const [twice, reported] = [ruleOf('duplicate'), ruleOf('same-body-new-id')];
  const forged = ruleOf('known-id-forged');
  const [acted, once] = [ruleOf('refused-no-effect'), ruleOf('duplicate-at-once')];
  const [burnt, behind] = [ruleOf('refused-id-not-burnt'), ruleOf('duplicate-behind-another')];
  const unmoved =
    'by the answers alone; no effect of a genuine delivery with nothing before it was seen: "1" stayed';

  it.each<[string, Rule, [string, string, string], object]>([
    ['none the second time', twice, ['1', '2', '2'], { outcome: 'passed', reason: 'no second effect' }],
    ['one the second time', twice, ['1', '2', '3'], { outcome: 'failed', level: 'MUST' }],
    ['none at all', twice, ['1', '1', '1'], { outcome: 'passed', reason: unmoved }],
    ['none the first time, one the second', twice, ['1', '1', '2'], { outcome: 'passed', reason: unmoved }],
    ['none at all where answers say nothing', behind, ['1', '1', '1'], { outcome: 'skipped' }],
    ['one of the first behind another', behind, ['1', '3', '4'], { outcome: 'failed', level: 'MUST' }],
    ['one, which is only reported', reported, ['1', '2', '3'], { outcome: 'reported' }],
    ['none, which is only reported', reported, ['1', '2', '2'], { outcome: 'reported' }],
    ['none of a genuine one behind a forged', burnt, ['1', '1', '1'], { outcome: 'failed' }],
    ['one of a genuine one behind a forged', burnt, ['1', '1', '2'], { outcome: 'passed' }],
    ['none of a forged one', acted, ['1', '2', '2'], { outcome: 'passed' }],
    ['one of a refused one', acted, ['1', '2', '3'], { outcome: 'failed', level: 'MUST' }],
    ['none of the genuine one before', acted, ['1', '1', '2'], { outcome: 'skipped' }],
    ['as many of five as of one', once, ['9', '7', '5'], { outcome: 'passed' }],
    ['more of five than of one', once, ['9', '7', '4'], { outcome: 'failed', level: 'MUST' }],
    ['some that are no numbers', once, ['', '1', '2'], { outcome: 'skipped' }],
    ['one of a forged delivery', forged, ['1', '2', '3'], { outcome: 'failed', level: 'MUST' }],
  ])('%s', (_, rule, [before, first, last], judgement) => {
    expect(judgeEffects(rule, passed, { before, first, last }, [])).toMatchObject(judgement);
  });

  it('of a genuine one behind a forged are asked for where another one has some', () => {
    const still = { before: '1', first: '1', last: '1' };
    expect(judgeEffects(burnt, passed, { ...still, after: '2' }, [])).toMatchObject({ outcome: 'failed' });
    expect(judgeEffects(burnt, passed, { ...still, after: '1' }, [])).toMatchObject({
      outcome: 'passed',
      reason: expect.stringMatching(/^by the answers alone; .*with nothing before it/),
    });
  });

  it('of what was taken although it was forged is worse than its answer', () => {
    const byAnswers = { outcome: 'failed', reason: 'forged: answered 200' } as const;
    const still = { before: '1', first: '2', last: '2' };
    expect(judgeEffects(forged, byAnswers, still, [])).toBe(byAnswers);
    expect(judgeEffects(forged, byAnswers, { ...still, last: '3' }, [])).toMatchObject({ level: 'MUST' });
  });

  it('are those of what comes behind the first messages', () => {
    const roles = [undefined, 'between', undefined, 'after'] as const;
    const trials = roles.map((role) => triedWith(role ? { role } : {}, answered(200)).trial);
    expect(headsOf(trials)).toEqual(trials.slice(0, 2));
    expect(headsOf(trials.slice(0, 1))).toEqual(trials.slice(0, 1));
  });

  it('are shown with the last message that was accepted', () => {
    const tried = [204, 204, 401].map((status) => triedWith({}, answered(status)));
    const effects = { before: '1', first: '2', last: '3' };
    expect(judgeEffects(twice, passed, effects, tried).tried).toBe(tried[1]);
    const refused = [204, 401, 401].map((status) => triedWith({}, answered(status)));
    expect(judgeEffects(acted, passed, effects, refused).tried).toBe(refused[2]);
  });

  it('that cannot be trusted leave it open, by the answers where they say something', () => {
    const failed = { outcome: 'failed' } as const;
    expect(withoutTrust(twice, passed, 'it moved')).toEqual({
      outcome: 'passed',
      reason: 'by the answers alone; the effect cannot be told: it moved',
      open: true,
    });
    expect(withoutTrust(once, passed, 'it moved')).toEqual({
      outcome: 'skipped',
      reason: 'the effect cannot be told: it moved',
      open: true,
    });
    expect(withoutTrust(reported, passed, 'it moved').open).toBeUndefined();
    expect(withoutTrust(twice, failed, 'it moved')).toBe(failed);
  });

  it('that cannot be seen are said to be unseen', () => {
    expect(withoutEffects(twice, passed).reason).toMatch(/by the answers alone/);
    expect(withoutEffects(ruleOf('stale'), passed)).toBe(passed);
    expect(withoutEffects(twice, { outcome: 'failed' })).toEqual({ outcome: 'failed' });
  });
});
