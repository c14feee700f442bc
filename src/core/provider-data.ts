import { UsageError } from '../errors.ts';
import { defineProvider } from './define.ts';
import { isObject } from './json.ts';
import { type Path, parsePath } from './path.ts';
import type { EventType, Fake, KnownAnswer, Policy, Provider, Scheme } from './provider.ts';
import { schemaFault } from './schema-fault.ts';
import { none } from './scheme.ts';
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
  type Read,
  recordOf,
  text,
  textLike,
  whole,
} from './shape.ts';
import { parseStatuses } from './status.ts';
import type { Basis, Json, JsonObject, JsonSchema, Sourced } from './types.ts';
import { vary } from './vary.ts';

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

const basis = oneOf<Basis>(['documented', 'observed', 'assumed']);

/** The scheme that JSON describes. @throws {Error} that says what is wrong with it */
export type ReadScheme = (data: object, where: string) => Scheme;

/** What a fact rests on where it does not say so itself. */
interface Told {
  readonly basis: Basis;
  readonly source: string;
}

/** A value alone, or with what it rests on: `{ "value": 5000, "basis": "documented", "source": "https://…" }`. */
const sourced =
  <T>(read: Read<T>, told: Told): Read<Sourced<T>> =>
  (value, place) => {
    if (!isObject(value) || !('value' in (value as object))) return { value: read(value, place), ...told };
    return { ...told, ...objectOf({ value: read, basis, source: text }, ['value'])(value, place) };
  };

const forever = 366 * 24 * 3600 * 1000;

const statuses: Read<string> = (value, place) => {
  const list = text(value, place);
  try {
    parseStatuses(list);
    return list;
  } catch {
    throw misshapen(place, 'a list of statuses such as "2xx" or "200,204"', value);
  }
};

/** Reads what is said of a policy; each value may say what it rests on. */
export const policyOf = (told: Told): Read<Partial<Policy>> =>
  objectOf({
    timeoutMs: sourced(whole(1, forever), told),
    accepts: sourced(statuses, told),
    delaysMs: sourced(listOf(whole(0, forever)), told),
    jitter: sourced(number(0, 1), told),
    throttledMs: sourced(whole(0, forever), told),
    retryAfterTimes: sourced(number(0, 1000), told),
    stops: sourced(objectOf({ header: text, values: listOf(text) }, ['header', 'values']), told),
  });

