import { UsageError } from '../errors.ts';
import { isObject } from './json.ts';
import { type Path, parsePath } from './path.ts';
import type { EventType, Fake, Provider, Scheme } from './provider.ts';
import { schemaFault } from './schema-fault.ts';
import {
  anyObject,
  inside,
  listOf,
  misshapen,
  number,
  objectOf,
  oneOf,
  type Place,
  placeWords,
  text,
} from './shape.ts';
import type { Basis, Json, JsonObject, JsonSchema } from './types.ts';
import { vary } from './vary.ts';

/** The scheme that JSON describes. @throws {Error} that says what is wrong with it */
export type ReadScheme = (data: object, place: Place) => Scheme;

/** What a fact rests on where it does not say so itself. */
export interface Told {
  readonly basis: Basis;
  readonly source: string;
}

/** So long may anything take, ms: a year. */
export const forever = 366 * 24 * 3600 * 1000;

export const basis = oneOf<Basis>(['documented', 'observed', 'assumed']);

/** Makes values of schemas, and holds values against them. */
export interface Drawing {
  readonly scheme: ReadScheme;
  /** What is wrong with a schema itself, or nothing. */
  readonly fault: (schema: JsonSchema) => string | undefined;
  /** What is wrong with a value, or nothing. */
  readonly misfit: (schema: JsonSchema, value: Json) => string | undefined;
  /** A value of a schema; the same seed and clock give the same one. @throws {Error} where none can be made */
  readonly draw: (schema: JsonSchema, seed: number, now: Date) => Json;
}

function aFunction<T>(value: unknown, place: Place): T {
  if (typeof value === 'function') return value as T;
  throw misshapen(place, 'a function', value);
}

/** Reads an event, as far as its own keys go. */
const event = objectOf({
  title: text,
  summary: text,
  basis,
  source: text,
  age: number(0, forever / 1000),
  schema: anyObject,
  samples: listOf(anyObject),
  payload: aFunction<EventType['payload']>,
});

/** What the events of a provider are read with. */
export interface Declared {
  readonly events: Readonly<Record<string, unknown>>;
  readonly identity?: readonly string[] | undefined;
  readonly format?: 'json' | 'form' | undefined;
  readonly $defs?: Readonly<Record<string, JsonSchema>> | undefined;
}

/**
 * The events that data declare.
 * @param eventAt where a delivery names its event
 * @param drawing makes and checks payloads; without it schemas and samples are taken at their word
 * @throws {UsageError} that says where they are wrong
 */
export function eventsOf(
  given: Declared,
  told: Told,
  eventAt: string,
  place: Place,
  drawing: Drawing | undefined,
): Provider['events'] {
  const path = eventAt.startsWith('header:') ? undefined : parsePath(eventAt);
  const entries = Object.entries(given.events).map(([name, each]) => {
    const at = inside(inside(place, 'events'), name);
    return [name, eventOf(name, event(each, at), { given, told, path, at, drawing })] as const;
  });
  return Object.fromEntries(entries);
}

/** What all events of a provider share. */
interface Around {
  readonly given: Declared;
  readonly told: Told;
  /** Where the body holds the event's name, if it does. */
  readonly path: Path | undefined;
  readonly at: Place;
  readonly drawing: Drawing | undefined;
}

function eventOf(name: string, each: ReturnType<typeof event>, around: Around): EventType {
  const { given, told, at, drawing } = around;
  if (each.schema === undefined && (each.payload || (each.samples ?? []).length === 0))
    throw new UsageError(
      `${placeWords(at)} has ${each.payload ? 'no schema' : 'neither a schema nor a sample'}`,
      each.payload
        ? 'a function makes its payload; give it "schema", to judge what comes by'
        : 'give it "schema" or "samples"; a payload is made of them',
    );
  const schema = wholeSchema(name, each.schema, { ...told, ...each }, given.$defs);
  const fault = each.schema && drawing && faultOf(schema, drawing);
  if (fault !== undefined) throw new UsageError(`${placeWords(inside(at, 'schema'))}: ${fault}`);
  const samples = (each.samples ?? []).map((sample, index) =>
    asSent(withName(sample as JsonObject, around.path, name), given, inside(inside(at, 'samples'), index)),
  );
  for (const [index, sample] of samples.entries()) {
    const misfit = drawing?.misfit(schema, sample);
    if (misfit === undefined) continue;
    throw new UsageError(
      `${placeWords(inside(inside(at, 'samples'), index))} breaks the schema of its own event: ${misfit}`,
      'correct the one or the other',
    );
  }
  const title = each.title ?? name;
  return {
    title,
    summary: each.summary ?? `The event ${title}.`,
    basis: each.basis ?? told.basis,
    source: each.source ?? told.source,
    schema,
    age: each.age ?? 0,
    payload: each.payload ?? payloadOf(name, schema, samples, around),
  };
}

