import {
  type Carrier,
  queryValues,
  valuesAt,
  withMember,
  withoutMember,
  withoutParameter,
  withParameter,
} from './carrier.ts';
import { header } from './headers.ts';
import {
  contentNames,
  covers,
  coversAddress,
  type HeaderNames,
  hashOf,
  holdsId,
  isTimed,
  type Parts,
  type SignatureForm,
} from './hmac-record.ts';
import { checkValue, fieldsOf, signatureValue, timeText } from './hmac-value.ts';
import type { Signable, Signed } from './provider.ts';
import type { Headers, Received } from './types.ts';

/** Where the signature of a form stands, under its own names or a twin's. */
export const carrierOf = (form: Pick<SignatureForm, 'in' | 'names'>, names = form.names): Carrier => ({
  in: form.in ?? 'header',
  name: names.signature,
});

/** What a received signature says, as far as it could be read, and what it is made over. */
export interface Reading extends Parts {
  readonly names: HeaderNames;
  /** The signature's value as it came. */
  readonly raw?: string | undefined;
  /** How many times it stands there. */
  readonly times: number;
  /** The signatures of the known version, without prefix. */
  readonly signatures: readonly string[];
  readonly method: string;
  readonly url: string;
  /** The body's hash in the query, as often as it stands there. */
  readonly bodyHashes: readonly string[];
}

/** Reads a delivery by the form, under the names it came with. */
export function read(form: SignatureForm, received: Received): Reading {
  const { headers, body } = received;
  const carrying = { url: received.path, headers, body };
  const families = [form.names, ...(form.twins ?? [])];
  const has = (name: string | undefined) => name !== undefined && header(headers, name) !== undefined;
  const signed = (family: HeaderNames) => valuesAt(carrierOf(form, family), carrying);
  const names =
    families.find((family) => signed(family).length > 0) ??
    families.find((family) => has(family.id) || has(family.timestamp)) ??
    form.names;
  const values = signed(names);
  const raw = values[0];
  const fields = raw === undefined ? [] : fieldsOf(form, raw);
  const inside = (wanted: 'timestamp' | 'id') => fields.find(([field]) => field === wanted)?.[1];
  const url = received.url ?? `http://${header(headers, 'host') ?? 'localhost'}${received.path}`;
  const bodyHashes =
    form.bodyHashParameter === undefined ? [] : queryValues(received.path, form.bodyHashParameter);
  return {
    names,
    raw,
    times: values.length,
    signatures: fields.filter(([field]) => field === 'signature').map(([, text]) => text),
    id: names.id ? header(headers, names.id) : inside('id'),
    timestamp: names.timestamp ? header(headers, names.timestamp) : inside('timestamp'),
    method: received.method,
    url: receivedUrl(form, names, url, bodyHashes[0]),
    body: form.in === 'body' ? withoutMember(body, names.signature) : body,
    bodyHashes,
  };
}

/** The signed address of what came: the registered one, else what the request says. */
function receivedUrl(
  form: SignatureForm,
  names: HeaderNames,
  url: string,
  bodyHash: string | undefined,
): string {
  if (form.url === undefined) return form.in === 'query' ? withoutParameter(url, names.signature) : url;
  return form.bodyHashParameter === undefined || bodyHash === undefined
    ? form.url
    : withParameter(form.url, form.bodyHashParameter, bodyHash);
}

/** The time of an attempt as it stands on the wire. */
export const timestampOf = (form: Pick<SignatureForm, 'time'>, { at }: Signable): string =>
  timeText(form, at);

/** What signing a draft is done over: the address and the body without an old signature. */
export function partsOf(form: SignatureForm, draft: Signable): Parts {
  const { address } = addressOf(form, draft.url, draft.body);
  return {
    id: draft.id,
    timestamp: timestampOf(form, draft),
    method: 'POST',
    url:
      form.in === 'query' && address !== undefined
        ? withoutParameter(address, form.names.signature)
        : address,
    body: form.in === 'body' ? withoutMember(draft.body, form.names.signature) : draft.body,
  };
}

