import { UsageError } from '../errors.ts';
import { basis, forever, type Told } from './declared-events.ts';
import { headerFault, isHeaderName } from './headers.ts';
import { isObject } from './json.ts';
import { parsePath } from './path.ts';
import type { Policy, Provider } from './provider.ts';
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
import type { Sourced } from './types.ts';

/** A value alone, or with what it rests on: `{ "value": 5000, "basis": "documented", "source": "https://…" }`. */
export const sourced =
  <T>(read: Read<T>, told: Told): Read<Sourced<T>> =>
  (value, place) => {
    if (!isObject(value) || !('value' in (value as object))) return { value: read(value, place), ...told };
    return { ...told, ...objectOf({ value: read, basis, source: text }, ['value'])(value, place) };
  };

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
    stops: sourced(objectOf({ header: headerName, values: listOf(text) }, ['header', 'values']), told),
  });

const headerIn = (place: string): string | undefined => /^header:(.*)$/s.exec(place)?.[1];

/** A path of the body, or `header:<name>`. */
const bodyOrHeader: Read<string> = (value, place) => {
  const given = text(value, place);
  const name = headerIn(given);
  if (name === undefined ? parsePath(given) : isHeaderName(name)) return given;
  throw misshapen(place, 'a path of the body such as "data.type", or "header:<name>"', value);
};

/** The same, where sending puts it there. */
const sentPlace: Read<string> = (value, place) => {
  const given = bodyOrHeader(value, place);
  const name = headerIn(given);
  const fault = name === undefined ? undefined : sentFault(name, '');
  if (fault === undefined) return given;
  throw new UsageError(`${placeWords(place)}: the header "${name}" cannot be sent: ${fault}`, 'name another');
};

/** Why a header of a provider cannot be sent, wherever it goes, or nothing. */
const sentFault = (name: string, value: string): string | undefined =>
  name.toLowerCase() === 'host' ? 'the target decides it' : headerFault(name, value);

const headerName: Read<string> = (value, place) => {
  if (typeof value === 'string' && isHeaderName(value)) return value;
  throw misshapen(place, 'the name of a header', value);
};

const identityPart: Read<string> = (value, place) => {
  for (const each of text(value, place).split('|')) bodyOrHeader(each, place);
  return value as string;
};

/** Any text, an empty one too. */
const aText = textLike(/^/, 'a text');

const headerValue = textLike(/^[\t\x20-\x7e\x80-\xff]*$/, "a header's value, a text of one line");

/** A header's value that is not empty. */
export const line: Read<string> = (value, place) => headerValue(text(value, place), place);

/** Headers that go with every delivery, wherever it goes. */
const fixedHeaders: Read<Readonly<Record<string, string>>> = (value, place) => {
  const given = recordOf(headerValue)(value, place);
  for (const [name, each] of Object.entries(given)) {
    const fault = sentFault(name, each);
    if (fault !== undefined)
      throw new UsageError(`${placeWords(inside(place, name))} cannot be sent: ${fault}`, 'leave it out');
  }
  return given;
};

/** Without a header there is nothing that a scheme could be held against. */
const signedHeaders: Read<Readonly<Record<string, string>>> = (value, place) => {
  const given = recordOf(text)(value, place);
  if (Object.keys(given).length > 0) return given;
  throw misshapen(place, 'the headers that sign it, one or more', value);
};

const knownAnswer = objectOf(
  { source: text, secret: text, id: text, timestamp: whole(0, 1e11), body: aText, headers: signedHeaders },
  ['secret', 'body', 'headers'],
);

/** Reads the keys of a provider, as far as they can be read without the others. */
export const head = objectOf(
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
    headers: fixedHeaders,
    userAgent: (value: unknown) => value,
    format: oneOf<'json' | 'form'>(['json', 'form']),
    contentType: (value: unknown) => value,
    eventAt: (value: unknown) => value,
    identity: listOf(identityPart),
    knownAnswers: listOf(knownAnswer),
    $defs: recordOf(anyObject),
    // Read with `eventsOf`.
    events: anyObject,
  },
  ['name', 'eventAt', 'events'],
);

/** Reads where a delivery names its event. */
export function eventPlace(value: unknown, told: Told, place: Place): Provider['eventAt'] {
  if (!isObject(value)) return { path: sentPlace(value, place), ...told };
  return { ...told, ...objectOf({ path: sentPlace, basis, source: text }, ['path'])(value, place) };
}
