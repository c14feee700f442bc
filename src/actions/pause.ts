import { onAbort } from '../io/abort.ts';
import { longestTimer } from '../io/timer.ts';

/** Waits, or returns at once when interrupted. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  for (let left = ms; left > 0 && !signal?.aborted; left -= longestTimer) {
    await slice(Math.min(left, longestTimer), signal);
  }
}

function slice(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      forget();
      resolve();
    };
    const timer = setTimeout(done, ms);
    const forget = onAbort(signal, done);
  });
}
