import { createHash } from 'node:crypto';
import { type Carrier, valuesAt, withParameter } from '../carrier.ts';
import { seal } from '../craft.ts';
import { header, withHeaders } from '../headers.ts';
import { partsOf, written } from '../hmac-header.ts';
import {
  contentOf,
  type Digest,
  digestOf,
  type Encoding,
  encoded,
  type HmacRecord,
  keyOf,
  type Parts,
} from '../hmac-record.ts';
import { signatureValue, timeIn, timeText } from '../hmac-value.ts';
import { parseExact, stringifyExact } from '../json.ts';
import { applyEdits } from '../patch.ts';
import { parsePath } from '../path.ts';
import type { Draft, Signable, Signed } from '../provider.ts';
import type { Headers } from '../types.ts';
import { tampered, withField } from './bodies.ts';
import type { Kit } from './kit.ts';
import type { Message } from './rule.ts';

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
  /** A mere hash, which needs no key. */
  readonly unkeyed: boolean;
}

/** A signature over what a delivery is, changed; nothing else of it is looked at. */
export function signatureOf(
  record: HmacRecord,
  secret: string,
  parts: Parts,
  signed: Partial<Making> = {},
): string {
  const used = { unkeyed: false, ...record, key: keyOf(record, secret), ...parts, ...signed };
  const digest = used.unkeyed ? hashed(used) : digestOf(used, used.key, used);
  return encoded(digest, used.encoding);
}

/** The hash of the content without any key. */
function hashed(used: Pick<HmacRecord, 'digest' | 'over' | 'bodyHash'> & Parts): Buffer {
  const hash = createHash(used.digest);
  for (const piece of contentOf(used, used)) hash.update(piece);
  return hash.digest();
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

/** The text of a body with one value changed, so that it stays as valid as it was. */
export function altered({ provider }: Kit, text: string): string {
  const value = JSON.parse(text);
  // What tells events and deliveries apart is left alone: what is changed is data.
  const spared = [...Object.keys(provider.events), value?.timestamp, value?.updatedAt];
  const changed = tampered(
    text,
    spared.filter((each) => typeof each === 'string'),
  );
  return changed ?? withField(text, 'hooks_check', 'true');
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
