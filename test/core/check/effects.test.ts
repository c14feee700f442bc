import { describe, expect, it } from 'vitest';
import { judgeEffects, withoutEffects } from '../../../src/core/check/effects.ts';
import type { Rule } from '../../../src/core/check/rule.ts';
import { ruleOf } from '../../helpers/battery.ts';

describe('effects', () => {
  const passed = { outcome: 'passed' } as const;
  const [twice, reported] = [ruleOf('duplicate'), ruleOf('same-body-new-id')];
  const forged = ruleOf('known-id-forged');
  const [acted, once] = [ruleOf('refused-no-effect'), ruleOf('duplicate-at-once')];
  const burnt = ruleOf('refused-id-not-burnt');

  it.each<[string, Rule, [string, string, string], object]>([
    ['none the second time', twice, ['1', '2', '2'], { outcome: 'passed', reason: 'no second effect' }],
    ['one the second time', twice, ['1', '2', '3'], { outcome: 'failed', level: 'MUST' }],
    ['none at all', twice, ['1', '1', '1'], { outcome: 'skipped' }],
    ['none the first time, one the second', twice, ['1', '1', '2'], { outcome: 'skipped' }],
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
      outcome: 'skipped',
      reason: expect.stringMatching(/with nothing before it/),
    });
  });

  it('of what was taken although it was forged is worse than its answer', () => {
    const byAnswers = { outcome: 'failed', reason: 'forged: answered 200' } as const;
    const still = { before: '1', first: '2', last: '2' };
    expect(judgeEffects(forged, byAnswers, still, [])).toBe(byAnswers);
    expect(judgeEffects(forged, byAnswers, { ...still, last: '3' }, [])).toMatchObject({ level: 'MUST' });
  });

  it('that cannot be seen are said to be unseen', () => {
    expect(withoutEffects(twice, passed).reason).toMatch(/by the answers alone/);
    expect(withoutEffects(ruleOf('stale'), passed)).toBe(passed);
    expect(withoutEffects(twice, { outcome: 'failed' })).toEqual({ outcome: 'failed' });
  });
});
