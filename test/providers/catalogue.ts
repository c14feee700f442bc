import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Provider } from '../../src/core/provider.ts';
import type { Headers, Json, JsonObject, JsonSchema, Received } from '../../src/core/types.ts';

const ajv = new Ajv2020({ allErrors: true, strict: true });
ajv.addKeyword({ keyword: 'x-basis', schemaType: 'string' });
(formats as unknown as { default: (ajv: Ajv2020) => void }).default(ajv);

/** What is wrong with a value, in words; empty when nothing is. */
export function faults(schema: JsonSchema, value: Json): string {
  const check = ajv.compile(schema as AnySchemaObject);
  return check(value) ? '' : ajv.errorsText(check.errors);
}

/** Whether it is a schema by the draft it names. */
export const isSchema = (schema: JsonSchema): boolean =>
  ajv.validateSchema(schema as AnySchemaObject) === true;

/** Every subschema, with the keys that lead to its value. */
export function* subschemas(schema: JsonSchema, path: string[] = []): Generator<[string[], JsonSchema]> {
  yield [path, schema];
  for (const [key, inner] of Object.entries((schema.properties as Record<string, JsonSchema>) ?? {})) {
    yield* subschemas(inner, [...path, key]);
  }
  for (const inner of (schema.allOf as JsonSchema[]) ?? []) yield* subschemas(inner, path);
  if (schema.items) yield* subschemas(schema.items as JsonSchema, [...path, '[]']);
}

/** The paths at which the schema accepts null. */
export function nullablePaths(schema: JsonSchema): string[] {
  const shared = { $defs: schema.$defs ?? {} };
  const all = [...subschemas(schema)].filter(
    ([path, inner]) => path.length > 0 && faults({ ...shared, ...inner }, null) === '',
  );
  return all.map(([path]) => path.join('.'));
}

/** All values at a path; `[]` is every item of a list. */
export function valuesAt(value: Json, [key, ...rest]: string[]): Json[] {
  if (key === undefined) return [value];
  if (key === '[]') return (value as Json[]).flatMap((item) => valuesAt(item, rest));
  return valuesAt((value as JsonObject)[key] as Json, rest);
}

/** The published bodies of a provider, as bytes. */
export function fixturesOf({ name }: Provider): Array<[event: string, bytes: Buffer]> {
  const folder = new URL(`../../fixtures/${name}/`, import.meta.url);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => [file.replace('.json', ''), readFileSync(new URL(file, folder))]);
}

/** A delivery as a receiver sees it. */
export const received = (headers: Headers, body: Uint8Array): Received => ({
  method: 'POST',
  path: '/',
  headers,
  body,
});

/** What a record keeps for life: ids, names, addresses, amounts, the time of its birth. */
const kept =
  /(^|_)(id|name|email|address|amount|subtotal|number|created_at)$|Id$|^tracking(Number|Url)$|^estimated/;

/** The values that must not change while the record lives, by their paths. */
export function* identifiers(value: Json, path: string[] = []): Generator<[string, string]> {
  if (typeof value !== 'object' || value === null) {
    if (path.some((key) => kept.test(key))) yield [path.join('.'), JSON.stringify(value)];
    return;
  }
  for (const [key, inner] of Object.entries(value)) yield* identifiers(inner as Json, [...path, key]);
}
