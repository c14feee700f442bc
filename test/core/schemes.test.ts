import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hmac } from '../../src/core/hmac.ts';
import type { Signed } from '../../src/core/provider.ts';
import { type NamedScheme, type SchemeName, schemeNames } from '../../src/core/scheme-data.ts';
import { schemeOf } from '../../src/core/schemes.ts';
import type { Headers, Received } from '../../src/core/types.ts';
import { signedByHand } from '../helpers/by-hand.ts';
import { now, request } from '../helpers/deliveries.ts';
import { keys, records, secretOf } from '../helpers/records.ts';

interface Vector {
  readonly source: string;
  readonly secret: string;
  /** Another secret that accepts it too. */
  readonly verifier?: string;
  readonly id?: string;
  readonly timestamp?: string;
  readonly url?: string;
  readonly contentType?: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The address that it is sent to, where signing changes it. */
  readonly sentUrl?: string;
}

const folder = new URL('../../fixtures/schemes/', import.meta.url);
const vectors = readdirSync(folder).flatMap((file) =>
  (JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Vector[]).map(
    (vector, index) =>
      [`${file.slice(0, -5)} ${index + 1}`, file.slice(0, -5) as SchemeName, vector] as const,
  ),
);

const codes = (problems: readonly { readonly code: string }[]) => problems.map(({ code }) => code);

/** A ready-made scheme. */
const ready = (use: SchemeName, changes?: NamedScheme['with']) =>
  schemeOf({ use, ...(changes ? { with: changes } : {}) });

/** What a receiver gets of what was signed. */
function received(
  { headers, url, body }: Signed,
  target: string,
  sent: Uint8Array,
  more: Headers = [],
): Received {
  const { host, pathname, search } = new URL(url ?? target);
  return {
    method: 'POST',
    path: pathname + search,
    headers: [['host', host], ...more, ...headers],
    body: Buffer.from(body ?? sent),
  };
}

describe('known answers', () => {
  it('are there for every ready-made scheme', () => {
    const named = new Set(vectors.map(([, use]) => use));
    expect([...named].sort()).toEqual(schemeNames.filter((name) => name !== 'none').sort());
  });

  it.each(vectors)('%s signs like it', (_, use, vector) => {
    const { secret, id, timestamp = '0', url, contentType, body, headers, sentUrl } = vector;
    const at = Number(timestamp) * 1000;
    const signed = ready(use).sign({ id, at, url, contentType, body: Buffer.from(body) }, [secret]);
    expect(Object.fromEntries(signed.headers)).toMatchObject(headers);
    expect(signed.url).toBe(sentUrl);
  });

  it.each(vectors)('%s is accepted, and with another body or secret is not', (_, use, vector) => {
    const {
      secret,
      verifier = secret,
      timestamp = '0',
      url,
      contentType,
      body,
      headers,
      sentUrl = url,
    } = vector;
    const scheme = ready(use, url === undefined ? undefined : { url });
    const at = Number(timestamp) * 1000;
    const more: Headers = contentType === undefined ? [] : [['content-type', contentType]];
    const signed: Signed = { headers: Object.entries(headers), ...(sentUrl ? { url: sentUrl } : {}) };
    const came = received(signed, 'http://localhost/', Buffer.from(body), more);
    expect(scheme.verify(came, [secret], at)).toEqual([]);
    expect(scheme.verify(came, [verifier], at)).toEqual([]);
    const other = scheme.secretLike!(secret, Buffer.alloc(32, 7));
    expect(scheme.secretFault(other)).toBeUndefined();
    expect(codes(scheme.verify(came, [other], at))).toEqual(['SIGNATURE_MISMATCH']);
    expect(scheme.verify(came, [other, secret], at)).toEqual([]);
    const changed = scheme.verify({ ...came, body: Buffer.from(`${body}1`) }, [secret], at);
    expect(codes(changed)).toEqual(scheme.form ? ['SIGNATURE_MISMATCH'] : []);
  });
});

