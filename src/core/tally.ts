import { createHistogram } from 'node:perf_hooks';
import type { Answer } from './types.ts';

/** Counts of deliveries and a histogram of how long the answers took: of fixed size, however many there are. */
export class Tally {
  sent = 0;
  accepted = 0;
  refused = 0;
  failed = 0;
  /** Attempts that were cut off on purpose. */
  dropped = 0;
  readonly statuses: Record<string, number> = {};
  readonly #latency = createHistogram();

  /** Counts the last attempt at a delivery. */
  add(answer: Answer, accepted: boolean): void {
    this.sent += 1;
    if (accepted) this.accepted += 1;
    else if ('status' in answer) this.refused += 1;
    else this.failed += 1;
    const key = 'status' in answer ? String(answer.status) : answer.failure;
    this.statuses[key] = (this.statuses[key] ?? 0) + 1;
    if ('status' in answer) this.#latency.record(Math.max(1, Math.round(answer.ms * 1000)));
  }

  /** How long answers took, ms; nothing where none came. */
  latency(): { p50: number; p95: number; p99: number; max: number } | undefined {
    if (this.#latency.count === 0) return undefined;
    const ms = (value: number) => Math.round(value / 10) / 100;
    const at = (percent: number) => ms(this.#latency.percentile(percent));
    return { p50: at(50), p95: at(95), p99: at(99), max: ms(this.#latency.max) };
  }

  /** 0: all accepted; 3: nothing answered at all; else 1. */
  get exitCode(): number {
    if (this.accepted === this.sent) return 0;
    return this.failed === this.sent ? 3 : 1;
  }
}
