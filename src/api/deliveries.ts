import { attemptFact, deliver } from '../actions/deliver.ts';
import { catalogueRow } from '../core/catalogue.ts';
import { draft, seal } from '../core/craft.ts';
import type { AttemptFact, EventFact } from '../core/facts.ts';
import { payloadOf } from '../core/fake.ts';
import { bodyText } from '../core/form.ts';
import { headerFault } from '../core/headers.ts';
import { coversAddress } from '../core/hmac-record.ts';
import { type ExactJson, stringifyExact } from '../core/json.ts';
import { judge } from '../core/judge.ts';
import { applyEdits, type Edit } from '../core/patch.ts';
import { parsePath } from '../core/path.ts';
import type { EventType, Provider } from '../core/provider.ts';
import { parseStatuses } from '../core/status.ts';
import { guardRemote, guardSecret, parseTarget } from '../core/target.ts';
import type { Json, JsonObject, Verdict } from '../core/types.ts';
import { makeValidate } from '../core/validate.ts';
import { isoTime } from '../core/wire.ts';
import { UsageError } from '../errors.ts';
import { openTransport } from '../io/transport.ts';
import { providers } from '../providers/index.ts';
import {
  addressOf,
  bytesOf,
  checkOptions,
  headerList,
  instantOf,
  oneEvent,
  originOf,
  placeOf,
  providerFor,
  randomSeed,
  secretsOf,
} from './inputs.ts';
import type { HeadersLike, Instant } from './types.ts';

/** What decides a payload. */
export interface PayloadOptions {
  /** The same seed and clock make the same payload. @default a random one */
  readonly seed?: number;
  /** The payload's clock. @default now */
  readonly at?: Instant;
  /** Fields to change: `{ 'data.total_amount': '0.00' }`. */
  readonly set?: Readonly<Record<string, Json>>;
}

/** How a body is signed. */
export interface SignOptions {
  /** One secret or several. @default the provider's public example secret */
  readonly secret?: string | readonly string[];
  /** The delivery's id, where the provider sends one. @default a fresh one */
  readonly id?: string;
  /** The time of the signature. @default now */
  readonly at?: Instant;
  /** Where it is sent to: a few schemes sign the address, and need it. */
  readonly url?: string;
}

/** What `verify` needs beside the delivery. */
export interface VerifyOptions extends Omit<SignOptions, 'id' | 'url'> {
  /** Turns warnings into errors. */
  readonly strict?: boolean;
}

/** A delivery as a receiver sees it. */
export interface ReceivedDelivery {
  readonly headers: HeadersLike;
  readonly body: string | Uint8Array;
  /** The path with its query, or the whole address: a few schemes sign it, or carry the signature in its query. @default '/' */
  readonly url?: string | undefined;
  /** @default 'POST' */
  readonly method?: string | undefined;
}

/** What is sent, where to, and how it is signed. */
export interface SendOptions extends PayloadOptions, Omit<SignOptions, 'url'> {
  /** As `--to`: `localhost`, `3000`, `localhost:3000/path` or a URL. */
  readonly to: string | number;
  /** Send exactly this instead of a made payload. */
  readonly body?: string | Uint8Array;
  /** Added last; one of the same name replaces another. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly unsigned?: boolean;
  /** The time of the signature, where it shall differ from now. */
  readonly signedAt?: Instant;
  /** @default the provider's, ms */
  readonly timeoutMs?: number;
  /** Allow a host that is not this machine. */
  readonly allowRemote?: boolean;
}

/**
 * The catalogue, or a provider's part of it.
 * @throws {UsageError} for an unknown provider
 */
export function events(provider?: string | Provider): EventFact[] {
  const among = provider === undefined ? providers : [providerFor(provider)];
  const at = isoTime(Date.now());
  return among.flatMap((each) => Object.keys(each.events).map((name) => catalogueRow(each, name, at)));
}

/**
 * A payload of an event, as the provider would send it.
 * @throws {UsageError} for an unknown provider, event or path
 */
export function payload(
  provider: string | Provider,
  event: string,
  options: PayloadOptions = {},
): JsonObject {
  checkOptions(options, ['seed', 'at', 'set']);
  const from = providerFor(provider);
  return JSON.parse(
    stringifyExact(madeOf(from, oneEvent(from, event), originOf(options), options)),
  ) as JsonObject;
}

/**
 * The headers with which a provider sends a body: content type, and the signature over exactly these bytes.
 * @throws {UsageError} for an unknown provider or a malformed secret, where headers alone cannot sign, and where the
 * address is signed and not given
 */
