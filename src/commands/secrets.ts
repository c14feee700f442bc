import type { Context } from '../context.ts';
import { didYouMean } from '../core/nearest.ts';
import type { Provider } from '../core/provider.ts';
import { UsageError } from '../errors.ts';
import { readText } from './input.ts';

/** Where a command was told to find secrets. */
export interface SecretFlags {
  readonly secretFile?: string;
  readonly secret?: readonly string[];
}

/** The secrets of each provider, and whether they are only its public example. */
export interface Secrets {
  readonly of: (provider: Provider) => readonly string[];
  readonly isExample: (provider: Provider) => boolean;
  /** What a user may not expect of where they came from. */
  readonly notes: readonly string[];
}

/**
 * Finds secrets: file, flag, environment, the public example; the first that is there wins.
 * @param only the one provider a command is about; without it each given secret is `PROVIDER=VALUE`
 * @throws {UsageError} for a malformed secret; never quotes it
 */
export async function findSecrets(
  flags: SecretFlags,
  context: Context,
  providers: readonly Provider[],
  only?: Provider,
): Promise<Secrets> {
  const lines = flags.secretFile === undefined ? flags.secret : await fileSecrets(flags.secretFile, context);
  const given = new Map<string, string[]>();
  for (const line of lines ?? []) {
    const [provider, secret] = only ? [only, withoutName(line, only)] : splitSecret(line, providers);
    checkSecret(
      provider,
      secret,
      flags.secretFile === undefined ? '--secret' : `--secret-file ${flags.secretFile}`,
    );
    given.set(provider.name, [...(given.get(provider.name) ?? []), secret]);
  }
  const own = (provider: Provider) => given.get(provider.name) ?? environmentSecret(provider, context);
  for (const provider of only ? [only] : providers) own(provider);
  return {
    of: (provider) => own(provider) ?? [provider.exampleSecret],
    isExample: (provider) => own(provider) === undefined,
    notes: (only ? [only] : providers)
      .filter((provider) => own(provider) === undefined && context.env[secretVariable(provider)] === '')
      .map((provider) => `${secretVariable(provider)} is empty: the public example secret is used`),
  };
}

/** How to give a secret. */
export const secretAdvice = (provider: Provider): string =>
  `give one with --secret-file or ${secretVariable(provider)}`;

/** What is said of a secret on the command line. */
export const shownSecretWords = (only: Provider | undefined): string =>
  `--secret shows in the process list; --secret-file or ${only ? secretVariable(only) : 'HOOKS_<PROVIDER>_SECRET'} do not`;

/** What a user may not expect of a signature that is made with these secrets. */
export function schemeNotes({ title, scheme }: Provider, secrets: readonly string[]): string[] {
  if (scheme.basis === 'documented') return [];
  const one = secrets.length > 1 && scheme.form?.separator === undefined;
  return [
    `the signing scheme of ${title} is ${scheme.basis}: ${scheme.label}`,
    ...(one ? ['its header holds one signature: signed with the first secret'] : []),
  ];
}

/** What to do where a signature does not fit the public example secret. */
export const exampleAdvice = (provider: Provider): string =>
  `it was held against the public example secret of ${provider.name}; give yours with --secret-file or ${secretVariable(provider)}`;

async function fileSecrets(path: string, context: Context): Promise<string[]> {
  const text = await readText(path, '--secret-file', context);
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0)
    throw new UsageError(`--secret-file ${path} holds no secret`, 'write one secret a line');
  return lines;
}

/** `PROVIDER=VALUE` is understood where the provider is known already, too. */
const withoutName = (line: string, { name }: Provider): string =>
  line.startsWith(`${name}=`) ? line.slice(name.length + 1) : line;

function splitSecret(line: string, providers: readonly Provider[]): [Provider, string] {
  const at = line.indexOf('=');
  const name = at < 0 ? '' : line.slice(0, at);
  const provider = providers.find((candidate) => candidate.name === name);
  if (provider) return [provider, line.slice(at + 1)];
  const names = providers.map((candidate) => candidate.name);
  const hint = at < 0 ? undefined : didYouMean(name, names);
  throw new UsageError(
    'a secret here needs its provider: PROVIDER=VALUE',
    hint ?? `write ${names[0]}=…, or fix the provider with --provider`,
  );
}

/** `HOOKS_ROASTIFY_SECRET`. */
export const secretVariable = ({ name }: Provider): string => variableOf(name);

/** The same of a name, be it that of a provider we know or not. */
export const variableOf = (name: string): string => `HOOKS_${name.toUpperCase().replaceAll('-', '_')}_SECRET`;

function environmentSecret(provider: Provider, { env }: Context): string[] | undefined {
  const name = secretVariable(provider);
  const secret = env[name];
  if (secret === undefined || secret === '') return undefined;
  checkSecret(provider, secret, name);
  return [secret];
}

function checkSecret(provider: Provider, secret: string, from: string): void {
  const fault = provider.scheme.secretFault(secret);
  if (fault === undefined) return;
  throw new UsageError(
    `the secret for ${provider.name} from ${from} is malformed: ${fault}`,
    `it should look like ${provider.exampleSecret}`,
  );
}
