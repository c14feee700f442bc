import { type Drawing, hold } from '../core/declared-events.ts';
import { defineProvider as checked } from '../core/define.ts';
import { makeDrawing } from '../core/drawing.ts';
import { isObject } from '../core/json.ts';
import { printable } from '../core/printable.ts';
import type { Provider } from '../core/provider.ts';
import { providerOf as readProvider } from '../core/provider-data.ts';
import { UsageError } from '../errors.ts';
import type { ProviderData } from './define.ts';

let drawing: Drawing | undefined;

/** To compile a schema twice takes long; whoever gives the same object means the same provider. */
const read = new WeakMap<object, Provider>();

/**
 * The provider that data, or code with the same keys, declare; the same for the same object.
 * @param where names it in an error
 * @throws {UsageError} that says where it is wrong and what was expected
 */
export function providerOf(data: unknown, where: string): Provider {
  const known = isObject(data) ? read.get(data as object) : undefined;
  if (known) return known;
  drawing ??= makeDrawing();
  const provider = readProvider(data, where, drawing);
  for (const event of Object.values(provider.events)) hold(event);
  read.set(data as object, provider);
  read.set(provider, provider);
  return provider;
}

/**
 * The provider, checked: a finished one as it is, or one that data or code with the same keys declare.
 * @throws {TypeError} that names a finished provider, what is wrong and what to write instead
 * @throws {UsageError} that says where a declaration is wrong and what was expected
 */
export const defineProvider = (provider: Provider | ProviderData): Provider =>
  isFinished(provider) ? checked(provider) : ownProvider(provider);

/**
 * A user's own provider, finished or declared.
 * @throws {UsageError} that says where it is wrong and what was expected
 */
export function ownProvider(provider: unknown): Provider {
  if (!isObject(provider))
    throw new UsageError(
      `a provider is a name or an object, not ${provider === null ? 'null' : printable(String(provider))}`,
    );
  if (isFinished(provider)) return provider;
  const { name } = provider as { readonly name?: unknown };
  return providerOf(provider, typeof name === 'string' ? `the provider ${printable(name)}` : 'the provider');
}

/** Whether nothing is left to be filled in. What a provider of ours looks up late is not asked for. */
function isFinished(value: unknown): value is Provider {
  if (read.get(value as object) === value) return true;
  const { scheme, policy, eventAt, contentType, exampleSecret, identity, events } =
    value as Partial<Provider>;
  return (
    typeof scheme?.verify === 'function' &&
    typeof scheme.label === 'string' &&
    Array.isArray(scheme.headers) &&
    typeof policy?.timeoutMs?.value === 'number' &&
    typeof policy.accepts?.value === 'string' &&
    Array.isArray(policy.delaysMs?.value) &&
    typeof eventAt === 'object' &&
    typeof contentType?.value === 'string' &&
    typeof exampleSecret === 'string' &&
    Array.isArray(identity) &&
    isObject(events) &&
    Object.values(events as Provider['events']).every(
      (event) =>
        typeof event?.payload === 'function' &&
        typeof event.title === 'string' &&
        typeof event.basis === 'string' &&
        isObject(event.schema),
    )
  );
}
