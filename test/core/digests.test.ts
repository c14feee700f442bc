import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DigestMap } from '../../src/core/digests.ts';

const digestOf = (text: string) => createHash('sha1').update(text).digest();

it('keeps numbers as a Map does', () => {
  const entry = fc.tuple(fc.nat(50).map(String), fc.nat(2 ** 32 - 2));
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 200 }), (entries) => {
      const digests = new DigestMap();
      for (const [text, value] of entries) digests.set(digestOf(text), value);
      const expected = new Map(entries);
      expect(digests.size).toBe(expected.size);
      for (let key = 0; key <= 50; key++)
        expect(digests.get(digestOf(`${key}`))).toBe(expected.get(`${key}`));
    }),
  );
});

it('grows, and loses nothing', () => {
  const digests = new DigestMap();
  const count = 20_000;
  for (let index = 0; index < count; index++) digests.set(digestOf(`${index}`), index);
  expect(digests.size).toBe(count);
  for (let index = 0; index < count; index++) expect(digests.get(digestOf(`${index}`))).toBe(index);
  expect(digests.get(digestOf('other'))).toBeUndefined();
});
