import { blamed, wrongResult } from './called.ts';
import { problemCodes } from './codes.ts';
import { basis, type Told } from './declared-events.ts';
import { isObject } from './json.ts';
import type { Scheme } from './provider.ts';
import { inside, misshapen, objectOf, oneOf, type Place, type Read, text } from './shape.ts';
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
  const at = (key: string) => inside(place, key);
  return {
    ...scheme,
    sign(draft, secrets) {
      if (secrets.length === 0) return { headers: [] };
      const signed = blamed(at('sign'), () => scheme.sign(draft, secrets)) as unknown;
      if (isObject(signed) && isPairs((signed as Partial<ReturnType<Scheme['sign']>>).headers))
        return signed as ReturnType<Scheme['sign']>;
      const must = 'a function that gives { headers: [[name, value], …] }';
      throw wrongResult(at('sign'), must, signed);
    },
    verify(received, secrets, now) {
      const found = blamed(at('verify'), () => scheme.verify(received, secrets, now)) as unknown;
      if (Array.isArray(found) && found.every(isProblem)) return found;
      const must =
        "a function that gives a list, empty where the signature fits, else such as [{ code: 'SIGNATURE_MISMATCH' }]";
      throw wrongResult(at('verify'), must, Array.isArray(found) ? 'another list' : found);
    },
    secretFault(secret) {
      const fault = blamed(at('secretFault'), () => scheme.secretFault(secret)) as unknown;
      if (fault === undefined || typeof fault === 'string') return fault;
      const must = 'a function that gives nothing, or a text that says what is wrong with the secret';
      throw wrongResult(at('secretFault'), must, fault);
    },
  };
}

const isProblem = (value: unknown): boolean =>
  isObject(value) && (problemCodes as readonly unknown[]).includes((value as { code?: unknown }).code);

const isPairs = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every(
    (pair) => Array.isArray(pair) && pair.length === 2 && pair.every((text) => typeof text === 'string'),
  );
