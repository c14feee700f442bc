import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextAttempt, type RetryRules } from '../../src/core/retry.ts';
import type { Answer } from '../../src/core/types.ts';
import roastify from '../../src/providers/roastify/index.ts';
import roseRocket from '../../src/providers/rose-rocket/index.ts';

const now = Date.UTC(2026, 10, 21, 10);
const { policy } = roastify;
const delaysMs = policy.delaysMs.value;
const seconds = (count: number) => count * 1000;

const answered = (status: number, ...headers: [string, string][]): Answer => ({
  status,
  headers,
  body: new Uint8Array(),
  ms: 5,
});
const timedOut: Answer = { failure: 'timeout', detail: '', ms: 15_000 };
const refused: Answer = { failure: 'refused', detail: '', ms: 1 };

/** The pause after an attempt where chance changes nothing. */
const next = (number: number, answer: Answer, change: Partial<RetryRules> = {}) =>
  nextAttempt(number, answer, { policy, delaysMs, random: () => 0.5, now, ...change });

describe('the schedule of Svix', () => {
  it('makes eight attempts', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7].map((number) => next(number, refused));
    expect(pauses).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 36_000].map((s) => ({ inMs: seconds(s) })));
    expect(next(8, refused)).toEqual({ stop: 'all 8 attempts are made' });
  });

  it('varies each pause by a fifth, and by chance alone', () => {
    const chance = fc.double({ min: 0, max: 0.999999, noNaN: true });
    fc.assert(
      fc.property(chance, fc.integer({ min: 1, max: 7 }), (random, number) => {
        const delay = delaysMs[number - 1] as number;
        const { inMs } = next(number, refused, { random: () => random }) as { inMs: number };
        expect(inMs).toBeGreaterThanOrEqual(Math.floor(delay * 0.8));
        expect(inMs).toBeLessThanOrEqual(Math.ceil(delay * 1.2));
        expect(next(number, refused, { random: () => random })).toEqual({ inMs });
      }),
    );
    expect(next(1, refused, { random: () => 0 })).toEqual({ inMs: 4000 });
  });

  it('leaves the pauses of a user as they are', () => {
    const chance = fc.double({ min: 0, max: 0.999999, noNaN: true });
    const pauses = fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        chance,
        pauses,
        fc.constantFrom(answered(500), answered(429), timedOut),
        (random, own, answer) => {
          const given = { delaysMs: own, exact: true, random: () => random };
          expect(own.map((_, index) => next(index + 1, answer, given))).toEqual(
            own.map((inMs) => ({ inMs })),
          );
        },
      ),
    );
  });

  it.each([
    ['429', answered(429), 60],
    ['a time-out', timedOut, 60],
    ['500', answered(500), 5],
    ['a refused connection', refused, 5],
  ])('after %s it waits long enough', (_what, answer, least) => {
    expect(next(1, answer)).toEqual({ inMs: seconds(least) });
  });

  it('a long pause stays as long after a 429', () => {
    expect(next(2, answered(429))).toEqual({ inMs: seconds(300) });
  });

  it.each([
    ['seconds within reach', '400', 400],
    ['less than the pause', '10', 300],
    ['more than twice the pause', '9999', 600],
    ['a date', new Date(now + seconds(450)).toUTCString(), 450],
    ['a date that has passed', new Date(now - seconds(450)).toUTCString(), 300],
    ['nonsense', 'soon', 300],
  ])('Retry-After: %s', (_what, value, expected) => {
    expect(next(2, answered(503, ['Retry-After', value]))).toEqual({ inMs: seconds(expected) });
  });

  it.each(['disable', 'abort-message', ' Disable '])('ends at webhook-delivery: %s', (value) => {
    const { stop } = next(1, answered(500, ['Webhook-Delivery', value])) as { stop: string };
    expect(stop).toContain('webhook-delivery');
  });

  it('goes on at another value of that header', () => {
    expect(next(1, answered(500, ['webhook-delivery', 'later']))).toEqual({ inMs: 5000 });
  });
});

describe('a provider without these rules', () => {
  const rules = { policy: roseRocket.policy, delaysMs: [1000] };

  it('waits as the given schedule says, whatever the answer asks for', () => {
    const answer = answered(429, ['retry-after', '7'], ['webhook-delivery', 'disable']);
    expect(next(1, answer, { ...rules, random: () => 0 })).toEqual({ inMs: 1000 });
  });

  it('ends when the schedule does', () => {
    expect(next(2, refused, rules)).toEqual({ stop: 'all 2 attempts are made' });
  });
});
