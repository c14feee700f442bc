import { stringifyExact } from './json.ts';
import { applyEdits, type Edit } from './patch.ts';
import { formatPath, getPath, type Path } from './path.ts';
import type { Fake } from './provider.ts';
import { schemaPaths } from './schema-walk.ts';
import type { Json, JsonSchema } from './types.ts';
import type { Validate } from './validate.ts';

/** A change that breaks a payload, and its words: `data.subtotal is 12 instead of "12.00"`. */
export interface Breakage {
  readonly edit: Edit;
  readonly words: string;
}

/**
 * Finds a change that breaks one rule of an event's schema, a documented one if there is any. The event's name stays,
 * so that the schema still applies.
 * @param fake decides which rule
 * @param spared places that are left as they are
 */
export function findBreakage(
  payload: Json,
  schema: JsonSchema,
  eventPath: string,
  { faker }: Fake,
  validate: Validate,
  spared: readonly Path[] = [],
): Breakage | undefined {
  const paths = schemaPaths(schema).filter(
    (path) =>
      formatPath(path) !== eventPath &&
      getPath(payload, path) !== undefined &&
      !spared.some((other) => overlaps(path, other)),
  );
  const candidates = faker.helpers.shuffle(
    paths.flatMap((path) => breakages(path, getPath(payload, path) as Json)),
  );
  let softer: Breakage | undefined;
  for (const candidate of candidates) {
    const broken = stringifyExact(applyEdits(payload, [candidate.edit], { force: true }));
    const problems = validate(schema, JSON.parse(broken) as Json, broken.length);
    if (problems.some(({ basis }) => basis === 'documented')) return candidate;
    if (problems.length > 0) softer ??= candidate;
  }
  return softer;
}

/** Whether one of the places holds the other. */
const overlaps = (one: Path, other: Path): boolean =>
  one.slice(0, other.length).every((key, index) => key === other[index]);

function breakages(path: Path, before: Json): Breakage[] {
  const name = formatPath(path);
  const value = typeof before === 'string' ? '12' : '"not what it should be"';
  return [
    {
      edit: { kind: 'set', path, value, json: true },
      words: `${name} is ${value} instead of ${JSON.stringify(before)}`,
    },
    { edit: { kind: 'unset', path }, words: `${name} is missing` },
  ];
}
