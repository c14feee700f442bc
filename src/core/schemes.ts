import { UsageError } from '../errors.ts';
import { isObject } from './json.ts';
import type { Scheme } from './provider.ts';
import { hmac, none, svix } from './scheme.ts';
import type { SchemeData } from './scheme-data.ts';

/**
 * A scheme that works, of one that is written down.
 * @throws {TypeError} when it contradicts itself
 */
export function schemeOf(data: SchemeData): Scheme {
  if ('use' in data && data.use === 'svix') return { ...svix(), ...told(data) };
  if ('use' in data && data.use === 'none')
    return none(data.basis ?? 'assumed', data.source ?? 'declared so');
  if ('kind' in data && data.kind === 'hmac') return hmac(data);
  if ('kind' in data && data.kind === 'none') return none(data.basis, data.source);
  throw new TypeError(`the scheme ${JSON.stringify(data)} is not known`);
}

const told = ({ basis, source }: Pick<SchemeData, 'basis' | 'source'>) => ({
  ...(basis === undefined ? {} : { basis }),
  ...(source === undefined ? {} : { source }),
});

/**
 * Reads a scheme that somebody wrote.
 * @param where names the place in an error
 * @throws {UsageError} when it is none
 */
export function parseScheme(value: unknown, where: string): SchemeData {
  if (!isObject(value) || !('use' in (value as object) || 'kind' in (value as object)))
    throw new UsageError(`${where} is not a scheme`, 'write {"use": "svix"} or {"kind": "hmac", …}');
  const data = value as unknown as SchemeData;
  try {
    schemeOf(data);
  } catch (error) {
    throw new UsageError(`${where}: ${(error as Error).message}`);
  }
  return data;
}
