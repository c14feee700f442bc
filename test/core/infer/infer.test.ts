import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseScheme } from '../../../src/core/schemes/parse.ts';
import { schemeOf } from '../../../src/core/schemes.ts';
import type { Received } from '../../../src/core/types.ts';
import { inferred } from '../../helpers/inferring.ts';
import {
  fitsRecord,
  type Message,
  message,
  type RecordJson,
  type Signer,
  signed,
} from '../../helpers/signers.ts';

const secret = 'a-secret-of-acme-1';
const raw = Buffer.from('0123456789abcdef0123456789abcdefXY');
const hex = (digest: Buffer) => digest.toString('hex');
const base64 = (digest: Buffer) => digest.toString('base64');
type TimeForm = 'seconds' | 'ms' | 'iso' | 'http';
const base64url = (digest: Buffer) => digest.toString('base64url');
const upper = (digest: Buffer) => digest.toString('hex').toUpperCase();
const header =
  (name: string, ...more: ((message: Message) => readonly [string, string])[]): Signer['place'] =>
  (signature, of) => ({ headers: [...more.map((each) => each(of)), [name, signature]] });
const time =
  (name: string, form: TimeForm = 'seconds') =>
  (of: Message) =>
    [name, of[form]] as const;
const id = (name: string) => (of: Message) => [name, of.id] as const;
const url = ({ host, path, query }: Message, protocol = 'https') => `${protocol}://${host}${path}?${query}`;
const hash = (of: Message, digest = 'sha256') => createHash(digest).update(of.body).digest();
const plain: Signer = {
  secret,
  digest: 'sha256',
  write: hex,
  over: ({ body }) => [body],
  place: header('X-Acme-Signature'),
};
const timed = (
  over: Signer['over'],
  { form = 'seconds', ...rest }: Partial<Signer> & { form?: TimeForm } = {},
): Signer => ({
  ...plain,
  over,
  place: header('X-Acme-Signature', time('X-Acme-Time', form), id('X-Acme-Id')),
  ...rest,
});
const inside =
  (value: (signature: string, of: Message) => string): Signer['place'] =>
  (signature, of) => ({
    headers: [['Acme-Signature', value(signature, of)]],
  });

