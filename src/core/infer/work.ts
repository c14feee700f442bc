import type { KeyObject } from 'node:crypto';
import type { Key } from './keys.ts';
import type { GivenSecret, Sample } from './sample.ts';
import { ofCaptures } from './words.ts';

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
  /** Why a search is to end before it is through: the time was over, say. */
  readonly clock: { over?: string };
  /** The captures by their number, from 1, as they were given. */
  readonly numbers: ReadonlyMap<Sample, number>;
  /** What was not tried, and of which captures; of none where it holds for the search as such. */
  readonly leftOut: Map<string, Set<number>>;
}

/** Takes what a search is answered: whether it is to end here. */
export function takeTime({ clock }: Pick<Work, 'clock'>, isOver: boolean | undefined): void {
  if (isOver) clock.over ??= 'the time was over';
}

/** Notes what was not tried, once; of which capture, where it is not so for the search as such. */
export function leaveOut({ leftOut, numbers }: Work, words: string, sample?: Sample): void {
  const captures = leftOut.get(words) ?? new Set();
  const number = sample && numbers.get(sample);
  leftOut.set(words, number === undefined ? captures : captures.add(number));
}

/** What was not tried, a phrase each, with the captures of which that is so. */
export const leftOutWords = ({ leftOut, numbers }: Work): string[] =>
  [...leftOut]
    .map(([words, captures]) => ({ words, captures: [...captures].sort((one, other) => one - other) }))
    .sort((one, other) => (one.captures[0] ?? 0) - (other.captures[0] ?? 0))
    .map(({ words, captures }) => ofCaptures(words, captures, numbers.size));
