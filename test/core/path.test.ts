import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allPaths, formatPath, getPath, type Path, parsePath } from '../../src/core/path.ts';

describe('parsePath', () => {
  it.each<[string, Path]>([
    ['a', ['a']],
    ['a.b', ['a', 'b']],
    ['data.order_items[0].sku', ['data', 'order_items', 0, 'sku']],
    ['[0]', [0]],
    ['a[0][12]', ['a', 0, 12]],
    ['a.0', ['a', '0']],
    ['meta."a.b"', ['meta', 'a.b']],
    ['meta["a.b"]', ['meta', 'a.b']],
    ["meta['a.b'].c", ['meta', 'a.b', 'c']],
    ['"a.b"', ['a.b']],
    ['"a\\"b\\\\"', ['a"b\\']],
    ['""', ['']],
    ['__proto__.x', ['__proto__', 'x']],
    ['größe.ключ', ['größe', 'ключ']],
    ['a b', ['a b']],
    ['.a.b', ['a', 'b']],
    ['"a\nb\\\n"', ['a\nb\n']],
  ])('%s', (text, path) => expect(parsePath(text)).toEqual(path));

  it.each([
    '',
    '.',
    'a.',
    'a..b',
    'a[',
    'a[]',
    'a[-1]',
    'a[b]',
    'a[0',
    '"a',
    'a"b"',
    '["a"',
    'a["b',
    '[0]a',
    'a=b',
  ])('no path: %s', (text) => expect(parsePath(text)).toBeUndefined());

  it('is the inverse of formatPath', () => {
    const keys = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('a.b', '"', "'", '\\', '[0]', ' ', ''),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(keys, fc.nat()), { minLength: 1 }), (path) => {
        expect(parsePath(formatPath(path))).toEqual(path);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('getPath', () => {
  const value = { a: [{ b: null }], '': 1, 'x.y': 2 };
  it.each<[string, unknown]>([
    ['a[0].b', null],
    ['a[1]', undefined],
    ['a.length', undefined],
    ['a.0', undefined],
    ['a[0].b.c', undefined],
    ['""', 1],
    ['"x.y"', 2],
    ['constructor', undefined],
    ['__proto__', undefined],
    ['[0]', undefined],
  ])('%s → %s', (path, expected) => expect(getPath<unknown>(value, parsePath(path)!)).toBe(expected));
});

it('allPaths names every place, containers too', () => {
  expect(allPaths({ a: [{ b: 1 }], 'c.d': {} }).map(formatPath)).toEqual(['a', 'a[0]', 'a[0].b', '"c.d"']);
});
