import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hmac } from '../../src/core/hmac.ts';
import { type HmacRecord, keyOf } from '../../src/core/hmac-record.ts';
import { svix } from '../../src/core/scheme.ts';
import type { Headers, Received } from '../../src/core/types.ts';
import { now, request, second } from '../helpers/deliveries.ts';

interface Vector {
  readonly scheme: string;
  readonly header: string;
  readonly secret: string;
  readonly id?: string;
  readonly timestamp?: string;
  readonly url?: string;
  readonly body: string;
  readonly header_value: string;
}

const vectors: Vector[] = JSON.parse(
  readFileSync(new URL('../../fixtures/vectors.json', import.meta.url), 'utf8'),
);

/** A bare HMAC over the body in hex; each test says what is different. */
const plain: HmacRecord = {
  label: 'a test',
  basis: 'assumed',
  source: 'made up',
  names: { signature: 'X-Signature' },
  over: '{body}',
  digest: 'sha256',
  encoding: 'hex',
  key: 'utf8',
  value: '{signature}',
};

const stripe: HmacRecord = {
  ...plain,
  names: { signature: 'Stripe-Signature' },
  over: '{timestamp}.{body}',
  value: 't={timestamp},v1={signature}',
  separator: ',',
  tolerance: { seconds: 300, future: false },
};

const schemes: Record<string, ReturnType<typeof hmac>> = {
  'svix / standard-webhooks': svix(),
  github: hmac({
    ...plain,
    names: { signature: 'X-Hub-Signature-256' },
    value: 'sha256={signature}',
  }),
  square: hmac({
    ...plain,
    names: { signature: 'X-Square-HmacSha256-Signature' },
    over: '{url}{body}',
    encoding: 'base64',
  }),
  'spatie/laravel-webhook-server': hmac({ ...plain, names: { signature: 'Signature' } }),
  stripe: hmac(stripe),
};

const codes = (problems: readonly { readonly code: string }[]) => problems.map(({ code }) => code);

describe('known answers', () => {
  it('are those of five schemes', () => {
    expect(vectors.map(({ scheme }) => scheme).sort()).toEqual(Object.keys(schemes).sort());
  });

  it.each(vectors.map((vector) => [vector.scheme, vector] as const))('%s signs like it', (name, vector) => {
    const at = Number(vector.timestamp ?? 0) * 1000;
    const draft = { id: vector.id, at, body: Buffer.from(vector.body), url: vector.url };
    const headers = Object.fromEntries(schemes[name]!.sign(draft, [vector.secret]).headers);
    const wanted = vector.header.split(' | ')[0]!;
    expect(headers[wanted]).toBe(vector.header_value);
  });

  it.each(vectors.filter(({ url }) => !url).map((vector) => [vector.scheme, vector] as const))(
    '%s accepts it, and no changed body',
    (name, { header, header_value, secret, id, timestamp, body }) => {
      const at = Number(timestamp ?? 0) * 1000;
      const headers: Headers = [
        [header.split(' | ')[0]!, header_value],
        ...(id ? [['svix-id', id] as const, ['svix-timestamp', timestamp!] as const] : []),
      ];
      expect(schemes[name]!.verify(request(headers, body), [secret], at)).toEqual([]);
      expect(codes(schemes[name]!.verify(request(headers, `${body} `), [secret], at))).toEqual([
        'SIGNATURE_MISMATCH',
      ]);
    },
  );

  it('svix accepts it under the white-label names too', () => {
    const { header_value, secret, id, timestamp, body } = vectors[0]!;
    const headers: Headers = [
      ['Webhook-Id', id!],
      ['Webhook-Timestamp', timestamp!],
      ['Webhook-Signature', header_value],
    ];
    expect(svix().verify(request(headers, body), [secret], Number(timestamp) * 1000)).toEqual([]);
  });

  it('square signs the address that the receiver sees in host and path', () => {
    const body = Buffer.from('{"hello":"world"}');
    const url = 'http://localhost:3000/webhook?a=b';
    const headers = schemes.square!.sign({ at: now, body, url }, ['asdf1234']).headers;
    const received: Received = {
      ...request([['Host', 'localhost:3000'], ...headers], body),
      path: '/webhook?a=b',
    };
    expect(schemes.square!.verify(received, ['asdf1234'], now)).toEqual([]);
    expect(codes(schemes.square!.verify({ ...received, path: '/other' }, ['asdf1234'], now))).toEqual([
      'SIGNATURE_MISMATCH',
    ]);
  });

  it('stripe uses the whole secret as the key, whsec_ included', () => {
    expect(keyOf(stripe, 'whsec_test_secret').toString()).toBe('whsec_test_secret');
  });
});

