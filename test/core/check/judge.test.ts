import { describe, expect, it } from 'vitest';
import { answerWords, isMet, judgeAll, judgeTold, told } from '../../../src/core/check/judge.ts';
import type { Expectation } from '../../../src/core/check/rule.ts';
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
    expect(judgeAll([triedWith({ role: 'twin' }, answers[401])])).toMatchObject({
      outcome: 'skipped',
      open: true,
      reason: expect.stringMatching(/answered 401.*nothing can be concluded/),
    });
    expect(judgeAll([triedWith({ role: 'after' }, answers[500])]).reason).toBe(
      'the next genuine delivery was refused: answered 500',
    );
  });

  it('is told nothing by a limit of the rate, by an interruption, or by nobody', () => {
    const all = [answers[204], answered(429), failed('aborted'), answers.refused].map((answer) =>
      triedWith({}, answer),
    );
    expect(told(all).map(({ answer }) => answer)).toEqual([answers[204]]);
  });

  it.each([
    [answered(200, 100), 'passed', undefined, /after 100 ms; the provider waits 15000 ms/],
    [answered(200, 5001), 'failed', undefined, /after 5001 ms/],
    [answered(200, 15_001), 'failed', 'MUST', /after 15001 ms/],
    [failed('timeout', 300), 'skipped', undefined, /no answer within 300 ms, and we waited no longer/],
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
  [answers.refused, 'nothing listens there'],
  [failed('timeout', 299.6), 'no answer within 300 ms'],
  [answers.reset, 'the connection was dropped'],
])('%o in words', (answer, words) => {
  expect(answerWords(answer)).toBe(words);
});
