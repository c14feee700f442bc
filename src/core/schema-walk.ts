import type { Path } from './path.ts';
import type { JsonSchema } from './types.ts';

/** A schema and all that it is made of by `allOf`. */
const parts = (schema: JsonSchema): JsonSchema[] => [
  schema,
  ...((schema.allOf ?? []) as JsonSchema[]).flatMap(parts),
];

/** The subschema of a key or a list's item, or nothing where the schema does not know it. */
function child(schema: JsonSchema, key: string | number): JsonSchema | undefined {
  for (const { properties, items } of parts(schema)) {
    if (typeof key === 'number' && items) return items as JsonSchema;
    if (typeof key === 'string' && Object.hasOwn(properties ?? {}, key))
      return (properties as Record<string, JsonSchema>)[key];
  }
  return undefined;
}

/** The subschema of a place, or nothing where the schema does not know it. */
export function schemaAt(schema: JsonSchema, path: Path): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>((here, key) => here && child(here, key), schema);
}

/** Every path a schema names; a list stands with its first item. */
export function schemaPaths(schema: JsonSchema, prefix: Path = []): Path[] {
  return parts(schema).flatMap(({ properties, items }) => {
    const children: [string | number, JsonSchema][] = Object.entries(
      (properties ?? {}) as Record<string, JsonSchema>,
    );
    if (items) children.push([0, items as JsonSchema]);
    return children.flatMap(([key, schema]) => [[...prefix, key], ...schemaPaths(schema, [...prefix, key])]);
  });
}

/** The paths whose values rest on less than the provider's word, under a schema that is documented as a whole. */
export function undocumentedPaths(schema: JsonSchema): Path[] {
  return schemaPaths(schema).filter((path) => {
    const own = schemaAt(schema, path);
    const bases = own === undefined ? [] : parts(own).map((part) => part['x-basis']);
    return bases.some((basis) => basis !== undefined && basis !== 'documented');
  });
}