describe('any record', () => {
  const names = fc.constantFrom(
    { signature: 'X-Sig' },
    { signature: 'X-Sig', id: 'X-Id' },
    { signature: 'X-Sig', timestamp: 'X-Time' },
    { signature: 'X-Sig', id: 'X-Id', timestamp: 'X-Time' },
  );
  const values = fc.constantFrom(
    { value: '{signature}' },
    { value: 'sha256={signature}' },
    { value: '<{signature}>' },
    { value: 'v1,{signature}', separator: ' ' },
    { value: 't={timestamp},v1={signature}', separator: ',' },
    { value: 'v1={signature};ts={timestamp}', separator: ';' },
  );
  const record = fc
    .record({
      names,
      form: values,
      over: fc.array(fc.constantFrom('{id}', '{timestamp}', '{url}', '.', ':', 'v0')),
      digest: fc.constantFrom('md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'),
      encoding: fc.constantFrom('hex', 'base64', 'base64url'),
      key: fc.constantFrom('utf8', 'base64', 'hex'),
      keyPrefix: fc.constantFrom('', 'whsec_'),
    })
    .map(({ form, over, ...rest }): HmacRecord => {
      const has = {
        id: 'id' in rest.names,
        timestamp: 'timestamp' in rest.names || form.value.includes('{t'),
      };
      const signed = over.filter((part) => {
        if (part === '{id}') return has.id;
        return part === '{timestamp}' ? has.timestamp : true;
      });
      return { ...plain, ...rest, ...form, over: `${signed.join('')}{body}` } as HmacRecord;
    });
  const bytes = fc.uint8Array({ maxLength: 64 });
  const keys = fc.uint8Array({ minLength: 8, maxLength: 64 }).map((key) => Buffer.from(key));
  const textOf = (key: Buffer, record: HmacRecord) =>
    record.key === 'utf8' ? key.toString('hex') : record.keyPrefix + key.toString(record.key);

  it('accepts what it signs, and neither another body nor another secret', () => {
    fc.assert(
      fc.property(record, bytes, keys, keys, (record, body, key, other) => {
        const scheme = hmac(record);
        const [secret, wrong] = [textOf(key, record), textOf(other, record)];
        fc.pre(secret !== wrong);
        expect(scheme.secretFault(secret)).toBeUndefined();
        const url = 'http://localhost/hook';
        const { headers } = scheme.sign({ id: 'id_1', at: now, body, url }, [secret]);
        const received = { ...request([['host', 'localhost'], ...headers], body), path: '/hook' };
        expect(scheme.verify(received, [secret], now)).toEqual([]);
        expect(scheme.verify(received, [wrong, secret], now)).toEqual([]);
        const changed = { ...received, body: Buffer.concat([body, Buffer.of(0)]) };
        expect(codes(scheme.verify(changed, [secret], now))).toEqual(['SIGNATURE_MISMATCH']);
        expect(codes(scheme.verify(received, [wrong], now))).toEqual(['SIGNATURE_MISMATCH']);
      }),
      { numRuns: 500 },
    );
  });

  it('holds one signature for each secret where it has a separator, else that of the first', () => {
    const draft = { at: now, body: Buffer.from('{}') };
    const [[, many]] = hmac(stripe).sign(draft, ['one', 'two']).headers as [[string, string]];
    const [[, one]] = hmac(plain).sign(draft, ['one', 'two']).headers as [[string, string]];
    expect(many).toMatch(/^t=1795255200,v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/);
    expect(one).toMatch(/^[0-9a-f]{64}$/);
  });

  it('signs nothing without a secret, and still sends id and time', () => {
    const names = { signature: 'S', id: 'I', timestamp: 'T' };
    expect(hmac({ ...plain, names }).sign({ id: 'i', at: now, body: Buffer.of() }, []).headers).toEqual([
      ['I', 'i'],
      ['T', second],
    ]);
  });

  it.each([
    ['value "v1" lacks {signature}', { value: 'v1' }],
    ['over "{id}" signs neither {body} nor {url}', { over: '{id}' }],
    ['"t={timestamp},v1={signature}" in value must hold one', { value: 't={timestamp},v1={signature}' }],
    ['"v=1" in value must hold one', { value: 'v=1,v1={signature}', separator: ',' }],
  ])('is refused: %s', (message, change) => {
    expect(() => hmac({ ...plain, ...change } as HmacRecord)).toThrow(TypeError);
    expect(() => hmac({ ...plain, ...change } as HmacRecord)).toThrow(message);
  });
});

