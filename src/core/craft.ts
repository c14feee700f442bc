import { createHash } from 'node:crypto';
import { readBody } from './form.ts';
import { header, withHeaders } from './headers.ts';
import type { IdForm } from './hmac-record.ts';
import { eventOf, headerOf, identityOf } from './identity.ts';

import type { Draft, Provider } from './provider.ts';
import { sendsId } from './select.ts';
import type { Delivery, Headers, Json } from './types.ts';

/** What decides a payload: the same seed and clock give the same bytes. */
export interface Origin {
  readonly seed: number;
  /** The payload's clock, ms since the epoch. */
  readonly at: number;
}

/** What may be known of a draft beside its body. */
export interface Known {
  /** Replaces the id made from the origin, where the scheme sends one. */
  readonly id?: string | undefined;
  /** The JSON value of the body, where it was made from one: it is not parsed again. */
  readonly value?: Json;
  /** The event's name, where it is known: a provider may send it in a header. */
  readonly event?: string | undefined;
}

/** Wraps a body for a provider: its headers, its id, its event's name as the body says it. */
export function draft(
  provider: Provider,
  body: Uint8Array,
  origin: Origin,
  { id, ...known }: Known = {},
): Draft {
  const parsed = 'value' in known ? known : readBody(body, provider.contentType.value, provider.format);
  const value = 'value' in parsed ? parsed.value : undefined;
  const event = known.event ?? eventOf(provider, [], value);
  const eventHeader = headerOf(provider.eventAt.path);
  const sentId = sendsId(provider) ? (id ?? newId(provider, body, origin)) : undefined;
  const headers: Headers = [
    ['content-type', provider.contentType.value],
    ...(provider.userAgent ? [['user-agent', provider.userAgent.value] as const] : []),
    ...Object.entries(provider.headers ?? {}),
    ...(eventHeader !== undefined && event !== undefined ? [[eventHeader, event] as const] : []),
  ];
  return {
    provider,
    event,
    id: sentId ?? identityOf(provider, headers, value),
    seed: origin.seed,
    headers,
    body,
  };
}

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Ids of a scheme that does not say how they are made. */
const plainId: IdForm = { prefix: '', length: 36, form: 'uuid' };

/** An id that follows from the delivery, so that a seeded run can be repeated whole. */
function newId(provider: Provider, body: Uint8Array, { seed, at }: Origin): string {
  const { prefix, length, form } = provider.scheme.form?.newId ?? plainId;
  const hash = createHash('sha512').update(`${provider.name} ${seed} ${at} `).update(body).digest();
  if (form === 'uuid') return prefix + uuid(hash);
  return prefix + Array.from(hash.subarray(0, length), (byte) => base62[byte % 62]).join('');
}

/** A version 4 UUID of the first bytes. */
const uuid = (bytes: Buffer): string =>
  bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-a$4-$5');

/** How a draft goes out. */
export interface Seal {
  readonly url: string;
  /** The time of the attempt, ms since the epoch. */
  readonly at: number;
  /** None: the delivery goes with its id and time, and without a signature. */
  readonly secrets: readonly string[];
  /** Added last; one of the same name as another header replaces it. */
  readonly extra?: Headers | undefined;
}

/** Signs a draft for one attempt: same id and bytes, fresh time and signature. */
export function seal(
  { provider, event, id, headers, body }: Draft,
  { url, at, secrets, extra = [] }: Seal,
): Delivery {
  const contentType = header(extra, 'content-type') ?? header(headers, 'content-type');
  const signed = provider.scheme.sign({ id, at, body, url, contentType }, secrets);
  return {
    id,
    provider: provider.name,
    event,
    url: signed.url ?? url,
    headers: withHeaders(withHeaders(headers, signed.headers), extra),
    body: signed.body ?? body,
  };
}
