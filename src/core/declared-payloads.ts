import { UsageError } from '../errors.ts';
import { isObject, plainJson } from './json.ts';
import { perObject } from './memo.ts';
import type { Path } from './path.ts';
import type { EventType, Fake } from './provider.ts';
import { sizeFault } from './schema-size.ts';
import { inside, misshapen, type Place, placeWords } from './shape.ts';
import type { Json, JsonObject, JsonSchema } from './types.ts';
import { vary } from './vary.ts';

/** A rule of a schema that a value breaks. */
export interface Misfit {
  /** Of the value, or of the field that is missing; "" is the whole. */
  readonly path: string;
  readonly keyword: string;
  readonly fault: string;
}

export const misfitWords = ({ path, fault }: Misfit): string =>
  `${path === '' ? 'the payload' : path} ${fault}`;

/** Makes values of schemas, and holds values against them. */
export interface Values {
  /** What is wrong with a value; nothing where it fits. */
  readonly misfits: (schema: JsonSchema, value: Json) => readonly Misfit[];
  /** A value of a schema; the same seed and clock give the same one. @throws {Error} where none can be made */
  readonly draw: (schema: JsonSchema, seed: number, now: Date) => Json;
}

/** What a payload is made with, beside its schema. */
export interface Making {
  /** The event's name. */
  readonly name: string;
  readonly identity?: readonly string[] | undefined;
  readonly format?: 'json' | 'form' | undefined;
  /** Where the body holds the event's name, if it does. */
  readonly path: Path | undefined;
  /** Where the event stands. */
  readonly at: Place;
  readonly values: Values | undefined;
}

/** A payload as it is sent: the fields of a form are texts. @throws {UsageError} for one that a form cannot say */
export function asSent(value: JsonObject, format: Making['format'], place: Place): JsonObject {
  if (format !== 'form') return value;
  const nested = Object.entries(value).find(([, field]) => isObject(field) || Array.isArray(field));
  if (nested) throw misshapen(inside(place, nested[0]), 'a text, for a form has nothing else', nested[1]);
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, field === null ? '' : String(field)]),
  );
}

/** The value with the event's name where it belongs. */
export function withName(value: JsonObject, path: Path | undefined, name: string): JsonObject {
  if (path === undefined) return value;
  const [key, ...rest] = path as [string, ...Path];
  const inner = value[key];
  const named = rest.length === 0 ? name : withName(isObject(inner) ? (inner as JsonObject) : {}, rest, name);
  return { ...value, [key]: named };
}

/** So often a payload is drawn anew that does not fit its schema. */
const mostDraws = 40;

/** What makes payloads of samples, varied by the schema, or else of the schema alone. */
export function payloadOfData(
  schema: JsonSchema,
  samples: readonly JsonObject[],
  making: Making,
): EventType['payload'] {
  const { name, identity, path, at, values } = making;
  const once = identity?.length === 1 ? identity[0] : undefined;
  const settle = (value: JsonObject, fake: Fake, base: number): JsonObject =>
    withName(vary(value, { fake, base, schema, event: name, once }), path, name);
  const misfits = (value: JsonObject) => values?.misfits(schema, plainJson(value)) ?? [];
  return (fake) => {
    const base = fake.faker.number.int({ max: 2 ** 32 - 1 });
    const sample = samples[base % Math.max(1, samples.length)];
    if (sample) {
      const varied = settle(sample, fake, base);
      return misfits(varied).length === 0 ? varied : sample;
    }
    refuseUnmet(sizeFaultOf(schema), at);
    const tries: (readonly Misfit[])[] = [];
    while (tries.length < mostDraws) {
      const seed = base + tries.length;
      const drawn = drawnOf(schema, seed, fake, making);
      const settled = settle(drawn, fake, seed);
      if (misfits(settled).length === 0) return settled;
      const plain = withName(drawn, path, name);
      const found = misfits(plain);
      if (found.length === 0) return plain;
      tries.push(found);
    }
    return refuseUnmet(unmetWords(tries), at) as never;
  };
}

/** @throws {UsageError} where there is a reason why no payload can be made */
function refuseUnmet(why: string | undefined, at: Place): void {
  if (why === undefined) return;
  throw new UsageError(
    `${placeWords(inside(at, 'schema'))}: no payload could be made of it that fits it: ${why}`,
    'correct the schema there; where it can be met, give the event a sample: "samples": [{ … }]',
  );
}

const sizeFaultOf = perObject((schema: JsonSchema) => sizeFault(schema));

/** The place that was wrong most often, and the keywords that were broken there. */
function unmetWords(tries: ReadonlyArray<readonly Misfit[]>): string {
  const all = tries.flat();
  const countOf = (path: string) =>
    tries.filter((found) => found.some((misfit) => misfit.path === path)).length;
  const paths = [...new Set(all.map(({ path }) => path))];
  const worst = paths.toSorted((one, other) => countOf(other) - countOf(one))[0];
  const there = all.filter(({ path }) => path === worst);
  const keywords = [...new Set(there.map(({ keyword }) => `"${keyword}"`))];
  const [first] = there as [Misfit];
  const often = countOf(first.path) === tries.length ? 'each time' : 'most often';
  return `${misfitWords(first)} (${keywords.join(' or ')} is broken there ${often})`;
}

function drawnOf(
  schema: JsonSchema,
  seed: number,
  { now }: Fake,
  { format, values, at }: Making,
): JsonObject {
  let value: Json | undefined;
  let fault = '';
  try {
    value = values?.draw(schema, seed, now);
  } catch (error) {
    fault = `: ${(error as Error).message}`;
  }
  if (isObject(value)) return asSent(value as JsonObject, format, inside(at, 'schema'));
  throw new UsageError(
    `${placeWords(inside(at, 'schema'))} makes no JSON object${fault}`,
    'a payload is one; write {"type": "object", …}, or give the event a sample',
  );
}