/** A scheme as it is signed, and what of its record must be found. */
const schemes: [string, Signer, RecordJson][] = [
  [
    'body, hex',
    plain,
    { over: '{body}', digest: 'sha256', encoding: 'hex', value: '{signature}', key: 'utf8' },
  ],
  ['GitHub', { ...plain, write: (digest) => `sha256=${hex(digest)}` }, { value: 'sha256={signature}' }],
  [
    'SHA-1',
    { ...plain, digest: 'sha1', write: (digest) => `sha1=${hex(digest)}` },
    { digest: 'sha1', value: 'sha1={signature}' },
  ],
  ['MD5', { ...plain, digest: 'md5' }, { digest: 'md5' }],
  ['SHA-224', { ...plain, digest: 'sha224', write: base64 }, { digest: 'sha224', encoding: 'base64' }],
  ['SHA-384', { ...plain, digest: 'sha384', write: base64url }, { digest: 'sha384', encoding: 'base64url' }],
  ['SHA-512', { ...plain, digest: 'sha512' }, { digest: 'sha512' }],
  ['Shopify', { ...plain, write: base64 }, { encoding: 'base64' }],
  ['base64url', { ...plain, write: base64url }, { encoding: 'base64url' }],
  [
    'base64url, padded',
    { ...plain, write: (digest) => `${base64url(digest)}=` },
    { encoding: 'base64url', value: '{signature}=' },
  ],
  ['upper case', { ...plain, write: upper }, { encoding: 'HEX' }],
  [
    'words before',
    { ...plain, write: (digest) => `HMAC-SHA256 ${hex(digest)}` },
    { value: 'HMAC-SHA256 {signature}' },
  ],
  [
    'Stripe',
    {
      ...plain,
      over: (of) => [of.seconds, '.', of.body],
      place: inside((signature, of) => `t=${of.seconds},v1=${signature}`),
    },
    { over: '{timestamp}.{body}', value: 't={timestamp},v1={signature}', separator: ',' },
  ],
  [
    'Paddle',
    {
      ...plain,
      over: (of) => [of.seconds, ':', of.body],
      place: inside((signature, of) => `ts=${of.seconds};h1=${signature}`),
    },
    { over: '{timestamp}:{body}', value: 'ts={timestamp};h1={signature}', separator: ';' },
  ],
  [
    'ms inside, blanks',
    {
      ...plain,
      over: (of) => [of.ms, '.', of.body],
      place: inside((signature, of) => `t=${of.ms}, s=${signature}`),
    },
    {
      over: '{timestamp}.{body}',
      value: 't={timestamp}, s={signature}',
      separator: ', ',
      time: 'milliseconds',
    },
  ],
  [
    'id inside',
    {
      ...plain,
      over: (of) => [of.id, '.', of.seconds, '.', of.body],
      place: inside((signature, of) => `id=${of.id},t=${of.seconds},v1=${signature}`),
    },
    { over: '{id}.{timestamp}.{body}', value: 'id={id},t={timestamp},v1={signature}' },
  ],
  [
    'Svix',
    {
      ...plain,
      secret: `whsec_${base64(raw)}`,
      key: raw,
      write: (digest) => `v1,${base64(digest)}`,
      over: (of) => [of.id, '.', of.seconds, '.', of.body],
      place: header('svix-signature', id('svix-id'), time('svix-timestamp')),
    },
    {
      over: '{id}.{timestamp}.{body}',
      key: 'base64',
      keyPrefix: 'whsec_',
      value: 'v1,{signature}',
      separator: ' ',
      names: { signature: 'svix-signature', id: 'svix-id', timestamp: 'svix-timestamp' },
    },
  ],
  [
    'Svix, of two secrets',
    {
      ...plain,
      secret: `whsec_${base64(raw)}`,
      key: raw,
      write: (digest) => `v1,${base64(createHash('sha256').update(digest).digest())} v1,${base64(digest)}`,
      over: (of) => [of.id, '.', of.seconds, '.', of.body],
      place: header('webhook-signature', id('webhook-id'), time('webhook-timestamp')),
    },
    { over: '{id}.{timestamp}.{body}', value: 'v1,{signature}', separator: ' ' },
  ],
  [
    'Slack',
    {
      ...plain,
      write: (digest) => `v0=${hex(digest)}`,
      over: (of) => ['v0:', of.seconds, ':', of.body],
      place: header('X-Slack-Signature', time('X-Slack-Request-Timestamp')),
    },
    {
      over: 'v0:{timestamp}:{body}',
      value: 'v0={signature}',
      names: { signature: 'X-Slack-Signature', timestamp: 'X-Slack-Request-Timestamp' },
    },
  ],
  ...['X-Signature-Timestamp', 'Acme-Signature-Timestamp', 'X-HMAC-Timestamp'].map(
    (name): [string, Signer, RecordJson] => [
      `time in ${name}`,
      timed((of) => [of.seconds, of.body], { place: header('X-Signature', time(name)) }),
      { over: '{timestamp}{body}', names: { signature: 'X-Signature', timestamp: name } },
    ],
  ),
  [
    'ISO in X-Signature-Date',
    timed((of) => [of.iso, '.', of.body], { place: header('X-Signature', time('X-Signature-Date', 'iso')) }),
    { over: '{timestamp}.{body}', time: 'iso', names: { timestamp: 'X-Signature-Date' } },
  ],
  ...['X-Signature-Nonce', 'X-Signature-Id', 'X-Hmac-Nonce'].map((name): [string, Signer, RecordJson] => [
    `id in ${name}`,
    timed((of) => [of.id, '.', of.body], { place: header('X-Signature', id(name)) }),
    { over: '{id}.{body}', names: { signature: 'X-Signature', id: name } },
  ]),
  [
    'an id as long as a digest',
    timed((of) => [hex(hash(of, 'md5')), '.', of.body], {
      place: header('X-Signature', (of) => ['X-Signature-Nonce', hex(hash(of, 'md5'))]),
    }),
    { over: '{id}.{body}', names: { signature: 'X-Signature', id: 'X-Signature-Nonce' } },
  ],
  ['time then body, no separator', timed((of) => [of.seconds, of.body]), { over: '{timestamp}{body}' }],
  ['body then time', timed((of) => [of.body, '|', of.seconds]), { over: '{body}|{timestamp}' }],
  [
    'ms',
    timed((of) => [of.ms, '.', of.body], { form: 'ms' }),
    { over: '{timestamp}.{body}', time: 'milliseconds' },
  ],
  [
    'ISO',
    timed((of) => [of.iso, '\n', of.body], { form: 'iso' }),
    { over: '{timestamp}\n{body}', time: 'iso' },
  ],
  [
    'a date of HTTP',
    timed((of) => [of.http, '\n', of.body], { form: 'http' }),
    { over: '{timestamp}\n{body}', time: 'http-date', names: { timestamp: 'X-Acme-Time' } },
  ],
  [
    'the date of the request',
    timed((of) => [of.http, '.', of.body], { place: header('X-Signature', time('Date', 'http')) }),
    { over: '{timestamp}.{body}', time: 'http-date', names: { timestamp: 'Date' } },
  ],
  [
    'a date of HTTP beside the signature',
    timed((of) => [of.http, '.', of.body], {
      place: inside((signature, of) => `t=${of.http};v1=${signature}`),
    }),
    { over: '{timestamp}.{body}', time: 'http-date', value: 't={timestamp};v1={signature}', separator: ';' },
  ],
  ['id and body', timed((of) => [of.id, '-', of.body]), { over: '{id}-{body}' }],
  [
    'body, id, time',
    timed((of) => [of.body, '&', of.id, '&', of.seconds]),
    { over: '{body}&{id}&{timestamp}' },
  ],
  [
    'Square',
    { ...plain, write: base64, over: (of) => [url(of), of.body] },
    { over: 'https://{host}{path}?{query}{body}' },
  ],
  ['http address', { ...plain, over: (of) => [url(of, 'http'), of.body] }, { over: '{url}{body}' }],
  ['the address alone', { ...plain, over: (of) => [url(of, 'http')] }, { over: '{url}' }],
  [
    'method and path',
    timed((of) => [of.method, of.path, of.seconds, of.body]),
    { over: '{method}{path}{timestamp}{body}' },
  ],
  [
    'four lines',
    timed((of) => [of.method, '\n', of.host, '\n', of.path, '\n', of.query]),
    { over: '{method}\n{host}\n{path}\n{query}' },
  ],
  [
    'path and query',
    timed((of) => [`${of.path}?${of.query}`, '.', of.body]),
    { over: '{path}?{query}.{body}' },
  ],
  [
    'hash of the body',
    timed((of) => [of.seconds, '.', hex(hash(of))]),
    { over: '{timestamp}.{bodyhash}', bodyHash: { digest: 'sha256', encoding: 'hex' } },
  ],
  [
    'four parts with a hash',
    timed((of) => [of.method, '\n', of.path, '\n', of.seconds, '\n', base64(hash(of, 'md5'))]),
    { over: '{method}\n{path}\n{timestamp}\n{bodyhash}', bodyHash: { digest: 'md5', encoding: 'base64' } },
  ],
  [
    'four parts, an odd order',
    timed((of) => [of.host, ',', of.id, ',', of.body, ',', of.seconds]),
    { over: '{host},{id},{body},{timestamp}' },
  ],
  ['time and id without the body', timed((of) => [of.seconds, of.id]), { over: '{timestamp}{id}' }],
  ['key in base64', { ...plain, secret: base64(raw), key: raw }, { key: 'base64' }],
  [
    'key in base64url',
    { ...plain, secret: 'ab-_cd-_ef-_gh-_', key: Buffer.from('ab-_cd-_ef-_gh-_', 'base64url') },
    { key: 'base64url' },
  ],
  ['key in hex', { ...plain, secret: hex(raw), key: raw }, { key: 'hex' }],
  [
    'text behind a prefix',
    { ...plain, secret: 'whsec_not.base64!', key: Buffer.from('not.base64!') },
    { key: 'utf8', keyPrefix: 'whsec_' },
  ],
  [
    'hex behind two words',
    { ...plain, secret: `sk_live_${hex(raw)}`, key: raw },
    { key: 'hex', keyPrefix: 'sk_live_' },
  ],
  ['Stripe’s literal secret', { ...plain, secret: `whsec_${base64(raw)}` }, { key: 'utf8' }],
  [
    'in the query',
    { ...plain, place: (signature) => ({ query: `sign=${signature}` }) },
    { in: 'query', names: { signature: 'sign' } },
  ],
  [
    'in the query, base64',
    { ...plain, write: base64, place: (signature) => ({ query: `sign=${encodeURIComponent(signature)}` }) },
    { in: 'query' },
  ],
  [
    'in the body',
    {
      ...plain,
      over: (of) => [of.id, of.seconds],
      place: (signature, of) => ({
        headers: [
          ['x-id', of.id],
          ['x-time', of.seconds],
        ],
        body: Buffer.from(JSON.stringify({ ...JSON.parse(String(of.body)), signature })),
      }),
    },
    {
      in: 'body',
      names: { signature: 'signature', id: 'x-id', timestamp: 'x-time' },
      over: '{id}{timestamp}',
    },
  ],
  [
    'quoted',
    { ...plain, write: (digest) => `keyId="acme",algorithm="hmac-sha256",signature="${base64(digest)}"` },
    { value: 'keyId="acme",algorithm="hmac-sha256",signature="{signature}"' },
  ],
];