describe('the traps', () => {
  const at = now;
  const body = Buffer.from('{"a":1}');
  const url = 'http://localhost:3000/hook';
  const sent = (use: SchemeName, secret: string, changes?: NamedScheme['with'], target = url) => {
    const scheme = ready(use, changes);
    const came = received(scheme.sign({ id: 'msg_1', at, body, url: target }, [secret]), target, body);
    return {
      came,
      verify: (when = at, secrets = [secret]) => codes(scheme.verify(came, secrets, when)),
      scheme,
    };
  };

  it('Stripe: what follows whsec_ is not decoded', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const { came, verify } = sent('stripe', secret);
    const decoded = ready('stripe', { key: 'base64', keyPrefix: 'whsec_' });
    expect(verify()).toEqual([]);
    expect(codes(decoded.verify(came, [secret], at))).toEqual(['SIGNATURE_MISMATCH']);
    expect(ready('stripe').secretFault('whsec_not base64!')).toBeUndefined();
  });

  it.each<[SchemeName, number]>([
    ['stripe', 300],
    ['slack', 300],
    ['paddle', 5],
  ])('%s: %i s in the past are allowed, a second more is not, any time ahead is', (use, seconds) => {
    const { verify } = sent(use, 'secret');
    expect(verify(at + seconds * 1000)).toEqual([]);
    expect(verify(at + (seconds + 1) * 1000)).toEqual(['TIMESTAMP_STALE']);
    expect(verify(at - 86_400_000)).toEqual([]);
  });

  it.each<SchemeName>(['svix', 'standard-webhooks'])('%s: the tolerance holds both ways', (use) => {
    const { verify } = sent(use, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    expect([verify(at - 300_000), verify(at - 301_000)]).toEqual([[], ['TIMESTAMP_FUTURE']]);
  });

  it('Stripe, Paddle and Svix hold several signatures, one for each secret', () => {
    const headerOf = (use: SchemeName, secrets: string[]) =>
      ready(use).sign({ id: 'msg_1', at, body }, secrets).headers.at(-1)![1];
    expect(headerOf('stripe', ['a', 'b'])).toMatch(/^t=\d+,v1=\w{64},v1=\w{64}$/);
    expect(headerOf('paddle', ['a', 'b'])).toMatch(/^ts=\d+;h1=\w{64};h1=\w{64}$/);
    expect(headerOf('github', ['a', 'b'])).toMatch(/^sha256=\w{64}$/);
  });

  it('Square: the registered address is signed, whatever the target', () => {
    const registered = { url: 'https://shop.example/square' };
    const { came, verify } = sent('square', 'secret', registered);
    expect(verify()).toEqual([]);
    expect(codes(ready('square').verify(came, ['secret'], at))).toEqual(['SIGNATURE_MISMATCH']);
    const other = ready('square', { url: 'https://shop.example/other' });
    expect(codes(other.verify(came, ['secret'], at))).toEqual(['SIGNATURE_MISMATCH']);
  });

  it('Square: without one the address that the receiver sees is signed', () => {
    const { came, verify, scheme } = sent('square', 'secret');
    expect(verify()).toEqual([]);
    expect(codes(scheme.verify({ ...came, path: '/other' }, ['secret'], at))).toEqual(['SIGNATURE_MISMATCH']);
  });

  it('Twilio: the hash in the address is held against the body, and the address against the signature', () => {
    const { came, verify, scheme } = sent('twilio', 'secret');
    const of = (change: Partial<Received>) => codes(scheme.verify({ ...came, ...change }, ['secret'], at));
    expect(verify()).toEqual([]);
    expect(of({ body: Buffer.from('{"a":2}') })).toEqual(['SIGNATURE_MISMATCH']);
    expect(of({ path: came.path.replace(/bodySHA256=.{4}/, 'bodySHA256=0000') })).toEqual([
      'SIGNATURE_MISMATCH',
    ]);
    expect(of({ path: '/hook' })).toEqual(['SIGNATURE_MALFORMED']);
    expect(of({ path: `${came.path}&bodySHA256=0` })).toEqual(['SIGNATURE_MALFORMED']);
  });

  it('Twilio: a form is signed with its fields, in any order of theirs', () => {
    const scheme = ready('twilio');
    const contentType = 'application/x-www-form-urlencoded; charset=utf-8';
    const form = Buffer.from('b=2&a=1&b=1');
    const signed = scheme.sign({ at, url, body: form, contentType }, ['secret']);
    expect(signed.url).toBeUndefined();
    const of = (text: string) =>
      codes(
        scheme.verify(
          received(signed, url, Buffer.from(text), [['Content-Type', contentType]]),
          ['secret'],
          at,
        ),
      );
    expect([of('b=2&a=1&b=1'), of('b=1&b=2&a=1'), of('b=2&a=2&b=1'), of('a=1&b=2')]).toEqual([
      [],
      [],
      ['SIGNATURE_MISMATCH'],
      ['SIGNATURE_MISMATCH'],
    ]);
  });

  it('Laravel: the time is sent and not signed, so that it may be missing', () => {
    const { came, verify, scheme } = sent('laravel', 'secret');
    expect(came.headers).toContainEqual(['Timestamp', String(at / 1000)]);
    expect(verify()).toEqual([]);
    const headers = came.headers.filter(([name]) => name !== 'Timestamp');
    expect(scheme.verify({ ...came, headers }, ['secret'], at)).toEqual([]);
  });

  it('Standard Webhooks: the secret says how it signs, and a header can hold both kinds', () => {
    const scheme = ready('standard-webhooks');
    const hmacKey = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const privateKey = scheme.secretLike!('whsk_', Buffer.alloc(32, 1));
    const signed = scheme.sign({ id: 'msg_1', at, body }, [privateKey, hmacKey]);
    expect(signed.headers.at(-1)![1]).toMatch(/^v1,\S{44} v1a,\S{88}$/);
    const came = received(signed, url, body);
    for (const secrets of [
      [privateKey],
      [hmacKey],
      [scheme.secretLike!('whsk_', Buffer.alloc(32, 2)), hmacKey],
    ])
      expect(scheme.verify(came, secrets, at)).toEqual([]);
    const stranger = scheme.secretLike!('whsk_', Buffer.alloc(32, 2));
    expect(codes(scheme.verify(came, [stranger], at))).toEqual(['SIGNATURE_MISMATCH']);
    expect(codes(scheme.verify(came, [stranger], at + 301_000))).toContain('TIMESTAMP_STALE');
  });

  it('Ed25519: a public key verifies and does not sign', () => {
    const key = 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=';
    const sign = () => ready('standard-webhooks').sign({ id: 'msg_1', at, body }, [key]);
    expect(sign).toThrow('a public key, whpk_…, verifies and cannot sign');
  });

  it.each([
    ['', 'it is empty'],
    ['whsk_', 'it decodes to 0 bytes'],
    ['whpk_AAAA', 'it decodes to 3 bytes, and must have 32'],
    ['whsk_!', 'not standard base64'],
    ['secret', 'it starts neither with "whsk_"'],
  ])('Ed25519: the key "%s" is refused', (secret, fault) => {
    const form = {
      names: { signature: 'S' },
      over: '{body}',
      encoding: 'hex',
      value: '{signature}',
    } as const;
    const scheme = schemeOf({ kind: 'ed25519', basis: 'assumed', source: 'a test', ...form });
    expect(scheme.secretFault(secret)).toContain(fault);
  });
});

