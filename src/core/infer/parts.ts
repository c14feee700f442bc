import { createHash } from 'node:crypto';
import type { Digest, Encoding, HmacRecord } from '../hmac-record.ts';
import { encoded } from '../hmac-record.ts';
import {
  type Carrier,
  type GivenSecret,
  holdsSecret,
  hostOf,
  partsOf,
  queryOf,
  type Sample,
  samePlace,
  seenUrl,
  withoutQuery,
} from './sample.ts';
import { digestOfSize, digests, timeForm, type Written } from './shapes.ts';

/** What a part of the signed content is; no content has two of one group. */
export type Group = 'literal' | 'body' | 'timestamp' | 'id' | 'url' | 'path' | 'query' | 'method' | 'host';

/** How a part stands in a record. */
export interface Meaning {
  /** Its place in the template. */
  readonly over: string;
  readonly names?: { readonly id?: string; readonly timestamp?: string };
  readonly bodyHash?: { readonly digest: Digest; readonly encoding: Encoding };
  readonly url?: string;
}

/** A piece of the signed content. Of one text there is one, whatever it may mean. */
export interface Part {
  readonly group: Group;
  /** Nothing for the body itself. */
  readonly text: string | undefined;
  readonly meanings: readonly Meaning[];
}

/** The parts of a delivery, by group, the likely ones first. */
export type Parts = Readonly<Record<Group, readonly Part[]>>;

/** So many headers are taken for ids. */
export const mostIds = 8;
const mostTimes = 4;

/** What the parts of a delivery may depend on. */
export interface PartsOptions {
  /** The signatures that are looked for: a time or an id may stand beside one. */
  readonly written: readonly { readonly carrier: Carrier; readonly written: Written }[];
  /** The address as it is registered with the provider. */
  readonly url?: string | undefined;
  readonly secrets: readonly GivenSecret[];
}

/** Everything of a delivery that may be signed, and how many headers were left out. */
export function partsOfSample(sample: Sample, options: PartsOptions): { parts: Parts; leftOut: number } {
  const { times, ids, leftOut } = namedParts(sample, options);
  const { received } = sample;
  const host = hostOf(sample);
  const { path, query } = { path: withoutQuery(received.path), query: queryOf(received.path) };
  // A secret in an address is not written down.
  const url =
    options.url === undefined || holdsSecret(options.url, options.secrets) ? undefined : options.url;
  const registered = url === undefined ? undefined : partsOf(url);
  const pinned = { url: url as string };
  const both = (group: Group, seen: string | undefined, own: string | undefined): Part[] =>
    merged(group, [
      [seen, { over: `{${group}}` }],
      [own, { over: `{${group}}`, ...pinned }],
    ]);
  return {
    leftOut,
    parts: {
      literal: versions(options).map((text) => ({ group: 'literal', text, meanings: [{ over: text }] })),
      body: bodyParts(received.body),
      timestamp: times,
      id: ids,
      url: urlParts(sample, options),
      path: merged('path', [
        [path, { over: '{path}' }],
        [registered?.path, { over: '{path}', ...pinned }],
        [query === '' ? '' : received.path, { over: '{path}?{query}' }],
        [
          registered?.query ? `${registered.path}?${registered.query}` : '',
          { over: '{path}?{query}', ...pinned },
        ],
      ]),
      query: both('query', query, registered?.query),
      method: merged('method', [[received.method, { over: '{method}' }]]),
      host: both('host', host, registered?.host),
    },
  };
}

/** Parts of one group, those of one text together, none empty. */
function merged(
  group: Group,
  all: readonly (readonly [text: string | undefined, meaning: Meaning])[],
): Part[] {
  const texts = [...new Set(all.map(([text]) => text))].filter((text) => text);
  return texts.map((text) => ({
    group,
    text,
    meanings: all.filter(([each]) => each === text).map(([, meaning]) => meaning),
  }));
}

/** Words such as Slack's `v0`, which stand before what is signed. */
function versions({ written }: PartsOptions): string[] {
  const own = written.flatMap(({ written: { value } }) => /(?:^|[\s,;&|])(v\d)[=,:]/.exec(value)?.[1] ?? []);
  return [...new Set(['v0', 'v1', ...own])];
}

const hashEncodings: readonly Encoding[] = ['hex', 'base64', 'HEX'];

function bodyParts(body: Uint8Array): Part[] {
  const hashes = digests.toReversed().flatMap((digest) => {
    const hash = createHash(digest).update(body).digest();
    return hashEncodings.map(
      (encoding): Part => ({
        group: 'body',
        text: encoded(hash, encoding),
        meanings: [{ over: '{bodyhash}', bodyHash: { digest, encoding } }],
      }),
    );
  });
  return [{ group: 'body', text: undefined, meanings: [{ over: '{body}' }] }, ...hashes];
}

