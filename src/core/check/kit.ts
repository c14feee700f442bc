import { createHash } from 'node:crypto';
import { draft, type Origin, seal } from '../craft.ts';
import { withHeaders } from '../headers.ts';
import { signatureHeaders } from '../hmac-header.ts';
import {
  type Digest,
  digestOf,
  type Encoding,
  encoded,
  type HmacRecord,
  keyOf,
  type Parts,
} from '../hmac-record.ts';
import { parseExact, stringifyExact } from '../json.ts';
import { applyEdits } from '../patch.ts';
import { parsePath } from '../path.ts';
import type { Draft, EventType, Provider } from '../provider.ts';
import type { StatusTest } from '../status.ts';
import type { Headers, JsonObject } from '../types.ts';
import type { Message } from './rule.ts';

/** What all rules of a run share. */
export interface Bench {
  readonly provider: Provider;
  /** The secret that the receiver knows. */
  readonly secret: string;
  /** The rules that are about signatures run; else why they do not. */
  readonly signing: true | { readonly not: string };
  /** The event of what is sent, where a rule does not ask for others. */
  readonly event: string;
  readonly seed: number;
  /** The payloads' clock, ms since the epoch. */
  readonly at: number;
  readonly accepts: StatusTest;
  /** How long the provider waits for an answer, ms. */
  readonly timeoutMs: number;
  readonly payload: (event: EventType, origin: Origin) => JsonObject;
}

/** What one rule makes its messages of. Each draft is another delivery; which one follows from seed and rule. */
export interface Kit extends Bench {
  /** The scheme as data; nothing where it is none, or code. */
  readonly record: HmacRecord | undefined;
  /** A well-formed secret that the receiver does not know. */
  readonly otherSecret: string;
  readonly fresh: (of?: Of) => Draft;
}

/** What a fresh delivery is to be. */
export interface Of {
  readonly event?: string;
  /** The name under which it goes, where that is another one. */
  readonly as?: string;
  /** The n-th story: deliveries of the same one are about the same order. */
  readonly story?: number;
  /** Changes the text of the body before it is signed. */
  readonly edit?: (text: string) => string | Uint8Array;
}

/** The kit of a rule. */
export function kitOf(bench: Bench, rule: string): Kit {
  let made = 0;
  const seedOf = (index: number) => numberOf(`${bench.seed} ${rule} ${index}`);
  return {
    ...bench,
    record: bench.provider.scheme.record,
    otherSecret: otherSecretOf(bench.provider, `${bench.seed} ${rule}`),
    fresh({ event = bench.event, as = event, story, edit = (text: string) => text }: Of = {}) {
      made += 1;
      const type = bench.provider.events[event] as EventType;
      const origin =
        story === undefined
          ? { seed: seedOf(made), at: bench.at - made * 1000 }
          : { seed: seedOf(-1 - story), at: bench.at - yetToCome(bench.provider, event) };
      const text = edit(JSON.stringify(bench.payload(type, origin)));
      const body = typeof text === 'string' ? Buffer.from(text) : text;
      return draft(bench.provider, body, origin, { event: as });
    },
  };
}

/** How long before the end of a story an event fires, ms. */
function yetToCome({ events }: Provider, event: string): number {
  const ages = Object.values(events).map(({ age }) => age);
  return (Math.max(...ages) - (events[event]?.age ?? 0)) * 1000;
}

const hash = (text: string): Buffer => createHash('sha512').update(text).digest();
const numberOf = (text: string): number => hash(text).readUInt32LE(0);

/** As long as the public example, and made as it is. */
function otherSecretOf({ scheme: { record }, exampleSecret }: Provider, text: string): string {
  const prefix = record?.keyPrefix ?? '';
  const bytes = hash(`other ${text}`).subarray(0, 32);
  if (record === undefined || record.key === 'utf8')
    return `${prefix}other-${bytes.toString('hex')}`.slice(0, Math.max(16, exampleSecret.length));
  return prefix + bytes.toString(record.key);
}

