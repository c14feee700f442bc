import { judge } from '../core/judge.ts';
import type { Provider } from '../core/provider.ts';
import type { Verdict } from '../core/types.ts';
import { makeValidate } from '../core/validate.ts';
import { providers } from '../providers/index.ts';
import type { ProviderData } from './define.ts';
import { bytesOf, checkOptions, headerList, instantOf, placeOf, providerFor, secretsOf } from './inputs.ts';
import type { SignOptions } from './making.ts';
import type { HeadersLike } from './types.ts';

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

/**
 * Judges a delivery: signature, time, shape. A mismatch says which mistake would explain it.
 * @throws {UsageError} for an unknown provider or a malformed secret
 */
export function verify(
  provider: string | Provider | ProviderData,
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
