import { type Reading, read } from './hmac-header.ts';
import { covers, digestOf, type HmacRecord, keyOf } from './hmac-record.ts';
import {
  bodyMistakes,
  contentMistakes,
  digestMistakes,
  foreignMistakes,
  type Inputs,
  type Mistake,
  otherAttempt,
  otherId,
  secretMistakes,
  timestampMistakes,
} from './mistakes.ts';
import type { Scheme } from './provider.ts';
import { formatSize } from './quantity.ts';
import { rewritableBytes } from './reserialise.ts';
import { type Tokens, tokensOf } from './tokens.ts';
import type { Likely, Received } from './types.ts';

/** What is remembered of another delivery: a signature may belong to it. */
export interface Witness {
  readonly id: string;
  readonly timestamp: string;
  readonly signatures: readonly string[];
}

/** What an explanation may draw on. */
export interface Clues {
  readonly secrets: readonly string[];
  /** Secrets known for other providers. */
  readonly foreign: readonly { readonly secret: string; readonly provider: string }[];
  readonly witnesses: readonly Witness[];
  /** Tries pairs of mistakes, large bodies and near times too. */
  readonly thorough: boolean;
}

/** What came of the search for an explanation. */
export interface Explanation {
  readonly likely?: Likely;
  /** What a thorough search left out where it found nothing, for the body is too large. */
  readonly unsearched?: string;
}

/** Bodies above this are not rewritten in each way while a sender waits. */
const quickBodyLimit = 64 * 1024;

/** Bodies above this are not searched for two mistakes at once: all the ways in which they may be written are held. */
const pairsBodyLimit = 256 * 1024;

/** How far around its time a signature is looked for (Svix's last attempt comes after 27.6 h), s. */
const searchSeconds = 28 * 3600;

/** How many bytes a thorough search may hash for pairs, and for times. */
const searchBytes = 256 * 1024 * 1024;

/** How many bytes any search may hash for single mistakes that leave the body as it came. */
const plainBytes = 1024 * 1024 * 1024;

/**
 * Names the mistake that would make the signature fit, or nothing when none of those tried does. For whoever
 * holds the secret: never tell it to the sender.
 */
export function explain(received: Received, { record }: Scheme, clues: Clues): Explanation {
  const reading = record && read(record, received);
  if (record === undefined || reading?.raw === undefined) return {};
  const elsewhere = clues.witnesses.find(
    ({ id, signatures }) =>
      id !== reading.id && signatures.some((signature) => reading.signatures.includes(signature)),
  );
  if (elsewhere) return { likely: together([otherId(elsewhere.id)]) };
  const tokens = tokensOf(record, reading);
  const budget = { left: Math.floor(plainBytes / (reading.body.length + 64)), short: false };
  const likely = first(clues.secrets, (secret) =>
    explainWith(record, reading, tokens, secret, clues, budget),
  );
  if (likely) return { likely };
  const unsearched = clues.thorough ? leftOut(reading.body.length, budget.short) : undefined;
  return unsearched === undefined ? {} : { unsearched };
}

/** What is not searched for in a body of a size, in words; nothing where all is. */
function leftOut(size: number, short: boolean): string | undefined {
  const body = `a body of ${formatSize(size)} is not searched for`;
  if (short) return `${body} rewriting, and of the other mistakes only the likeliest were tried`;
  if (size > rewritableBytes) return `${body} rewriting, nor for two mistakes at once`;
  return size > pairsBodyLimit ? `${body} two mistakes at once` : undefined;
}

/** How many single mistakes may still be tried, and whether that was too few. */
interface Budget {
  left: number;
  short: boolean;
}

