import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalParts, partedCharacters } from '../../../src/core/check/parts.ts';

describe('a body in pieces', () => {
  const texts = fc.string({ unit: 'binary' }).map((text) => Buffer.from(text.toWellFormed()));

  it('is what it was, and no piece is empty', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 7 }), (body, many) => {
        for (const parts of [equalParts(body, many), partedCharacters(body, many)]) {
          expect(Buffer.concat(parts)).toEqual(body);
          for (const part of parts) expect(part.length).toBeGreaterThan(0);
        }
        expect(equalParts(body, many).length).toBe(Math.min(body.length, many));
      }),
    );
  });

  it.each<[string, string, number, string[]]>([
    ['inside of the first characters', 'aé日b👩', 2, ['a\xc3', '\xa9\xe6', '\x97\xa5b\xf0\x9f\x91\xa9']],
    ['of one character', 'aé', 3, ['a\xc3', '\xa9']],
    ['of ASCII in equal parts', '{"a":1}', 1, ['{"a', '":1}']],
  ])('ends %s', (_, text, cuts, pieces) => {
    const parts = partedCharacters(Buffer.from(text), cuts);
    expect(parts.map((part) => Buffer.from(part).toString('latin1'))).toEqual(pieces);
  });
});
