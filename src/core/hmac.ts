import { createHmac, timingSafeEqual } from 'node:crypto';
import { header, headerValues } from './headers.ts';
import type { Scheme, Signable } from './provider.ts';
import type { Basis, Headers, Problem, Received } from './types.ts';

export type Digest = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';
export type Encoding = 'hex' | 'base64' | 'base64url';

/** The names of the headers that carry a signature, the id and the time it was made over. */
export interface HeaderNames {
  readonly signature: string;
  readonly id?: string;
  readonly timestamp?: string;
}

/** An HMAC scheme as data: two thirds of all schemes in the wild differ only in these. */
export interface HmacRecord {
  readonly label: string;
  readonly basis: Basis;
  readonly source: string;
  readonly names: HeaderNames;
  /** Other header names that mean the same (a white-label twin). */
  readonly twins?: readonly HeaderNames[];
  /** The signed content, of `{id}`, `{timestamp}`, `{url}` and `{body}`: `{timestamp}.{body}`. */
  readonly over: string;
  readonly digest: Digest;
  readonly encoding: Encoding;
  /** How the secret's text becomes the key. */
  readonly key: 'utf8' | 'base64' | 'hex';
  /** Stripped from the secret before it is decoded: `whsec_`. */
  readonly keyPrefix?: string;
  /** How many bytes a decoded key may have, both included. */
  readonly keyBytes?: readonly [least: number, most: number];
  /** The header's value: `sha256={signature}`, `t={timestamp},v1={signature}`. */
  readonly value: string;
  /** Parts the header's value into items, so that it can hold several signatures. */
  readonly separator?: string;
  /** How an id is made: prefix and number of base62 characters. */
  readonly newId?: { readonly prefix: string; readonly length: number };
  /** How far from now the signed time (unix seconds) may be; `future: false` allows any time ahead. */
  readonly tolerance?: { readonly seconds: number; readonly future: boolean };
}

/** What the content template is filled with. `timestamp` is the text on the wire. */
export interface Parts {
  readonly id?: string | undefined;
  readonly timestamp?: string | undefined;
  readonly url?: string | undefined;
  readonly body: Uint8Array;
}

const standardBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const hexPairs = /^(?:[0-9a-fA-F]{2})+$/;

/** The key of a secret as the record makes it. A malformed secret gives whatever bytes decode. */
export function keyOf(record: HmacRecord, secret: string): Buffer {
  const prefix = record.keyPrefix ?? '';
  return Buffer.from(secret.startsWith(prefix) ? secret.slice(prefix.length) : secret, record.key);
}

/** The digest over the filled template; the body goes in as bytes, never as text. */
export function digestOf(record: Pick<HmacRecord, 'over' | 'digest'>, key: Uint8Array, parts: Parts): Buffer {
  const hmac = createHmac(record.digest, key);
  for (const piece of pieces(record.over)) hmac.update(contentOf(piece, parts));
  return hmac.digest();
}

/** A template as the literals and placeholders it is made of. */
const pieces = memo((template: string) => template.split(/(\{[a-z]+\})/).filter((piece) => piece !== ''));

function contentOf(piece: string, parts: Parts): string | Uint8Array {
  if (piece === '{body}') return parts.body;
  if (piece === '{id}') return parts.id ?? '';
  if (piece === '{timestamp}') return parts.timestamp ?? '';
  if (piece === '{url}') return parts.url ?? '';
  return piece;
}

/** Says what is wrong with a secret for this record, or nothing. Never quotes the secret. */
export function secretFault(record: HmacRecord, secret: string): string | undefined {
  if (secret === '') return 'it is empty';
  if (/[\r\n]/.test(secret)) return 'it holds a line break';
  if (record.key === 'utf8') return undefined;
  const prefix = record.keyPrefix ?? '';
  if (!secret.startsWith(prefix)) return `it does not start with "${prefix}"`;
  const text = secret.slice(prefix.length);
  const pattern = record.key === 'base64' ? standardBase64 : hexPairs;
  if (!pattern.test(text)) return `what follows "${prefix}" is not standard ${record.key}`;
  const [least, most] = record.keyBytes ?? [1, Number.POSITIVE_INFINITY];
  const size = Buffer.from(text, record.key).length;
  if (size < least || size > most) return `it decodes to ${size} bytes, and must have ${least} to ${most}`;
  return undefined;
}

