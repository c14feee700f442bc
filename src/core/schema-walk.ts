import type { Path } from './path.ts';
import { resolve } from './schema-fault.ts';
import type { JsonSchema } from './types.ts';

/** A schema and all that it is made of by `allOf` and local references; what is open already is not opened again. */
function parts(root: JsonSchema, schema: JsonSchema, open: readonly JsonSchema[] = []): JsonSchema[] {
  if (open.includes(schema)) return [];
  const { $ref, allOf } = schema;
  const target = typeof $ref === 'string' ? resolve(root, $ref) : undefined;
  const inner = [...((allOf ?? []) as JsonSchema[]), ...(target ? [target as JsonSchema] : [])];
  return [schema, ...inner.flatMap((part) => parts(root, part, [...open, schema]))];
}

/** The subschema of a key or a list's item, or nothing where the schema does not know it. */
function child(root: JsonSchema, schema: JsonSchema, key: string | number): JsonSchema | undefined {
  for (const { properties, items } of parts(root, schema)) {
    if (typeof key === 'number' && items) return items as JsonSchema;
    if (typeof key === 'string' && Object.hasOwn(properties ?? {}, key))
      return (properties as Record<string, JsonSchema>)[key];
  }
  return undefined;
}

/** The subschema of a place, or nothing where the schema does not know it. */
export function schemaAt(schema: JsonSchema, path: Path): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>((here, key) => here && child(schema, here, key), schema);
}

/** Every path a schema names; a list stands with its first item, and what recurs with its first round. */
export const schemaPaths = (schema: JsonSchema): Path[] => pathsIn(schema, schema, [], []);

function pathsIn(root: JsonSchema, here: JsonSchema, prefix: Path, open: readonly JsonSchema[]): Path[] {
  const all = parts(root, here);
  if (all.some((part) => open.includes(part))) return [];
  return all.flatMap(({ properties, items }) => {
    const children: [string | number, JsonSchema][] = Object.entries(
      (properties ?? {}) as Record<string, JsonSchema>,
    );
    if (items) children.push([0, items as JsonSchema]);
    return children.flatMap(([key, schema]) => [
      [...prefix, key],
      ...pathsIn(root, schema, [...prefix, key], [...open, ...all]),
    ]);
  });
}

/** The paths whose values rest on less than the provider's word, under a schema that is documented as a whole. */
export function undocumentedPaths(schema: JsonSchema): Path[] {
  return schemaPaths(schema).filter((path) => {
    const own = schemaAt(schema, path);
    const bases = own === undefined ? [] : parts(schema, own).map((part) => part['x-basis']);
    return bases.some((basis) => basis !== undefined && basis !== 'documented');
  });
}
