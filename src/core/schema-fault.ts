import { isObject } from './json.ts';
import { percentDecoded } from './percent.ts';
import { clip, printable } from './printable.ts';
import type { JsonSchema } from './types.ts';

/** Keywords whose value is data, not schemas. */
export const dataKeywords = ['const', 'enum', 'default', 'examples', 'example'];
/** Keywords whose value has schemas by names, which may be those of keywords. */
export const namedKeywords = ['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'];

/** What was found sound of the schemas that several others share. */
export interface Sound {
  /** Their references lead somewhere. */
  readonly led: Set<unknown>;
  /** Their values come to an end. */
  readonly finite: Set<unknown>;
}

export const nothingSound = (): Sound => ({ led: new Set(), finite: new Set() });

/**
 * What keeps values of a schema from being made and checked here, or nothing: a reference to another document (we are
 * offline) or to nothing, a recursion without end.
 * @param sound what is under `$defs` and in there is not looked at again
 */
export function schemaFault(schema: JsonSchema, sound: Sound = nothingSound()): string | undefined {
  const { $defs, ...own } = schema;
  const shared = isObject($defs) ? Object.values($defs as object) : [];
  for (const part of [own, ...shared.filter((each) => !sound.led.has(each))]) {
    for (const reference of references(part)) {
      const fault = referenceFault(schema, reference);
      if (fault !== undefined) return fault;
    }
    sound.led.add(part);
  }
  const round = endless(schema, schema, [], sound.finite);
  return (
    round &&
    `"$ref": "${printable(round)}" never comes to an end: each value would hold another one; leave it out of "required", or allow null`
  );
}

function referenceFault(root: JsonSchema, reference: string): string | undefined {
  const named = `"$ref": "${printable(clip(reference, 80))}"`;
  if (!reference.startsWith('#'))
    return `${named} points to another document, which is not fetched; put it under "$defs" and write "#/$defs/…"`;
  const isPath = reference === '#' || reference.startsWith('#/');
  return isPath && resolve(root, reference) === undefined ? `${named} points to nothing` : undefined;
}

/**
 * The references of a schema, wherever they stand in it.
 * @param isNamed its keys are names of schemas, not keywords
 */
export function* references(value: unknown, isNamed = false): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* references(item);
  if (!isObject(value)) return;
  for (const [key, inner] of Object.entries(value as object)) {
    if (isNamed) yield* references(inner);
    else if (key === '$ref' && typeof inner === 'string') yield inner;
    else if (!dataKeywords.includes(key)) yield* references(inner, namedKeywords.includes(key));
  }
}

/** What a local reference points to: `#` or `#/$defs/order`. */
export function resolve(root: unknown, reference: string): unknown {
  const keys = percentDecoded(reference).split('/').slice(1);
  return keys
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (here, key) =>
        typeof here === 'object' && here !== null && Object.hasOwn(here, key)
          ? (here as Record<string, unknown>)[key]
          : undefined,
      root,
    );
}

/** The reference by which every value of a schema must hold another one of the same, or nothing. */
function endless(
  root: JsonSchema,
  schema: unknown,
  open: readonly unknown[],
  finite: Set<unknown>,
): string | undefined {
  if (!isObject(schema) || finite.has(schema)) return undefined;
  const here = schema as JsonSchema;
  const seen = [...open, here];
  const look = (inner: unknown) => endless(root, inner, seen, finite);
  const { $ref } = here;
  if (typeof $ref === 'string' && ($ref === '#' || $ref.startsWith('#/'))) {
    const target = resolve(root, $ref);
    const round = seen.includes(target) ? $ref : look(target);
    if (round !== undefined) return round;
  }
  for (const inner of forced(here)) {
    const round = look(inner);
    if (round !== undefined) return round;
  }
  for (const branches of [here.anyOf, here.oneOf]) {
    if (!Array.isArray(branches)) continue;
    const rounds = branches.map(look);
    if (rounds.length > 0 && rounds.every((round) => round !== undefined)) return rounds[0];
  }
  finite.add(here);
  return undefined;
}

/** The subschemas of which every value holds one. */
function forced(schema: JsonSchema): unknown[] {
  const { properties = {}, required, allOf, items, minItems, type } = schema;
  // What may be null need hold nothing.
  if (Array.isArray(type) && type.includes('null')) return [];
  const keys = Array.isArray(required) ? (required as string[]) : [];
  return [
    ...(Array.isArray(allOf) ? allOf : []),
    ...keys
      .filter((key) => Object.hasOwn(properties as object, key))
      .map((key) => (properties as JsonSchema)[key]),
    ...(typeof minItems === 'number' && minItems > 0 ? [items] : []),
  ];
}
