import { header } from './headers.ts';
import { memo } from './memo.ts';
import { getPath, parsePath } from './path.ts';
import type { Provider } from './provider.ts';
import type { Headers, Json } from './types.ts';

/**
 * Whose delivery it is: by the signature header, then by the event's name, then by what makes a delivery of a provider
 * the same one again. What stays ambiguous or unknown is a problem, not a guess.
 */
export function recognise(
  headers: Headers,
  value: Json | undefined,
  providers: readonly Provider[],
): Provider | { readonly fault: string } {
  const named = (provider: Provider) =>
    Object.hasOwn(provider.events, eventOf(provider, headers, value) ?? '');
  const identified = (provider: Provider) => identityOf(provider, headers, value) !== undefined;
  const bySignature = providers.filter(({ scheme }) =>
    scheme.headers.some((name) => header(headers, name) !== undefined),
  );
  const among = bySignature.length > 0 ? bySignature : providers.filter(named);
  const candidates = narrowed(narrowed(among, named), identified);
  if (candidates.length === 1) return candidates[0] as Provider;
  const fault =
    candidates.length === 0
      ? 'no known signature header and no known event name; name it with --provider'
      : `it could be from ${candidates.map(({ name }) => name).join(' or ')}; name it with --provider`;
  return { fault };
}

/** Those of several that pass a test, where some do. */
function narrowed<T>(among: readonly T[], test: (item: T) => boolean): readonly T[] {
  const passing = among.length > 1 ? among.filter(test) : [];
  return passing.length > 0 ? passing : among;
}

/** The event's name as the body, or a header, says it; or nothing. */
export const eventOf = (
  { eventAt }: Provider,
  headers: Headers,
  value: Json | undefined,
): string | undefined => partAt(eventAt.path, headers, value);

/** The name of the header that a place names: `header:x-github-event`; nothing where it is a path of the body. */
export const headerOf = (place: string): string | undefined =>
  place.startsWith('header:') ? place.slice('header:'.length) : undefined;

function partAt(place: string, headers: Headers, value: Json | undefined): string | undefined {
  const name = headerOf(place);
  return name === undefined ? stringAt(value, place) : header(headers, name);
}

function stringAt(value: Json | undefined, path: string): string | undefined {
  const found = value === undefined ? undefined : getPath(value, pathOf(path));
  return typeof found === 'string' ? found : undefined;
}

const pathOf = memo((path: string) => parsePath(path) ?? []);
const alternativesOf = memo((part: string) => part.split('|'));

/** What makes this delivery the same one again, by the provider's rule; nothing when a part of it is absent. */
export function identityOf(
  provider: Provider,
  headers: Headers,
  value: Json | undefined,
): string | undefined {
  if (provider.identity.length === 0) return undefined;
  const parts = provider.identity.map((part) =>
    alternativesOf(part)
      .map((place) => partAt(place, headers, value))
      .find((text) => text !== undefined),
  );
  return parts.every((part) => part !== undefined) ? parts.join('+') : undefined;
}