describe('a received signature', () => {
  const timed: HmacRecord = { ...stripe, tolerance: { seconds: 300, future: true } };
  const mac = (body: string, timestamp: string) =>
    hmac(timed).sign({ at: Number(timestamp) * 1000, body: Buffer.from(body) }, ['k']).headers[0]![1];
  const verify = (value: string | undefined, at = now, record = timed) => {
    const headers: Headers = value === undefined ? [] : [['stripe-signature', value]];
    return codes(hmac(record).verify(request(headers, '{}'), ['k'], at));
  };
  const fits = mac('{}', second);

  it.each<[string, string | undefined, string[]]>([
    ['that fits', fits, []],
    ['with another version beside it', `${fits},v0=abc`, []],
    ['with a wrong one beside it', `${fits},v1=abc`, []],
    ['that is absent', undefined, ['SIGNATURE_MISSING']],
    ['that is empty', '', ['SIGNATURE_MALFORMED', 'TIMESTAMP_MISSING']],
    ['of another form', 'abc', ['SIGNATURE_MALFORMED', 'TIMESTAMP_MISSING']],
    ['with an empty digest', `t=${second},v1=`, ['SIGNATURE_MALFORMED']],
    ['without its time', 'v1=abc', ['SIGNATURE_MISMATCH', 'TIMESTAMP_MISSING']],
    ['with words for a time', 't=now,v1=abc', ['SIGNATURE_MISMATCH', 'TIMESTAMP_MALFORMED']],
    ['with a negative time', 't=-1,v1=abc', ['SIGNATURE_MISMATCH', 'TIMESTAMP_MALFORMED']],
  ])('%s', (_, value, expected) => {
    expect(verify(value)).toEqual(expected);
  });

  it.each([
    [-301, true, ['TIMESTAMP_FUTURE']],
    [-301, false, []],
    [-300, true, []],
    [300, true, []],
    [301, true, ['TIMESTAMP_STALE']],
    [301, false, ['TIMESTAMP_STALE']],
  ])('is held to the tolerance: %i s after it, the future closed: %s', (age, future, expected) => {
    const record = { ...timed, tolerance: { seconds: 300, future } };
    expect(verify(fits, now + age * 1000, record)).toEqual(expected);
  });

  it('that stands there twice is malformed, even where one of them fits', () => {
    const headers: Headers = [
      ['stripe-signature', fits],
      ['Stripe-Signature', fits],
    ];
    expect(codes(hmac(timed).verify(request(headers, '{}'), ['k'], now))).toEqual(['SIGNATURE_MALFORMED']);
  });

  it('alone, under a white-label name, is one without its id and time', () => {
    const alone = request([['Webhook-Signature', 'v1,x']], '{}');
    expect(codes(svix().verify(alone, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], now))).toEqual([
      'SIGNATURE_MISMATCH',
      'ID_MISSING',
      'TIMESTAMP_MISSING',
    ]);
  });

  it('without the id it covers tells so', () => {
    const [, ...idless] = svix().sign({ id: 'm', at: now, body: Buffer.from('{}') }, [
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    ]).headers;
    expect(
      codes(svix().verify(request(idless, '{}'), ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], now)),
    ).toEqual(['SIGNATURE_MISMATCH', 'ID_MISSING']);
  });
});

describe('a secret', () => {
  const fault = svix().secretFault;
  const of = (size: number) => `whsec_${Buffer.alloc(size, 7).toString('base64')}`;

  it.each<[string, string, RegExp | undefined]>([
    ['of 24 bytes', of(24), undefined],
    ['of 75 bytes', of(75), undefined],
    ['of 23 bytes', of(23), /23 bytes.*24 to 75/],
    ['of 76 bytes', of(76), /76 bytes/],
    ['that is empty', '', /empty/],
    ['that is its prefix only', 'whsec_', /0 bytes/],
    ['without its prefix', of(24).slice(6), /does not start with "whsec_"/],
    ['with a newline', `${of(24)}\n`, /line break/],
    ['in base64url', `whsec_${'-_'.repeat(16)}`, /not standard base64/],
    ['without its padding', of(25).replace(/=+$/, ''), /not standard base64/],
  ])('of Svix %s', (_, secret, expected) => {
    if (expected) expect(fault(secret)).toMatch(expected);
    else expect(fault(secret)).toBeUndefined();
  });

  it('is never quoted in what is said of it', () => {
    for (const secret of ['hunter2hunter2', 'whsec_hunter2hunter2', 'whsec_hunter2\n'])
      expect(fault(secret)).not.toContain('hunter2');
  });
});
