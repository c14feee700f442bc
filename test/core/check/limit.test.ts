import { expect, it } from 'vitest';
import { askedPauseMs, limitWords } from '../../../src/core/check/limit.ts';
import { answered, failed } from '../../helpers/battery.ts';
import { now } from '../../helpers/deliveries.ts';

const limited = (after: string) => ({ ...answered(429), headers: [['Retry-After', after]] as const });
const date = (ms: number) => new Date(now + ms).toUTCString();

it.each([
  ['0', 0],
  ['120', 120_000],
  [date(60_000), 60_000],
  [date(-60_000), 0],
  ['soon', undefined],
])('Retry-After: %s', (after, ms) => {
  const asked = askedPauseMs(limited(after), now);
  // A date has whole seconds.
  if (ms === undefined || ms === 0) expect(asked).toBe(ms);
  else expect(Math.abs((asked ?? 0) - ms)).toBeLessThan(1000);
});

it('only a 429 asks', () => {
  expect(askedPauseMs({ ...limited('5'), ...answered(503) }, now)).toBeUndefined();
  expect(askedPauseMs(failed('refused'), now)).toBeUndefined();
});

it('is told as it is', () => {
  expect(limitWords(limited('120'), now)).toMatch(/asks to wait 120 s, longer than 30 s: not waited for$/);
  expect(limitWords(limited('30'), now)).toBe('the receiver goes on limiting the rate (429)');
  expect(limitWords(answered(429), now)).toBe('the receiver goes on limiting the rate (429)');
});
