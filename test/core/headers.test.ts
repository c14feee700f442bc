import { expect, it } from 'vitest';
import { endToEnd, header, headerValues, withHeaders } from '../../src/core/headers.ts';

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

it('leaves behind what belongs to the connection', () => {
  const kept = [
    ['X-A', '1'],
    ['content-type', 'text/plain'],
    ['authorization', 'Basic x'],
  ] as const;
  const gone = [
    ['Host', 'a'],
    ['Connection', 'keep-alive, X-Hop'],
    ['Keep-Alive', 'timeout=5'],
    ['x-hop', '1'],
    ['Transfer-Encoding', 'chunked'],
    ['content-length', '3'],
    ['Expect', '100-continue'],
    ['TE', 'trailers'],
    ['trailer', 'a'],
    ['Upgrade', 'h2c'],
    ['Proxy-Authorization', 'x'],
    ['proxy-connection', 'close'],
  ] as const;
  expect(endToEnd([...gone, ...kept, ...gone])).toEqual(kept);
});