describe('a secret that is sent as it is', () => {
  const basis = 'observed';
  const source = 'a test';
  const header = schemeOf({
    basis,
    source,
    kind: 'token',
    in: 'header',
    name: 'X-Token',
    value: 'Token {secret}',
  });
  const query = schemeOf({ basis, source, kind: 'token', in: 'query', name: 'token' });
  const basic = schemeOf({ basis, source, kind: 'basic' });
  const body = Buffer.from('{}');
  const url = 'http://localhost/hook?a=b';
  const verify = (scheme: typeof header, headers: Headers, path = '/') =>
    codes(scheme.verify({ ...request(headers, '{}'), path }, ['user:s3cret'], 0));

  it.each([
    ['in a header', header],
    ['in the query', query],
    ['as user and password', basic],
  ])('%s is accepted as it was sent, and as a whole', (_, scheme) => {
    const of = (secret: string) => {
      const came = received(scheme.sign({ at: 0, body, url }, [secret]), url, body);
      return codes(scheme.verify(came, ['user:s3cret'], 0));
    };
    expect(of('user:s3cret')).toEqual([]);
    for (const wrong of ['user:s3cre', 'user:s3crett', 'user:S3cret', 'user:', 'USER:s3cret'])
      expect(of(wrong)).toEqual(['SIGNATURE_MISMATCH']);
  });

  it.each<[string, typeof header, Headers, string, string[]]>([
    ['none', header, [], '/', ['SIGNATURE_MISSING']],
    ['an empty header', header, [['x-token', '']], '/', ['SIGNATURE_MALFORMED']],
    [
      'two headers',
      header,
      [
        ['x-token', 'Token user:s3cret'],
        ['X-Token', 'Token x'],
      ],
      '/',
      ['SIGNATURE_MALFORMED'],
    ],
    ['another form', header, [['x-token', 'user:s3cret']], '/', ['SIGNATURE_MALFORMED']],
    ['none in the query', query, [['token', 'user:s3cret']], '/', ['SIGNATURE_MISSING']],
    ['an empty parameter', query, [], '/?token=', ['SIGNATURE_MALFORMED']],
    ['two parameters', query, [], '/?token=user:s3cret&token=x', ['SIGNATURE_MALFORMED']],
    ['an escaped parameter', query, [], '/?token=user%3As3cret', []],
    ['no basic auth', basic, [], '/', ['SIGNATURE_MISSING']],
    ['another kind of auth', basic, [['authorization', 'Bearer abc']], '/', ['SIGNATURE_MALFORMED']],
    ['basic in other letters', basic, [['Authorization', 'bAsIc dXNlcjpzM2NyZXQ=']], '/', []],
  ])('%s', (_, scheme, headers, path, expected) => {
    expect(verify(scheme, headers, path)).toEqual(expected);
  });

  it('replaces the one that the address holds already, and sends none without a secret', () => {
    const target = 'http://localhost/hook?token=old&a=b';
    expect(query.sign({ at: 0, body, url: target }, ['new'])).toEqual({
      headers: [],
      url: 'http://localhost/hook?a=b&token=new',
    });
    expect(query.sign({ at: 0, body, url }, [])).toEqual({ headers: [] });
    expect(header.sign({ at: 0, body }, [])).toEqual({ headers: [] });
  });

  it('needs its form: a colon in basic auth, no line break in a header', () => {
    expect(basic.secretFault('user')).toBe('it has no ":" between user and password');
    expect(header.secretFault('a\nb')).toBe('it has characters that no header may have');
    expect([header, query, basic].map((scheme) => scheme.secretFault(''))).toEqual(
      Array(3).fill('it is empty'),
    );
  });

  it('is a bearer token by name, or what `with` says', () => {
    const named = (changes?: NamedScheme['with']) =>
      ready('token', changes).sign({ at: 0, body, url: 'http://localhost/' }, ['abc']);
    expect(named()).toEqual({ headers: [['authorization', 'Bearer abc']] });
    expect(named({ in: 'query' })).toEqual({ headers: [], url: 'http://localhost/?token=abc' });
    const changes = { names: { signature: 'X-Key' }, value: 'k {signature}' };
    expect(named(changes)).toEqual({ headers: [['X-Key', 'k abc']] });
  });
});