export function sign(
  provider: string | Provider,
  body: string | Uint8Array,
  options: SignOptions = {},
): Record<string, string> {
  checkOptions(options, ['secret', 'id', 'at', 'url']);
  const from = providerFor(provider);
  const at = instantOf(options.at);
  const made = draft(from, bytesOf(body), { seed: randomSeed(), at }, { id: options.id });
  const { form } = from.scheme;
  if (options.url === undefined && form && form.url === undefined && coversAddress(form))
    throw new UsageError(`${from.title} signs the address, and there is none`, 'give it as the option url');
  const url = options.url === undefined ? 'http://localhost/' : addressOf(options.url);
  const delivery = seal(made, { url, at, secrets: secretsOf(from, options.secret) });
  if (delivery.url !== url || delivery.body !== made.body)
    throw new UsageError(
      `${from.title} does not sign with headers alone: ${from.scheme.label}`,
      'send() puts the signature where it belongs',
    );
  return Object.fromEntries(delivery.headers);
}

/**
 * Judges a delivery: signature, time, shape. A mismatch says which mistake would explain it.
 * @throws {UsageError} for an unknown provider or a malformed secret
 */
export function verify(
  provider: string | Provider,
  delivery: ReceivedDelivery,
  options: VerifyOptions = {},
): Verdict {
  checkOptions(options, ['secret', 'at', 'strict']);
  checkOptions(delivery, undefined, ['headers', 'body']);
  const from = providerFor(provider);
  const received = {
    method: delivery.method ?? 'POST',
    ...placeOf(delivery.url ?? '/'),
    headers: headerList(delivery.headers),
    body: bytesOf(delivery.body),
  };
  const secrets = secretsOf(from, options.secret);
  const now = instantOf(options.at);
  validate ??= makeValidate();
  const bench = { providers, provider: from, now, validate, thorough: true, strict: options.strict ?? false };
  return judge(received, { ...bench, secretsOf: (each) => (each === from ? secrets : [each.exampleSecret]) });
}

let validate: ReturnType<typeof makeValidate> | undefined;

const sendOptions = [
  'to',
  'seed',
  'at',
  'set',
  'secret',
  'id',
  'body',
  'headers',
  'unsigned',
  'signedAt',
  'timeoutMs',
  'allowRemote',
];

/**
 * Makes, signs and sends one delivery; tells what was answered. A connection that fails is an answer, not an error.
 * @throws {UsageError} for an unknown provider or event, a bad target, a remote host that is not allowed
 */
export async function send(
  provider: string | Provider,
  event: string,
  options: SendOptions,
): Promise<AttemptFact> {
  checkOptions(options ?? {}, sendOptions, ['to']);
  const from = providerFor(provider);
  const target = parseTarget(String(options.to));
  guardRemote(target, options.allowRemote ?? false, []);
  if (!options.unsigned) guardSecret(from, target, options.secret === undefined, 'give a secret');
  const name = oneEvent(from, event);
  const origin = originOf(options);
  if (options.body !== undefined && options.set) {
    throw new UsageError('body is sent as it is, so set cannot apply', 'leave one of them out');
  }
  const body = bytesOf(options.body ?? bodyText(from, madeOf(from, name, origin, options)));
  const made = draft(from, body, origin, {
    id: options.id,
    ...(options.body === undefined ? { event: name } : {}),
  });
  const transport = openTransport({ timeoutMs: options.timeoutMs ?? from.policy.timeoutMs.value });
  try {
    const attempt = await deliver(options.body === undefined ? made : { ...made, seed: undefined }, {
      transport,
      url: target.url.href,
      secrets: options.unsigned ? [] : secretsOf(from, options.secret),
      extra: [...target.headers, ...headersOf(options)],
      accepts: parseStatuses(from.policy.accepts.value),
      now: Date.now,
      signedAt: options.signedAt === undefined ? undefined : instantOf(options.signedAt),
    });
    return attemptFact(attempt);
  } finally {
    await transport.close();
  }
}

function headersOf({ headers = {} }: SendOptions): [string, string][] {
  for (const [name, value] of Object.entries(headers)) {
    const fault = headerFault(name, value);
    if (fault !== undefined) throw new UsageError(`the header "${name}" cannot be sent: ${fault}`);
  }
  return Object.entries(headers);
}

function madeOf(
  provider: Provider,
  name: string,
  origin: { seed: number; at: number },
  { set = {} }: PayloadOptions,
): ExactJson {
  const event = provider.events[name] as EventType;
  const edits = Object.entries(set).map(([text, value]): Edit => {
    const path = parsePath(text);
    if (!path) throw new UsageError(`"${text}" is not a path`);
    return { kind: 'set', path, value: JSON.stringify(value), json: true };
  });
  return applyEdits(payloadOf(event, origin) as ExactJson, edits, { schema: event.schema });
}
