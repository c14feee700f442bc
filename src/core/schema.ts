import type { Basis, JsonSchema } from './types.ts';

/** Named subschemas, in the order of the wire. */
export type Properties = Readonly<Record<string, JsonSchema>>;

const draft = 'https://json-schema.org/draft/2020-12/schema';

/** A whole schema: its title, and what its parts rest on unless they say otherwise. */
export const document = (title: string, basis: Basis, body: JsonSchema): JsonSchema => ({
  $schema: draft,
  title,
  'x-basis': basis,
  ...body,
});

/** An object whose keys are always there, but for the `optional` ones. Further keys are allowed. */
export const object = (properties: Properties, optional: readonly string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((key) => !optional.includes(key)),
});

/** A list of any length. */
export const array = (items: JsonSchema) => ({ type: 'array', items });

/** Any string. */
export const text = { type: 'string' };
/** Any whole number. */
export const integer = { type: 'integer' };

/** A string of a form; the pattern goes out as its source, so flags have no say. */
export const matching = (pattern: RegExp) => ({ type: 'string', pattern: pattern.source });

/** The same, or null. A `const` or an `enum` would still refuse null, so these do not compile. */
export const nullable = (schema: {
  readonly type: string;
  readonly const?: never;
  readonly enum?: never;
}) => ({
  ...schema,
  type: [schema.type, 'null'],
});

/** A subschema that rests on something else than what is around it. */
export const based = (basis: Basis, schema: JsonSchema): JsonSchema => ({ 'x-basis': basis, ...schema });

/**
 * What a value is assumed to be, under a key whose presence rests on what is around it: a key that is missing
 * breaks the provider's word, a value of another kind only our guess.
 */
export const supposed = (schema: JsonSchema): JsonSchema => ({ allOf: [based('assumed', schema)] });