/** A genuine delivery. */
export function genuine(kit: Kit, made: Draft, now: number, extra: Headers = []): Message {
  return messageOf(seal(made, { url: nowhere, at: now, secrets: [kit.secret], extra }));
}

/** Rules know no target: whoever sends the message does. */
const nowhere = 'http://localhost/';

const messageOf = ({ url: _url, ...message }: ReturnType<typeof seal>): Message => message;

/** How a delivery differs from a genuine one; what is not named is as it should be. */
export interface Change {
  /** As it stands on the wire; null: the header is left out. */
  readonly id?: string | null;
  readonly timestamp?: string | null;
  readonly body?: Uint8Array;
  /** What the signature is made over and with. */
  readonly signed?: Partial<Signed>;
  /** The secret's text; the key follows from it. */
  readonly secret?: string;
  /** The signature's text, and what becomes of it. */
  readonly signature?: (text: string) => string;
  /** The whole value of the signature header, and what becomes of it; null: it is left out. */
  readonly value?: (value: string) => string | null;
  readonly extra?: Headers;
}

interface Signed extends Parts {
  readonly over: string;
  readonly digest: Digest;
  readonly encoding: Encoding;
  readonly key: Uint8Array;
}

/** A signature over what a delivery is, changed; nothing else of it is looked at. */
export function signatureOf(
  record: HmacRecord,
  secret: string,
  parts: Parts,
  signed: Partial<Signed> = {},
): string {
  const used = {
    over: record.over,
    digest: record.digest,
    encoding: record.encoding,
    key: keyOf(record, secret),
    ...parts,
    ...signed,
  };
  return encoded(digestOf(used, used.key, used), used.encoding);
}

/**
 * A delivery that differs from a genuine one in what the change says, and in nothing else.
 * @throws {TypeError} where the scheme is no record
 */
export function forged(kit: Kit, made: Draft, now: number, change: Change): Message {
  const { record } = kit;
  if (!record) throw new TypeError('only a scheme that is a record can be forged');
  const timestamp = change.timestamp === undefined ? String(Math.floor(now / 1000)) : change.timestamp;
  const id = change.id === undefined ? made.id : change.id;
  const body = change.body ?? made.body;
  const parts = { id: id ?? '', timestamp: timestamp ?? '', body };
  const text = signatureOf(record, change.secret ?? kit.secret, parts, change.signed);
  const signature = change.signature ? change.signature(text) : text;
  const written = timestamp === null ? untimed(record) : record;
  const draft = { id: id ?? undefined, at: now, body };
  const headers = changed(record, signatureHeaders(written, draft, [signature], timestamp ?? ''), {
    ...change,
    timestamp,
  });
  const all = withHeaders([...made.headers, ...headers], change.extra ?? []);
  return { id: made.id, provider: kit.provider.name, event: made.event, headers: all, body };
}

/** The same record without the time in its header's value. */
function untimed(record: HmacRecord): HmacRecord {
  const { value, separator } = record;
  if (separator === undefined) return record;
  const items = value.split(separator).filter((item) => !item.includes('{timestamp}'));
  return { ...record, value: items.join(separator) };
}

/** Leaves headers out, or changes the signature's. */
function changed({ names }: HmacRecord, headers: Headers, { timestamp, value }: Change): Headers {
  return headers.flatMap(([name, text]): Headers => {
    if (name === names.timestamp && timestamp === null) return [];
    if (name !== names.signature || value === undefined) return [[name, text]];
    const other = value(text);
    return other === null ? [] : [[name, other]];
  });
}

/** The text of a body with another name of the event. */
export function renamed({ provider }: Kit, text: string, name: string): string {
  const edit = {
    kind: 'set',
    path: parsePath(provider.eventAt.path) ?? [],
    value: name,
    json: false,
  } as const;
  return stringifyExact(applyEdits(parseExact(text), [edit], { force: true }));
}

/** A delivery without any header of its scheme. */
export function unsigned({ provider }: Kit, made: Draft, _now: number, extra: Headers = []): Message {
  const headers = withHeaders(made.headers, extra);
  return { id: made.id, provider: provider.name, event: made.event, headers, body: made.body };
}
