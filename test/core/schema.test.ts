import { expect, it } from 'vitest';
import { based, document, matching, nullable, object, supposed, text } from '../../src/core/schema.ts';

it('requires every key of an object but the optional ones, and allows others', () => {
  const schema = object({ a: text, b: text, c: text }, ['b']);
  expect(schema.required).toEqual(['a', 'c']);
  expect(Object.keys(schema.properties)).toEqual(['a', 'b', 'c']);
  expect(schema).not.toHaveProperty('additionalProperties');
});

it('keeps the form of a nullable string', () => {
  expect(nullable(matching(/^\d+$/))).toEqual({ type: ['string', 'null'], pattern: '^\\d+$' });
});

it('leaves the key of a supposed value on the basis around it', () => {
  const schema = supposed(text);
  expect(schema).not.toHaveProperty('x-basis');
  expect(schema).toEqual({ allOf: [based('assumed', text)] });
});

it('puts the basis at the top of a document', () => {
  expect(document('order.created', 'documented', object({ a: text }))).toEqual({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'order.created',
    'x-basis': 'documented',
    type: 'object',
    properties: { a: { type: 'string' } },
    required: ['a'],
  });
});
