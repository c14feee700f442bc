import { UsageError } from '../errors.ts';
import { codePayload } from './code-payload.ts';
import { asSent, misfitWords, payloadOfData, type Values, withName } from './declared-payloads.ts';
import { plainJson } from './json.ts';
import { type Path, parsePath } from './path.ts';
import type { EventType, Provider, Scheme } from './provider.ts';
import { schemaFault } from './schema-fault.ts';
import {
  anyObject,
  byName,
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
import type { Basis, JsonObject, JsonSchema } from './types.ts';

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

/** Makes values of schemas, and holds values and schemas against what they must be. */
export interface Drawing extends Values {
  readonly scheme: ReadScheme;
  /** What is wrong with a schema itself, or nothing. */
  readonly fault: (schema: JsonSchema) => string | undefined;
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
  return byName(entries);
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
  const { given, told, at, path, drawing } = around;
  refuseBare(each, at);
  const schema = wholeSchema(name, each.schema, { ...told, ...each }, given.$defs);
  const fault = each.schema && drawing && faultOf(schema, drawing);
  if (fault !== undefined) throw new UsageError(`${placeWords(inside(at, 'schema'))}: ${fault}`);
  const samples = samplesOf(name, each.samples ?? [], schema, around);
  const { identity, format } = given;
  const title = each.title ?? name;
  return {
    title,
    summary: each.summary ?? `The event ${title}.`,
    basis: each.basis ?? told.basis,
    source: each.source ?? told.source,
    schema,
    age: each.age ?? 0,
    payload: each.payload
      ? codePayload(each.payload, inside(at, 'payload'))
      : payloadOfData(schema, samples, { name, identity, format, path, at, values: drawing }),
  };
}

/** What says nothing of its payload cannot have one. */
function refuseBare({ schema, payload, samples = [] }: ReturnType<typeof event>, at: Place): void {
  if (schema !== undefined || (!payload && samples.length > 0)) return;
  throw new UsageError(
    `${placeWords(at)} has ${payload ? 'no schema' : 'neither a schema nor a sample'}`,
    payload
      ? 'a function makes its payload; give it "schema", to judge what comes by'
      : 'give it "schema" or "samples"; a payload is made of them',
  );
}

/** The samples as they are sent. @throws {UsageError} for one that breaks the schema */
function samplesOf(
  name: string,
  given: readonly object[],
  schema: JsonSchema,
  { given: { format }, path, at, drawing }: Around,
): JsonObject[] {
  return given.map((each, index) => {
    const place = inside(inside(at, 'samples'), index);
    const sample = asSent(withName(each as JsonObject, path, name), format, place);
    const [misfit] = drawing?.misfits(schema, plainJson(sample)) ?? [];
    if (misfit === undefined) return sample;
    throw new UsageError(
      `${placeWords(place)} breaks the schema of its own event: ${misfitWords(misfit)}`,
      'correct the one or the other',
    );
  });
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
