import type { Context } from '../context.ts';
import type { SecretSource } from '../core/config.ts';
import { didYouMean } from '../core/nearest.ts';
import type { Provider } from '../core/provider.ts';
import { UsageError } from '../errors.ts';
import { readText } from './input.ts';
import { fromConfig, shownPath } from './paths.ts';
import type { ConfigFlags, Settings } from './settings.ts';

/** Where a command was told to find secrets. */
export interface SecretFlags {
  readonly secretFile?: string;
  readonly secret?: readonly string[];
}

/** The secrets of each provider, and whether they are only its public example. */
export interface Secrets {
  readonly of: (provider: Provider) => readonly string[];
  readonly isExample: (provider: Provider) => boolean;
  readonly from: (provider: Provider) => 'flag' | 'env' | 'file' | 'default';
  /** What a user may not expect of where they came from. */
  readonly notes: readonly string[];
}

/**
 * Finds secrets: file, flag, environment, configuration, the public example; the first that is there wins.
 * @param only the one provider a command is about; without it each given secret is `PROVIDER=VALUE`
 * @param fixing how else a command can be told whose a secret is, in words
 * @throws {UsageError} for a malformed secret; never quotes it
 */
export async function findSecrets(
  flags: SecretFlags,
  context: Context,
  settings: Settings,
  only?: Provider,
  fixing = ', or fix the provider with --provider',
): Promise<Secrets> {
  const { providers } = settings;
  const lines = flags.secretFile === undefined ? flags.secret : await fileSecrets(flags.secretFile, context);
  const given = new Map<string, string[]>();
  for (const line of lines ?? []) {
    const [provider, secret] = only ? [only, withoutName(line, only)] : splitSecret(line, providers, fixing);
    checkSecret(
      provider,
      secret,
      flags.secretFile === undefined ? '--secret' : `--secret-file ${flags.secretFile}`,
    );
    given.set(provider.name, [...(given.get(provider.name) ?? []), secret]);
  }
  const among = only ? [only] : providers;
  const configured = await configuredSecrets(settings, among, context);
  const own = (provider: Provider) =>
    given.get(provider.name) ?? environmentSecret(provider, context) ?? configured.secrets.get(provider.name);
  for (const provider of among) own(provider);
  return {
    of: (provider) => own(provider) ?? [provider.exampleSecret],
    isExample: (provider) => own(provider) === undefined,
    from(provider) {
      if (given.has(provider.name)) return 'flag';
      if (environmentSecret(provider, context)) return 'env';
      return configured.secrets.has(provider.name) ? 'file' : 'default';
    },
    notes: [
      ...among
        .filter((provider) => own(provider) === undefined && context.env[secretVariable(provider)] === '')
        .map((provider) => `${secretVariable(provider)} is empty: the public example secret is used`),
      ...configured.notes,
    ],
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

/**
 * How `hooks infer` gets the secrets in use: the options for it, none where it finds them itself; nothing where there is
 * only the public example.
 */
export const learnable =
  (
    { secretFile, config }: SecretFlags & ConfigFlags,
    settings: Settings,
    secrets: Secrets,
    { env }: Context,
  ) =>
  (name: string | undefined): readonly string[] | undefined => {
    if (name === undefined) return undefined;
    const provider = settings.providers.find((each) => each.name === name);
    const isConfigured = Object.hasOwn(settings.config.secrets ?? {}, name);
    const from = provider ? secrets.from(provider) : env[variableOf(name)] ? 'env' : isConfigured && 'file';
    if (from === 'env') return [];
    if (from === 'file') return config === undefined ? [] : ['--config', config];
    // What was given by a pipe is gone.
    const isFile = from === 'flag' && secretFile !== undefined && !/^-$|^\/(?:dev|proc)\//.test(secretFile);
    return isFile ? ['--secret-file', secretFile] : undefined;
  };

/** The secrets that a configuration gives, by provider, and what should be said of them. */
interface Configured {
  readonly secrets: ReadonlyMap<string, readonly string[]>;
  readonly notes: readonly string[];
}

async function configuredSecrets(
  settings: Settings,
  among: readonly Provider[],
  context: Context,
): Promise<Configured> {
  const secrets = new Map<string, readonly string[]>();
  const notes: string[] = [];
  for (const provider of among) {
    const { lines, from, ...found } = await configuredLines(settings, provider.name, context);
    for (const secret of lines) checkSecret(provider, secret, from);
    notes.push(...found.notes);
    if (lines.length > 0) secrets.set(provider.name, lines);
  }
  return { secrets, notes: [...new Set(notes)] };
}

/** What a configuration gives as the secrets of a name, unchecked; where they are from, and what should be said of them. */
export async function configuredLines(
  { config, file = '' }: Settings,
  name: string,
  context: Context,
): Promise<{ lines: readonly string[]; from: string; notes: readonly string[] }> {
  const lines: string[] = [];
  const notes: string[] = [];
  const shown = shownPath(file, context.cwd());
  const from = `${shown}: secrets.${name}`;
  const sources = config.secrets?.[name] ?? [];
  for (const source of sources) {
    const found = await secretsAt(source, file, from, context);
    if (found.length === 0) notes.push(`${(source as { env: string }).env}, which ${from} names, is not set`);
    lines.push(...found);
  }
  const isLiteral = sources.some((source) => typeof source === 'string');
  if (isLiteral && (await (await import('../io/config.ts')).isTracked(file)))
    notes.push(`${shown} holds a secret, and git keeps it: name a variable or a file there instead`);
  return { lines, from, notes };
}

async function secretsAt(
  source: SecretSource,
  file: string,
  from: string,
  context: Context,
): Promise<readonly string[]> {
  if (typeof source === 'string') return [source];
  if ('file' in source) return fileSecrets(fromConfig(source.file, file), context, from);
  const value = context.env[source.env];
  return value ? [value] : [];
}

async function fileSecrets(path: string, context: Context, option = '--secret-file'): Promise<string[]> {
  const text = await readText(path, option, context);
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0)
    throw new UsageError(`${option} ${path} holds no secret`, 'write one secret a line');
  return lines;
}

/** `PROVIDER=VALUE` is understood where the provider is known already, too. */
const withoutName = (line: string, { name }: Provider): string =>
  line.startsWith(`${name}=`) ? line.slice(name.length + 1) : line;

function splitSecret(line: string, providers: readonly Provider[], fixing: string): [Provider, string] {
  const at = line.indexOf('=');
  const name = at < 0 ? '' : line.slice(0, at);
  const provider = providers.find((candidate) => candidate.name === name);
  if (provider) return [provider, line.slice(at + 1)];
  const names = providers.map((candidate) => candidate.name);
  const hint = at < 0 ? undefined : didYouMean(name, names);
  throw new UsageError(
    'a secret here needs its provider: PROVIDER=VALUE',
    hint ?? `write ${names[0]}=…${fixing}`,
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