const headerPlace = /^header:[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** A path of the body, or `header:<name>`. */
const bodyOrHeader: Read<string> = (value, place) => {
  const given = text(value, place);
  if (headerPlace.test(given) || (!given.startsWith('header:') && parsePath(given))) return given;
  throw misshapen(place, 'a path of the body such as "data.type", or "header:<name>"', value);
};

const identityPart: Read<string> = (value, place) => {
  for (const each of text(value, place).split('|')) bodyOrHeader(each, place);
  return value as string;
};

/** Any text, an empty one too. */
const aText = textLike(/^/, 'a text');

const headerValue = textLike(/^[\t\x20-\x7e\x80-\xff]*$/, "a header's value, a text of one line");

function aFunction<T>(value: unknown, place: Place): T {
  if (typeof value === 'function') return value as T;
  throw misshapen(place, 'a function', value);
}

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

const knownAnswer = objectOf(
  { secret: text, id: text, timestamp: whole(0, 1e11), body: aText, headers: recordOf(text) },
  ['secret', 'body', 'headers'],
);

const head = objectOf(
  {
    $schema: text,
    name: textLike(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and "-", a letter first'),
    title: text,
    docs: text,
    basis,
    source: text,
    scheme: anyObject,
    exampleSecret: text,
    policy: anyObject,
    headers: recordOf(headerValue),
    userAgent: (value: unknown) => value,
    contentType: (value: unknown) => value,
    eventAt: (value: unknown) => value,
    identity: listOf(identityPart),
    knownAnswers: listOf(knownAnswer),
    $defs: recordOf(anyObject),
    events: recordOf(event),
  },
  ['name', 'eventAt', 'events'],
);

type Head = ReturnType<typeof head>;

/**
 * The provider that data declare. What they do not say is assumed. Code declares one by the same keys: `scheme` may be a
 * scheme that works, and an event may have a function `payload`.
 * @param where names them in an error
 * @param readScheme reads a scheme that is JSON
 * @param drawing makes and checks payloads; without it schemas and samples are taken at their word, and an
 * event without a sample has no payload
 * @throws {UsageError} that says where they are wrong and what was expected
 */
export function providerOf(
  data: unknown,
  where: string,
  drawing?: Drawing,
  readScheme: ReadScheme = drawing?.scheme ?? unsigned,
): Provider {
  const place: Place = { where, path: [] };
  const given = head(data, place);
  const told: Told = {
    basis: given.basis ?? 'assumed',
    source: given.source ?? given.docs ?? `declared in ${where}`,
  };
  const written = { ...told, ...((given.scheme ?? { kind: 'none' }) as object) };
  const scheme = isScheme(given.scheme)
    ? given.scheme
    : readScheme(written, placeWords(inside(place, 'scheme')));
  const id = scheme.form?.names.id;
  const eventAt = sourcedPath(given.eventAt, told, inside(place, 'eventAt'));
  return defined(where, {
    name: given.name,
    title: given.title ?? given.name,
    docs: given.docs ?? told.source,
    scheme,
    exampleSecret: given.exampleSecret ?? exampleSecretOf(given.name, scheme),
    policy: { ...defaultPolicy(told), ...policyOf(told)(given.policy ?? {}, inside(place, 'policy')) },
    contentType: sourced(text, told)(given.contentType ?? 'application/json', inside(place, 'contentType')),
    ...(given.userAgent === undefined
      ? {}
      : { userAgent: sourced(text, told)(given.userAgent, inside(place, 'userAgent')) }),
    ...(given.headers === undefined ? {} : { headers: given.headers }),
    eventAt,
    identity: given.identity ?? (id === undefined ? [] : [`header:${id.toLowerCase()}`]),
    ...(given.knownAnswers === undefined ? {} : { knownAnswers: given.knownAnswers as KnownAnswer[] }),
    events: eventsOf(given, told, eventAt.path, place, drawing),
  });
}

/** Of those that come with us as data none is signed: what reads a scheme loads where there is one to read. */
const unsigned: ReadScheme = (data) => {
  const { basis, source } = data as Told;
  return none(basis, source);
};

const isScheme = (value: unknown): value is Scheme =>
  isObject(value) && typeof (value as Partial<Scheme>).sign === 'function';

/** What the constructor of every provider finds, in the words of a file. */
function defined(where: string, provider: Provider): Provider {
  try {
    return defineProvider(provider);
  } catch (error) {
    throw new UsageError(`${where}: ${(error as Error).message}`);
  }
}

function sourcedPath(value: unknown, told: Told, place: Place): Provider['eventAt'] {
  if (!isObject(value)) return { path: bodyOrHeader(value, place), ...told };
  return { ...told, ...objectOf({ path: bodyOrHeader, basis, source: text }, ['path'])(value, place) };
}

const defaultPolicy = ({ source }: Told): Policy => {
  const assumed = <T>(value: T): Sourced<T> => ({
    value,
    basis: 'assumed',
    source: `nothing is said of it: ${source}`,
  });
  return { timeoutMs: assumed(15_000), accepts: assumed('2xx'), delaysMs: assumed([]) };
};

/** A secret in public, in the form that the scheme wants: its bytes are the provider's name, over and over. */
export function exampleSecretOf(name: string, { record, secretLike }: Scheme): string {
  const bytes = Buffer.from(name.repeat(32));
  const prefix = record?.keyPrefix ?? '';
  const plain = `${prefix}example-secret-for-${name}`;
  if (record === undefined) return secretLike?.(plain, bytes.subarray(0, 32)) ?? plain;
  if (record.key === 'utf8') return plain;
  return prefix + bytes.subarray(0, Math.max(32, record.keyBytes?.[0] ?? 0)).toString(record.key);
}

function eventsOf(
  given: Head,
  told: Told,
  eventAt: string,
  place: Place,
  drawing: Drawing | undefined,
): Provider['events'] {
  const entries = Object.entries(given.events).map(([name, each]) => {
    const at = inside(inside(place, 'events'), name);
    const path = eventAt.startsWith('header:') ? undefined : parsePath(eventAt);
    return [name, eventOf(name, each, { given, told, path, at, drawing })] as const;
  });
  return Object.fromEntries(entries);
}

/** What all events of a provider share. */
interface Around {
  readonly given: Head;
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
  const samples = (each.samples ?? []).map((sample) => withName(sample as JsonObject, around.path, name));
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
  $defs: Head['$defs'],
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
  { given, path, at, drawing }: Around,
): EventType['payload'] {
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
      const drawn = drawnOf(schema, base + time, fake, drawing, at);
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
  drawing: Drawing | undefined,
  at: Place,
): JsonObject {
  let value: Json | undefined;
  let fault = '';
  try {
    value = drawing?.draw(schema, seed, now);
  } catch (error) {
    fault = `: ${(error as Error).message}`;
  }
  if (isObject(value)) return value as JsonObject;
  throw new UsageError(
    `${placeWords(inside(at, 'schema'))} makes no JSON object${fault}`,
    'a payload is one; write {"type": "object", …}, or give the event a sample',
  );
}