/** One item of the header's value as a template, parted at its placeholder. */
interface Item {
  readonly before: string;
  readonly field: 'signature' | 'timestamp';
  readonly after: string;
}

const placeholder = /\{(?:signature|timestamp)\}/g;

const valueItems = (value: string, separator: string | undefined): string[] =>
  separator === undefined ? [value] : value.split(separator);

const items = memo((value: string, separator: string | undefined): Item[] =>
  valueItems(value, separator).map((item) => {
    const [before = '', field, after = ''] = item.split(/\{(signature|timestamp)\}/);
    return { before, field: field as Item['field'], after };
  }),
);

function headerValue(record: HmacRecord, signatures: readonly string[], timestamp: string): string {
  const fill = ({ before, field, after }: Item): string[] =>
    (field === 'signature' ? signatures : [timestamp]).map((text) => before + text + after);
  return items(record.value, record.separator).flatMap(fill).join(record.separator);
}

/** What a received signature says, as far as it could be read. */
export interface Reading {
  readonly names: HeaderNames;
  /** The signature header's value as it came. */
  readonly raw?: string | undefined;
  /** The signatures of the known version, without prefix. */
  readonly signatures: readonly string[];
  readonly id?: string | undefined;
  readonly timestamp?: string | undefined;
  readonly url: string;
}

/** Reads the headers of a delivery by the record, under the names it came with. */
export function read(record: HmacRecord, received: Received): Reading {
  const families = [record.names, ...(record.twins ?? [])];
  const has = (name: string | undefined) =>
    name !== undefined && header(received.headers, name) !== undefined;
  const names =
    families.find((family) => has(family.signature)) ??
    families.find((family) => has(family.id) || has(family.timestamp)) ??
    record.names;
  const raw = header(received.headers, names.signature);
  const fields = raw === undefined ? [] : fieldsOf(record, raw);
  const inHeader = fields.find(([field]) => field === 'timestamp')?.[1];
  return {
    names,
    raw,
    signatures: fields.filter(([field]) => field === 'signature').map(([, text]) => text),
    id: names.id && header(received.headers, names.id),
    timestamp: names.timestamp ? header(received.headers, names.timestamp) : inHeader,
    url: `http://${header(received.headers, 'host') ?? 'localhost'}${received.path}`,
  };
}

function fieldsOf(record: HmacRecord, raw: string): Array<[Item['field'], string]> {
  const found: Array<[Item['field'], string]> = [];
  for (const text of valueItems(raw, record.separator)) {
    const match = items(record.value, record.separator).find(
      ({ before, after }) => text.startsWith(before) && text.endsWith(after),
    );
    if (match) found.push([match.field, text.slice(match.before.length, text.length - match.after.length)]);
  }
  return found;
}

const same = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
};

function signatureProblems(
  record: HmacRecord,
  received: Received,
  reading: Reading,
  secrets: readonly string[],
) {
  const header = reading.names.signature;
  if (reading.raw === undefined) return [{ code: 'SIGNATURE_MISSING', basis: record.basis, header } as const];
  const times = headerValues(received.headers, header).length;
  if (times > 1)
    return [{ code: 'SIGNATURE_MALFORMED', header, fault: `it stands there ${times} times` } as const];
  if (reading.signatures.every((signature) => signature === '')) {
    const fault = reading.raw.trim() === '' ? 'it is empty' : `it does not have the form ${record.value}`;
    return [{ code: 'SIGNATURE_MALFORMED', header, fault } as const];
  }
  const fits = secrets.some((secret) => {
    const expected = digestOf(record, keyOf(record, secret), { ...reading, body: received.body });
    const text = expected.toString(record.encoding);
    return reading.signatures.some((signature) => same(signature, text));
  });
  return fits ? [] : [{ code: 'SIGNATURE_MISMATCH', basis: record.basis, header } as const];
}

