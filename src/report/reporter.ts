import type { Context } from '../context.ts';
import type { Fact } from '../core/facts.ts';

/** A report is a fold over facts. */
export interface Reporter {
  readonly fact: (fact: Fact) => void;
}

/** Where a report writes. */
export type ReportIo = Pick<Context, 'out' | 'err'>;

/** How much is printed of each delivery. */
export const detailLevels = ['full', 'compact', 'quiet'] as const;
/** `full`: headers and body too; `compact`: two lines and what is wrong; `quiet`: only what is wrong. */
export type Detail = (typeof detailLevels)[number];
