import { isObject } from './json.ts';
import { formatPath, type Path } from './path.ts';
import { leastLength } from './pattern-length.ts';
import { dataKeywords, namedKeywords, resolve } from './schema-fault.ts';
import type { JsonSchema } from './types.ts';

/** A payload that must be larger is none that anybody sends, characters. */
const most = 1_000_000;
/** What an item, a property or a character that a pattern makes counts at least: each is made on its own. */
const weight = 10;

/**
 * Why no payload is made of a schema, in words, or nothing: what it asks for at least is too large, in any of its branches.
 * @throws {RangeError} where it is nested too deeply
 */
export function sizeFault(root: JsonSchema): string | undefined {
  let fault: string | undefined;
  const sizes = new Map<unknown, number>();
  const sizeOf = (value: unknown, path: Path): number => {
    if (!isObject(value) || fault !== undefined) return 0;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    // What recurs counts once.
    sizes.set(value, 0);
    const schema = value as JsonSchema;
    const inner = partsOf(root, schema).map(([key, part]) => sizeOf(part, [...path, ...key]));
    const item = Math.max(weight, sizeOf(schema.items, [...path, 0]));
    const own: ReadonlyArray<readonly [string, number]> = [
      ['minLength', count(schema.minLength)],
      ['pattern', typeof schema.pattern === 'string' ? leastLength(schema.pattern) * weight : 0],
      ['minItems', count(schema.minItems) * item],
      ['minContains', count(schema.minContains) * weight],
      ['minProperties', count(schema.minProperties) * weight],
    ];
    const tooLarge = own.find(([, size]) => size > most);
    if (tooLarge && fault === undefined)
      fault = `${path.length === 0 ? 'the payload' : formatPath(path)} would be larger than any payload is ("${tooLarge[0]}" asks for it)`;
    const size = Math.max(0, ...inner, ...own.map(([, each]) => each));
    sizes.set(value, size);
    return size;
  };
  sizeOf(root, []);
  return fault;
}

const count = (value: unknown): number => (typeof value === 'number' ? value : 0);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The parts of a schema, but for its items, with the path of each in a value. */
function partsOf(root: JsonSchema, schema: JsonSchema): Array<readonly [Path, unknown]> {
  const { $ref, properties, prefixItems, allOf, anyOf, oneOf, contains } = schema;
  const named = isObject(properties) ? Object.entries(properties as object) : [];
  return [
    ...named.map(([key, part]) => [[key], part] as const),
    ...listOf(prefixItems).map((part, index) => [[index], part] as const),
    ...[allOf, anyOf, oneOf].flatMap(listOf).map((part) => [[], part] as const),
    [[0], contains],
    ...(typeof $ref === 'string' ? [[[], resolve(root, $ref)] as const] : []),
  ];
}

/** So much is drawn where a schema allows for more: characters of a text, items of a list. */
const usual = { maxLength: 256, maxItems: 16 };

/** A schema that allows for no more than it needs, nor than is usual, for a generator that would go to its bounds. */
export function bounded(schema: JsonSchema): JsonSchema {
  const caps = { ...usual };
  const look = (value: unknown): void => {
    if (!isObject(value) && !Array.isArray(value)) return;
    const { minLength, minItems, minContains, prefixItems } = value as unknown as JsonSchema;
    caps.maxLength = Math.max(caps.maxLength, count(minLength));
    caps.maxItems = Math.max(caps.maxItems, count(minItems), count(minContains), listOf(prefixItems).length);
    for (const inner of Object.values(value as object)) look(inner);
  };
  look(schema);
  return capped(schema, caps) as JsonSchema;
}

function capped(value: unknown, caps: typeof usual, isNamed = false): unknown {
  if (Array.isArray(value)) return value.map((item) => capped(item, caps));
  if (!isObject(value)) return value;
  // A text of a pattern would be cut off.
  const isFree = isNamed || !('pattern' in (value as object));
  return Object.fromEntries(
    Object.entries(value as object).map(([key, inner]) => {
      if (!isNamed && dataKeywords.includes(key)) return [key, inner];
      const isCapped = typeof inner === 'number' && (key === 'maxItems' || (key === 'maxLength' && isFree));
      return [
        key,
        isCapped ? Math.min(inner, caps[key]) : capped(inner, caps, !isNamed && namedKeywords.includes(key)),
      ];
    }),
  );
}
