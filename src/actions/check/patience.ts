import type { Answer } from '../../core/types.ts';

/** How long answers are waited for: less once some did not come, so that a receiver that hangs takes no hour. */
export interface Patience {
  /** How long the next answer may take, ms. */
  readonly ms: () => number;
  readonly note: (answer: Answer) => void;
}

/** After so many answers that did not come, nobody is waited for that long any more. */
const mostTimeouts = 3;
/** Nobody is waited for less than this, ms, or less than so many times the slowest answer. */
const leastMs = 1000;
const slowestTimes = 5;

/**
 * Begins with the whole time.
 * @param shortened told when it is shortened, and to what, ms
 */
export function makePatience(timeoutMs: number, shortened: (ms: number) => void): Patience {
  let allowed = timeoutMs;
  let timeouts = 0;
  let slowest = 0;
  return {
    ms: () => allowed,
    note(answer) {
      if ('status' in answer) slowest = Math.max(slowest, answer.ms);
      else if (answer.failure === 'timeout') timeouts += 1;
      const enough = Math.max(leastMs, Math.ceil(slowest * slowestTimes));
      if (timeouts < mostTimeouts || enough >= allowed || allowed < timeoutMs) return;
      allowed = enough;
      shortened(enough);
    },
  };
}
