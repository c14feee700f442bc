import type { Shortfall } from '../core/check/shortfall.ts';
import type { Diagnosis } from '../core/check/syndromes.ts';
import type { CheckFact } from '../core/facts.ts';

/** What a report of a check in another form is made of. */
export interface CheckResult {
  readonly provider: string;
  readonly url: string;
  readonly seed: number;
  readonly at: string;
  /** How long it took, ms. */
  readonly ms: number;
  readonly facts: readonly CheckFact[];
  /** What the facts prove together. */
  readonly diagnoses: readonly Diagnosis[];
  /** Why it found out less than it was to, if so. */
  readonly shortfall?: Shortfall | undefined;
  /** A SHOULD that failed counts as a failure. */
  readonly strict: boolean;
}
