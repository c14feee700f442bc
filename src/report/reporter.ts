import type { Context } from '../context.ts';
import type { Fact } from '../core/facts.ts';

/** A report is a fold over facts. */
export interface Reporter {
  readonly fact: (fact: Fact) => void;
}

/** Where a report writes. */
export type ReportIo = Pick<Context, 'out' | 'err'>;
