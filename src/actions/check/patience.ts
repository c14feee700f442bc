import type { Expectation } from '../../core/check/rule.ts';
import type { Answer } from '../../core/types.ts';

/** How long answers are waited for: less once some did not come, so that a receiver that hangs takes no hour. */
export interface Patience {
  /** How long the next answer may take, ms. */
  readonly ms: (expect: Expectation) => number;
  readonly note: (answer: Answer) => void;
}

/** After so many answers that did not come, nobody is waited for that long any more. */
const mostTimeouts = 3;
/** Nobody is waited for less than so many times the slowest answer, or than this, ms; what must be accepted has longer. */
const slowestTimes = 4;
const leastMs = 500;
const leastToAcceptMs = 1000;

/**
 * Begins with the whole time.
 * @param shortened told when it is shortened, and to what at least, ms
 */
export function makePatience(timeoutMs: number, shortened: (ms: number) => void): Patience {
  let timeouts = 0;
  let slowest = 0;
  let told = false;
  const enough = (least: number) => Math.min(timeoutMs, Math.max(least, Math.ceil(slowest * slowestTimes)));
  return {
    ms: (expect) =>
      timeouts < mostTimeouts ? timeoutMs : enough(expect === 'accept' ? leastToAcceptMs : leastMs),
    note(answer) {
      if ('status' in answer) slowest = Math.max(slowest, answer.ms);
      else if (answer.failure === 'timeout') timeouts += 1;
      if (told || timeouts < mostTimeouts || enough(leastMs) === timeoutMs) return;
      told = true;
      shortened(enough(leastMs));
    },
  };
}
