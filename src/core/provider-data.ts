import { UsageError } from '../errors.ts';
import { codeScheme, isCode } from './code-scheme.ts';
import { type Drawing, eventsOf, type ReadScheme, type Told } from './declared-events.ts';
import { eventPlace, head, line, policyOf, sourced } from './declared-fields.ts';
import { defineProvider } from './define.ts';
import { formType, isFormType } from './form.ts';
import { isObject } from './json.ts';
import type { KnownAnswer, Policy, Provider, Scheme } from './provider.ts';
import { none } from './scheme.ts';
import { inside, misshapen, type Place } from './shape.ts';
import type { Sourced } from './types.ts';

/**
 * The provider that data declare. What they do not say is assumed. Code declares one by the same keys: `scheme` may be a
 * scheme that works, and an event may have a function `payload`.
 * @param where names them in an error
 * @param readScheme reads a scheme that is JSON
 * @param drawing makes and checks payloads; without it the events are read when they are asked for, their schemas and samples
 * are taken at their word, and an event without a sample has no payload
 * @throws {UsageError} that says where they are wrong and what was expected
 */
export function providerOf(
  data: unknown,
  where: string,
  drawing?: Drawing,
  readScheme: ReadScheme = drawing?.scheme ?? unsigned,
): Provider {
  const place: Place = { where, path: [] };
  const given = head(data, place);
  const told: Told = {
    basis: given.basis ?? 'assumed',
    source: given.source ?? given.docs ?? `declared in ${where}`,
  };
  const written = { ...told, ...((given.scheme ?? { kind: 'none' }) as object) };
  const schemePlace = inside(place, 'scheme');
  const scheme = isCode(given.scheme)
    ? codeScheme(given.scheme, told, schemePlace)
    : readScheme(written, schemePlace);
  refuseIdleFormat(given, place);
  const eventAt = eventPlace(given.eventAt, told, inside(place, 'eventAt'));
  const provider = {
    name: given.name,
    title: given.title ?? given.name,
    docs: given.docs ?? told.source,
    scheme,
    exampleSecret: given.exampleSecret ?? exampleSecretOf(given.name, scheme),
    policy: { ...defaultPolicy(told), ...policyOf(told)(given.policy ?? {}, inside(place, 'policy')) },
    ...(given.format === 'form' ? { format: given.format } : {}),
    contentType: sourced(line, told)(
      given.contentType ?? (given.format === 'form' ? formType : 'application/json'),
      inside(place, 'contentType'),
    ),
    ...(given.userAgent === undefined
      ? {}
      : { userAgent: sourced(line, told)(given.userAgent, inside(place, 'userAgent')) }),
    ...(given.headers === undefined ? {} : { headers: given.headers }),
    eventAt,
    identity: given.identity ?? identityBy(scheme),
    ...(given.knownAnswers === undefined ? {} : { knownAnswers: given.knownAnswers as KnownAnswer[] }),
  };
  const whole = () =>
    defined(where, { ...provider, events: eventsOf(given, told, eventAt.path, place, drawing) });
  return drawing ? whole() : withLateEvents(provider, () => whole().events);
}

/** What makes a delivery the same one again where nothing else is said: the id that its scheme names. */
export function identityBy({ form }: Scheme): readonly string[] {
  const id = form?.names.id;
  return id === undefined ? [] : [`header:${id.toLowerCase()}`];
}

/** To read the events of those that come with us would take as long as all else of them, and most runs look at few. */
function withLateEvents(provider: Omit<Provider, 'events'>, read: () => Provider['events']): Provider {
  let events: Provider['events'] | undefined;
  return {
    ...provider,
    get events() {
      events ??= read();
      return events;
    },
  };
}

/** A form that is not called one would not be read as one. */
function refuseIdleFormat(
  { format, contentType }: { readonly format?: string | undefined; readonly contentType?: unknown },
  place: Place,
): void {
  const type = isObject(contentType) ? (contentType as { readonly value?: unknown }).value : contentType;
  if (format === 'form' && type !== undefined && !isFormType(String(type)))
    throw misshapen(inside(place, 'contentType'), `${formType}, for "format" is "form"`, type);
}

/** Of those that come with us as data none is signed: what reads a scheme loads where there is one to read. */
const unsigned: ReadScheme = (data) => {
  const { basis, source } = data as Told;
  return none(basis, source);
};

/** What the constructor of every provider finds, in the words of a file. */
function defined(where: string, provider: Provider): Provider {
  try {
    return defineProvider(provider);
  } catch (error) {
    throw new UsageError(`${where}: ${(error as Error).message}`);
  }
}

const defaultPolicy = ({ source }: Told): Policy => {
  const assumed = <T>(value: T): Sourced<T> => ({
    value,
    basis: 'assumed',
    source: `nothing is said of it: ${source}`,
  });
  return { timeoutMs: assumed(15_000), accepts: assumed('2xx'), delaysMs: assumed([]) };
};

/** A secret in public, in the form that the scheme wants: its bytes are the provider's name, over and over. */
export function exampleSecretOf(name: string, { record, secretLike, secretFault }: Scheme): string {
  const bytes = Buffer.from(name.repeat(32));
  const prefix = record?.keyPrefix ?? '';
  const plain = `${prefix}example-secret-for-${name}`;
  if (record === undefined) {
    // A text, or a user with a password.
    const suiting = [plain, `${name}:${plain}`].find((each) => secretFault(each) === undefined);
    return suiting ?? secretLike?.(plain, bytes.subarray(0, 32)) ?? plain;
  }
  if (record.key === 'utf8') return plain;
  return prefix + bytes.subarray(0, Math.max(32, record.keyBytes?.[0] ?? 0)).toString(record.key);
}
