import fc from 'fast-check';
import { expect, it } from 'vitest';
import { leastLength } from '../../src/core/pattern-length.ts';

it.each<[string, number]>([
  ['', 0],
  ['^abc$', 3],
  ['^[a-z\\]]{4}$', 4],
  ['a{3,}b?c*d+', 4],
  ['(ab|c){5}', 5],
  ['((a{10}){10}){10}', 1000],
  ['(?=abc)x(?!y)(?<!z)', 1],
  ['(?:ab)(?<name>c)', 3],
  ['\\bword\\B', 4],
  ['\\u0041\\u{1F600}\\x41\\p{L}\\d\\/', 6],
  ['a{2}?b{2,3}?', 4],
  ['a||b', 0],
  ['\\(\\[', 2],
])('%j asks for %i characters', (pattern, length) => {
  expect(leastLength(pattern)).toBe(length);
});

it('comes to an end with any text', () => {
  const texts = fc.string({ unit: fc.constantFrom(...'()[]{}|\\?*+^$a1,<>=!u') });
  fc.assert(
    fc.property(texts, (text) => {
      expect(leastLength(text)).toBeGreaterThanOrEqual(0);
    }),
  );
});
