import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'svix';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { none, svix } from '../../src/core/scheme.ts';
import { request } from '../helpers/deliveries.ts';

const scheme = svix();
afterEach(() => void vi.useRealTimers());

/** Svix's own verify reads the wall clock, so that is what is set. */
const setClock = (at: number) => vi.useFakeTimers({ toFake: ['Date'], now: at });

const secrets = fc
  .uint8Array({ minLength: 24, maxLength: 75 })
  .map((key) => `whsec_${Buffer.from(key).toString('base64')}`);
const rotation = fc.uniqueArray(secrets, { minLength: 1, maxLength: 3 });
const ids = fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/);
const times = fc.integer({ min: 1_000_000_000_000, max: 4_000_000_000_000 });
/** Whatever JSON can hold, as text with and without white space. */
const bodies = fc
  .tuple(
    fc.oneof(fc.json(), fc.jsonValue(), fc.string({ unit: 'binary' })),
    fc.constantFrom(undefined, 2, '\t'),
  )
  .map(([value, indent]) => JSON.stringify({ value }, null, indent));

const codes = (problems: readonly { readonly code: string }[]) => problems.map(({ code }) => code);
const runs = { numRuns: 300 };

describe('svix: the package and our HMAC are each the other one’s oracle', () => {
  it('the package accepts everything that we sign, by any of the secrets', () => {
    fc.assert(
      fc.property(rotation, ids, times, bodies, (rotation, id, at, body) => {
        setClock(at);
        const headers = Object.fromEntries(
          scheme.sign({ id, at, body: Buffer.from(body) }, rotation).headers,
        );
        for (const secret of rotation)
          expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
      }),
      runs,
    );
  });

  it('we accept everything that the package signs', () => {
    fc.assert(
      fc.property(rotation, ids, times, bodies, (rotation, id, at, body) => {
        const signatures = rotation.map((secret) => new Webhook(secret).sign(id, new Date(at), body));
        const headers = [
          ['svix-id', id],
          ['svix-timestamp', String(Math.floor(at / 1000))],
          ['svix-signature', signatures.join(' ')],
        ] as const;
        for (const secret of rotation)
          expect(scheme.verify(request(headers, body), [secret], at)).toEqual([]);
      }),
      runs,
    );
  });

  it('both refuse a changed body, id or time', () => {
    const part = fc.constantFrom('body', 'svix-id', 'svix-timestamp');
    fc.assert(
      fc.property(secrets, ids, times, bodies, part, fc.nat(), (secret, id, at, body, part, place) => {
        setClock(at);
        const signed = scheme.sign({ id, at, body: Buffer.from(body) }, [secret]).headers;
        const change = (text: string) => {
          const at = place % text.length;
          // The digit next to it: JSON stays JSON, and a time stays within the tolerance where only its end changes.
          const changed = String.fromCharCode(text.charCodeAt(at) ^ 1);
          return text.slice(0, at) + changed + text.slice(at + 1);
        };
        const headers = signed.map(([name, value]) => [name, name === part ? change(value) : value] as const);
        const sent = part === 'body' ? change(body) : body;
        expect(() => new Webhook(secret).verify(sent, Object.fromEntries(headers))).toThrow();
        expect(codes(scheme.verify(request(headers, sent), [secret], at))).toContain('SIGNATURE_MISMATCH');
      }),
      runs,
    );
  });

  it('signs bytes that are no UTF-8 as the HMAC of the bytes, and accepts them', () => {
    fc.assert(
      fc.property(secrets, times, fc.uint8Array({ maxLength: 40 }), (secret, at, bytes) => {
        const body = Buffer.concat([bytes, Buffer.of(0xff, 0xfe, 0x80)]);
        const { headers } = scheme.sign({ id: 'msg_1', at, body }, [secret]);
        const mac = createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
          .update(`msg_1.${Math.floor(at / 1000)}.`)
          .update(body)
          .digest('base64');
        expect(headers.at(-1)).toEqual(['svix-signature', `v1,${mac}`]);
        expect(scheme.verify(request(headers, body), [secret], at)).toEqual([]);
      }),
    );
  });

  it('skips signatures of other versions', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const at = 1_614_265_330_000;
    const { headers } = scheme.sign({ id: 'msg_1', at, body: Buffer.from('{}') }, [secret]);
    const beside = headers.map(
      ([name, value]) =>
        [name, name === 'svix-signature' ? `v1a,hnO3f9T8 v2,abc ${value} v1,AAAA` : value] as const,
    );
    expect(scheme.verify(request(beside, '{}'), [secret], at)).toEqual([]);
  });

  it('keeps a byte order mark in what is signed', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const body = Buffer.from('\ufeff{}');
    const { headers } = scheme.sign({ id: 'msg_1', at: 0, body }, [secret]);
    expect(scheme.verify(request(headers, body), [secret], 0)).toEqual([]);
    expect(codes(scheme.verify(request(headers, '{}'), [secret], 0))).toEqual(['SIGNATURE_MISMATCH']);
  });
});

it('none(): signs nothing and finds nothing', () => {
  const unsigned = none('documented', 'the page says so');
  expect(unsigned.sign({ at: 0, body: Buffer.of() }, ['secret'])).toEqual({ headers: [] });
  expect(unsigned.verify(request([], ''), ['secret'], 0)).toEqual([]);
  expect(unsigned.secretFault('anything')).toBeUndefined();
});
