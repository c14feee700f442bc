import { isGone } from '../core/check/judge.ts';
import { header } from '../core/headers.ts';
import type { Answer } from '../core/types.ts';
import { pause } from './pause.ts';

/** How a receiver that limits the rate, or is gone for a moment, is treated. */
export interface Manners {
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Told when we slow down, and for how long, ms. */
  readonly slowed: (ms: number) => void;
  /** How long a receiver that was never there is waited for, ms. @default 0 */
  readonly waitMs?: number | undefined;
}

/** A 429 is tried again so often. */
const mostTimes = 4;
/** The first pause after a 429 that names none, ms; each further one is twice as long. */
const firstPauseMs = 250;
/** Longer than this nobody is waited for, ms. */
const longestMs = 30_000;
/** One that was there is waited for so long, ms: it may be starting again. */
const goneMs = 2000;

/** Sends, and sends again what was answered 429 or met nobody: after a pause, which everybody keeps. */
export function politely<T>(
  send: (message: T) => Promise<Answer>,
  { now, signal, slowed, waitMs = 0 }: Manners,
): (message: T) => Promise<Answer> {
  let until = 0;
  let met = false;
  const whenItMay = async () => {
    while (until > performance.now() && !signal.aborted) await pause(until - performance.now(), signal);
  };
  const untilThere = async (message: T): Promise<Answer> => {
    const deadline = performance.now() + (met ? goneMs : waitMs);
    for (;;) {
      const answer = await send(message);
      const gone = isGone(answer);
      met ||= !gone;
      if (!gone || signal.aborted || performance.now() >= deadline) return answer;
      await pause(100, signal);
    }
  };
  return async (message) => {
    for (let time = 1; ; time++) {
      await whenItMay();
      const answer = await untilThere(message);
      const ms = pauseAfter(answer, time, now());
      if (ms === undefined || ms > longestMs || time >= mostTimes || signal.aborted) return answer;
      // Those that were sent beside it meet the same limit, and wait for the same pause.
      if (until <= performance.now()) slowed(ms);
      until = Math.max(until, performance.now() + ms);
    }
  };
}

/** How long to wait after a 429, ms: as it asks, and longer each time; nothing after another answer. */
function pauseAfter(answer: Answer, time: number, now: number): number | undefined {
  if (!('status' in answer) || answer.status !== 429) return undefined;
  const asked = header(answer.headers, 'retry-after') ?? '';
  const seconds = /^\d+$/.test(asked) ? Number(asked) : (Date.parse(asked) - now) / 1000;
  const least = firstPauseMs * 2 ** (time - 1);
  return Number.isFinite(seconds) ? Math.max(least, seconds * 1000) : least;
}
