import { isUtf8 } from 'node:buffer';
import { isLosslessNumber, LosslessNumber, parse, stringify } from 'lossless-json';
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

export { isLosslessNumber, type LosslessNumber };

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

/**
 * The same, exact only where a program would write a number otherwise: 1.0, 12345678901234567890. Nothing where there is no
 * such number, or no exact reading (a key that comes twice).
 */
export function parseMixed(text: string): ExactJson | undefined {
  if (!losesDigits(text)) return undefined;
  try {
    return parse(text, undefined, (digits) =>
      isKept(digits) ? Number(digits) : new LosslessNumber(digits),
    ) as ExactJson;
  } catch {
    return undefined;
  }
}

const isKept = (digits: string): boolean => String(Number(digits)) === digits;

/** Whether JSON has a number that would be written otherwise after it was read. */
const losesDigits = (text: string): boolean =>
  (text.replace(/"(?:[^"\\]|\\.)*"/g, '""').match(/-?\d[\d.eE+-]*/g) ?? []).some((digits) => !isKept(digits));

/** How an exact number looks that `JSON.stringify` wrote. In a text its quotes would be escaped. */
const exactMark = '"isLosslessNumber":true';

/** JSON text of a value that may hold exact numbers, and seldom does. `indent` as in `JSON.stringify`. */
export function jsonText(value: ExactJson, indent?: number): string {
  const text = JSON.stringify(value);
  if (text.includes(exactMark)) return stringifyExact(value, indent);
  return indent === undefined ? text : JSON.stringify(value, null, indent);
}

/** A value without exact numbers: the same where it holds none. */
export function plainJson(value: ExactJson): Json {
  const text = JSON.stringify(value);
  return text.includes(exactMark) ? (JSON.parse(stringifyExact(value)) as Json) : (value as Json);
}

/** Whether a value is a JSON object (not an array, not an exact number). */
export function isObject<T>(value: T): value is Extract<T, { [key: string]: unknown }> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isNumber(value);
}

/** The same as `isLosslessNumber` without its package, and an object that came with such a key stays one. */
const isNumber = (value: object): boolean =>
  'isLosslessNumber' in value && Object.getPrototypeOf(value) !== Object.prototype;
