import { attemptFact, deliver } from '../actions/deliver.ts';
import { draft } from '../core/craft.ts';
import type { AttemptFact } from '../core/facts.ts';
import { bodyText } from '../core/form.ts';
import { headerFault } from '../core/headers.ts';
import type { Provider } from '../core/provider.ts';
import { parseStatuses } from '../core/status.ts';
import { guardRemote, guardSecret, parseTarget } from '../core/target.ts';
import { UsageError } from '../errors.ts';
import { openTransport } from '../io/transport.ts';
import type { ProviderData } from './define.ts';
import { bytesOf, checkOptions, instantOf, oneEvent, originOf, providerFor, secretsOf } from './inputs.ts';
import type { PayloadOptions, SignOptions } from './making.ts';
import { madeOf } from './payload.ts';
import type { Instant } from './types.ts';

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
  provider: string | Provider | ProviderData,
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
