import type { Capture } from './capture.ts';
import { header } from './headers.ts';
import { eventPlaces, isEventHeader } from './import-places.ts';
import { type ExactJson, isObject, parseBytes, parseExact, stringifyExact } from './json.ts';
import { observedSchema } from './observe.ts';
import { getPath, parsePath } from './path.ts';
import { signatureIn } from './stranger.ts';
import type { Headers, JsonObject } from './types.ts';

/** A delivery that was seen: its path and headers, and its body as JSON. */
export interface Seen {
  readonly path: string;
  readonly headers: Headers;
  readonly value: JsonObject;
  /** The body as it was written. */
  readonly text: string;
}

/** What a capture shows of a provider; nothing where its body is no JSON object. */
export function seenIn({ received }: Capture): Seen | undefined {
  const parsed = parseBytes(received.body);
  const isOne = 'value' in parsed && isObject(parsed.value);
  return isOne
    ? { path: received.path, headers: received.headers, value: parsed.value as JsonObject, text: parsed.text }
    : undefined;
}

/** Words are few: a name, and no sentence. */
const nameLike = /^(?!.{101})[A-Za-z][\w.:/-]*(?: [\w.:/()&-]+){0,5}$/;

/** What is known of a provider by what it sent. */
export interface Observed {
  readonly eventAt: string;
  readonly identity: readonly string[];
  readonly events: Readonly<Record<string, readonly JsonObject[]>>;
  /** The first body of each event, as it was written. */
  readonly texts: Readonly<Record<string, string>>;
  /** Of the header, the parameter or the field that looks like a signature's. */
  readonly signature: string | undefined;
}

/** What deliveries of one provider have in common; nothing where no place names an event in all of them. */
export function observe(seen: readonly Seen[]): Observed | undefined {
  const eventAt = placesOf(seen).find((place) =>
    seen.every((each) => nameLike.test(textAt(each, place) ?? '')),
  );
  if (eventAt === undefined) return undefined;
  const events: Record<string, JsonObject[]> = {};
  const texts: Record<string, string> = {};
  for (const each of seen) {
    const name = textAt(each, eventAt) as string;
    events[name] = [...(Object.hasOwn(events, name) ? (events[name] ?? []) : []), each.value];
    if (!Object.hasOwn(texts, name)) texts[name] = each.text;
  }
  return {
    eventAt,
    identity: identityOf(seen),
    events,
    texts,
    signature: seen
      .map((each) => signatureIn(each, each.value, { least: 2 })?.name)
      .find((name) => name !== undefined),
  };
}

function placesOf(seen: readonly Seen[]): string[] {
  const names = seen[0]?.headers.map(([name]) => name).filter((name) => isEventHeader(name)) ?? [];
  return [...names.map((name) => `header:${name.toLowerCase()}`), ...eventPlaces()];
}

function textAt({ headers, value }: Seen, place: string): string | undefined {
  if (place.startsWith('header:')) return header(headers, place.slice('header:'.length));
  const found = getPath<unknown>(value, parsePath(place) ?? []);
  return typeof found === 'string' ? found : undefined;
}

/** An id that was always there, and never the same for two bodies that differ. */
function identityOf(seen: readonly Seen[]): string[] {
  const names = seen[0]?.headers.map(([name]) => name.toLowerCase()) ?? [];
  const places = [
    ...names
      .filter((name) => /(?:^|-)id$/.test(name) && /webhook|event|delivery|message|svix/.test(name))
      .map((name) => `header:${name}`),
    ...['id', 'event_id', 'eventId', 'uuid', 'data.id'],
  ];
  const place = places.find((each) => {
    const bodies = new Map<string, string>();
    return seen.every((one) => {
      const id = textAt(one, each);
      const body = JSON.stringify(one.value);
      if (id === undefined || (bodies.get(id) ?? body) !== body) return false;
      bodies.set(id, body);
      return true;
    });
  });
  return place === undefined ? [] : [place];
}

/** The declaration of a provider whose deliveries were seen, as data. Its schemas hold what was seen, no more. */
export function observedProvider(name: string, { eventAt, identity, events }: Observed, source: string) {
  const told = { basis: 'observed', source } as const;
  return {
    name,
    title: name,
    ...told,
    scheme: { kind: 'none', basis: 'assumed', source: 'not known yet: `hooks infer` finds it' },
    eventAt,
    ...(identity.length > 0 ? { identity } : {}),
    events: Object.fromEntries(
      Object.entries(events).map(([event, bodies]) => [
        event,
        {
          ...told,
          schema: { 'x-basis': 'observed', ...observedSchema(bodies) },
          samples: bodies.slice(0, 1),
        },
      ]),
    ),
  };
}

/** The declaration as the text of a file: the samples' numbers have all the digits that came. */
export function observedText(data: ReturnType<typeof observedProvider>, { texts }: Observed): string {
  const events = Object.entries(data.events).map(([event, each]) => [
    event,
    { ...each, samples: each.samples.map((sample) => exactOr(sample, texts[event] as string)) },
  ]);
  return stringifyExact({ ...data, events: Object.fromEntries(events) } as unknown as ExactJson, 2);
}

/** A body in which a key comes twice has no exact value. */
function exactOr(sample: JsonObject, text: string): ExactJson {
  try {
    return parseExact(text);
  } catch {
    return sample;
  }
}
