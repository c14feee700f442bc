import { describe, expect, it } from 'vitest';
import { array, based, document, integer, object, supposed, text } from '../../src/core/schema.ts';
import type { Basis, Json } from '../../src/core/types.ts';
import { makeValidate } from '../../src/core/validate.ts';

const validate = makeValidate();
const schema = document(
  't',
  'documented',
  object({
    name: text,
    kind: { enum: ['a', 'b'] },
    guessed: based('assumed', object({ id: text, seen: based('observed', integer) })),
    supposed: supposed(integer),
    list: array(object({ 'a/b~c.d': text })),
    time: { ...text, format: 'date-time' },
  }),
);
const good = {
  name: 'n',
  kind: 'a',
  guessed: { id: 'i', seen: 1 },
  supposed: 1,
  list: [{ 'a/b~c.d': 'x' }],
  time: '2026-11-21T10:00:00Z',
};
const { name: _, ...nameless } = good;
const { supposed: __, ...supposeless } = good;

it('finds nothing wrong with what is right', () => {
  expect(validate(schema, good, 100)).toEqual([]);
  expect(validate(schema, { ...good, more: [] }, 100)).toEqual([]);
});

it.each<[string, Json, string, string, Basis]>([
  ['a missing key', nameless, 'name', 'is missing', 'documented'],
  ['another type', { ...good, name: 1 }, 'name', 'must be string, is 1', 'documented'],
  ['another type at the top', [], '', 'must be object, is []', 'documented'],
  ['none of a list', { ...good, kind: 'c' }, 'kind', 'must be one of ["a","b"], is "c"', 'documented'],
  ['a guess', { ...good, guessed: 1 }, 'guessed', 'must be object, is 1', 'assumed'],
  [
    'a part of a guess',
    { ...good, guessed: { id: 1, seen: 1 } },
    'guessed.id',
    'must be string, is 1',
    'assumed',
  ],
  ['a missing part of a guess', { ...good, guessed: { seen: 1 } }, 'guessed.id', 'is missing', 'assumed'],
  [
    'a fact inside a guess',
    { ...good, guessed: { id: 'i', seen: 'x' } },
    'guessed.seen',
    'must be integer, is "x"',
    'observed',
  ],
  ['a supposed value', { ...good, supposed: 'x' }, 'supposed', 'must be integer, is "x"', 'assumed'],
  ['a supposed key that is missing', supposeless, 'supposed', 'is missing', 'documented'],
  [
    'an item, its key quoted',
    { ...good, list: [{ 'a/b~c.d': 1 }] },
    'list[0]."a/b~c.d"',
    'must be string, is 1',
    'documented',
  ],
  ['a format', { ...good, time: 'now' }, 'time', 'must match format "date-time", is "now"', 'documented'],
])('%s', (_, value, path, fault, basis) => {
  expect(validate(schema, value, 100)).toEqual([{ code: 'SCHEMA', path, fault, basis }]);
});

describe('of a large body', () => {
  const wrong = { ...good, list: Array.from({ length: 50 }, () => 0) };

  it('tells the first fault only', () => {
    expect(validate(schema, wrong, 128 * 1024 - 1)).toHaveLength(50);
    expect(validate(schema, wrong, 128 * 1024)).toHaveLength(1);
  });

  it('quotes little', () => {
    const [problem] = validate(schema, { ...good, name: Array(1000).fill('x') }, 100);
    expect(String(problem?.fault).length).toBeLessThan(100);
    expect(problem?.fault).toMatch(/^must be string, is \["x".*…$/);
  });
});

it('quotes nothing that is nested too deeply', () => {
  const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as Json;
  expect(validate(schema, { ...good, name: deep }, 100)[0]?.fault).toBe(
    'must be string, is nested too deeply to be shown',
  );
});

it('knows a key that every object inherits only where it stands', () => {
  const inherited = document('t', 'documented', object({ valueOf: text, constructor: text }));
  expect(validate(inherited, { valueOf: 'a', constructor: 'b' }, 10)).toEqual([]);
  expect(validate(inherited, {}, 10)).toMatchObject([
    { code: 'SCHEMA', path: 'valueOf', fault: 'is missing' },
    { code: 'SCHEMA', path: 'constructor', fault: 'is missing' },
  ]);
});
