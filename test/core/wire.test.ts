import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answerFact, bodyFact, bytesOf, deliveryFact, isoTime, receivedFact } from '../../src/core/wire.ts';

it('a body survives a fact and JSON, text or not', () => {
  const bytes = fc.oneof(
    fc.uint8Array(),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(bytes, (bytes) => {
      const fact = JSON.parse(JSON.stringify(bodyFact(bytes)));
      expect(bytesOf(fact).equals(Buffer.from(bytes))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it.each<[string, Buffer, object]>([
  ['text', Buffer.from('é'), { body: 'é' }],
  ['nothing', Buffer.of(), { body: '' }],
  ['a NUL', Buffer.of(0), { body: '\0' }],
  ['a byte order mark', Buffer.from('\ufeffa'), { body: '\ufeffa' }],
  ['no UTF-8', Buffer.of(0xff, 0x00), { body_base64: '/wA=' }],
  ['half a character', Buffer.of(0xc3), { body_base64: 'ww==' }],
  ['a surrogate', Buffer.of(0xed, 0xa0, 0x80), { body_base64: '7aCA' }],
])('%s as a fact', (_, bytes, fact) => expect(bodyFact(bytes)).toEqual(fact));

it('a part of a larger buffer is that part alone', () => {
  const part = Buffer.from('abcdef').subarray(2, 4);
  expect(bodyFact(part)).toEqual({ body: 'cd' });
});

it('deliveries, requests and answers keep the order and the case of their headers', () => {
  const headers = [
    ['X-B', '1'],
    ['x-a', '2'],
    ['X-B', '3'],
  ] as const;
  const body = Buffer.from('{}');
  const delivery = { id: 'i', provider: 'p', event: 'e', url: 'http://localhost/', headers };
  expect(deliveryFact({ ...delivery, body })).toEqual({ ...delivery, body: '{}' });
  const received = { method: 'POST', path: '/', headers };
  expect(receivedFact({ ...received, body })).toEqual({ ...received, body: '{}' });
  const answer = { status: 200, headers, ms: 1.5 };
  expect(answerFact({ ...answer, body, truncated: true })).toEqual({
    ...answer,
    body: '{}',
    truncated: true,
  });
  const failure = { failure: 'dns', detail: 'no such name', ms: 2 } as const;
  expect(answerFact(failure)).toEqual(failure);
});

it('a time is ISO 8601 in UTC', () => expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z'));
