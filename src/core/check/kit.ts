import { createHash } from 'node:crypto';
import { type Carrier, valuesAt, withParameter } from '../carrier.ts';
import { draft, type Origin, seal } from '../craft.ts';
import { header, withHeaders } from '../headers.ts';
import { partsOf, written } from '../hmac-header.ts';
import {
  type Digest,
  digestOf,
  type Encoding,
  encoded,
  type HmacRecord,
  keyOf,
  type Parts,
  type SignatureForm,
  secretFault,
} from '../hmac-record.ts';
import { signatureValue, timeIn, timeText } from '../hmac-value.ts';
import { parseExact, stringifyExact } from '../json.ts';
import { applyEdits } from '../patch.ts';
import { parsePath } from '../path.ts';
import type { Draft, EventType, Provider, Signable, Signed } from '../provider.ts';
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
  /** Where the receiver is; a few schemes sign it. @default a local address */
  readonly url?: string | undefined;
  readonly payload: (event: EventType, origin: Origin) => JsonObject;
}

/** What one rule makes its messages of. Each draft is another delivery; which one follows from seed and rule. */
export interface Kit extends Bench {
  /** The scheme as data; nothing where it is no HMAC. */
  readonly record: HmacRecord | undefined;
  readonly form: SignatureForm | undefined;
  /** Where the signature or the secret stands; nothing where the provider does not sign. */
  readonly carrier: Carrier | undefined;
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
    record: recordOf(bench),
    form: bench.provider.scheme.form,
    carrier: bench.provider.scheme.carrier,
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

/** The record, where the secret is one for it: a scheme may know another kind of key beside. */
function recordOf({ provider: { scheme }, secret }: Bench): HmacRecord | undefined {
  const { record } = scheme;
  return record && secretFault(record, secret) === undefined ? record : undefined;
}

/** How long before the end of a story an event fires, ms. */
function yetToCome({ events }: Provider, event: string): number {
  const ages = Object.values(events).map(({ age }) => age);
  return (Math.max(...ages) - (events[event]?.age ?? 0)) * 1000;
}

const hash = (text: string): Buffer => createHash('sha512').update(text).digest();
const numberOf = (text: string): number => hash(text).readUInt32LE(0);

/** As long as the public example, and made as it is. */
function otherSecretOf({ scheme, exampleSecret }: Provider, text: string): string {
  const bytes = hash(`other ${text}`).subarray(0, 32);
  return (
    scheme.secretLike?.(exampleSecret, bytes) ??
    `other-${bytes.toString('hex')}`.slice(0, Math.max(16, exampleSecret.length))
  );
}

/** The address that is signed where the rules know no other. */
const nowhere = 'http://localhost/';

const targetOf = ({ url = nowhere }: Pick<Kit, 'url'>): string => url;

/** A genuine delivery. */
export function genuine(kit: Kit, made: Draft, now: number, extra: Headers = []): Message {
  const url = targetOf(kit);
  const { url: sent, ...message } = seal(made, { url, at: now, secrets: [kit.secret], extra });
  return { ...message, ...(sent === url ? {} : { url: sent }) };
}

/** How a delivery differs from a genuine one; what is not named is as it should be. */
export interface Change {
  /** As it stands on the wire; null: the header is left out. */
  readonly id?: string | null;
  readonly timestamp?: string | null;
  readonly body?: Uint8Array;
  /** What the signature is made over and with. */
  readonly signed?: Partial<Making>;
  /** The secret's text; the key follows from it. */
  readonly secret?: string;
  /** The signature's text, and what becomes of it. */
  readonly signature?: (text: string) => string;
  /** The whole value of the signature header, and what becomes of it; null: it is left out. */
  readonly value?: (value: string) => string | null;
  readonly extra?: Headers;
}

/** What a signature is made over, how it is made, and with what. */
interface Making extends Parts {
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
  signed: Partial<Making> = {},
): string {
  const used = { ...record, key: keyOf(record, secret), ...parts, ...signed };
  return encoded(digestOf(used, used.key, used), used.encoding);
}

/** A time (ms since the epoch) as the scheme writes it. */
export const stamp = ({ form }: Kit, at: number): string => timeText(form ?? {}, at);

/**
 * A delivery that differs from a genuine one in what the change says, and in nothing else. Where the scheme is no HMAC,
 * the digest's making and text stay as they are.
 */
export function forged(kit: Kit, made: Draft, now: number, change: Change): Message {
  const { record } = kit;
  const id = change.id === undefined ? made.id : (change.id ?? undefined);
  const timestamp = change.timestamp === undefined ? stamp(kit, now) : change.timestamp;
  const body = change.body ?? made.body;
  const parts = { id, at: now, body, url: targetOf(kit), contentType: header(made.headers, 'content-type') };
  const signed = record
    ? forgedByRecord(record, kit, parts, timestamp, change)
    : forgedByScheme(kit, parts, timestamp, change);
  const headers = withHeaders(withHeaders(made.headers, signed.headers), change.extra ?? []);
  return {
    id: made.id,
    provider: kit.provider.name,
    event: made.event,
    headers,
    body: signed.body ?? body,
    ...(signed.url === undefined ? {} : { url: signed.url }),
  };
}

/** Signs as the record says, but for what is changed. */
function forgedByRecord(
  record: HmacRecord,
  { secret }: Kit,
  draft: Signable,
  timestamp: string | null,
  change: Change,
): Signed {
  const signedBody = change.signed?.body ?? draft.body;
  const over = {
    ...partsOf(record, { ...draft, body: signedBody }),
    id: draft.id,
    timestamp: timestamp ?? '',
  };
  const text = signatureOf(record, change.secret ?? secret, over, change.signed);
  const signature = change.signature ? change.signature(text) : text;
  const form = timestamp === null ? untimed(record) : record;
  const plain = signatureValue(form, { signatures: [signature], timestamp: timestamp ?? '', id: draft.id });
  const value = (change.value ? change.value(plain) : plain) ?? undefined;
  const put = (body: Uint8Array) => written(form, { ...draft, body }, { value, timestamp: timestamp ?? '' });
  // A hash of the body in the address is under the signature: it stays as it was signed.
  const { headers, url } = put(signedBody);
  const { body } = put(draft.body);
  return { headers, ...(url === undefined ? {} : { url }), ...(body ? { body } : {}) };
}

/** The same record without the time: in the signature's value, or in a header of its own. */
function untimed(record: HmacRecord): HmacRecord {
  const { value, separator, names } = record;
  const { timestamp: _, ...others } = names;
  if (separator === undefined) return { ...record, names: others };
  const items = value.split(separator).filter((item) => !item.includes('{timestamp}'));
  return { ...record, names: others, value: items.join(separator) };
}

/** Lets the scheme sign, and changes what came of it. */
function forgedByScheme(kit: Kit, draft: Signable, timestamp: string | null, change: Change): Signed {
  const { provider, form, carrier, secret } = kit;
  const told = change.signed?.timestamp ?? timestamp;
  const at = (form && told !== null ? timeIn(form, told) : undefined) ?? draft.at;
  const signable = {
    ...draft,
    id: change.signed?.id ?? draft.id,
    at,
    body: change.signed?.body ?? draft.body,
  };
  const signed = provider.scheme.sign(signable, [change.secret ?? secret]);
  const own = new Map([
    [form?.names.id, draft.id ?? null],
    [form?.names.timestamp, timestamp],
  ]);
  const headers = signed.headers.flatMap(([name, text]): Headers => {
    const value = own.get(name);
    return value === null ? [] : [[name, value ?? text]];
  });
  const { body: _, ...rest } = signed;
  return change.value && carrier
    ? changedAt(carrier, { ...rest, headers }, draft.url ?? nowhere, change.value)
    : { ...rest, headers };
}

/** Changes what stands at a place, or leaves it out. */
function changedAt(
  carrier: Carrier,
  { headers, url }: Signed,
  target: string,
  change: (value: string) => string | null,
): Signed {
  const body = Buffer.alloc(0);
  const value = change(valuesAt(carrier, { url: url ?? target, headers, body })[0] ?? '');
  if (carrier.in === 'query') {
    const changed = value === null ? target : withParameter(target, carrier.name, value);
    return { headers, url: changed };
  }
  return {
    headers: headers.flatMap(([name, text]): Headers => {
      if (name !== carrier.name) return [[name, text]];
      return value === null ? [] : [[name, value]];
    }),
    ...(url === undefined ? {} : { url }),
  };
}

/** What stands where a message has its signature. */
export function signatureIn({ carrier, url = nowhere }: Kit, message: Message): string {
  return (carrier && valuesAt(carrier, { url, ...message })[0]) ?? '';
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