describe('overrides', () => {
  it('replace parts of the record, basis and source', () => {
    const scheme = schemeOf({
      use: 'github',
      with: { names: { signature: 'X-Acme-Signature' }, digest: 'sha512' },
      basis: 'observed',
      source: 'a delivery',
    });
    expect(scheme).toMatchObject({
      basis: 'observed',
      source: 'a delivery',
      headers: ['x-acme-signature'],
      record: { digest: 'sha512', over: '{body}' },
    });
  });

  it.each<[NamedScheme, string]>([
    [{ use: 'none', with: { over: '{body}' } }, '"none" has none'],
    [{ use: 'basic', with: { over: '{body}' } }, '"basic" has none'],
    [{ use: 'token', with: { over: '{body}' } }, 'not over'],
    [
      { use: 'github', with: { over: '{timestamp}.{body}' } },
      'stands neither in names.timestamp nor in value',
    ],
    [{ use: 'github', with: { url: 'https://a.example/' } }, 'url changes nothing'],
  ])('%o is refused', (data, message) => {
    expect(() => schemeOf(data)).toThrow(TypeError);
    expect(() => schemeOf(data)).toThrow(message);
  });
});

/** Letters that neither escape nor end anything. */
const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
const messages = fc.record({
  id: word,
  at: fc.integer({ min: 1_000_000_000_000, max: 2_000_000_000_000 }),
  url: fc
    .tuple(word, word, fc.option(word))
    .map(([host, path, query]) => `http://${host}.test:8080/${path}${query === null ? '' : `?a=${query}`}`),
  object: fc.dictionary(word, fc.jsonValue(), { maxKeys: 4 }),
  bytes: fc.uint8Array({ maxLength: 64 }),
});

