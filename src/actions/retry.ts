import type { Draft } from '../core/provider.ts';
import { type Next, nextAttempt } from '../core/retry.ts';
import { isGivenUp } from '../core/types.ts';
import { type Attempt, type DeliverOptions, deliver } from './deliver.ts';
import { pause } from './pause.ts';

/** When a failed delivery is tried again. */
export interface RetryOptions extends DeliverOptions {
  /** The pauses after each failed attempt, ms; empty: it is tried once. */
  readonly delaysMs: readonly number[];
  /** They are a user's own, and exact. */
  readonly exact?: boolean | undefined;
  /** The waiting is so many times shorter than the schedule says. */
  readonly speed: number;
  /** Told before each wait. */
  readonly waiting?: (attempt: Attempt, realMs: number) => void;
}

/** The last attempt that was not given up, if any, and why no further one was made where there could have been one. */
export interface Retried {
  readonly last: Attempt;
  readonly stopped?: string;
}

/** What is special about one delivery. */
export interface Course {
  /** A number from 0 to below 1, from the seed. */
  readonly random: () => number;
  /** The first attempt breaks off half-way; those after it are whole. */
  readonly cut: boolean;
  /** Is given each attempt when it is over; what it returns is waited for. */
  readonly tell: (attempt: Attempt) => Promise<void> | undefined;
}

/** Delivers a draft and tries again by the schedule: same id, same bytes, fresh time and signature. */
export async function deliverWithRetries(
  draft: Draft,
  options: RetryOptions,
  { random, cut, tell }: Course,
): Promise<Retried> {
  if (options.delaysMs.length === 0) {
    const last = await deliver(draft, options, { number: 1, cut });
    const told = tell(last);
    // A burst has no time for a wait that is none.
    if (told) await told;
    return { last };
  }
  let virtualAt = options.now();
  let before: Attempt | undefined;
  for (let number = 1; ; number++) {
    const made = await deliver(draft, options, { number, cut: cut && number === 1 });
    const next = nextOf(made, options, random);
    const attempt = {
      ...made,
      virtualAt,
      ...(next && 'inMs' in next ? { nextInMs: next.inMs } : {}),
    };
    await tell(attempt);
    if (next === undefined) return { last: (isGivenUp(made.answer) && before) || attempt };
    if ('stop' in next) return { last: attempt, stopped: next.stop };
    options.waiting?.(attempt, next.inMs / options.speed);
    await pause(next.inMs / options.speed, options.signal);
    if (options.signal?.aborted) return { last: attempt, stopped: 'interrupted' };
    before = attempt;
    virtualAt += attempt.answer.ms + next.inMs;
  }
}

/** What the provider does next; nothing where the delivery was accepted, or nobody waits any more. */
function nextOf(
  { draft, number, answer, accepted }: Attempt,
  options: RetryOptions,
  random: () => number,
): Next | undefined {
  if (accepted || options.signal?.aborted) return undefined;
  const { delaysMs, exact, now } = options;
  const { policy } = draft.provider;
  return nextAttempt(number, answer, { policy, delaysMs, exact, random, now: now() });
}
