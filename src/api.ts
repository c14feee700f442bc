import { deliver } from './actions/deliver.ts';
import { startListener } from './actions/listen.ts';
import { catalogueRow } from './core/catalogue.ts';
import { draft, seal } from './core/craft.ts';
import type { AttemptFact, EventFact, Fact, ReceivedFact } from './core/facts.ts';
import { payloadOf } from './core/fake.ts';
import { type ExactJson, stringifyExact } from './core/json.ts';
import { judge } from './core/judge.ts';
import { applyEdits, type Edit } from './core/patch.ts';
import { parsePath } from './core/path.ts';
import type { EventType, Provider } from './core/provider.ts';
import { findEvents, findProvider } from './core/select.ts';
import { parseStatuses } from './core/status.ts';
import { guardRemote, parseTarget } from './core/target.ts';
import type { Headers, Json, JsonObject, Verdict } from './core/types.ts';
import { makeValidate } from './core/validate.ts';
import { isoTime } from './core/wire.ts';
import { UsageError } from './errors.ts';
import { defaultLimits } from './io/server.ts';
import { openTransport } from './io/transport.ts';
import { providers } from './providers/index.ts';

/** A moment: a Date, ISO 8601 text, or ms since the epoch. */
export type Instant = Date | string | number;

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
}

/** What `verify` needs beside the delivery. */
export interface VerifyOptions extends Omit<SignOptions, 'id'> {
  /** Turns warnings into errors. */
  readonly strict?: boolean;
}

/** A delivery as a receiver sees it. */
export interface ReceivedDelivery {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>> | Headers;
  readonly body: string | Uint8Array;
}