describe('any record, over any message', () => {
  const cases = fc
    .tuple(records, messages, keys)
    .map(([record, { object, bytes, ...message }, bytesOfKey]) => {
      const body = record.in === 'body' ? Buffer.from(JSON.stringify(object)) : Buffer.from(bytes);
      const { secret, key } = secretOf(record, bytesOfKey);
      return { record, message: { ...message, body }, secret, key };
    });
  const runs = { numRuns: 1000 };

  it('signs as one does by hand, and accepts what is signed by hand', () => {
    fc.assert(
      fc.property(cases, ({ record, message, secret, key }) => {
        const scheme = hmac(record);
        const byHand = signedByHand(record, message, key);
        const ours = received(scheme.sign(message, [secret]), message.url, message.body);
        expect({ ...ours, body: ours.body.toString() }).toEqual({ ...byHand, body: byHand.body.toString() });
        expect(scheme.secretFault(secret)).toBeUndefined();
        expect(scheme.verify(byHand, [secret], message.at)).toEqual([]);
      }),
      runs,
    );
  });

  it('refuses another key, and any change of what is signed', () => {
    fc.assert(
      fc.property(cases, keys, ({ record, message, secret, key }, otherBytes) => {
        const scheme = hmac(record);
        const other = secretOf(record, otherBytes);
        fc.pre(!other.key.equals(key));
        const came = signedByHand(record, message, key);
        expect(codes(scheme.verify(came, [other.secret], message.at))).toEqual(['SIGNATURE_MISMATCH']);
        expect(scheme.verify(came, [other.secret, secret], message.at)).toEqual([]);
        for (const [part, changed] of changes(record, came))
          expect([part, codes(scheme.verify(changed, [secret], message.at))]).not.toEqual([part, []]);
      }),
      runs,
    );
  });

  /** The same delivery with one signed part changed. */
  function changes(record: Parameters<typeof hmac>[0], came: Received): [string, Received][] {
    const header = (name: string | undefined, change: (value: string) => string): Received => ({
      ...came,
      headers: came.headers.map(([key, value]) => [key, key === name ? change(value) : value]),
    });
    const has = (...parts: string[]) => parts.some((part) => record.over.includes(part));
    const { id, timestamp, signature } = record.names;
    const open = record.url === undefined;
    const [pathname = ''] = came.path.split('?');
    const inBody = Buffer.from(
      Buffer.from(came.body).toString('latin1').replace('{', '{"zz":1,').replace(',}', '}'),
      'latin1',
    );
    const candidates: [boolean, string, Received][] = [
      [has('{id}') && id !== undefined, 'id', header(id, (value) => `${value}x`)],
      [has('{timestamp}') && timestamp !== undefined, 'time', header(timestamp, (value) => `${value}1`)],
      [has('{method}'), 'method', { ...came, method: 'PUT' }],
      [open && has('{host}', '{url}'), 'host', header('host', (value) => `x${value}`)],
      [
        open && has('{path}', '{url}'),
        'path',
        { ...came, path: came.path.replace(pathname, `${pathname}/x`) },
      ],
      [
        open && has('{query}', '{url}'),
        'query',
        { ...came, path: `${came.path}${came.path.includes('?') ? '&' : '?'}zz=1` },
      ],
      [
        has('{body}', '{bodyhash}'),
        'body',
        { ...came, body: record.in === 'body' ? inBody : Buffer.concat([came.body, Buffer.of(0)]) },
      ],
      [record.in === undefined, 'signature', header(signature, (value) => value.replace(/[a-f0-9]/i, 'g'))],
      [
        record.in === undefined && has('{id}'),
        'id beside the signature',
        header(signature, (value) => (id === undefined ? `${value}x` : '')),
      ],
      [record.in === undefined, 'no signature', header(signature, () => '')],
      [record.in === 'query', 'signature', { ...came, path: came.path.replace(/x_sig=.*/, 'x_sig=abc') }],
    ];
    return candidates.filter(([applies]) => applies).map(([, part, changed]) => [part, changed]);
  }
});
