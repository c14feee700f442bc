import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObject, parseBytes, parseExact, stringifyExact } from '../../src/core/json.ts';

describe('parseBytes', () => {
  it.each<[string, string | Uint8Array, RegExp]>([
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8), /compressed \(gzip\)/],
    ['no UTF-8', Uint8Array.of(0xff), /not valid UTF-8/],
    ['a byte order mark', '\ufeff{}', /byte order mark/],
    ['half of it', '{"a":', /JSON/],
    ['nothing', '', /JSON/],
    ['NaN', 'NaN', /JSON/],
  ])('%s is a fault', (_, bytes, fault) => {
    expect(parseBytes(Buffer.from(bytes))).toEqual({ fault: expect.stringMatching(fault) });
  });

  it('gives value and text', () => {
    expect(parseBytes(Buffer.from(' {"a":"é"} '))).toEqual({ value: { a: 'é' }, text: ' {"a":"é"} ' });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(Object.keys(parseBytes(bytes))[0]).toMatch(/^(value|fault)$/);
      }),
    );
    expect(parseBytes(Buffer.from('['.repeat(400_000)))).toHaveProperty('fault');
  });
});

describe('exact JSON', () => {
  it.each([
    '12345678901234567890',
    '1.0',
    '1e3',
    '1E-7',
    '-0',
    '0.10',
    '{"a":[1.50,{"b":1e400}]}',
    '{"__proto__":1.0}',
  ])('%s keeps its digits', (text) => expect(stringifyExact(parseExact(text))).toBe(text));

  it.each(['', '01', '1.', '+1', "'a'", '{"a":1,}', '[1 2]'])('%s is refused', (text) => {
    expect(() => parseExact(text)).toThrow(SyntaxError);
  });

  it('is JSON: what JSON.parse reads of it is the same value', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(JSON.parse(stringifyExact(parseExact(text)))).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each<[string, boolean]>([
    ['{}', true],
    ['[]', false],
    ['1.0', false],
    ['null', false],
    ['"a"', false],
  ])('%s is an object: %s', (text, expected) => expect(isObject(parseExact(text))).toBe(expected));
});

it('reads no more values than can be held, and texts of any length', () => {
  const many = (value: string) => Buffer.from(`[${value.repeat(5_000_001)}1]`);
  expect(parseBytes(many('1,'))).toEqual({ fault: expect.stringContaining('more than 5,000,000 values') });
  expect(parseBytes(Buffer.from(JSON.stringify(`\\",[{`.repeat(2_000_000))))).toHaveProperty('value');
});