function timestampProblems(record: HmacRecord, { names, timestamp }: Reading, now: number): Problem[] {
  const header = names.timestamp ?? names.signature;
  if (timestamp === undefined) return [{ code: 'TIMESTAMP_MISSING', header }];
  if (!/^\d{1,15}$/.test(timestamp)) return [{ code: 'TIMESTAMP_MALFORMED', header, value: timestamp }];
  const { seconds, future } = record.tolerance ?? { seconds: Number.POSITIVE_INFINITY, future: true };
  const age = Math.floor(now / 1000) - Number(timestamp);
  if (age > seconds) return [{ code: 'TIMESTAMP_STALE', header, age, tolerance: seconds }];
  if (-age > seconds && future) return [{ code: 'TIMESTAMP_FUTURE', header, age, tolerance: seconds }];
  return [];
}

/**
 * A scheme from a record.
 * @throws {TypeError} when the record contradicts itself
 */
export function hmac(record: HmacRecord): Scheme {
  if (!record.value.includes('{signature}'))
    throw new TypeError(`hmac: value "${record.value}" lacks {signature}`);
  if (!record.over.includes('{body}') && !record.over.includes('{url}')) {
    throw new TypeError(`hmac: over "${record.over}" signs neither {body} nor {url}`);
  }
  for (const item of valueItems(record.value, record.separator)) {
    if (item.match(placeholder)?.length === 1) continue;
    throw new TypeError(
      `hmac: "${item}" in value must hold one of {signature} and {timestamp}; separator parts the items`,
    );
  }
  const families = [record.names, ...(record.twins ?? [])];
  const timed =
    /\{timestamp\}/.test(record.over) || /\{timestamp\}/.test(record.value) || record.names.timestamp;
  return {
    label: record.label,
    basis: record.basis,
    source: record.source,
    headers: families.map(({ signature }) => signature.toLowerCase()),
    record,
    secretFault: (secret) => secretFault(record, secret),
    sign(draft, secrets) {
      const signatures = (record.separator === undefined ? secrets.slice(0, 1) : secrets).map((secret) => {
        const parts = { ...draft, timestamp: timestampOf(draft) };
        return digestOf(record, keyOf(record, secret), parts).toString(record.encoding);
      });
      return signatureHeaders(record, draft, signatures);
    },
    verify(received, secrets, now) {
      const reading = read(record, received);
      const problems: Problem[] = signatureProblems(record, received, reading, secrets);
      if (reading.raw === undefined && reading.id === undefined && reading.timestamp === undefined)
        return problems;
      if (record.over.includes('{id}') && !reading.id)
        problems.push({ code: 'ID_MISSING', header: reading.names.id ?? '' });
      return timed && reading.raw !== undefined
        ? [...problems, ...timestampProblems(record, reading, now)]
        : problems;
    },
  };
}

/** The time of an attempt as it stands on the wire: whole unix seconds. */
export const timestampOf = ({ at }: Signable): string => String(Math.floor(at / 1000));

/** The headers that carry signatures already made. */
export function signatureHeaders(
  record: HmacRecord,
  draft: Signable,
  signatures: readonly string[],
): Headers {
  const { names } = record;
  const timestamp = timestampOf(draft);
  return [
    ...(names.id && draft.id !== undefined ? [[names.id, draft.id] as const] : []),
    ...(names.timestamp ? [[names.timestamp, timestamp] as const] : []),
    ...(signatures.length > 0
      ? [[names.signature, headerValue(record, signatures, timestamp)] as const]
      : []),
  ];
}

/** Templates are few and constant: each is parted once. */
function memo<A extends unknown[], T>(make: (...args: A) => T): (...args: A) => T {
  const made = new Map<string, T>();
  return (...args) => {
    const key = args.join('\0');
    let value = made.get(key);
    if (value === undefined) {
      value = make(...args);
      made.set(key, value);
    }
    return value;
  };
}
