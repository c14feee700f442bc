import { expect, it } from 'vitest';
import { parseStatuses } from '../../src/core/status.ts';
import { UsageError } from '../../src/errors.ts';

it.each([
  ['401', [401], [400, 402, 200]],
  ['4xx', [400, 404, 499], [399, 500]],
  ['2xx,409', [200, 299, 409], [300, 408, 410]],
  [' 2XX , 500 ', [204, 500], [501]],
  ['100,599', [100, 599], [101, 598]],
  ['400', [400], [401]],
])('%s', (text, yes, no) => {
  const test = parseStatuses(text);
  expect(yes.filter((status) => !test(status))).toEqual([]);
  expect(no.filter(test)).toEqual([]);
});

it.each(['', ',', '200,', '600', '99', '2x', 'xx', '2xxx', '20x', 'ok', '-200'])(
  'is refused: "%s"',
  (text) => {
    expect(() => parseStatuses(text)).toThrow(UsageError);
  },
);
