import { header } from '../headers.ts';
import type { Answer } from '../types.ts';

/** Longer than this nobody is waited for, ms. */
export const longestPauseMs = 30_000;

/** How long a 429 asks to wait, in seconds or as a date, ms; nothing where it does not say, or is no 429. */
export function askedPauseMs(answer: Answer, now: number): number | undefined {
  if (!('status' in answer) || answer.status !== 429) return undefined;
  const asked = header(answer.headers, 'retry-after') ?? '';
  const ms = /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** Why a receiver that answered 429 is not tried any more. */
export function limitWords(answer: Answer, now: number): string {
  const ms = askedPauseMs(answer, now) ?? 0;
  return ms > longestPauseMs
    ? `the receiver limits the rate (429), and asks to wait ${Math.ceil(ms / 1000)} s, longer than ${longestPauseMs / 1000} s: not waited for`
    : 'the receiver goes on limiting the rate (429)';
}
