import type { Probe } from '../../io/probe.ts';
import { pause } from '../pause.ts';

/** Watches what a receiver does beside answering. */
export interface Gauge {
  /**
   * What is seen once it is something else than before, or when an effect has had its time.
   * @param times so many times as long as an effect may take; 1 by default
   */
  readonly moved: (before: string, times?: number) => Promise<string>;
  /**
   * What is seen once it has been the same for so long, ms.
   * @param restless asked at each change whether it is one too many: so many were seen, in so long, ms
   * @throws {Error} when it is
   */
  readonly still: (forMs: number, restless: (changes: number, ms: number) => boolean) => Promise<string>;
}

/**
 * A probe that may not be there yet: until it was read once, a reading that fails is tried again.
 * @param waitMs how long
 */
export function onceThere(probe: Probe, waitMs: number, signal: AbortSignal): Probe {
  let there = false;
  return async () => {
    const deadline = performance.now() + waitMs;
    for (;;) {
      try {
        const seen = await probe();
        there = true;
        return seen;
      } catch (error) {
        if (there || signal.aborted || performance.now() >= deadline) throw error;
      }
      await pause(againMs, signal);
    }
  };
}

/** How soon it is read again, ms. */
const againMs = 100;

const changing = (one: string, other: string): Error =>
  new Error(
    `it changes by itself: ${JSON.stringify(one)}, then ${JSON.stringify(other)} without a delivery between`,
  );

/** How often it is looked, ms. */
const lookMs = 50;

/**
 * Opens a gauge; what it gives rejects when the probe does.
 * @param waitMs how long an effect may take
 */
export function openGauge(probe: Probe, waitMs: number, signal: AbortSignal): Gauge {
  return {
    async moved(before, times = 1) {
      const deadline = performance.now() + times * waitMs;
      // However slow this machine is just now, it is looked again after a pause.
      for (let last = false; ; last = performance.now() >= deadline) {
        const seen = await probe();
        if (seen !== before || last || signal.aborted) return seen;
        await pause(Math.min(lookMs, waitMs), signal);
      }
    },
    async still(forMs, restless) {
      const began = performance.now();
      let seen = await probe();
      let [since, changes] = [performance.now(), 0];
      // The last look begins when the time is over, however long a look takes.
      for (let at = since; at - since < forMs && !signal.aborted; ) {
        await pause(Math.min(lookMs, forMs), signal);
        at = performance.now();
        const next = await probe();
        if (next === seen) continue;
        changes += 1;
        if (restless(changes, performance.now() - began)) throw changing(seen, next);
        since = performance.now();
        at = since;
        seen = next;
      }
      return seen;
    },
  };
}
