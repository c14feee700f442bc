import { describe, expect, it } from 'vitest';
import { judgeRefusals } from '../../../src/core/check/answer.ts';
import { causesOf } from '../../../src/core/check/diagnose.ts';
import { judgeEffects, withoutEffects } from '../../../src/core/check/effects.ts';
import { answerWords, isMet, judgeAll, judgeTold, told } from '../../../src/core/check/judge.ts';
import type { Expectation, Rule } from '../../../src/core/check/rule.ts';
import { findRule, selectRules } from '../../../src/core/check/rules.ts';
import { summaryOf, summaryWords } from '../../../src/core/check/summary.ts';
import type { CheckFact } from '../../../src/core/facts.ts';
import { answered, benchOf, failed, kitFor, ruleOf, triedWith } from '../../helpers/battery.ts';

const answers = {
  204: answered(204),
  302: answered(302),
  401: answered(401),
  500: answered(500),
  reset: failed('reset'),
  timeout: failed('timeout'),
  refused: failed('refused'),
};

describe('what an answer is to each expectation', () => {
  const table: Record<Expectation, readonly string[]> = {
    accept: ['204'],
    refuse: ['302', '401', '500', 'reset', 'timeout'],
    stand: ['204', '302', '401'],
    'stand-refusing': ['302', '401'],
    'stand-or-close': ['204', '302', '401', 'reset'],
    'stand-refusing-or-close': ['302', '401', 'reset'],
    any: Object.keys(answers),
  };
  it.each(Object.entries(table))('%s', (expect_, met) => {
    const found = Object.entries(answers).filter(([, answer]) =>
      isMet(triedWith({ expect: expect_ as Expectation }, answer)),
    );
    expect(found.map(([name]) => name)).toEqual(met);
  });
});

describe('a rule', () => {
  it('passes when all is met', () => {
    expect(judgeAll([triedWith({}, answers[204]), triedWith({ expect: 'refuse' }, answers[401])])).toEqual({
      outcome: 'passed',
    });
  });

  it('fails at a forged delivery that was taken before all else', () => {
    const taken = triedWith({ label: 'forged', expect: 'refuse' }, answers[204]);
    expect(judgeAll([triedWith({ role: 'twin' }, answers[401]), taken])).toEqual({
      outcome: 'failed',
      reason: 'forged: answered 204',
      tried: taken,
    });
  });

  it('says that a twin was refused, and what came after', () => {
    expect(judgeAll([triedWith({ role: 'twin' }, answers[401])]).reason).toMatch(/a refusal proves nothing/);
    expect(judgeAll([triedWith({ role: 'after' }, answers[500])]).reason).toBe(
      'the next genuine delivery was refused: answered 500',
    );
  });

  it('is told nothing by a limit of the rate, by an interruption, or by a receiver that others ended', () => {
    const all = [answers[204], answered(429), failed('aborted'), answers.refused].map((answer) =>
      triedWith({}, answer),
    );
    expect(told(ruleOf('stale'), all).map(({ answer }) => answer)).toEqual([answers[204]]);
    expect(told(ruleOf('not-json'), all).map(({ answer }) => answer)).toEqual([
      answers[204],
      answers.refused,
    ]);
  });

  it.each([
    [answered(200, 100), 'passed', undefined, /after 100 ms; the provider waits 15000 ms/],
    [answered(200, 5001), 'failed', undefined, /after 5001 ms/],
    [failed('timeout', 15_000), 'failed', 'MUST', /no answer within 15000 ms/],
  ] as const)('prompt: %o', (answer, outcome, level, reason) => {
    const judged = judgeTold(ruleOf('prompt'), [triedWith({}, answer)], kitFor(benchOf(), 'prompt'));
    expect(judged).toMatchObject({ outcome, reason: expect.stringMatching(reason) });
    expect(judged.level).toBe(level);
  });

  it('reformatted-body names what is done to the body', () => {
    const kit = kitFor(benchOf(), 'reformatted-body');
    const rule = ruleOf('reformatted-body');
    const trials = rule.trials(kit);
    const judge = (refused: (label: string) => boolean) =>
      judgeTold(
        rule,
        trials.map((trial) => triedWith(trial, refused(trial.label) ? answers[401] : answers[204])),
        kit,
      );
    expect(judge(() => false)).toEqual({ outcome: 'passed' });
    expect(judge((label) => label.includes('line break')).reason).toMatch(/^the body is trimmed/);
    expect(judge((label) => !label.includes('line break')).reason).toMatch(/express\.json\(\)/);
  });

  it('duplicate-headers only reports what is made of a right one', () => {
    const rule = ruleOf('duplicate-headers');
    const kit = kitFor(benchOf(), rule.id);
    const judge = (...taken: number[]) =>
      judgeTold(
        rule,
        rule
          .trials(kit)
          .map((trial, index) => triedWith(trial, taken.includes(index) ? answers[204] : answers[401])),
        kit,
      );
    expect(judge(0)).toEqual({ outcome: 'passed' });
    expect(judge(0, 2)).toMatchObject({ outcome: 'passed', reason: expect.stringMatching(/which is fine/) });
    expect(judge(0, 1)).toMatchObject({ outcome: 'failed', reason: 'both wrong: answered 204' });
  });
});

