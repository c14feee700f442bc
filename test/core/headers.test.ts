import { expect, it } from 'vitest';
import { endToEnd, header, headerPairs, headerValues, withHeaders } from '../../src/core/headers.ts';

const headers = [
  ['X-A', '1'],
  ['b', '2'],
  ['x-a', '3'],
] as const;

it('finds headers in any letter case, in wire order', () => {
  expect(headerValues(headers, 'x-A')).toEqual(['1', '3']);
  expect([header(headers, 'X-a'), header(headers, 'B'), header(headers, 'c')]).toEqual(['1', '2', undefined]);
});

it('replaces all of a name by all of its new values', () => {
  const extra = [
    ['x-A', '4'],
    ['c', '5'],
    ['X-a', '6'],
  ] as const;
  expect(withHeaders(headers, extra)).toEqual([['b', '2'], ...extra]);
  expect(withHeaders(headers, [])).toEqual(headers);
});

it('passes on what is not of one connection', () => {
  const wire = headerPairs(
    [
      'Connection',
      'close, X-Mine',
      'x-mine',
      '1',
      'Keep-Alive',
      'timeout=5',
      'TE',
      'trailers',
      'X-A',
      '1',
    ].concat(['Transfer-Encoding', 'chunked', 'x-a', '2', 'Expect', '100-continue', 'Content-Length', '3']),
  );
  expect(endToEnd(wire)).toEqual([
    ['X-A', '1'],
    ['x-a', '2'],
    ['Content-Length', '3'],
  ]);
});