/** Headers of the connection and of the browser: no id, and no time. */
const common =
  /^(?:host|connection|via|te|trailer|upgrade|content-.*|transfer-encoding|user-agent|accept.*|cache-control|pragma|expect|forwarded|x-forwarded-.*|x-real-ip|cookie|referer|origin|sec-.*|authorization|proxy-.*|date)$/i;
const signing = /signature|hmac/i;
const idLike = /id$|id[-_]|nonce|key|delivery/i;
const timeLike = /time|date|stamp|sent|[-_]ts$|^ts$/i;

/** Whether a place is named as one of an id or a time, be it beside a signature: `X-Signature-Timestamp`. */
export const isNamedPart = (name: string): boolean => timeLike.test(name) || idLike.test(name);

/** Times and ids: of headers, and of what stands beside a signature. */
function namedParts(sample: Sample, { written, secrets }: PartsOptions) {
  // One signature is not made over another; what is named for the signature may be its time or its id all the same.
  const isSignature = (name: string) =>
    signing.test(name) &&
    !idLike.test(name) &&
    written.some(
      ({ carrier, written: { bytes } }) =>
        samePlace(carrier, { in: 'header', name }) && digestOfSize[bytes.length] !== undefined,
    );
  const isDate = (value: string) => timeForm(value) === 'http-date';
  const headers = sample.received.headers.filter(
    ([name, value]) =>
      (!common.test(name) || (/^date$/i.test(name) && isDate(value))) &&
      !isSignature(name) &&
      (/^[\x21-\x7e]{1,200}$/.test(value) || isDate(value)) &&
      !secrets.some(({ text }) => text === value),
  );
  const beside = (field: 'timestamp' | 'id') =>
    written.map(({ written: each }): [string | undefined, Meaning] => [each[field], { over: `{${field}}` }]);
  const isTime = ([name, value]: readonly [string, string]) =>
    timeForm(value) !== undefined && !(idLike.test(name) && !timeLike.test(name));
  const isId = ([name, value]: readonly [string, string]) =>
    timeForm(value) === undefined || !timeLike.test(name);
  const ofHeader =
    (field: 'timestamp' | 'id') =>
    ([name, value]: readonly [string, string]) =>
      [value, { over: `{${field}}`, names: { [field]: name } }] as [string, Meaning];
  const ids = [...headers.filter(isId)].sort(
    ([one], [other]) => Number(idLike.test(other)) - Number(idLike.test(one)),
  );
  // The date of a request is seldom what was signed.
  const dated = headers
    .filter(isTime)
    .sort(([one], [other]) => Number(common.test(one)) - Number(common.test(other)));
  const times = merged('timestamp', [...beside('timestamp'), ...dated.map(ofHeader('timestamp'))]);
  const named = merged('id', [...beside('id'), ...ids.map(ofHeader('id'))]);
  return {
    times: times.slice(0, mostTimes),
    ids: named.slice(0, mostIds),
    leftOut: Math.max(0, named.length - mostIds),
  };
}

/** The addresses that a sender may have meant: as it came, over https, and as it is registered. */
function urlParts(sample: Sample, { url, written, secrets }: PartsOptions): Part[] {
  const { path } = sample.received;
  const seen = seenUrl(sample);
  const literal = `https://{host}{path}${queryOf(path) === '' ? '' : '?{query}'}`;
  const secure = seen.replace(/^http:/, 'https:');
  const bare = path === '/' ? [seen, secure].map((each) => each.slice(0, -1)) : [];
  const signing = written.filter(({ carrier }) => carrier.in === 'query').map(({ carrier }) => carrier.name);
  const unsigned = [...new Set(signing)].flatMap((name) => [secure, seen].map((each) => without(each, name)));
  const pins = [url, sample.url, secure, ...bare, ...unsigned].filter(
    (each) => each !== undefined && !holdsSecret(each, secrets),
  );
  return merged('url', [
    [seen, { over: '{url}' }],
    ...pins.map((each): [string | undefined, Meaning] => [each, { over: '{url}', url: each as string }]),
    [secure, { over: literal }],
  ]);
}

/** An address without a parameter of its query. */
function without(url: string, name: string): string {
  const kept = queryOf(url)
    .split('&')
    .filter((pair) => pair.split('=')[0] !== name);
  const query = kept.join('&');
  return withoutQuery(url) + (query === '' ? '' : `?${query}`);
}

/** The form of the time in a text, where a record says it. */
export function timeOf(text: string): { time?: NonNullable<HmacRecord['time']> } {
  const time = timeForm(text);
  return time === undefined || time === 'seconds' ? {} : { time };
}
