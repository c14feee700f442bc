import { UsageError } from '../errors.ts';
import { codePayload } from './code-payload.ts';
import { asSent, misfitWords, payloadOfData, type Values, withName } from './declared-payloads.ts';
import { refuse, wholeSchema } from './declared-schema.ts';
import { plainJson } from './json.ts';
import { once } from './memo.ts';
import { type Path, parsePath } from './path.ts';
import type { EventType, Provider, Scheme } from './provider.ts';
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
import { openShared, type Shared } from './shared-schemas.ts';
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
  /** What is wrong with a schema itself, as far as its text shows, or nothing; `called` is its name in the words. */
  readonly fault: (schema: JsonSchema, called: string) => string | undefined;
  /** Why nothing can be held against a schema, or nothing; takes longer. */
  readonly unusable: (schema: JsonSchema) => string | undefined;
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

/** Of events that were declared: what is left to be checked. */
const unheld = new WeakMap<EventType, () => void>();

/**
 * Checks of an event all that is otherwise left until its first payload: that its schema can be used, and its samples fit.
 * @throws {UsageError} that says where it is wrong
 */
export const hold = (event: EventType): void => unheld.get(event)?.();

/**
 * The events that data declare. Their samples are checked when they are used: of a thousand events most runs use one.
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
  const shared = openShared(given.$defs);
  const entries = Object.entries(given.events).map(([name, each]) => {
    const at = inside(inside(place, 'events'), name);
    return [name, eventOf(name, event(each, at), { given, told, path, at, drawing, shared })] as const;
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
  readonly shared: Shared;
}

function eventOf(name: string, each: ReturnType<typeof event>, around: Around): EventType {
  const { given, told, at, drawing, shared } = around;
  refuseBare(each, at);
  const title = each.title ?? name;
  const heading = { title, 'x-basis': each.basis ?? told.basis };
  const schemaPlace = inside(at, 'schema');
  const schema = wholeSchema(each.schema, heading, shared, drawing, schemaPlace);
  const samples = samplesOf(name, each.samples ?? [], around);
  const make = once(() => {
    refuse(drawing?.unusable(schema), schemaPlace);
    refuseMisfits(samples, schema, around);
    const { identity, format } = given;
    return payloadOfData(schema, samples, { name, identity, format, path: around.path, at, values: drawing });
  });
  const type: EventType = {
    title,
    summary: each.summary ?? `The event ${title}.`,
    basis: each.basis ?? told.basis,
    source: each.source ?? told.source,
    schema,
    age: each.age ?? 0,
    payload: each.payload ? codePayload(each.payload, inside(at, 'payload')) : (fake) => make()(fake),
  };
  unheld.set(type, make);
  return type;
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

/** The samples as they are sent. @throws {UsageError} for one that cannot be */
const samplesOf = (
  name: string,
  given: readonly object[],
  { given: { format }, path, at }: Around,
): JsonObject[] =>
  given.map((each, index) =>
    asSent(withName(each as JsonObject, path, name), format, inside(inside(at, 'samples'), index)),
  );

/** @throws {UsageError} for a sample that breaks the schema */
function refuseMisfits(samples: readonly JsonObject[], schema: JsonSchema, { at, drawing }: Around): void {
  for (const [index, sample] of samples.entries()) {
    const [misfit] = drawing?.misfits(schema, plainJson(sample)) ?? [];
    if (misfit === undefined) continue;
    throw new UsageError(
      `${placeWords(inside(inside(at, 'samples'), index))} breaks the schema of its own event: ${misfitWords(misfit)}`,
      'correct the one or the other',
    );
  }
}
