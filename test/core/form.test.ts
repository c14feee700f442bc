import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyText, formType, readBody } from '../../src/core/form.ts';
import { providerOf } from '../../src/core/provider-data.ts';
import { schemeOf } from '../../src/core/schemes.ts';
import type { Headers } from '../../src/core/types.ts';
import { providers } from '../../src/providers/index.ts';
import { found, judged, request } from '../helpers/deliveries.ts';

const phone = {
  name: 'phone',
  format: 'form',
  eventAt: 'status',
  identity: ['id'],
  events: { received: { samples: [{ id: 'SM1a2b3c', status: 'received', text: 'Hi & bye = ü' }] } },
};
const form = { format: 'form', title: 'Phone' } as const;

it('is written and read again', () => {
  const fields = fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme' }));
  fc.assert(
    fc.property(fields, (value) => {
      const parsed = readBody(Buffer.from(bodyText(form, value)), `${formType}; charset=utf-8`, 'form');
      expect('value' in parsed && { ...(parsed.value as object) }).toEqual({ ...value });
    }),
  );
});

it('is written as a browser writes it, and a name may come again', () => {
  expect(bodyText(form, { a: 'b c', d: ['&', 'é'], n: 5, z: null })).toBe('a=b+c&d=%26&d=%C3%A9&n=5&z=');
  const parsed = readBody(Buffer.from('a=1&a=2&a=3&b=+&__proto__=x'), formType, 'form');
  expect(JSON.parse(JSON.stringify('value' in parsed && parsed.value))).toEqual(
    JSON.parse('{"a":["1","2","3"],"b":" ","__proto__":"x"}'),
  );
});

it.each([
  [{ a: {} }, /sends forms, and "a" is no text/],
  [{ a: [[]] }, /sends forms, and "a" is no text/],
  [[], /is no object/],
])('%j is none', (value, words) => expect(() => bodyText(form, value)).toThrow(words));

describe('a delivery', () => {
  const declared = providerOf(phone, 'a test', undefined, (data) => schemeOf(data as never));
  const type = ['content-type', formType] as const;
  const body = 'id=SM1&status=received&text=x';
  const came = (text: string, ...headers: Headers) => request([type, ...headers], text);
  const all = [...providers, declared];

  it('is judged as a form where its provider sends forms', () => {
    const verdict = judged(came(body), { providers: all });
    expect([verdict.provider, verdict.event, verdict.id, verdict.problems]).toEqual([
      'phone',
      'received',
      'SM1',
      [],
    ]);
    expect(found(judged(came('id=SM1'), { provider: declared }))).toEqual(['warning EVENT_MISSING']);
  });

  it('is none for a provider of JSON, and JSON is read by one of forms', () => {
    const foreign = came('event=order.created', ['X-Rose-Rocket-Signature', 'sha256=00']);
    expect(found(judged(foreign, { providers: all }))).toContain('error BODY_NOT_JSON');
    const json = request([['content-type', 'application/json']], '{"id":"1","status":"received"}');
    expect(found(judged(json, { provider: declared }))).toEqual(['warning CONTENT_TYPE']);
  });
});

describe('a declaration', () => {
  it.each([
    [{ ...phone, format: 'xml' }, /format must be "json" or "form"/],
    [{ ...phone, contentType: 'application/json' }, /contentType must be application\/x-www-form-urlencoded/],
    [{ ...phone, events: { a: { samples: [{ b: { c: 1 } }] } } }, /samples\[0\]\.b must be a text/],
  ])('%j is refused', (data, words) => expect(() => providerOf(data, 'x').events).toThrow(words));
});
