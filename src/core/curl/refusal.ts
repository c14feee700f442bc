import { UsageError } from '../../errors.ts';

/** Why a curl command line cannot be read, and what to do. */
export const refusal = (what: string, hint: string): UsageError =>
  new UsageError(`the curl command line ${what}`, hint);