/** The address to sign, and the one to send to; they differ where the provider knows another. */
function addressOf(form: SignatureForm, url: string | undefined, body: Uint8Array) {
  const { bodyHashParameter, bodyHash } = form;
  const hashed = (address: string | undefined) =>
    bodyHashParameter === undefined || !bodyHash || address === undefined
      ? address
      : withParameter(address, bodyHashParameter, hashOf(bodyHash, body));
  return { address: hashed(form.url ?? url), target: hashed(url) };
}

/** What a written signature is made of. */
export interface Written {
  /** The signature's value; none: the delivery is unsigned. */
  readonly value?: string | undefined;
  readonly timestamp: string;
}

/**
 * A message with its signature where the form has it, its id and its time. A body that is no JSON object can carry none,
 * and stays as it is.
 */
export function written(form: SignatureForm, draft: Signable, { value, timestamp }: Written): Signed {
  const { names } = form;
  const headers: Headers = [
    ...(names.id && draft.id !== undefined ? [[names.id, draft.id] as const] : []),
    ...(names.timestamp ? [[names.timestamp, timestamp] as const] : []),
    ...(value !== undefined && (form.in ?? 'header') === 'header' ? [[names.signature, value] as const] : []),
  ];
  const { target } = addressOf(form, draft.url, draft.body);
  const url =
    form.in === 'query' && target !== undefined && value !== undefined
      ? withParameter(target, names.signature, value)
      : target;
  const body = form.in === 'body' && value !== undefined && withMember(draft.body, names.signature, value);
  return {
    headers,
    ...(url === undefined || url === draft.url ? {} : { url }),
    ...(body ? { body } : {}),
  };
}

/** A message signed: the value holds all signatures, or there is none. */
export const signedBy = (form: SignatureForm, draft: Signable, signatures: readonly string[]): Signed => {
  const timestamp = timestampOf(form, draft);
  const value =
    signatures.length > 0 ? signatureValue(form, { signatures, timestamp, id: draft.id }) : undefined;
  return written(form, draft, { value, timestamp });
};

/**
 * Checks that a form can be written and read, and that nothing in it is without effect.
 * @throws {TypeError} that names the part
 */
export function checkForm(form: SignatureForm): void {
  checkValue(form);
  checkContent(form);
  const idle = (what: string, why: string) => {
    throw new TypeError(`${what} changes nothing: ${why}`);
  };
  if (form.bodyHash && !covers(form, 'bodyhash') && form.bodyHashParameter === undefined)
    idle('bodyHash', `over "${form.over}" has no {bodyhash}`);
  if (form.url !== undefined && !coversAddress(form))
    idle('url', `over "${form.over}" signs no part of the address`);
  if (form.time !== undefined && !isTimed(form)) idle('time', 'the delivery holds no time');
  if (form.tolerance && !isTimed(form)) idle('tolerance', 'the delivery holds no time');
}

function checkContent(form: SignatureForm): void {
  const { over, names, value } = form;
  const unknown = (over.match(/\{[^{}]*\}/g) ?? []).find(
    (part) => !(contentNames as readonly string[]).includes(part.slice(1, -1)),
  );
  // What looks like a placeholder and is none may be meant as it stands there, but for one word in small letters.
  if (unknown !== undefined && /^\{[a-z_]+\}$/i.test(unknown))
    throw new TypeError(
      `over "${over}" has ${unknown}, which there is not; there are ${contentNames.map((name) => `{${name}}`).join(', ')}`,
    );
  const has = (part: string) => over.includes(`{${part}}`);
  if (!['body', 'bodyhash', 'url', 'path', 'query', 'timestamp'].some(has))
    throw new TypeError(`over "${over}" signs neither {body} nor {url}`);
  if (has('id') && !holdsId(form))
    throw new TypeError(
      `over "${over}" signs an id, which stands neither in value nor in a header that names.id names`,
    );
  if (names.id !== undefined && value.includes('{id}'))
    throw new TypeError('the id stands twice, in the header that names.id names and in value');
  if (has('timestamp') && names.timestamp === undefined && !value.includes('{timestamp}'))
    throw new TypeError(`over "${over}" signs a time, which stands neither in names.timestamp nor in value`);
  if (has('bodyhash') && !form.bodyHash)
    throw new TypeError(`over "${over}" signs {bodyhash}, and bodyHash does not say how it is made`);
  if (form.bodyHashParameter !== undefined && !form.bodyHash)
    throw new TypeError('bodyHashParameter needs bodyHash, which says how it is made');
}
