import { expect, it } from 'vitest';
import { timeIn, timeText } from '../../src/core/hmac-value.ts';

it.each([
  ['Sun, 06 Nov 1994 08:49:37 GMT', 784111777000],
  ['Sun, 06 Nov 1994 08:49:37 UTC', undefined],
  ['Mon, 06 Nov 1994 08:49:37 GMT', undefined],
  ['Sun, 6 Nov 1994 08:49:37 GMT', undefined],
  ['Sun, 06 Nov 1994 08:49:60 GMT', undefined],
  ['Sunday, 06-Nov-94 08:49:37 GMT', undefined],
  ['Sun Nov  6 08:49:37 1994', undefined],
  ['784111777', undefined],
  ['', undefined],
])('%j as a date of HTTP is %s', (text, ms) => {
  expect(timeIn({ time: 'http-date' }, text)).toBe(ms);
  if (ms !== undefined) expect(timeText({ time: 'http-date' }, ms + 999)).toBe(text);
});
