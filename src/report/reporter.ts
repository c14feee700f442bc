import type { Context } from '../context.ts';
import type { Fact } from '../core/facts.ts';
import type { SecretPlaces } from '../core/mask.ts';

/** A report is a fold over facts. */
export interface Reporter {
  readonly fact: (fact: Fact) => void;
}

/** Where a report writes, and what it shows masked beside what is named like a secret. */
export interface ReportIo extends Pick<Context, 'out' | 'err'> {
  readonly places?: SecretPlaces;
}

/** How much is printed of each delivery. */
export const detailLevels = ['full', 'compact', 'quiet'] as const;
/** `full`: headers and body too; `compact`: two lines and what is wrong; `quiet`: only what is wrong. */
export type Detail = (typeof detailLevels)[number];
