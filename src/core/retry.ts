import { header } from './headers.ts';
import type { Policy } from './provider.ts';
import type { Answer } from './types.ts';

/** What a sender does after an attempt: tries again after a pause (ms), or stops for a reason. */
export type Next = { readonly inMs: number } | { readonly stop: string };

/** How the pauses are worked out. */
export interface RetryRules {
  readonly policy: Policy;
  /** The pauses, ms: the provider's own, or another schedule. */
  readonly delaysMs: readonly number[];
  /** They are a user's own: as long as they say, or as a `Retry-After` asks; the provider's sender varies none of them. */
  readonly exact?: boolean | undefined;
  /** A number from 0 to below 1: the only chance there is, so that a seeded run repeats. */
  readonly random: () => number;
  /** The clock, for a `Retry-After` that is a date; ms since the epoch. */
  readonly now: number;
}

/**
 * What comes after an attempt that was not accepted.
 * @param number the attempt's, from 1
 */
export function nextAttempt(number: number, answer: Answer, rules: RetryRules): Next {
  const { policy, delaysMs } = rules;
  const delay = delaysMs[number - 1];
  const stop = stopOf(policy, answer);
  if (stop !== undefined) return { stop };
  if (delay === undefined) return { stop: `all ${delaysMs.length + 1} attempts are made` };
  const pause = rules.exact ? delay : varied(delay, answer, rules);
  return { inMs: Math.round(askedFor(answer, pause, rules)) };
}

/** A pause as the provider's own sender makes it. */
function varied(delay: number, answer: Answer, { policy, random }: RetryRules): number {
  const rough = delay * (1 + (policy.jitter?.value ?? 0) * (2 * random() - 1));
  return isThrottled(answer) ? Math.max(rough, policy.throttledMs?.value ?? 0) : rough;
}

/** The answer's header by which a receiver ends the retries, if it has one. */
function stopOf({ stops }: Policy, answer: Answer): string | undefined {
  if (stops === undefined || 'failure' in answer) return undefined;
  const value = header(answer.headers, stops.value.header)?.trim().toLowerCase();
  return value !== undefined && stops.value.values.includes(value)
    ? `the receiver answered ${stops.value.header}: ${value}`
    : undefined;
}

const isThrottled = (answer: Answer): boolean =>
  'failure' in answer ? answer.failure === 'timeout' : answer.status === 429;

/** `Retry-After`, in seconds or as a date, within the delay and so many times the delay. */
function askedFor(answer: Answer, delay: number, { policy, now }: RetryRules): number {
  const most = policy.retryAfterTimes?.value;
  const text = 'headers' in answer ? header(answer.headers, 'retry-after')?.trim() : undefined;
  if (most === undefined || text === undefined) return delay;
  const asked = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(asked) ? Math.min(Math.max(asked, delay), delay * most) : delay;
}
