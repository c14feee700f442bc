import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { memo } from './memo.ts';
import type { Basis } from './types.ts';

export type Digest = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';
/** How a digest is written; `HEX` is hex in capitals. */
export type Encoding = 'hex' | 'HEX' | 'base64' | 'base64url';

/** The names of the headers that carry a signature, the id and the time it was made over. */
export interface HeaderNames {
  readonly signature: string;
  readonly id?: string;
  readonly timestamp?: string;
}

/** How an id is made: prefix and number of base62 characters, or a UUID behind the prefix. */
export interface IdForm {
  readonly prefix: string;
  readonly length: number;
  /** @default 'base62' */
  readonly form?: 'base62' | 'uuid';
}

/** Where a signature stands, how it is written and what it covers; not how it is made. */
export interface SignatureForm {
  readonly names: HeaderNames;
  /** Other header names that mean the same (a white-label twin). */
  readonly twins?: readonly HeaderNames[];
  /** Where `names.signature` stands: a header, a parameter of the query, or a field at the top of the body. @default 'header' */
  readonly in?: 'header' | 'query' | 'body';
  /**
   * The signed content, of `{id}`, `{timestamp}`, `{method}`, `{host}`, `{url}`, `{path}`, `{query}`, `{body}` and
   * `{bodyhash}`: `{timestamp}.{body}`. A signature in the query or in the body is no part of them.
   */
  readonly over: string;
  /** How `{bodyhash}` is made of the body. */
  readonly bodyHash?: { readonly digest: Digest; readonly encoding: Encoding };
  /** The parameter of the query in which sending adds the body's hash, before the address is signed. */
  readonly bodyHashParameter?: string;
  /** The address as it is registered with the provider, for `{url}` and its parts; else that of the target. */
  readonly url?: string;
  readonly encoding: Encoding;
  /** The header's value: `sha256={signature}`, `t={timestamp},v1={signature}`; `{id}` may stand there, too. */
  readonly value: string;
  /** Parts the header's value into items, of which several may be signatures. */
  readonly separator?: string;
  /**
   * Values with several signatures are known to come. Of a scheme that is only observed nobody knows it where this is not
   * said.
   */
  readonly several?: boolean;
  /** How ids are made, where there is a header for them. @default a UUID */
  readonly newId?: IdForm;
  /** How the time is written: seconds or milliseconds since 1970, ISO 8601, or as HTTP writes dates. @default 'seconds' */
  readonly time?: 'seconds' | 'milliseconds' | 'iso' | 'http-date';
  /** How far from now the signed time may be; `future: false` allows any time ahead. */
  readonly tolerance?: { readonly seconds: number; readonly future: boolean };
}

/** An HMAC scheme as data: two thirds of all schemes in the wild differ only in these. */
export interface HmacRecord extends SignatureForm {
  readonly label: string;
  readonly basis: Basis;
  readonly source: string;
  readonly digest: Digest;
  /** How the secret's text becomes the key. */
  readonly key: 'utf8' | 'base64' | 'base64url' | 'hex';
  /** Stripped from the secret before it is decoded: `whsec_`. */
  readonly keyPrefix?: string;
  /** Put behind the text of the secret: the line break of a sender that keyed with a whole file. */
  readonly keySuffix?: string;
  /** How many bytes a decoded key may have, both included. */
  readonly keyBytes?: readonly [least: number, most: number];
}

/** What the content template is filled with. `timestamp` is the text on the wire. */
export interface Parts {
  readonly id?: string | undefined;
  readonly timestamp?: string | undefined;
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly body: Uint8Array;
}

/** What the signed content may be made of. */
export const contentNames = [
  'id',
  'timestamp',
  'method',
  'host',
  'url',
  'path',
  'query',
  'body',
  'bodyhash',
] as const;

const standardBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const keyPatterns = {
  base64: standardBase64,
  base64url: /^[A-Za-z0-9_-]+={0,2}$/,
  hex: /^(?:[0-9a-fA-F]{2})+$/,
} as const;

/** How a secret becomes a key. */
interface KeyForm {
  readonly key: HmacRecord['key'];
  readonly keyPrefix?: string | undefined;
  readonly keySuffix?: string | undefined;
}

/** A digest as text. */
export const encoded = (digest: Buffer, encoding: Encoding): string =>
  encoding === 'HEX' ? digest.toString('hex').toUpperCase() : digest.toString(encoding);

/** The key of a secret as the record makes it. A malformed secret gives whatever bytes decode. */
export function keyOf({ key, keyPrefix = '', keySuffix = '' }: KeyForm, secret: string): Buffer {
  const bare = secret.startsWith(keyPrefix) ? secret.slice(keyPrefix.length) : secret;
  return Buffer.from(bare + keySuffix, key);
}

