import type { KeyObject } from 'node:crypto';
import type { Key } from './keys.ts';
import type { GivenSecret, Sample } from './sample.ts';

/** What there is to find a scheme with. */
export interface InferOptions {
  readonly secrets: readonly GivenSecret[];
  /** The address as it is registered with the provider. */
  readonly url?: string | undefined;
  readonly publicKey?: KeyObject | undefined;
  /** Goes through the likely schemes only. */
  readonly quick?: boolean;
  /** The clock, ms since the epoch: when deliveries were seen that do not say it. */
  readonly now: number;
}

/** What was tried, in numbers, and in words what was not. */
export interface Tried {
  captures: number;
  secrets: number;
  /** Headers, parameters of the query and fields of the body, of one delivery. */
  carriers: number;
  /** What in them could be a signature. */
  signatures: number;
  digests: number;
  encodings: number;
  keys: number;
  contents: number;
  /** Contents hashed, each once for a key and a digest. */
  hashes: number;
  left_out: string[];
}

/** How far a search is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** A search that says how far it is; the answer `true` ends it, and what was left out is told. */
export type Searching<T> = Generator<Progress, T, boolean | undefined>;

/** What the parts of an inference share. */
export interface Work {
  readonly samples: readonly Sample[];
  readonly keys: readonly Key[];
  readonly options: InferOptions;
  readonly tried: Tried;
  /** Whether the time is over. */
  readonly clock: { over: boolean };
}

/** Tells, once, what was not tried. */
export function leaveOut({ tried }: Pick<Work, 'tried'>, words: string): void {
  if (!tried.left_out.includes(words)) tried.left_out.push(words);
}
