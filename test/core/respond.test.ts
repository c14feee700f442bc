import { expect, it } from 'vitest';
import { parseScript } from '../../src/core/respond.ts';

const answers = (text: string, count = 5) =>
  Array.from({ length: count }, (_, index) => parseScript(text)(index));

it.each([
  ['503', [503, 503, 503, 503, 503]],
  ['500x2,200', [500, 500, 200, 200, 200]],
  ['500, 429x2 ,204', [500, 429, 429, 204, 204]],
])('%s answers %j', (text, expected) => {
  expect(answers(text)).toEqual(expected);
});

it.each(['', '99', '100', '600', '500x0', '500x', 'x2', '500,,200', '200 OK'])('"%s" is refused', (text) => {
  expect(() => parseScript(text)).toThrow('is no status');
});
