import { catalogueRow } from '../core/catalogue.ts';
import { draft, seal } from '../core/craft.ts';
import type { EventFact } from '../core/facts.ts';
import { coversAddress } from '../core/hmac-record.ts';
import { stringifyExact } from '../core/json.ts';
import type { Provider } from '../core/provider.ts';
import type { Json, JsonObject } from '../core/types.ts';
import { isoTime } from '../core/wire.ts';
import { UsageError } from '../errors.ts';
import { providers } from '../providers/index.ts';
import type { ProviderData } from './define.ts';
import {
  addressOf,
  bytesOf,
  checkOptions,
  instantOf,
  oneEvent,
  originOf,
  providerFor,
  randomSeed,
  secretsOf,
} from './inputs.ts';
import { madeOf } from './payload.ts';
import type { Instant } from './types.ts';

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

/**
 * The catalogue, or a provider's part of it.
 * @throws {UsageError} for an unknown provider
 */
export function events(provider?: string | Provider | ProviderData): EventFact[] {
  const among = provider === undefined ? providers : [providerFor(provider)];
  const at = isoTime(Date.now());
  return among.flatMap((each) => Object.keys(each.events).map((name) => catalogueRow(each, name, at)));
}

/**
 * A payload of an event, as the provider would send it.
 * @throws {UsageError} for an unknown provider, event or path
 */
export function payload(
  provider: string | Provider | ProviderData,
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
  provider: string | Provider | ProviderData,
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
