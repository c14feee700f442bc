/** What a user's functions do when they are called, in words. */

import { UsageError } from '../errors.ts';
import { type Place, placeWords } from './shape.ts';

/** What a user's function gives. @throws {UsageError} that says where it stands, for whatever it throws */
export function blamed<T>(place: Place, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${placeWords(place)} throws: ${words}`);
  }
}

/** The error for a function that gives something else than it must. */
export const wrongResult = (place: Place, must: string, value: unknown, hint?: string): UsageError =>
  new UsageError(`${placeWords(place)} must be ${must}; it gives ${wordsOf(value)}`, hint);

const wordsOf = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Array.isArray(value)
      ? 'a list'
      : Object.prototype.toString.call(value).slice('[object '.length, -1)
    : String(value);
