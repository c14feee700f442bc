import { UsageError } from '../errors.ts';
import { holdsId } from './hmac-record.ts';
import { didYouMean } from './nearest.ts';
import type { Provider } from './provider.ts';
import { signs } from './signs.ts';

/**
 * The provider of a name.
 * @throws {UsageError} that names the nearest
 */
export function findProvider(name: string, providers: readonly Provider[]): Provider {
  const provider = providers.find((candidate) => candidate.name === name.toLowerCase());
  if (provider) return provider;
  const names = providers.map((candidate) => candidate.name);
  const having = providers
    .filter(({ events }) => Object.hasOwn(events, name))
    .map((candidate) => candidate.name);
  if (having.length > 0) {
    throw new UsageError(
      `"${name}" is an event; its provider comes first`,
      `write ${having.map((each) => `${each} ${name}`).join(' or ')}`,
    );
  }
  throw new UsageError(
    `there is no provider "${name}"`,
    didYouMean(name, names, `there are ${names.join(', ')}`),
  );
}

/** Whether deliveries of a provider carry an id of their own. */
export const sendsId = ({ scheme }: Provider): boolean => scheme.form !== undefined && holdsId(scheme.form);

/** Whether a provider signs its deliveries at all. */
export const isSigned = ({ scheme }: Provider): boolean => signs(scheme);

/**
 * The machine names that words mean, in lifecycle order: each a machine name, a printed name in any letter case, or a
 * glob, with or without `provider:` before it.
 * @throws {UsageError} for a word that means none, naming the nearest
 */
export function findEvents(provider: Provider, words: readonly string[]): string[] {
  const found = new Set(words.flatMap((word) => meant(provider, word)));
  return Object.keys(provider.events).filter((name) => found.has(name));
}

function meant(provider: Provider, text: string): string[] {
  const prefix = `${provider.name}:`;
  const word = text.startsWith(prefix) ? text.slice(prefix.length) : text;
  const names = Object.keys(provider.events);
  // An event may have the prefix in its own name.
  for (const each of new Set([word, text])) {
    const isMeant = eventTest(each);
    const found = names.filter((name) => isMeant(name) || sameTitle(provider, name, each));
    if (found.length > 0) return found;
  }
  throw new UsageError(
    `${provider.name} has no event "${text}"`,
    didYouMean(
      word,
      [...names, ...names.map((name) => provider.events[name]?.title ?? name)],
      `hooks events ${provider.name} lists them`,
    ),
  );
}

const sameTitle = (provider: Provider, name: string, word: string): boolean =>
  provider.events[name]?.title.toLowerCase() === word.trim().toLowerCase();

/** Whether an event's name fits a name or a glob, in which `*` is any text. */
export function eventTest(pattern: string): (name: string) => boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  const expression = new RegExp(`^${source}$`, 'i');
  return (name) => expression.test(name);
}

/** Whether a delivery is one of those named. */
export type EventFilter = (delivery: {
  readonly provider?: string | undefined;
  readonly event?: string | undefined;
}) => boolean;

/**
 * Reads patterns such as `order.*` or `shoprocket:order.created`.
 * @param only the one provider whose deliveries there can be
 * @throws {UsageError} for one that no event of any provider fits
 */
export function eventFilter(
  patterns: readonly string[],
  providers: readonly Provider[],
  only?: Provider,
): EventFilter {
  const tests = patterns.map((pattern) => onePattern(pattern.trim(), providers, only));
  return (delivery) => tests.some((test) => test(delivery));
}

/** Whose events a pattern means; nothing where they are nobody's. */
function ownersWords(pattern: string, providers: readonly Provider[]): string | undefined {
  const isMeant = eventTest(pattern);
  const owners = providers.filter(({ events }) => Object.keys(events).some(isMeant));
  if (owners.length === 0) return undefined;
  const fits = pattern.includes('*') ? 'fits events' : 'is an event';
  return `${pattern} ${fits} of ${owners.map(({ name }) => name).join(', ')}`;
}

const fits = ({ events }: Provider, pattern: string): boolean => Object.keys(events).some(eventTest(pattern));

/** `provider:event` in two, unless an event is named so as a whole. */
function parted(
  pattern: string,
  providers: readonly Provider[],
  only: Provider | undefined,
): { readonly provider?: Provider | undefined; readonly event: string } {
  const colon = pattern.indexOf(':');
  if (colon < 0) return { event: pattern };
  const [name, event] = [pattern.slice(0, colon), pattern.slice(colon + 1)];
  const provider = providers.find((each) => each.name === name.toLowerCase());
  if (provider && (only ?? provider) === provider && fits(provider, event)) return { provider, event };
  const among = only ? [only] : providers;
  if (among.some((each) => fits(each, pattern))) return { event: pattern };
  if (provider && fits(provider, `${name}:*`)) return { provider, event: pattern };
  // A slip in the name of an event, not in that of a provider.
  if (!provider && among.some((each) => fits(each, `${name}:*`))) return { event: pattern };
  return { provider: provider ?? findProvider(name, providers), event };
}

function onePattern(
  pattern: string,
  providers: readonly Provider[],
  only: Provider | undefined,
): EventFilter {
  const { provider, event: word } = parted(pattern, providers, only);
  if (only && provider && only !== provider) {
    throw new UsageError(`"${pattern}" cannot come: --provider ${only.name} takes each delivery for its own`);
  }
  const named = provider ?? only;
  const among = named ? [named] : providers;
  const isMeant = eventTest(word);
  const names = among.flatMap(({ events }) => Object.keys(events));
  if (!names.some(isMeant)) {
    throw new UsageError(
      `no event fits "${pattern}"`,
      ownersWords(word, providers) ?? didYouMean(word, names, '`hooks events` lists them'),
    );
  }
  return ({ provider: from, event }) =>
    (!provider || from === provider.name) && event !== undefined && isMeant(event);
}
