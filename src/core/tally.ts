import { createHistogram } from 'node:perf_hooks';
import type { Answer } from './types.ts';

/** How many answers took up to so long. */
export interface Bucket {
  readonly upToMs: number;
  readonly count: number;
}

/** 0.1, 0.2, 0.5, 1, 2, 5, … ms; the last is longer than a timer can be set for. */
const steps = Array.from({ length: 33 }, (_, index) =>
  Number(`${[1, 2, 5][index % 3]}e${Math.floor(index / 3) - 1}`),
);

/** Counts of deliveries and a histogram of how long the answers took: of fixed size, however many there are. */
export class Tally {
  /** Tries, those that were cut off on purpose too. */
  attempts = 0;
  /** Deliveries: of each, the last attempt is counted below. */
  sent = 0;
  accepted = 0;
  refused = 0;
  failed = 0;
  /** Attempts that were cut off on purpose. */
  dropped = 0;
  readonly statuses: Record<string, number> = {};
  readonly #latency = createHistogram();
  readonly #counts = steps.map(() => 0);

  /** Counts the last attempt at a delivery. */
  add(answer: Answer, accepted: boolean): void {
    this.sent += 1;
    if (accepted) this.accepted += 1;
    else if ('status' in answer) this.refused += 1;
    else this.failed += 1;
    const key = 'status' in answer ? String(answer.status) : answer.failure;
    this.statuses[key] = (this.statuses[key] ?? 0) + 1;
    if ('status' in answer) this.#time(answer.ms);
  }

  #time(ms: number): void {
    this.#latency.record(Math.max(1, Math.round(ms * 1000)));
    const step = steps.findIndex((upToMs) => ms <= upToMs);
    this.#counts[step] = (this.#counts[step] ?? 0) + 1;
  }

  /** How long answers took, ms; nothing where none came. */
  latency(): { p50: number; p95: number; p99: number; max: number } | undefined {
    if (this.#latency.count === 0) return undefined;
    const ms = (value: number) => Math.round(value / 10) / 100;
    const at = (percent: number) => ms(this.#latency.percentile(percent));
    return { p50: at(50), p95: at(95), p99: at(99), max: ms(this.#latency.max) };
  }

  /** How many answers took how long, in steps of 1, 2, 5, 10 from the shortest answer's to the longest's. */
  buckets(): Bucket[] {
    const taken = (count: number) => count > 0;
    const [first, last] = [this.#counts.findIndex(taken), this.#counts.findLastIndex(taken)];
    return this.#counts
      .map((count, index) => ({ upToMs: steps[index] as number, count }))
      .slice(Math.max(first, 0), last + 1);
  }

  /** 0: all accepted; 3: nothing answered at all; else 1, also where all was cut off on purpose. */
  get exitCode(): number {
    if (this.sent === 0 && this.dropped > 0) return 1;
    if (this.accepted === this.sent) return 0;
    return this.failed === this.sent ? 3 : 1;
  }
}
