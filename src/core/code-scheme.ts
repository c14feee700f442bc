import { UsageError } from '../errors.ts';
import { problemCodes } from './codes.ts';
import { basis, type Told } from './declared-events.ts';
import { isObject } from './json.ts';
import type { Scheme } from './provider.ts';
import { inside, misshapen, objectOf, oneOf, type Place, placeWords, type Read, text } from './shape.ts';
import { signs } from './signs.ts';

const functions = ['sign', 'verify', 'secretFault'] as const;

/** Whether a scheme is code: data have no functions. */
export const isCode = (value: unknown): value is object =>
  isObject(value) && functions.some((key) => typeof (value as Partial<Scheme>)[key] === 'function');

const carrierRead: Read<Scheme['carrier']> = (value, place) => {
  const name: Read<string> = (given, at) => {
    if (typeof given === 'string' && given !== '') return given;
    throw misshapen(at, 'a name', given);
  };
  const read = objectOf({ in: oneOf<'header' | 'query' | 'body'>(['header', 'query', 'body']), name }, [
    'in',
    'name',
  ]);
  return read(value, place);
};

/**
 * The scheme that an object with functions is. What it does not say of itself is filled in.
 * @param told what it rests on where it does not say so
 * @throws {UsageError} that names what is missing or no function
 */
export function codeScheme(value: object, told: Told, place: Place): Scheme {
  const given = value as Partial<Scheme>;
  for (const key of functions) {
    if (typeof given[key] === 'function') continue;
    const must = 'a function, for the scheme is code';
    const hint = `a scheme that is code has ${functions.join(', ')}`;
    throw misshapen(inside(place, key), must, given[key], hint);
  }
  const { headers = [], carrier } = given;
  if (!Array.isArray(headers) || headers.some((name) => typeof name !== 'string'))
    throw misshapen(inside(place, 'headers'), 'a list of the names of headers', headers);
  const [first] = headers as string[];
  const where =
    carrier === undefined
      ? first && ({ in: 'header', name: first } as const)
      : carrierRead(carrier, inside(place, 'carrier'));
  const named = headers.length === 0 && where && where.in === 'header' ? [where.name] : headers;
  const whole = {
    ...given,
    label: text(given.label ?? 'signed by code', inside(place, 'label')),
    basis: basis(given.basis ?? told.basis, inside(place, 'basis')),
    source: text(given.source ?? told.source, inside(place, 'source')),
    headers: named.map((name: string) => name.toLowerCase()),
    ...(where && signs(given as Scheme) ? { carrier: where } : {}),
  } as Scheme;
  // Ours are known to keep to their types.
  return whole.form || !signs(whole) ? whole : watched(whole, place);
}

/** Holds what a user's functions give against what they must give, and calls none without a secret. */
function watched(scheme: Scheme, place: Place): Scheme {
  const blamed = <T>(key: string, run: () => T): T => {
    try {
      return run();
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      throw new UsageError(`${placeWords(inside(place, key))} throws: ${words}`);
    }
  };
  return {
    ...scheme,
    sign(draft, secrets) {
      if (secrets.length === 0) return { headers: [] };
      const signed = blamed('sign', () => scheme.sign(draft, secrets)) as unknown;
      if (isObject(signed) && isPairs((signed as Partial<ReturnType<Scheme['sign']>>).headers))
        return signed as ReturnType<Scheme['sign']>;
      const must = 'a function that gives { headers: [[name, value], …] }';
      throw wrongResult(inside(place, 'sign'), must, signed);
    },
    verify(received, secrets, now) {
      const found = blamed('verify', () => scheme.verify(received, secrets, now)) as unknown;
      if (Array.isArray(found) && found.every(isProblem)) return found;
      const must =
        "a function that gives a list, empty where the signature fits, else such as [{ code: 'SIGNATURE_MISMATCH' }]";
      throw wrongResult(inside(place, 'verify'), must, found);
    },
    secretFault(secret) {
      const fault = blamed('secretFault', () => scheme.secretFault(secret)) as unknown;
      if (fault === undefined || typeof fault === 'string') return fault;
      const must = 'a function that gives nothing, or a text that says what is wrong with the secret';
      throw wrongResult(inside(place, 'secretFault'), must, fault);
    },
  };
}

const wrongResult = (place: Place, must: string, value: unknown): UsageError =>
  new UsageError(`${placeWords(place)} must be ${must}; it gives ${wordsOf(value)}`);

const wordsOf = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Array.isArray(value)
      ? 'another list'
      : Object.prototype.toString.call(value).slice('[object '.length, -1)
    : String(value);

const isProblem = (value: unknown): boolean =>
  isObject(value) && (problemCodes as readonly unknown[]).includes((value as { code?: unknown }).code);

const isPairs = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every(
    (pair) => Array.isArray(pair) && pair.length === 2 && pair.every((text) => typeof text === 'string'),
  );
