import { describe, expect, it } from 'vitest';
import {
  headsOf,
  judgeEffects,
  ownOf,
  withoutEffects,
  withoutTrust,
} from '../../../src/core/check/effects.ts';
import type { Rule } from '../../../src/core/check/rule.ts';
import { answered, ruleOf, triedWith } from '../../helpers/battery.ts';

describe('effects', () => {
  const passed = { outcome: 'passed' } as const;
  const [twice, reported] = [ruleOf('duplicate'), ruleOf('same-body-new-id')];
  const forged = ruleOf('known-id-forged');
  const [acted, once] = [ruleOf('refused-no-effect'), ruleOf('duplicate-at-once')];
  const [burnt, behind] = [ruleOf('refused-id-not-burnt'), ruleOf('duplicate-behind-another')];
  const own = ruleOf('alive');
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

  const none =
    'a genuine delivery was accepted and had no effect within --effect-wait, as the first of all had: "1" stayed';
  it.each<[string, Rule, object]>([
    [
      'passed by the answers',
      twice,
      { outcome: 'passed', reason: `by the answers alone; ${none}`, open: true },
    ],
    ['skipped where answers say nothing', behind, { outcome: 'skipped', reason: none, open: true }],
    [
      'told where it is reported only',
      reported,
      { outcome: 'passed', reason: `by the answers alone; ${none}` },
    ],
  ])('of a delivery that is the first of its id leave it open when they are missed: %s', (_, rule, is) => {
    const still = { before: '1', first: '1', last: '1', fresh: true, repeats: true };
    expect(judgeEffects(rule, passed, still, [])).toEqual(is);
  });

  it.each<[boolean, boolean, object]>([
    [
      true,
      true,
      { outcome: 'failed', reason: expect.stringMatching(/as they had at the start: "1" stayed/) },
    ],
    [true, false, { outcome: 'passed', reason: `by the answers alone; ${none}`, open: true }],
    [false, true, { outcome: 'passed', reason: unmoved }],
  ])('at the end are due where it is fresh (%s) and a second one had some (%s)', (fresh, repeats, is) => {
    const last = [triedWith({ role: 'after' }, answered(200))];
    const still = { before: '1', first: '1', last: '1', fresh, repeats };
    expect(judgeEffects(own, passed, still, last)).toMatchObject(is);
    expect(judgeEffects(own, passed, { ...still, first: '2', last: '2' }, last)).toEqual({
      outcome: 'passed',
      reason: 'it had its effect',
    });
  });

  it('are due of the last genuine one, or else of the first messages', () => {
    const roles = [undefined, 'between', undefined, 'after'] as const;
    const tried = roles.map((role) => triedWith(role ? { role } : {}, answered(200)));
    expect(ownOf(tried)).toEqual(tried.slice(3));
    expect(ownOf(tried.slice(0, 3))).toEqual(tried.slice(0, 2));
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
