import { isGone } from '../../core/check/judge.ts';
import { askedPauseMs, longestPauseMs } from '../../core/check/limit.ts';
import type { Answer } from '../../core/types.ts';
import { pause } from '../pause.ts';

/** How a receiver that limits the rate, or is not there yet, is treated. */
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

/** Sends, and sends again what was answered 429, after a pause, which everybody keeps, or what met nobody yet. */
export function politely<T extends readonly unknown[]>(
  send: (...message: T) => Promise<Answer>,
  { now, signal, slowed, waitMs = 0 }: Manners,
): (...message: T) => Promise<Answer> {
  let until = 0;
  let met = false;
  const whenItMay = async () => {
    while (until > performance.now() && !signal.aborted) await pause(until - performance.now(), signal);
  };
  const untilThere = async (...message: T): Promise<Answer> => {
    const deadline = performance.now() + (met ? 0 : waitMs);
    for (;;) {
      const answer = await send(...message);
      const gone = isGone(answer);
      met ||= !gone;
      if (!gone || signal.aborted || performance.now() >= deadline) return answer;
      await pause(100, signal);
    }
  };
  return async (...message) => {
    for (let time = 1; ; time++) {
      await whenItMay();
      const answer = await untilThere(...message);
      const ms = pauseAfter(answer, time, now());
      if (ms === undefined || ms > longestPauseMs || time >= mostTimes || signal.aborted) return answer;
      // Those that were sent beside it meet the same limit, and wait for the same pause.
      if (until <= performance.now()) slowed(ms);
      until = Math.max(until, performance.now() + ms);
    }
  };
}

/** How long to wait after a 429, ms: as it asks, and longer each time; nothing after another answer. */
function pauseAfter(answer: Answer, time: number, now: number): number | undefined {
  if (!('status' in answer) || answer.status !== 429) return undefined;
  return Math.max(firstPauseMs * 2 ** (time - 1), askedPauseMs(answer, now) ?? 0);
}
