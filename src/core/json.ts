import { isUtf8 } from 'node:buffer';
import { isLosslessNumber, type LosslessNumber, parse, stringify } from 'lossless-json';
import type { Json } from './types.ts';

/** A JSON value whose numbers keep the digits they were written with. */
export type ExactJson =
  | null
  | boolean
  | number
  | string
  | LosslessNumber
  | ExactJson[]
  | { [key: string]: ExactJson };

export { isLosslessNumber };

/** Bytes read as JSON: the value, or what is wrong in words. */
export type Parsed = { readonly value: Json; readonly text: string } | { readonly fault: string };

const bom = [0xef, 0xbb, 0xbf];
const gzipMagic = [0x1f, 0x8b];
const startsWith = (bytes: Uint8Array, start: number[]) => start.every((byte, i) => bytes[i] === byte);

/** Reads bytes as JSON text in UTF-8; never throws. */
export function parseBytes(bytes: Uint8Array): Parsed {
  if (startsWith(bytes, gzipMagic))
    return { fault: 'it is compressed (gzip); senders of webhooks do not compress' };
  if (!isUtf8(bytes)) return { fault: 'it is not valid UTF-8' };
  if (startsWith(bytes, bom)) return { fault: 'it starts with a byte order mark' };
  if (bytes.length > mostValues && holdsTooMany(bytes))
    return { fault: `it holds more than ${mostValues.toLocaleString('en')} values; no more are read` };
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  try {
    return { value: JSON.parse(text) as Json, text };
  } catch (error) {
    return { fault: (error as Error).message };
  }
}

/** Each value takes up to 200 bytes of memory, however short it is written. */
const mostValues = 5_000_000;

const [quote, backslash, comma, square, curly] = [0x22, 0x5c, 0x2c, 0x5b, 0x7b];

/** Whether JSON holds more values than can be held: each stands behind a comma, or a bracket that opens. */
function holdsTooMany(bytes: Uint8Array): boolean {
  let values = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) inText = !inText;
    else if (inText) at += byte === backslash ? 1 : 0;
    else if (byte === comma || byte === square || byte === curly) values += 1;
  }
  return values > mostValues;
}

/**
 * Text as JSON whose numbers keep their digits.
 * @throws {SyntaxError} when it is not JSON
 */
export function parseExact(text: string): ExactJson {
  return parse(text) as ExactJson;
}

/** JSON text of a value, exact numbers with the digits they had. `indent` as in `JSON.stringify`. */
export function stringifyExact(value: ExactJson, indent?: number | string): string {
  return stringify(value, undefined, indent) as string;
}

/** Whether a value is a JSON object (not an array, not an exact number). */
export function isObject<T>(value: T): value is Extract<T, { [key: string]: unknown }> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isNumber(value);
}

/** The same as `isLosslessNumber` without its package, and an object that came with such a key stays one. */
const isNumber = (value: object): boolean =>
  'isLosslessNumber' in value && Object.getPrototypeOf(value) !== Object.prototype;
