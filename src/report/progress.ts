import type { Output } from '../context.ts';

/** A line on a terminal's stderr that is written over and over; nothing where there is no terminal. */
export interface Progress {
  /** So many deliveries, or whatever it counts, are over. */
  readonly update: (done: number) => void;
  /** Shows a line of words until the next update. */
  readonly say: (words: string) => void;
  /** Takes the line away, before something else is written. */
  readonly clear: () => void;
}

/** The line is drawn so often, ms. */
const everyMs = 100;
const width = 24;

/** How much is done, as a bar. */
export function barOf(done: number, total: number): string {
  const full = total === 0 ? 0 : Math.floor((done / total) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}

/** Opens a progress bar for so many deliveries, or other things; one alone shows only what is said. */
export function openProgress(err: Output, total: number): Progress {
  if (!err.isTTY) return { update: () => {}, say: () => {}, clear: () => {} };
  const started = performance.now();
  let drawn = false;
  let last = 0;
  const draw = (words: string) => {
    err.write(`\r\x1b[2K${words.slice(0, err.columns - 1)}`);
    drawn = true;
  };
  return {
    update(done) {
      const now = performance.now();
      if (total === 1 || now - last < everyMs) return;
      last = now;
      const perSecond = Math.round(done / ((now - started) / 1000));
      draw(`${barOf(done, total)} ${done} of ${total}, ${perSecond} per second`);
    },
    say: draw,
    clear() {
      if (drawn) err.write('\r\x1b[2K');
      drawn = false;
    },
  };
}
