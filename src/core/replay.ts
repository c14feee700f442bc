import { hash } from 'node:crypto';
import { UsageError } from '../errors.ts';
import { assumed } from './basis.ts';
import type { Capture } from './capture.ts';
import { draft } from './craft.ts';
import { bodyText, isFormType, readBody } from './form.ts';
import { endToEnd, header, headerFault } from './headers.ts';
import { read } from './hmac-header.ts';
import type { HeaderNames } from './hmac-record.ts';
import { eventOf, identityOf, recognise } from './identity.ts';
import { parseExact, stringifyExact } from './json.ts';
import { applyEdits, type Edit, type EditRules } from './patch.ts';
import type { Draft, Provider, Scheme } from './provider.ts';
import { none } from './scheme.ts';
import type { Headers, Received } from './types.ts';

/** Whose delivery a capture holds, and which; no provider where none is recognised. */
export interface Identity {
  readonly provider?: Provider | undefined;
  readonly event?: string | undefined;
  readonly id?: string | undefined;
}

/**
 * Whose delivery it is: as the capture says, else as it is recognised.
 * @param only fixes the provider
 */
export function identify(
  { received, said }: Capture,
  providers: readonly Provider[],
  only: Provider | undefined,
): Identity {
  const named = providers.find(({ name }) => name === said?.provider);
  if (said && named && (only ?? named) === named)
    return { provider: named, event: said.event, id: headerId(named, received) ?? said.id };
  const type = header(received.headers, 'content-type');
  const isForm = (only ? [only] : providers).some(({ format }) => format === 'form');
  const parsed = readBody(received.body, type, isForm ? 'form' : undefined);
  const value = 'value' in parsed ? parsed.value : undefined;
  const provider = only ?? recognise(received.headers, value, providers);
  if ('fault' in provider) return {};
  return {
    provider,
    event: eventOf(provider, received.headers, value),
    id: headerId(provider, received) ?? identityOf(provider, received.headers, value),
  };
}

/** The id that stands in a header, where the provider's scheme has one there. */
const headerId = ({ scheme }: Provider, received: Received): string | undefined =>
  scheme.form && read(scheme.form, received).id;

const bodyMark = Buffer.from('body ');

/** A digest that two captures share when they hold the same delivery: of its id, or where it has none of its bytes. */
export function deliveryDigest({ received }: Capture, { provider, id }: Identity): Buffer {
  const named = provider && id !== undefined;
  return hash(
    'sha1',
    named ? `id ${provider.name} ${id}` : Buffer.concat([bodyMark, received.body]),
    'buffer',
  );
}

/** How a recorded delivery is made ready to be sent again. */
export interface Renewal {
  /** The old headers are kept, the signature too. */
  readonly asRecorded: boolean;
  /** Each is given a fresh id, where the provider sends one in a header. */
  readonly newIds: boolean;
  readonly edits: readonly Edit[];
  /** Edits make paths that neither the payload nor the schema has. */
  readonly force: boolean;
}

/** A draft made of a recorded delivery, and the names of headers that cannot be sent. */
export interface Renewed {
  readonly draft: Draft;
  readonly leftOut: readonly string[];
}

/**
 * A recorded delivery as a draft: same id, same bytes, without the old signature, its time and its id's header, which
 * sealing makes anew. Where no provider is recognised, it keeps all its headers and is not signed.
 * @param origin a fresh id follows from it
 * @throws {UsageError} for an edit that does not fit it
 */
export function renew(
  { received }: Capture,
  { provider, event, id }: Identity,
  { asRecorded, newIds, edits, force }: Renewal,
  origin: { readonly seed: number; readonly at: number },
): Renewed {
  const schema =
    provider && event !== undefined && Object.hasOwn(provider.events, event)
      ? provider.events[event]?.schema
      : undefined;
  const body = edits.length > 0 ? edited(received, provider, edits, { schema, force }) : received.body;
  const passed = endToEnd(received.headers).filter(([name]) => !/^(?:host|content-length)$/i.test(name));
  const leftOut = passed.filter(([name, value]) => headerFault(name, value) !== undefined);
  const headers = passed.filter((pair) => !leftOut.includes(pair));
  const names = leftOut.map(([name]) => name);
  if (asRecorded || !provider) {
    const from = { ...(provider ?? stranger), scheme: unsigned };
    return { draft: { provider: from, event, id, headers, body }, leftOut: names };
  }
  const kept = headerId(provider, received);
  const fits = kept !== undefined && kept !== '' && headerFault('id', kept) === undefined;
  const made = draft(provider, body, origin, fits && !newIds ? { id: kept } : {});
  const scheme = inNamesOf(provider.scheme, received);
  const renewed = {
    ...made,
    provider: { ...provider, scheme },
    seed: undefined,
    headers: withoutSignature(headers, provider.scheme),
  };
  return { draft: renewed, leftOut: names };
}

function edited(
  { body, headers }: Received,
  provider: Provider | undefined,
  edits: readonly Edit[],
  rules: EditRules,
): Buffer {
  const parsed = readBody(body, header(headers, 'content-type'), provider?.format);
  if ('fault' in parsed) throw new UsageError(`its body is not JSON: ${parsed.fault}`);
  try {
    const value = applyEdits(parseExact(parsed.text), edits, rules);
    const isForm = provider?.format === 'form' && isFormType(header(headers, 'content-type'));
    return Buffer.from(isForm ? bodyText(provider, value) : stringifyExact(value));
  } catch (error) {
    // What came from outside may be nested as deeply as it likes.
    if (error instanceof RangeError) throw new UsageError('its body is nested too deeply to be changed');
    throw error;
  }
}

const namesIn = ({ signature, id, timestamp }: HeaderNames): string[] =>
  [signature, id, timestamp].flatMap((name) => (name === undefined ? [] : [name.toLowerCase()]));

function withoutSignature(headers: Headers, { headers: own, form }: Scheme): Headers {
  const families = form ? [form.names, ...(form.twins ?? [])] : [];
  const names = new Set([...own, ...families.flatMap(namesIn)]);
  return headers.filter(([name]) => !names.has(name.toLowerCase()));
}

/** A scheme that signs under the header names that a delivery came with, where they are a twin of its own. */
function inNamesOf(scheme: Scheme, received: Received): Scheme {
  const { form } = scheme;
  const names = form && (form.in ?? 'header') === 'header' ? read(form, received).names : undefined;
  if (!form || !names || names === form.names) return scheme;
  const own = namesIn(form.names);
  const twin = namesIn(names);
  const renamed = (name: string) => twin[own.indexOf(name.toLowerCase())] ?? name;
  return {
    ...scheme,
    sign(signable, secrets) {
      const signed = scheme.sign(signable, secrets);
      return { ...signed, headers: signed.headers.map(([name, value]) => [renamed(name), value] as const) };
    },
  };
}

const unsigned = none('assumed', 'it is sent as it was recorded');

/** Stands in where no provider is recognised; only its name and its policy are used. */
const stranger: Provider = {
  name: 'unknown',
  title: 'Unknown',
  docs: '',
  scheme: unsigned,
  exampleSecret: '',
  policy: {
    timeoutMs: assumed(15_000, '15 s is what the large senders of webhooks wait'),
    accepts: assumed('2xx', '2xx is success in HTTP'),
    delaysMs: assumed([], 'nothing is known of it'),
  },
  contentType: assumed('application/json', 'nothing is known of it'),
  eventAt: { path: 'event', basis: 'assumed', source: 'nothing is known of it' },
  identity: [],
  events: {},
};
