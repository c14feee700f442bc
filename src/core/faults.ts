import { makeRandom } from './random.ts';

/** How likely each fault is for one delivery, from 0 to 1. */
export interface FaultRates {
  /** Sent twice. */
  readonly duplicate: number;
  /** The connection is closed half-way through the body. */
  readonly drop: number;
}

/** What goes wrong with one delivery. */
export interface Faults {
  readonly duplicate: boolean;
  readonly drop: boolean;
}

const none: Faults = { duplicate: false, drop: false };

/** The faults of a delivery follow from the seed and its place alone, not from what is sent beside it. */
export function faultsOf(index: number, seed: number, { duplicate, drop }: FaultRates): Faults {
  if (duplicate === 0 && drop === 0) return none;
  const random = makeRandom((seed ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0);
  return { duplicate: random.next() < duplicate, drop: random.next() < drop };
}
