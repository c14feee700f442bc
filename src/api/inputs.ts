import { didYouMean } from '../core/nearest.ts';
import type { Provider } from '../core/provider.ts';
import { findEvents, findProvider } from '../core/select.ts';
import type { Headers, Received } from '../core/types.ts';
import { UsageError } from '../errors.ts';
import { providers } from '../providers/index.ts';
import type { ProviderData } from './define.ts';
import { ownProvider } from './own.ts';
import type { HeadersLike, Instant } from './types.ts';

/**
 * Checks what TypeScript checks, for those who call from JavaScript.
 * @throws {UsageError} for an option that there is not, naming the nearest, and for one that must be there and is not
 */
export function checkOptions(
  options: object,
  known: readonly string[] | undefined,
  needed: readonly string[] = [],
): void {
  if (typeof options !== 'object' || options === null)
    throw new UsageError(`options are an object, not ${options}`);
  for (const name of known ? Object.keys(options) : []) {
    if (!known?.includes(name))
      throw new UsageError(
        `there is no option "${name}"`,
        didYouMean(name, known ?? [], `there are ${known?.join(', ')}`),
      );
  }
  for (const name of needed) {
    if ((options as Record<string, unknown>)[name] === undefined)
      throw new UsageError(`"${name}" is missing`);
  }
}

/**
 * The bytes of a body.
 * @throws {UsageError} when it is neither text nor bytes
 */
export function bytesOf(body: string | Uint8Array): Buffer {
  if (typeof body === 'string' || body instanceof Uint8Array) return Buffer.from(body);
  throw new UsageError(
    `a body is text or bytes, not ${body === null ? 'null' : typeof body}`,
    'give what goes over the wire, such as JSON.stringify(…)',
  );
}

/**
 * A whole address.
 * @throws {UsageError} when it is none
 */
export function addressOf(url: string): string {
  if (typeof url === 'string' && /^https?:\/\/[^/]/i.test(url) && URL.canParse(url)) return url;
  throw new UsageError(`"${url}" is not an address`, 'write all of it: https://example.com/webhooks');
}

/**
 * The path of a request, as a server has it or as a part of the whole address.
 * @throws {UsageError} when it is neither
 */
export function placeOf(url: string): Pick<Received, 'path' | 'url'> {
  if (typeof url === 'string' && url.startsWith('/')) return { path: url };
  const { pathname, search } = new URL(addressOf(url));
  return { path: pathname + search, url };
}

/**
 * The provider of a name, or one of a user's own.
 * @throws {UsageError} for an unknown name, and for a declaration that is wrong
 */
export const providerFor = (provider: string | Provider | ProviderData): Provider =>
  typeof provider === 'string' ? findProvider(provider, providers) : ownProvider(provider);

export const randomSeed = (): number => Math.floor(Math.random() * 1e9);

export const originOf = ({ seed, at }: { readonly seed?: number; readonly at?: Instant }) => ({
  seed: seed ?? randomSeed(),
  at: instantOf(at),
});

export function instantOf(instant: Instant | undefined): number {
  const at = instant === undefined ? Date.now() : new Date(instant).getTime();
  if (Number.isFinite(at)) return at;
  throw new UsageError(`"${instant}" is not a time`, 'give a Date, ISO 8601 text, or ms since the epoch');
}

export function secretsOf(
  provider: Provider,
  secret: string | readonly string[] | undefined,
): readonly string[] {
  const secrets = secret === undefined ? [provider.exampleSecret] : [secret].flat();
  for (const each of secrets) {
    const fault = provider.scheme.secretFault(each);
    if (fault !== undefined) throw new UsageError(`the secret for ${provider.name} is malformed: ${fault}`);
  }
  return secrets;
}

export function oneEvent(provider: Provider, word: string): string {
  const [name, ...more] = findEvents(provider, [word]);
  if (name !== undefined && more.length === 0) return name;
  throw new UsageError(`"${word}" is not one event of ${provider.name}`);
}

export function headerList(headers: HeadersLike): Headers {
  if (isIterable(headers)) return [...headers];
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((text): [string, string] => [name, text as string]),
  );
}

const isIterable = (headers: HeadersLike): headers is Iterable<readonly [string, string]> =>
  typeof (headers as Iterable<unknown>)[Symbol.iterator] === 'function';
