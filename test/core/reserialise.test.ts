import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyMistakes } from '../../src/core/codes.ts';
import { type ExactJson, parseExact } from '../../src/core/json.ts';
import { compact, pretty, rewritableBytes, serialise, variants } from '../../src/core/reserialise.ts';

const texts = (body: string | Uint8Array, thorough = false) =>
  [...variants(Buffer.from(body), thorough)].map(({ body }) => Buffer.from(body).toString());

describe('serialise', () => {
  it('writes as JSON.stringify does, on one line and indented', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('', '  ', '    ', '\t'), (value, indent) => {
        const style = indent === '' ? compact : { ...pretty, indent };
        const text = JSON.stringify(value, null, indent);
        expect(serialise(JSON.parse(text) as ExactJson, style)).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the digits of exact numbers', () => {
    const text = '{"a":12345678901234567890,"b":[1.0,1e3]}';
    expect(serialise(parseExact(text), compact)).toBe(text);
  });
});

describe('variants', () => {
  it('are each another body, and each once', () => {
    fc.assert(
      fc.property(fc.json(), fc.boolean(), (text, thorough) => {
        const found = texts(text, thorough);
        expect(new Set(found).size).toBe(found.length);
        expect(found).not.toContain(text);
      }),
    );
  });

  it('of JSON are JSON of the same value, but for marks and the digits of numbers', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        for (const found of texts(text)) {
          const bare = found.replace(/^\ufeff/, '');
          expect(JSON.parse(bare)).toEqual(JSON.parse(text));
        }
      }),
    );
  });

  it.each(['{', 'a=b', '', '\xff'])('of what is no JSON change its ends only: %j', (text) => {
    const codes = new Set([...variants(Buffer.from(text), true)].map(({ code }) => code));
    for (const code of codes) expect(['BODY_TRAILING_NEWLINE', 'BODY_CRLF', 'BODY_BOM']).toContain(code);
  });

  it('say what they are', () => {
    const value = { b: 'é/', a: [1] };
    const found = [JSON.stringify(value), `\ufeff${JSON.stringify(value, null, 2)}\r\n`].flatMap((text) => [
      ...variants(Buffer.from(text), true),
    ]);
    expect(new Set(found.map(({ code }) => code))).toEqual(new Set(bodyMistakes));
    for (const { words } of found)
      expect(`the signature fits the body ${words}`).toMatch(/ (as|with|without) /);
  });
});

it('does not rewrite what is nested deeper than any real body', () => {
  const nested = (depth: number) => Buffer.from(`${'['.repeat(depth)} 1${']'.repeat(depth)}`);
  const codes = (depth: number) => [...variants(nested(depth), false)].map(({ code }) => code);
  expect(codes(100)).toContain('BODY_PRETTY');
  expect(codes(101)).not.toContain('BODY_PRETTY');
});

it('rewrites nothing that would be many times as large', () => {
  const sprawling = Buffer.from(`${'['.repeat(90)} ${'1,'.repeat(30_000)}1${']'.repeat(90)}`);
  const codes = [...variants(sprawling, true)].map(({ code }) => code);
  expect(new Set(codes)).toEqual(new Set(['BODY_TRAILING_NEWLINE', 'BODY_BOM']));
});

it('of a large body changes its end only', () => {
  const large = Buffer.from(`{"text": "${'x'.repeat(rewritableBytes)}"}\n`);
  expect([...variants(large, true)].map(({ words }) => words)).toEqual([
    'without its trailing newline',
    'with a trailing newline',
  ]);
});