/** The same made ready for many digests: a message is signed twice as fast with it as with bytes. */
export const readyKeyOf = (record: HmacRecord, secret: string): KeyObject =>
  readyKey(record.key, record.keyPrefix, record.keySuffix, secret);

const readyKey = memo(
  (key: HmacRecord['key'], keyPrefix: string | undefined, keySuffix: string | undefined, secret: string) =>
    createSecretKey(keyOf({ key, keyPrefix, keySuffix }, secret)),
);

/** What of a form decides the signed content. */
export type Content = Pick<SignatureForm, 'over' | 'bodyHash'>;

/** The digest over the filled template; the body goes in as bytes, never as text. */
export function digestOf(
  record: Content & Pick<HmacRecord, 'digest'>,
  key: Uint8Array | KeyObject,
  parts: Parts,
): Buffer {
  const hmac = createHmac(record.digest, key);
  for (const piece of contentOf(record, parts)) hmac.update(piece);
  return hmac.digest();
}

/** The filled template, piece by piece. */
export const contentOf = (content: Content, parts: Parts): Array<string | Uint8Array> =>
  pieces(content.over).map((piece) => filled(piece, content, parts));

/** A template as the literals and placeholders it is made of. */
const pieces = memo((template: string) => template.split(/(\{[a-z]+\})/).filter((piece) => piece !== ''));

function filled(piece: string, { bodyHash }: Content, parts: Parts): string | Uint8Array {
  if (piece === '{body}') return parts.body;
  if (piece === '{bodyhash}') return bodyHash ? hashOf(bodyHash, parts.body) : '';
  if (piece === '{id}') return parts.id ?? '';
  if (piece === '{timestamp}') return parts.timestamp ?? '';
  if (piece === '{method}') return parts.method ?? 'POST';
  if (piece === '{url}') return parts.url ?? '';
  const { host, path, query } = addressParts(parts.url ?? '');
  if (piece === '{host}') return host;
  if (piece === '{path}') return path;
  return piece === '{query}' ? query : piece;
}

/** The hash of a body as text. */
export const hashOf = (
  { digest, encoding }: NonNullable<SignatureForm['bodyHash']>,
  body: Uint8Array,
): string => encoded(createHash(digest).update(body).digest(), encoding);

/** An address as its parts stand there, but for a path that is not written; the query is without its `?`. */
function addressParts(url: string): { host: string; path: string; query: string } {
  const [, authority = '', path = '', query = ''] =
    /^(?:[a-z][a-z\d+.-]*:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?/i.exec(url) ?? [];
  return { host: authority.slice(authority.lastIndexOf('@') + 1), path: path === '' ? '/' : path, query };
}

/** Says what is wrong with a secret for this record, or nothing. Never quotes the secret. */
export function secretFault(record: HmacRecord, secret: string): string | undefined {
  if (secret === '') return 'it is empty';
  if (/[\r\n]/.test(secret)) return 'it holds a line break';
  if (record.key === 'utf8') return undefined;
  const prefix = record.keyPrefix ?? '';
  if (!secret.startsWith(prefix)) return `it does not start with "${prefix}"`;
  const text = secret.slice(prefix.length);
  if (!keyPatterns[record.key].test(text))
    return `${prefix === '' ? 'it' : `what follows "${prefix}"`} is not standard ${record.key}`;
  const [least, most] = record.keyBytes ?? [1, Number.POSITIVE_INFINITY];
  const size = Buffer.from(text, record.key).length;
  if (size < least || size > most) return `it decodes to ${size} bytes, and must have ${least} to ${most}`;
  return undefined;
}

/** Whether a delivery holds the time at which it was signed. */
export const isTimed = ({ names, over, value }: SignatureForm): boolean =>
  names.timestamp !== undefined || `${over}${value}`.includes('{timestamp}');

/** Whether a delivery holds an id of its own. */
export const holdsId = ({ names, value }: Pick<SignatureForm, 'names' | 'value'>): boolean =>
  names.id !== undefined || value.includes('{id}');

/** Whether the signed content holds a part. */
export const covers = (
  { over }: Pick<SignatureForm, 'over'>,
  ...parts: readonly (typeof contentNames)[number][]
): boolean => parts.some((part) => over.includes(`{${part}}`));

/** Whether an address is signed, or a part of it that tells one receiver from another. */
export const coversAddress = (form: Pick<SignatureForm, 'over'>): boolean =>
  covers(form, 'url', 'host', 'path', 'query');
