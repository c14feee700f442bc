/** What an OpenAPI document holds, and what in it refers to what. */

import { UsageError } from '../errors.ts';
import { isObject } from './json.ts';
import { references, resolve } from './schema-fault.ts';

export type Data = Readonly<Record<string, unknown>>;

export const asObject = (value: unknown): Data => (isObject(value) ? (value as Data) : {});

export const textOr = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value.trim() !== '' ? value : otherwise;

/** What a value refers to, or itself. */
export function target(root: Data, value: unknown, where: string, left = 16): Data {
  const { $ref } = asObject(value);
  if (typeof $ref !== 'string' || left === 0) return asObject(value);
  if (!$ref.startsWith('#'))
    throw new UsageError(
      `${where}: "$ref": "${$ref}" points to another document, which is not fetched`,
      'bundle the documents into one first',
    );
  const found = resolve(root, $ref);
  if (found === undefined) throw new UsageError(`${where}: "$ref": "${$ref}" points to nothing`);
  return target(root, found, where, left - 1);
}

const components = '#/components/schemas/';

/** A schema whose references point to `$defs` of our own. */
export function moved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moved);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value as Data).map(([key, inner]) =>
      key === '$ref' && typeof inner === 'string' && inner.startsWith(components)
        ? [key, inner.replace(components, '#/$defs/')]
        : [key, moved(inner)],
    ),
  );
}

/** The named schemas that some schemas refer to, through any number of others. */
export function definitions(root: Data, schemas: readonly Data[]): Record<string, unknown> {
  // A component may have any name, "__proto__" too.
  const found: Record<string, unknown> = Object.create(null);
  const open = [...schemas] as unknown[];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const reference of references(next)) {
      const name = reference.slice(components.length).split('/')[0] as string;
      if (!reference.startsWith(components) || Object.hasOwn(found, name)) continue;
      const schema = resolve(root, components + name);
      if (schema === undefined) continue;
      found[name] = moved(schema);
      open.push(schema);
    }
  }
  return found;
}
