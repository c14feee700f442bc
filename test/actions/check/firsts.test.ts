import { expect, it } from 'vitest';
import { Firsts } from '../../../src/actions/check/firsts.ts';
import type { Message } from '../../../src/core/check/rule.ts';

const messageOf = (body: string, id?: string): Message => ({
  provider: 'roastify',
  headers: [],
  body: Buffer.from(body),
  ...(id === undefined ? {} : { id }),
});

it.each<[string, Message, boolean]>([
  ['another id and another body', messageOf('{"b":1}', 'two'), true],
  ['another body without an id', messageOf('{"b":1}'), true],
  ['the same id', messageOf('{"b":1}', 'one'), false],
  ['the same body under another id', messageOf('{"a":1}', 'two'), false],
  ['the same body without an id', messageOf('{"a":1}'), false],
])('behind a message, one with %s', (_, message, is) => {
  const firsts = new Firsts();
  const first = messageOf('{"a":1}', 'one');
  expect(firsts.has(first)).toBe(false);
  firsts.note(first);
  firsts.note(message);
  expect([firsts.has(first), firsts.has(message), firsts.noted]).toEqual([true, is, 2]);
});
