import { UsageError } from '../errors.ts';
import { isObject } from './json.ts';
import { didYouMean } from './nearest.ts';
import { formatPath, type Path } from './path.ts';
import { clip, printable } from './printable.ts';

/** Where a value stands: what holds it (a file, most often), and the path in it. */
export interface Place {
  readonly where: string;
  readonly path: Path;
}

/**
 * Reads a value that somebody wrote.
 * @throws {UsageError} that says where it stands, what was expected and what is there
 */
export type Read<T> = (value: unknown, place: Place) => T;

/** The place of a part. */
export const inside = ({ where, path }: Place, key: string | number): Place => ({
  where,
  path: [...path, key],
});

/** A place in words: `hooks.config.json: policies.acme.timeoutMs`. */
export const placeWords = ({ where, path }: Place): string =>
  path.length === 0 ? where : `${where}: ${formatPath(path)}`;

/** The error for a value that is something else than expected. */
export function misshapen(place: Place, expected: string, value: unknown, hint?: string): UsageError {
  return new UsageError(`${placeWords(place)} must be ${expected}, and is ${shown(value)}`, hint);
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'function') return 'a function';
  try {
    return printable(clip(JSON.stringify(value) ?? String(value), 60));
  } catch {
    return 'something that is no JSON';
  }
}

/** A text that is not empty. */
export const text: Read<string> = (value, place) => {
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw misshapen(place, 'a text', value);
};

/** A text that a pattern fits. */
export const textLike =
  (pattern: RegExp, expected: string): Read<string> =>
  (value, place) => {
    if (typeof value === 'string' && pattern.test(value)) return value;
    throw misshapen(place, expected, value);
  };

/** A number from `least` to `most`. */
export const number =
  (least: number, most: number): Read<number> =>
  (value, place) => {
    if (typeof value === 'number' && value >= least && value <= most) return value;
    throw misshapen(place, `a number from ${least} to ${most}`, value);
  };

/** A whole number from `least` to `most`. */
export const whole =
  (least: number, most: number): Read<number> =>
  (value, place) => {
    if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most)
      return value as number;
    throw misshapen(place, `a whole number from ${least} to ${most}`, value);
  };

/** One of some words. */
export const oneOf =
  <T extends string>(words: readonly T[]): Read<T> =>
  (value, place) => {
    if (words.includes(value as T)) return value as T;
    const near = typeof value === 'string' ? didYouMean(value, words) : undefined;
    throw misshapen(place, words.map((word) => `"${word}"`).join(' or '), value, near);
  };

/** A list. */
export const listOf =
  <T>(item: Read<T>): Read<readonly T[]> =>
  (value, place) => {
    if (!Array.isArray(value)) throw misshapen(place, 'a list', value);
    return value.map((each, index) => item(each, inside(place, index)));
  };

/** An object, any. */
export const anyObject: Read<Readonly<Record<string, unknown>>> = (value, place) => {
  if (isObject(value)) return value as Readonly<Record<string, unknown>>;
  throw misshapen(place, 'an object', value);
};

/** What is kept by names that users choose, such as "constructor": there is nothing in it but its own. */
export const byName = <T>(entries: Iterable<readonly [string, T]>): Readonly<Record<string, T>> =>
  Object.setPrototypeOf(Object.fromEntries(entries), null);

/** An object whose keys are names. */
export const recordOf =
  <T>(item: Read<T>): Read<Readonly<Record<string, T>>> =>
  (value, place) =>
    byName(
      Object.entries(anyObject(value, place)).map(([key, each]) => [key, item(each, inside(place, key))]),
    );

type Fields = Readonly<Record<string, Read<unknown>>>;
type Shape<F extends Fields, R extends keyof F> = {
  readonly [K in Exclude<keyof F, R>]?: ReturnType<F[K]>;
} & { readonly [K in R]: ReturnType<F[K]> };

/** An object of known keys; one that is not known is refused, with the nearest. */
export const objectOf =
  <F extends Fields, R extends keyof F & string = never>(
    fields: F,
    required: readonly R[] = [],
  ): Read<Shape<F, R>> =>
  (value, place) => {
    const given = anyObject(value, place);
    for (const key of Object.keys(given)) {
      if (Object.hasOwn(fields, key)) continue;
      const keys = Object.keys(fields);
      throw new UsageError(
        `${placeWords(inside(place, key))} is not known here`,
        didYouMean(key, keys, `there are ${keys.join(', ')}`),
      );
    }
    for (const key of required) {
      if (given[key] === undefined) throw new UsageError(`${placeWords(inside(place, key))} is missing`);
    }
    const entries = Object.entries(fields)
      .filter(([key]) => given[key] !== undefined)
      .map(([key, read]) => [key, read(given[key], inside(place, key))]);
    return Object.fromEntries(entries) as Shape<F, R>;
  };
