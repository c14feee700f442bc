import { describe, expect, it } from 'vitest';
import { makeDrawing } from '../../src/core/drawing.ts';
import { withExactSamples } from '../../src/core/exact-samples.ts';
import { payloadOf } from '../../src/core/fake.ts';
import { jsonText, parseMixed, plainJson } from '../../src/core/json.ts';
import { providerOf } from '../../src/core/provider-data.ts';
import { now } from '../helpers/deliveries.ts';

const read = (text: string) => withExactSamples(JSON.parse(text), text);
const file = (sample: string, more = '') =>
  `{"name":"acme","eventAt":"type","policy":{"timeoutMs":5000.0},"events":{"a.b":{${more}"samples":[${sample}]}}}`;
const drawing = makeDrawing();
const sentOf = (text: string, seed = 1) =>
  jsonText(payloadOf(providerOf(read(text), 'a test', drawing).events['a.b']!, { seed, at: now }));

describe('a number of a sample is sent with the digits that it has in the file', () => {
  it.each(['12345678901234567890', '1.0', '1.10', '1e3', '-0', '0.1', '0.30000000000000004', '-1.5E+2'])(
    '%s',
    (digits) =>
      expect(sentOf(file(`{"n":${digits},"list":[{"m":${digits}}]}`))).toBe(
        `{"n":${digits},"list":[{"m":${digits}}],"type":"a.b"}`,
      ),
  );

  it('in a configuration that holds the declaration, too', () => {
    const { providers } = read(`{"port":80,"providers":["a.json",${file('{"n":1.0}')}]}`) as {
      providers: [string, unknown];
    };
    const provider = providerOf(providers[1], 'a test', drawing);
    expect(jsonText(payloadOf(provider.events['a.b']!, { seed: 1, at: now }))).toBe('{"n":1.0,"type":"a.b"}');
  });

  it('unless it is an id, which is another of the same length, or its schema bounds it', () => {
    const sent = sentOf(file('{"id":12345678901234567890}'));
    expect(sent).toMatch(/^\{"id":[1-9]\d{19},"type":"a\.b"\}$/);
    expect(sent).not.toContain('12345678901234567890');
    expect(sentOf(file('{"id":12345678901234567890}'))).toBe(sent);
    const schema = '"schema":{"type":"object","properties":{"n":{"type":"number","minimum":2,"maximum":3}}},';
    expect(JSON.parse(sentOf(file('{"n":2.0}', schema))).n).toBeGreaterThanOrEqual(2);
  });

  it('and is held against its schema as a number', () => {
    const schema = (type: string) => `"schema":{"type":"object","properties":{"n":{"type":"${type}"}}},`;
    expect(sentOf(file('{"n":1.0}', schema('integer')))).toContain('"n":1.0');
    expect(() => sentOf(file('{"n":1.0}', schema('string')))).toThrow('n must be string, is 1');
  });

  it('of a form', () => {
    const form = file('{"n":1.0}').replace('{', '{"format":"form",');
    expect(sentOf(form)).toBe('{"n":"1.0","type":"a.b"}');
  });
});

it('all else of a file is plain', () => {
  const text = file('{"n":1.0}', '"age":1.0,');
  expect(read(text)).toMatchObject({ policy: { timeoutMs: 5000 }, events: { 'a.b': { age: 1 } } });
});

it.each([
  'null',
  '[1.0]',
  '{"events":[1.0]}',
  '{"events":{"a":1.0}}',
  '{"events":{"a":{"samples":1.0}}}',
  '{"events":{"a":{"samples":[1.0,[1.0]]}}}',
  '{"events":{"a":{"samples":[{"n":1.0,"n":2.0}]}}}',
  '{"providers":[1.0,null,{"events":null}]}',
  '{"events":{"__proto__":{"x":1.0}}}',
])('%s is read as ever', (text) => expect(JSON.stringify(read(text))).toBe(JSON.stringify(JSON.parse(text))));

it('a text that looks like a number has no digits to keep', () => {
  expect(parseMixed('{"a":"1.0","b":"\\"2.0","c":1}')).toBeUndefined();
  const held = { text: '"isLosslessNumber":true' };
  expect(jsonText(held)).toBe(JSON.stringify(held));
  expect(plainJson(held)).toBe(held);
});