/** A payload as it is sent: the fields of a form are texts. */
function asSent(value: JsonObject, { format }: Declared, place: Place): JsonObject {
  if (format !== 'form') return value;
  const nested = Object.entries(value).find(([, field]) => typeof field === 'object' && field !== null);
  if (nested) throw misshapen(inside(place, nested[0]), 'a text, for a form has nothing else', nested[1]);
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, field === null ? '' : String(field)]),
  );
}

function faultOf(schema: JsonSchema, drawing: Drawing): string | undefined {
  try {
    return schemaFault(schema) ?? drawing.fault(schema);
  } catch (error) {
    if (error instanceof RangeError) return 'it is nested too deeply';
    throw error;
  }
}

/** A schema with its title, its basis and the subschemas that the provider's events share. An `$id` would only stand in
 *  the way of the local references. */
function wholeSchema(
  name: string,
  { $id: _id, ...own }: JsonSchema = { type: 'object' },
  { title = name, basis }: Told & { readonly title?: string | undefined },
  $defs: Declared['$defs'],
): JsonSchema {
  const shared = $defs ? { $defs: { ...$defs, ...(own.$defs as object | undefined) } } : {};
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    'x-basis': basis,
    ...own,
    ...shared,
  };
}

/** The value with the event's name where it belongs. */
function withName(value: JsonObject, path: Path | undefined, name: string): JsonObject {
  if (path === undefined) return value;
  const [key, ...rest] = path as [string, ...Path];
  const inner = value[key];
  const named = rest.length === 0 ? name : withName(isObject(inner) ? (inner as JsonObject) : {}, rest, name);
  return { ...value, [key]: named };
}

/** So often a payload is drawn anew that does not fit its schema. */
const mostDraws = 40;

function payloadOf(
  name: string,
  schema: JsonSchema,
  samples: readonly JsonObject[],
  around: Around,
): EventType['payload'] {
  const { given, path, at, drawing } = around;
  const once = given.identity?.length === 1 ? given.identity[0] : undefined;
  const settle = (value: JsonObject, fake: Fake, base: number): JsonObject =>
    withName(vary(value, { fake, base, schema, event: name, once }), path, name);
  return (fake) => {
    const base = fake.faker.number.int({ max: 2 ** 32 - 1 });
    const fits = (value: JsonObject) => drawing?.misfit(schema, value) === undefined;
    const sample = samples[base % Math.max(1, samples.length)];
    if (sample) {
      const varied = settle(sample, fake, base);
      return fits(varied) ? varied : sample;
    }
    for (let time = 0; time < mostDraws; time++) {
      const drawn = drawnOf(schema, base + time, fake, around);
      for (const value of [settle(drawn, fake, base + time), withName(drawn, path, name)])
        if (fits(value)) return value;
    }
    throw new UsageError(
      `${placeWords(inside(at, 'schema'))}: no payload could be made of it that fits it`,
      'give the event a sample: "samples": [{ … }]',
    );
  };
}

function drawnOf(
  schema: JsonSchema,
  seed: number,
  { now }: Fake,
  { given, drawing, at }: Around,
): JsonObject {
  let value: Json | undefined;
  let fault = '';
  try {
    value = drawing?.draw(schema, seed, now);
  } catch (error) {
    fault = `: ${(error as Error).message}`;
  }
  if (isObject(value)) return asSent(value as JsonObject, given, inside(at, 'schema'));
  throw new UsageError(
    `${placeWords(inside(at, 'schema'))} makes no JSON object${fault}`,
    'a payload is one; write {"type": "object", …}, or give the event a sample',
  );
}
