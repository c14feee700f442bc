import { isObject } from './json.ts';
import type { Json, JsonObject, JsonSchema } from './types.ts';

/**
 * The schema of what was seen: a key is required that was always there, types are united, a form is told where every
 * text has it.
 * @param values at least one
 */
export function observedSchema(values: readonly Json[]): JsonSchema {
  const types = [...new Set(values.map(typeOf))].sort();
  const united = types.filter((type) => type !== 'integer' || !types.includes('number'));
  const type = united.length === 1 ? united[0] : united;
  const objects = values.filter((value): value is JsonObject => isObject(value));
  const lists = values.filter((value): value is Json[] => Array.isArray(value));
  const texts = values.filter((value): value is string => typeof value === 'string');
  return {
    type,
    ...(texts.length > 0 ? formOf(texts) : {}),
    ...(objects.length > 0 ? membersOf(objects) : {}),
    ...itemsOf(lists.flat()),
  };
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

const itemsOf = (items: readonly Json[]) => (items.length > 0 ? { items: observedSchema(items) } : {});

function membersOf(objects: readonly JsonObject[]) {
  const keys = [...new Set(objects.flatMap((object) => Object.keys(object)))];
  const valuesAt = (key: string) =>
    objects.filter((object) => Object.hasOwn(object, key)).map((object) => object[key] as Json);
  // A key such as "__proto__" is data, too.
  const properties = Object.fromEntries(keys.map((key) => [key, observedSchema(valuesAt(key))]));
  return { properties, required: keys.filter((key) => valuesAt(key).length === objects.length) };
}

const forms: ReadonlyArray<readonly [string, RegExp]> = [
  [
    'date-time',
    /^\d{4}-(?:0\d|1[0-2])-[0-3]\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/,
  ],
  ['date', /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])$/],
  ['uuid', /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i],
  ['email', /^[\w.+-]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z]{2,})+$/i],
  ['uri', /^https?:\/\/[\w.-]+(?::\d+)?(?:\/[\w./-]*)?$/],
];

function formOf(texts: readonly string[]) {
  const form = forms.find(([, pattern]) => texts.every((text) => pattern.test(text)));
  return form ? { format: form[0] } : {};
}