it.each([
  [answers[204], 'answered 204'],
  [answers.refused, 'the receiver is gone'],
  [failed('timeout', 299.6), 'no answer within 300 ms'],
  [answers.reset, 'the connection was dropped'],
])('%o in words', (answer, words) => {
  expect(answerWords(answer)).toBe(words);
});

describe('effects', () => {
  const passed = { outcome: 'passed' } as const;
  const [twice, reported] = [ruleOf('duplicate'), ruleOf('same-body-new-id')];
  const forged = ruleOf('known-id-forged');

  it.each<[string, Rule, [string, string, string], object]>([
    ['none the second time', twice, ['1', '2', '2'], { outcome: 'passed', reason: 'no second effect' }],
    ['one the second time', twice, ['1', '2', '3'], { outcome: 'failed', level: 'MUST' }],
    ['none at all', twice, ['1', '1', '1'], { outcome: 'skipped' }],
    ['none the first time, one the second', twice, ['1', '1', '2'], { outcome: 'skipped' }],
    ['one, which is only reported', reported, ['1', '2', '3'], { outcome: 'reported' }],
    ['none, which is only reported', reported, ['1', '2', '2'], { outcome: 'reported' }],
    ['one of a forged delivery', forged, ['1', '2', '3'], { outcome: 'failed', level: 'MUST' }],
  ])('%s', (_, rule, [before, first, last], judgement) => {
    expect(judgeEffects(rule, passed, { before, first, last }, [])).toMatchObject(judgement);
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

describe('how bad deliveries are refused', () => {
  const bad = (answer: (typeof answers)[401]) => triedWith({ expect: 'refuse', bad: true }, answer);

  it('passes with 4xx', () => {
    expect(judgeRefusals([bad(answers[401]), bad(answered(429))])).toEqual({ outcome: 'passed' });
  });

  it('fails with what is tried again, and counts it', () => {
    const first = bad(answers[500]);
    const others = [answers[302], answers.reset, answers[500], answers[401]].map((answer) =>
      bad(answer as (typeof answers)[401]),
    );
    expect(judgeRefusals([first, ...others, bad(answers[204])])).toEqual({
      outcome: 'failed',
      reason: '4 of 5 refusals: answered 500 ×2, answered 302 ×1, the connection was dropped ×1',
      tried: first,
    });
  });

  it('is not judged where nothing was refused, or nothing bad was sent', () => {
    expect(judgeRefusals([bad(answers[204])]).reason).toBe('nothing was refused');
    expect(judgeRefusals([]).reason).toBe('no bad delivery was sent');
  });
});

describe('why a genuine delivery may be refused', () => {
  const [signed, assumed] = [benchOf('roastify'), benchOf('shoprocket')];

  it.each([
    [answered(401), /another secret/],
    [answered(400), /another secret/],
    [answered(404), /path is another/],
    [answered(405), /path is another/],
    [answered(413), /limit of the body/],
    [answered(415), /content type application\/json/],
    [answered(422), /does not want fulfillment\.created|does not want /],
    [answered(429), /limits the rate/],
    [answered(500), /it throws/],
    [failed('refused'), /nothing listens there/],
    [failed('timeout'), /never answers/],
    [failed('reset'), /drops the connection/],
  ])('%o', (answer, cause) => {
    expect(causesOf(answer, signed)[0]).toMatch(cause);
  });

  it('names where a redirect leads, and no token in it', () => {
    const answer = { ...answered(302), headers: [['Location', '/login?token=abcdefghijklmnop']] as const };
    expect(causesOf(answer, signed)[0]).toMatch(/redirects to \/login\?token=••••mnop/);
  });

  it('speaks of a scheme that is assumed', () => {
    expect(causesOf(answered(401), assumed).join()).toMatch(/is assumed/);
    expect(causesOf(answered(401), signed).join()).not.toMatch(/is assumed/);
  });
});

describe('the summary', () => {
  const fact = (outcome: CheckFact['outcome'], level: CheckFact['level'], reason?: string) =>
    ({ outcome, level, ...(reason === undefined ? {} : { reason }) }) as CheckFact;
  const facts = [
    fact('passed', 'MUST'),
    fact('passed', 'SHOULD'),
    fact('failed', 'MUST', 'it did'),
    fact('failed', 'SHOULD', 'it did'),
    fact('reported', 'MUST', 'told'),
    fact('skipped', 'MUST', 'no time'),
    fact('skipped', 'MUST', 'no time'),
    fact('skipped', 'MUST', 'no id'),
  ];

  it('counts', () => {
    expect(summaryOf(facts, 9, 7, 'then')).toEqual({
      kind: 'summary',
      at: 'then',
      rules: 9,
      passed: 2,
      failed: 2,
      failed_must: 1,
      skipped: 3,
      reported: 1,
      skipped_because: { 'no time': 2, 'no id': 1 },
      seed: 7,
    });
  });

  it('says what was and was not tested', () => {
    expect(summaryWords(summaryOf(facts, 9, 7, ''))).toBe(
      '9 rules: 2 passed, 2 failed, 1 reported, 3 skipped (no time ×2; no id), 1 not tried',
    );
    expect(summaryWords(summaryOf(facts.slice(0, 1), 1, 7, ''))).toBe('1 rules: 1 passed');
    expect(summaryWords(summaryOf([], 1, 7, ''))).toBe('1 rules: 0 passed, 1 not tried');
  });
});

describe('rules by name', () => {
  const ids = (only?: string[], skip?: string[]) => selectRules(only, skip).map(({ id }) => id);

  it('are found, and selected by globs in their own order', () => {
    expect(findRule('stale').id).toBe('stale');
    expect(ids(['stale*', 'valid'])).toEqual(['valid', 'stale', 'stale-by-a-day']);
    expect(ids(['stale*'], ['*-day'])).toEqual(['stale']);
    expect(ids()).toHaveLength(71);
  });

  it.each<[() => unknown, RegExp, RegExp]>([
    [() => findRule('stael'), /no rule "stael"/, /stale/],
    [() => ids(['tampered-bodi']), /no rule fits "tampered-bodi"/, /tampered-body/],
    [() => ids(undefined, ['nothing*']), /no rule fits "nothing\*"/, /--list/],
    [() => ids(['stale'], ['stale']), /leave no rule/, /--list/],
  ])('%s', (find, message, hint) => {
    expect(find).toThrow(
      expect.objectContaining({ message: expect.stringMatching(message), hint: expect.stringMatching(hint) }),
    );
  });
});
