import { describe, expect, it } from 'vitest';
import { judgeRefusals } from '../../../src/core/check/answer.ts';
import type { Answer } from '../../../src/core/types.ts';
import { answered, failed, triedWith } from '../../helpers/battery.ts';

describe('how bad deliveries are refused', () => {
  const bad = (answer: Answer) => triedWith({ expect: 'refuse', bad: true }, answer);

  it('passes with 4xx', () => {
    expect(judgeRefusals([bad(answered(401)), bad(answered(429))])).toEqual({ outcome: 'passed' });
  });

  it('fails with what is tried again, and counts it', () => {
    const first = bad(answered(500));
    const others = [answered(302), failed('reset'), answered(500), answered(401)].map((answer) =>
      bad(answer),
    );
    expect(judgeRefusals([first, ...others, bad(answered(204))])).toEqual({
      outcome: 'failed',
      reason: '4 of 5 refusals: answered 500 ×2, answered 302 ×1, the connection was dropped ×1',
      tried: first,
    });
  });

  it('counts what never came in one, however long it was waited for', () => {
    const late = [2001, 2003, 2003].map((ms) => bad(failed('timeout', ms)));
    expect(judgeRefusals(late).reason).toBe('3 of 3 refusals: no answer in time ×3');
  });

  it('is not judged where nothing was refused, or nothing bad was sent', () => {
    expect(judgeRefusals([bad(answered(204))]).reason).toBe('nothing was refused');
    expect(judgeRefusals([]).reason).toMatch(/^no bad delivery was sent/);
  });
});