it('says that several signatures come in one value only where they were seen', () => {
  const found = (name: string) => {
    const [, signer] = schemes.find(([each]) => each === name)!;
    return inferred(
      [0, 1].map((index) => signed(signer, message(index))),
      signer.secret,
    );
  };
  for (const name of ['Stripe', 'Svix']) {
    expect(found(name).scheme).not.toHaveProperty('several');
    expect(found(name).words.join('\n')).toContain('one signature was seen in each value');
  }
  expect(found('Svix, of two secrets').scheme).toHaveProperty('several', true);
  expect(found('Svix, of two secrets').words).toContain('several signatures were seen in one value');
});

it('says how ids look, where they look alike', () => {
  const [, svix] = schemes.find(([name]) => name === 'Svix')!;
  const seen = [0, 1].map((index) => signed(svix, message(index)));
  expect(inferred(seen, svix.secret).scheme).toMatchObject({ newId: { prefix: 'msg_', length: 20 } });
  const other = signed(svix, { ...message(2), id: 'msg_1' });
  expect(inferred([...seen, other], svix.secret).scheme).not.toHaveProperty('newId');
});

describe('a scheme is found exactly', () => {
  it.each(schemes)('%s', (_name, signer, expected) => {
    const seen = [0, 1].map((index) => signed(signer, message(index)));
    const { status, kind, scheme, words } = inferred(seen, signer.secret);
    expect([status, kind, words]).toEqual(['confirmed', 'hmac', words]);
    expect(scheme).toMatchObject({
      kind: 'hmac',
      basis: 'observed',
      source: 'seen in 2 deliveries on 2026-11-21',
      ...expected,
    });
    for (const index of [2, 3])
      expect(fitsRecord(scheme!, signer.secret, signed(signer, message(index)))).toBe(true);
    expect(
      fitsRecord(scheme!, signer.secret, {
        ...signed(signer, message(4)),
        headers: seen[0]!.headers,
        path: seen[0]!.path,
      }),
    ).toBe(!/\{body(hash)?\}/.test((scheme as RecordJson).over) && (scheme as RecordJson).in !== 'body');
    expect(JSON.stringify({ scheme, words })).not.toContain(signer.secret);
  });
});

describe('what is found is a scheme that the commands take', () => {
  it.each(schemes)('%s', (_name, signer) => {
    const seen = [0, 1].map((index) => signed(signer, message(index)));
    const found = inferred(seen, signer.secret).scheme;
    const data = parseScheme(JSON.parse(JSON.stringify(found)), 'found');
    expect(data).toEqual(found);
    const scheme = schemeOf(data);
    expect(scheme.secretFault(signer.secret)).toBeUndefined();
    const verified = (index: number, received: Received) =>
      scheme.verify(received, [signer.secret], message(index).at);
    // What it came from, and what comes later.
    for (const index of [0, 1, 2]) expect(verified(index, signed(signer, message(index)))).toEqual([]);
    const { id, at, body, host, path, query } = message(3);
    const url = `http://${host}${path}?${query}`;
    const made = scheme.sign({ id, at, body, url, contentType: 'application/json' }, [signer.secret]);
    const own: Received = {
      method: 'POST',
      path: (made.url ?? url).slice(`http://${host}`.length),
      headers: [['host', host], ...made.headers],
      body: Buffer.from(made.body ?? body),
    };
    expect(verified(3, own)).toEqual([]);
    expect(fitsRecord(data, signer.secret, own)).toBe(true);
  });
});
