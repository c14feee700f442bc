import { UsageError } from '../errors.ts';
import { blamed, wrongResult } from './called.ts';
import { isObject } from './json.ts';
import { formatPath, type Path } from './path.ts';
import type { EventType } from './provider.ts';
import { type Place, placeWords } from './shape.ts';
import type { JsonObject } from './types.ts';

/**
 * Holds what a user's function gives against what it must give, each time that it is called; then it throws a UsageError
 * that says what it gave.
 */
export const codePayload =
  (payload: EventType['payload'], place: Place): EventType['payload'] =>
  (fake) => {
    const value = blamed(place, () => payload(fake)) as unknown;
    if (isPromise(value)) {
      // It is refused whatever comes of it.
      value.then(undefined, () => {});
      throw wrongResult(
        place,
        'a function that gives a JSON object at once',
        'a promise',
        'leave out async; what it waits for can be awaited at the top of the module',
      );
    }
    if (!isObject(value)) throw wrongResult(place, 'a function that gives a JSON object', value);
    const odd = oddIn(value as JsonObject);
    if (odd !== undefined) throw new UsageError(`${placeWords(place)} gives no JSON: ${odd}`);
    return value as JsonObject;
  };

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  isObject(value) && typeof (value as { then?: unknown }).then === 'function';

/** What no JSON can be made of, or nothing. */
function oddIn(value: JsonObject): string | undefined {
  try {
    JSON.stringify(value);
    return undefined;
  } catch (error) {
    if (error instanceof RangeError) return 'it is nested too deeply';
    return oddPart(value, [], []) ?? (error as Error).message;
  }
}

function oddPart(value: unknown, path: Path, open: readonly unknown[]): string | undefined {
  if (typeof value === 'bigint')
    return `${formatPath(path)} is a BigInt (${value}n), which JSON has not; write it as a text, or Number(…)`;
  if (typeof value !== 'object' || value === null) return undefined;
  if (open.includes(value)) return `${formatPath(path)} holds itself`;
  const around = [...open, value];
  for (const [key, inner] of Object.entries(value)) {
    const odd = oddPart(inner, [...path, Array.isArray(value) ? Number(key) : key], around);
    if (odd !== undefined) return odd;
  }
  return undefined;
}