function explainWith(
  record: HmacRecord,
  reading: Reading,
  tokens: Tokens,
  secret: string,
  clues: Clues,
  budget: Budget,
): Likely | undefined {
  const base: Inputs = {
    ...reading,
    key: keyOf(record, secret),
    over: record.over,
    digest: record.digest,
  };
  const formWith = (mistakes: readonly Mistake[]) => {
    const inputs = Object.assign({}, base, ...mistakes.map(({ change }) => change)) as Inputs;
    const digest = digestOf({ ...record, over: inputs.over, digest: inputs.digest }, inputs.key, inputs);
    return tokens.get(digest.toString('hex'));
  };
  const explains: Explains = (...mistakes) => {
    const form = formWith(mistakes);
    const all = form === undefined ? [] : form === 'right' ? mistakes : [...mistakes, form];
    return all.length > 0 ? together(all) : undefined;
  };
  // It fits, and only its time seems wrong.
  if (formWith([]) === 'right') return first(timestampMistakes(record, base), (mistake) => explains(mistake));
  const size = base.body.length;
  const groups = plainMistakes(record, base, secret, clues);
  const withPairs = clues.thorough && size <= pairsBodyLimit;
  const rewritten = clues.thorough || size <= quickBodyLimit ? bodyMistakes(base.body, clues.thorough) : [];
  const plain = explains() ?? first(within(groups.flat(), budget), (mistake) => explains(mistake));
  if (plain) return plain;
  const bodies = withPairs ? [...rewritten] : rewritten;
  const single = first(bodies, (mistake) => explains(mistake));
  if (single || !clues.thorough) return single;
  const most = Math.floor(searchBytes / (size + 64));
  const all = withPairs ? [...groups, [...bodies]] : [];
  return (
    first(take(pairs(all), most), ([one, other]) => explains(one, other)) ??
    nearTime(record, base, most, explains)
  );
}

/** The explanation that some mistakes together make, if the signature then fits. */
type Explains = (...mistakes: Mistake[]) => Likely | undefined;

/** Mistakes that leave the body as it came, by what they touch; two of one group exclude each other. */
function plainMistakes(record: HmacRecord, base: Inputs, secret: string, clues: Clues): Mistake[][] {
  const manyWitnesses = clues.thorough || base.body.length <= quickBodyLimit;
  return [
    [...secretMistakes(record, secret), ...foreignMistakes(record, clues.foreign)],
    contentMistakes(record),
    digestMistakes(record),
    [...timestampMistakes(record, base), ...(manyWitnesses ? witnessMistakes(base, clues.witnesses) : [])],
  ];
}

/** As many as the budget allows. */
function* within<T>(items: readonly T[], budget: Budget): Generator<T> {
  for (const item of items) {
    budget.short ||= budget.left <= 0;
    if (budget.short) return;
    budget.left -= 1;
    yield item;
  }
}

function witnessMistakes(base: Inputs, witnesses: readonly Witness[]): Mistake[] {
  return witnesses.flatMap(({ id, timestamp }) => {
    if (id === base.id) return timestamp === base.timestamp ? [] : [otherAttempt(timestamp)];
    return [otherId(id, { id }), otherId(id, { id, timestamp })];
  });
}

/** Looks for the second at which the signature was made, nearest first. */
function nearTime(
  record: HmacRecord,
  { timestamp }: Inputs,
  most: number,
  explains: Explains,
): Likely | undefined {
  const inSeconds = (record.time ?? 'seconds') === 'seconds' && /^\d{9,11}$/.test(timestamp ?? '');
  if (!covers(record, 'timestamp') || !inSeconds) return undefined;
  for (let step = 1; step <= Math.min(searchSeconds, most / 2); step++) {
    for (const second of [Number(timestamp) - step, Number(timestamp) + step]) {
      const found = explains(otherAttempt(String(second)));
      if (found) return found;
    }
  }
  return undefined;
}

/** Several mistakes at once, told as one: the code is the first one's. */
function together(mistakes: readonly Likely[]): Likely {
  const join = (texts: string[]) => [...new Set(texts)].join('; and ');
  return {
    code: (mistakes[0] as Likely).code,
    message: join(mistakes.map(({ message }) => message)),
    remedy: join(mistakes.map(({ remedy }) => remedy)),
  };
}

function first<T, R>(items: Iterable<T>, find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function* pairs<T>(groups: readonly T[][]): Generator<[T, T]> {
  for (const [index, group] of groups.entries()) {
    for (const one of group) for (const other of groups.slice(index + 1).flat()) yield [one, other];
  }
}

function* take<T>(items: Iterable<T>, most: number): Generator<T> {
  let taken = 0;
  for (const item of items) {
    if (taken++ >= most) return;
    yield item;
  }
}
