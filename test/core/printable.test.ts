import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, printable, printableJson, printableLines } from '../../src/core/printable.ts';

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const unsafe = [
  ...range(0x00, 0x1f),
  ...range(0x7f, 0x9f),
  0x061c,
  ...range(0x200b, 0x200f),
  ...range(0x2028, 0x202e),
  ...range(0x2060, 0x2069),
  0xfeff,
  0xe0001,
  0xe007f,
].map((code) => String.fromCodePoint(code));

describe('printable', () => {
  it.each([
    ['\x1b[31mred', '\\x1b[31mred'],
    ['a\nb\tc', 'a\\x0ab\\x09c'],
    ['\x00\x07\x7f\x85\x9b', '\\x00\\x07\\x7f\\x85\\x9b'],
    ['\u202eevil\u2066', '\\u202eevil\\u2066'],
    ['\u{e0041}', '\\u{e0041}'],
    ['::error::no', '\\x3a:error::no'],
    ['a::b', 'a::b'],
    ['Zoë ☕ 😀 中 ‘quoted’', 'Zoë ☕ 😀 中 ‘quoted’'],
  ])('%j', (text, shown) => expect(printable(text)).toBe(shown));

  it('shows every control and every mark that turns or hides text', () => {
    for (const char of unsafe) {
      expect(printable(char)).toMatch(/^\\(x[0-9a-f]{2}|u[0-9a-f]{4}|u\{[0-9a-f]{5}\})$/);
      if (char !== '\n' && char !== '\t') expect(printableLines(char)).toBe(printable(char));
    }
  });

  it('begins no line with what a workflow takes for a command', () => {
    const line = fc.array(fc.constantFrom(':', '::', ' ', '\t', '\u00a0', '\n', '\r', 'error', '::error::'));
    fc.assert(
      fc.property(line, (parts) => {
        for (const shown of printableLines(parts.join('')).split('\n'))
          expect(shown.trimStart().startsWith('::')).toBe(false);
      }),
    );
    expect(printableLines('ok\n  ::add-mask::x')).toBe('ok\n  \\x3a:add-mask::x');
  });

  it('keeps line feeds and tabs where there are lines', () => {
    expect(printableLines('a\n\tb\r\n')).toBe('a\n\tb\\x0d\n');
  });
});

it('printableJson leaves the value as it is, and nothing unsafe on the line', () => {
  const text = fc
    .array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...unsafe)))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.dictionary(text, text), (value) => {
      const line = printableJson(JSON.stringify(value));
      expect(JSON.parse(line)).toEqual(value);
      expect(unsafe.filter((char) => line.includes(char))).toEqual([]);
    }),
  );
  expect(printableJson(JSON.stringify('\u{e0041}\x9b'))).toBe('"\\udb40\\udc41\\u009b"');
  expect(printableJson(JSON.stringify('a\x7f'))).toBe('"a\\u007f"');
});

it.each([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'ab…'],
  ['', 3, ''],
])('clip %s to %i', (text, length, clipped) => expect(clip(text, length)).toBe(clipped));
