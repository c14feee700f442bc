import { isDeepStrictEqual } from 'node:util';
import { type Config, parseConfig, providerPlace } from '../core/config.ts';
import type { Drawing } from '../core/declared-events.ts';
import { refuseTwice } from '../core/define.ts';
import { didYouMean, nearest } from '../core/nearest.ts';
import type { Provider } from '../core/provider.ts';
import { exampleSecretOf, identityBy, providerOf } from '../core/provider-data.ts';
import { schemeOf } from '../core/schemes.ts';
import { UsageError } from '../errors.ts';
import { type Host, loadFile } from '../io/config.ts';
import { providers as builtIn } from '../providers/index.ts';
import { fromConfig } from './paths.ts';
import type { Settings } from './settings.ts';

/**
 * Reads a configuration, and makes the providers of it.
 * @param shown the file's name in an error
 * @param host told of each file that is code
 * @throws {UsageError} that says where it is wrong and what was expected
 */
export async function readSettings(
  file: string,
  shown: string,
  checked: boolean,
  host: Host,
): Promise<Settings> {
  const value = await loadFile(file, shown, host);
  const config = blamed(shown, () => parseConfig(value, shown));
  const own = await ownProviders(config, file, shown, checked, host);
  const all = [...builtIn, ...own];
  for (const key of ['secrets', 'schemes', 'policies'] as const)
    for (const name of Object.keys(config[key] ?? {})) {
      // A scheme may be found, with a secret, before its provider is declared.
      const early = key !== 'policies' && nearest(name, namesOf(all)) === undefined;
      if (!early) refuseUnknown(name, all, `${shown}: ${key}.${name}`);
    }
  return {
    providers: all.map((provider) => overridden(provider, config)),
    own: own.map(({ name }) => name),
    config,
    file,
  };
}

async function ownProviders(
  config: Config,
  file: string,
  shown: string,
  checked: boolean,
  host: Host,
): Promise<Provider[]> {
  const given = config.providers ?? [];
  if (given.length === 0) return [];
  const drawing = checked ? await openDrawing() : undefined;
  const own: Provider[] = [];
  for (const [index, each] of given.entries()) {
    const place = providerPlace(shown, index);
    const isPath = typeof each === 'string';
    const where = isPath ? each : place;
    const data = isPath ? await loadFile(fromConfig(each, file), `${place}: ${each}`, host) : each;
    const provider = blamed(where, () => providerOf(data, where, drawing));
    refuseTwice(
      provider,
      { builtIn, before: own },
      place,
      '; "schemes" and "policies" change what we say of a built-in one',
    );
    own.push(provider);
  }
  return own;
}

/** What a user's object throws while it is read, be it by a getter, is its own fault. */
function blamed<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `${where} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Makes and checks payloads: ajv and a generator, which only declared providers need. */
export const openDrawing = async (): Promise<Drawing> => (await import('../core/drawing.ts')).makeDrawing();

const namesOf = (providers: readonly Provider[]): string[] => providers.map(({ name }) => name);

function refuseUnknown(name: string, providers: readonly Provider[], place: string): void {
  const names = namesOf(providers);
  if (names.includes(name)) return;
  throw new UsageError(
    `${place}: there is no provider "${name}"`,
    didYouMean(name, names, `there are ${names.join(', ')}; "providers" declares others`),
  );
}

/** A provider with what the configuration says otherwise. */
function overridden(provider: Provider, { schemes, policies }: Config): Provider {
  const { name, identity } = provider;
  const given = schemes?.[name];
  const scheme = given === undefined ? provider.scheme : schemeOf(given);
  const suits = scheme.secretFault(provider.exampleSecret) === undefined;
  return {
    ...provider,
    scheme,
    exampleSecret: suits ? provider.exampleSecret : exampleSecretOf(name, scheme),
    // What was the scheme's to say is the new one's.
    identity: isDeepStrictEqual(identity, identityBy(provider.scheme)) ? identityBy(scheme) : identity,
    policy: { ...provider.policy, ...policies?.[name] },
  };
}
