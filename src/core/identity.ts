import { header } from './headers.ts';
import { memo } from './memo.ts';
import { getPath, parsePath } from './path.ts';
import type { Provider } from './provider.ts';
import type { Headers, Json } from './types.ts';

/**
 * Whose delivery it is: by the signature header, then by the event's name. What stays ambiguous or unknown is a
 * problem, not a guess.
 */
export function recognise(
  headers: Headers,
  value: Json | undefined,
  providers: readonly Provider[],
): Provider | { readonly fault: string } {
  const named = ({ eventAt, events }: Provider) => Object.hasOwn(events, stringAt(value, eventAt.path) ?? '');
  const bySignature = providers.filter(({ scheme }) =>
    scheme.headers.some((name) => header(headers, name) !== undefined),
  );
  const among = bySignature.length > 0 ? bySignature : providers.filter(named);
  const candidates = among.length > 1 && among.some(named) ? among.filter(named) : among;
  if (candidates.length === 1) return candidates[0] as Provider;
  const fault =
    candidates.length === 0
      ? 'no known signature header and no known event name; name it with --provider'
      : `it could be from ${candidates.map(({ name }) => name).join(' or ')}; name it with --provider`;
  return { fault };
}

/** The event's name as the body says it, or nothing. */
export const eventOf = ({ eventAt }: Provider, value: Json | undefined): string | undefined =>
  stringAt(value, eventAt.path);

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
  const partOf = (alternative: string) =>
    alternative.startsWith('header:') ? header(headers, alternative.slice(7)) : stringAt(value, alternative);
  const parts = provider.identity.map((part) =>
    alternativesOf(part)
      .map(partOf)
      .find((text) => text !== undefined),
  );
  return parts.every((part) => part !== undefined) ? parts.join('+') : undefined;
}
