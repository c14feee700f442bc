import { UsageError } from '../errors.ts';
import type { EventType, Provider } from './provider.ts';

const providerName = /^[a-z][a-z0-9-]*$/;

/** A star and a comma mean something else where events are picked. */
const eventName = /^(?!\s)[^*,\p{Cc}\p{Zl}\p{Zp}]+(?<!\s)$/u;

/**
 * A provider, checked.
 * @throws {TypeError} that names the provider, what is wrong and what to write instead
 */
export function defineProvider(provider: Provider): Provider {
  const fail = (message: string): never => {
    throw new TypeError(`provider "${provider.name}": ${message}`);
  };
  if (!providerName.test(provider.name)) fail('a name is lower-case letters, digits and "-", a letter first');
  const events = Object.entries(provider.events);
  if (events.length === 0) fail('it has no events; declare at least one');
  for (const [name, event] of events) checkEvent(name, event, fail);
  const fault = provider.scheme.secretFault(provider.exampleSecret);
  if (fault !== undefined) fail(`its example secret does not suit its scheme: ${fault}`);
  return provider;
}

function checkEvent(name: string, event: EventType, fail: (message: string) => never): void {
  if (!eventName.test(name))
    fail(
      `event ${JSON.stringify(name)}: a name has no "*", no "," and no control characters, and no space at its ends`,
    );
  if (event.source === '') fail(`event "${name}": its source is empty; name the page or the reason`);
  if (!('x-basis' in event.schema)) fail(`event "${name}": its schema lacks "x-basis" at the top`);
  if (event.age < 0)
    fail(`event "${name}": its age is ${event.age} s; it cannot fire before its subject exists`);
}

/**
 * Refuses a declared provider whose name there is already.
 * @param there those that come with us, and those that were declared before it
 * @param place names it in an error
 * @param more what else can be done where the name is of one that comes with us
 * @throws {UsageError}
 */
export function refuseTwice(
  { name }: Provider,
  there: { readonly builtIn: readonly Provider[]; readonly before: readonly Provider[] },
  place: string,
  more = '',
): void {
  const has = (providers: readonly Provider[]) => providers.some((other) => other.name === name);
  if (has(there.builtIn))
    throw new UsageError(
      `${place}: "${name}" is a provider that comes with hooks`,
      `take another name${more}`,
    );
  if (has(there.before))
    throw new UsageError(`${place} declares "${name}" a second time`, 'take another name, or leave one out');
}