export interface SendOptions extends PayloadOptions, SignOptions {
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

export interface ListenOptions {
  /** 0 is any free one. @default 0 */
  readonly port?: number;
  /** Whose deliveries these are. @default each is recognised */
  readonly provider?: string;
  /** Secrets by provider. @default the public example secrets */
  readonly secrets?: Readonly<Record<string, string | readonly string[]>>;
  readonly strict?: boolean;
}

/** A running listener. */
export interface Listener {
  /** Where deliveries go: `http://localhost:53211/`. */
  readonly url: string;
  /** All that has come so far. */
  readonly received: readonly ReceivedFact[];
  /** The first delivery of an event (or of any), already here or still to come. Rejects after `timeoutMs` (5 s). */
  readonly waitFor: (event?: string, options?: { readonly timeoutMs?: number }) => Promise<ReceivedFact>;
  readonly close: () => Promise<void>;
}

/**
 * The catalogue, or a provider's part of it.
 * @throws {UsageError} for an unknown provider
 */
export function events(provider?: string): EventFact[] {
  const among = provider === undefined ? providers : [findProvider(provider, providers)];
  const at = isoTime(Date.now());
  return among.flatMap((each) => Object.keys(each.events).map((name) => catalogueRow(each, name, at)));
}

/**
 * A payload of an event, as the provider would send it.
 * @throws {UsageError} for an unknown provider, event or path
 */
export function payload(provider: string, event: string, options: PayloadOptions = {}): JsonObject {
  const from = findProvider(provider, providers);
  return JSON.parse(bodyText(from, oneEvent(from, event), originOf(options), options)) as JsonObject;
}

/**
 * The headers with which a provider sends a body: content type, and the signature over exactly these bytes.
 * @throws {UsageError} for an unknown provider or a malformed secret
 */
export function sign(
  provider: string,
  body: string | Uint8Array,
  options: SignOptions = {},
): Record<string, string> {
  const from = findProvider(provider, providers);
  const at = instantOf(options.at);
  const made = draft(from, Buffer.from(body), { seed: randomSeed(), at }, options.id);
  return Object.fromEntries(
    seal(made, { url: 'http://localhost/', at, secrets: secretsOf(from, options.secret) }).headers,
  );
}

/**
 * Judges a delivery: signature, time, shape. A mismatch says which mistake would explain it.
 * @throws {UsageError} for an unknown provider or a malformed secret
 */
export function verify(provider: string, delivery: ReceivedDelivery, options: VerifyOptions = {}): Verdict {
  const from = findProvider(provider, providers);
  const received = {
    method: 'POST',
    path: '/',
    headers: headerList(delivery.headers),
    body: Buffer.from(delivery.body),
  };
  const secrets = secretsOf(from, options.secret);
  const now = instantOf(options.at);
  validate ??= makeValidate();
  const bench = { providers, provider: from, now, validate, thorough: true, strict: options.strict ?? false };
  return judge(received, { ...bench, secretsOf: (each) => (each === from ? secrets : [each.exampleSecret]) });
}

let validate: ReturnType<typeof makeValidate> | undefined;

/**
 * Makes, signs and sends one delivery; tells what was answered. A connection that fails is an answer, not an error.
 * @throws {UsageError} for an unknown provider or event, a bad target, a remote host that is not allowed
 */
export async function send(provider: string, event: string, options: SendOptions): Promise<AttemptFact> {
  const from = findProvider(provider, providers);
  const target = parseTarget(String(options.to));
  guardRemote(target, options.allowRemote ?? false, []);
  if (!target.local && options.secret === undefined && !options.unsigned) {
    throw new UsageError(
      `the public example secret is not used towards ${target.url.hostname}`,
      'give a secret',
    );
  }
  const name = oneEvent(from, event);
  const origin = originOf(options);
  if (options.body !== undefined && options.set) {
    throw new UsageError('body is sent as it is, so set cannot apply', 'leave one of them out');
  }
  const made = draft(
    from,
    Buffer.from(options.body ?? bodyText(from, name, origin, options)),
    origin,
    options.id,
  );
  const transport = openTransport({ timeoutMs: options.timeoutMs ?? from.policy.timeoutMs.value });
  try {
    return await deliver(options.body === undefined ? made : { ...made, seed: undefined }, {
      transport,
      url: target.url.href,
      secrets: options.unsigned ? [] : secretsOf(from, options.secret),
      extra: [...target.headers, ...Object.entries(options.headers ?? {})],
      accepts: parseStatuses(from.policy.accepts.value),
      now: Date.now,
      signedAt: options.signedAt === undefined ? undefined : instantOf(options.signedAt),
    });
  } finally {
    await transport.close();
  }
}

/**
 * Starts a listener that verifies and validates what comes.
 * @throws {UsageError} when the port is taken, or for an unknown provider or a malformed secret
 */
export async function listen(options: ListenOptions = {}): Promise<Listener> {
  const given = Object.entries(options.secrets ?? {}).map(([name, secret]) => {
    const provider = findProvider(name, providers);
    return [provider, secretsOf(provider, secret)] as const;
  });
  const secrets = new Map<Provider, readonly string[]>(given);
  const received: ReceivedFact[] = [];
  const waiting = new Set<(fact: ReceivedFact) => void>();
  const server = await startListener(
    {
      providers,
      provider: options.provider === undefined ? undefined : findProvider(options.provider, providers),
      secretsOf: (provider) => secrets.get(provider) ?? [provider.exampleSecret],
      strict: options.strict ?? false,
      port: options.port ?? 0,
      limits: defaultLimits,
      now: Date.now,
    },
    (fact: Fact) => {
      if (fact.kind !== 'received') return;
      received.push(fact);
      for (const tell of [...waiting]) tell(fact);
    },
  );
  return {
    url: `http://localhost:${server.port}/`,
    received,
    waitFor: (event, { timeoutMs = 5000 } = {}) => waitFor(event, timeoutMs, received, waiting),
    close: server.close,
  };
}

function waitFor(
  event: string | undefined,
  timeoutMs: number,
  received: readonly ReceivedFact[],
  waiting: Set<(fact: ReceivedFact) => void>,
): Promise<ReceivedFact> {
  const fits = ({ verdict }: ReceivedFact) => event === undefined || verdict.event === event;
  const here = received.find(fits);
  if (here) return Promise.resolve(here);
  return new Promise((resolve, reject) => {
    const tell = (fact: ReceivedFact) => {
      if (fits(fact)) settle(() => resolve(fact));
    };
    const settle = (end: () => void) => {
      clearTimeout(timer);
      waiting.delete(tell);
      end();
    };
    const late = new Error(`no ${event ?? 'delivery'} came within ${timeoutMs} ms`);
    const timer = setTimeout(() => settle(() => reject(late)), timeoutMs);
    waiting.add(tell);
  });
}

const randomSeed = (): number => Math.floor(Math.random() * 1e9);

const originOf = ({ seed, at }: PayloadOptions) => ({ seed: seed ?? randomSeed(), at: instantOf(at) });

function instantOf(instant: Instant | undefined): number {
  const at = instant === undefined ? Date.now() : new Date(instant).getTime();
  if (Number.isFinite(at)) return at;
  throw new UsageError(`"${instant}" is not a time`, 'give a Date, ISO 8601 text, or ms since the epoch');
}

function secretsOf(provider: Provider, secret: string | readonly string[] | undefined): readonly string[] {
  const secrets = secret === undefined ? [provider.exampleSecret] : [secret].flat();
  for (const each of secrets) {
    const fault = provider.scheme.secretFault(each);
    if (fault !== undefined) throw new UsageError(`the secret for ${provider.name} is malformed: ${fault}`);
  }
  return secrets;
}

function oneEvent(provider: Provider, word: string): string {
  const [name, ...more] = findEvents(provider, [word]);
  if (name !== undefined && more.length === 0) return name;
  throw new UsageError(`"${word}" is not one event of ${provider.name}`);
}

function bodyText(
  provider: Provider,
  name: string,
  origin: { seed: number; at: number },
  { set = {} }: PayloadOptions,
): string {
  const event = provider.events[name] as EventType;
  const edits = Object.entries(set).map(([text, value]): Edit => {
    const path = parsePath(text);
    if (!path) throw new UsageError(`"${text}" is not a path`);
    return { kind: 'set', path, value: JSON.stringify(value), json: true };
  });
  return stringifyExact(applyEdits(payloadOf(event, origin) as ExactJson, edits, { schema: event.schema }));
}

function headerList(headers: ReceivedDelivery['headers']): Headers {
  if (Array.isArray(headers)) return headers as Headers;
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((text): [string, string] => [name, text as string]),
  );
}
