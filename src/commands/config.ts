import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { Config } from '../core/config.ts';
import type { SettingFact } from '../core/facts.ts';
import { masked, maskUrl } from '../core/mask.ts';
import { printable } from '../core/printable.ts';
import type { Policy } from '../core/provider.ts';
import { isSigned } from '../core/select.ts';
import { defaultPort, parseTarget } from '../core/target.ts';
import type { Json } from '../core/types.ts';
import { isoTime } from '../core/wire.ts';
import { ndjson } from '../report/ndjson.ts';
import type { Run } from './command.ts';
import { examples, jsonOption, secretOptions, valueOption, wholeNumber } from './options.ts';
import { shownPath } from './paths.ts';
import { notice, openChalk, type ReportFlags } from './reporting.ts';
import { findSecrets, type SecretFlags, type Secrets, secretVariable } from './secrets.ts';
import { type ConfigFlags, openSettings, type Settings } from './settings.ts';

interface ConfigCommandFlags extends ConfigFlags, ReportFlags, SecretFlags {
  readonly to?: string;
  readonly port?: number;
}

/** A setting: its name, its value as it may be shown, and where it is from. */
type Row = Pick<SettingFact, 'name' | 'value' | 'from' | 'source'>;

/** Declares `hooks config`. */
export function configure(command: Command, run: Run): void {
  command
    .addOption(valueOption('-t, --to <target>', 'as the commands that send have it'))
    .addOption(valueOption('-p, --port <n>', 'as `hooks listen` has it', wholeNumber(0, 65535)));
  secretOptions(command).addOption(jsonOption());
  examples(command, [
    ['hooks config', 'what a command here would use, and where each value is from'],
    ['hooks config --config ci/hooks.config.json', 'of this file'],
    ['hooks config --json | jq -r \'select(.from == "file") | .name\'', 'what the file says'],
  ]);
  command.action(() => run((context) => config(command.optsWithGlobals<ConfigCommandFlags>(), context)));
}

/** Prints the merged settings, secrets masked; gives the exit code. */
export async function config(flags: ConfigCommandFlags, context: Context): Promise<number> {
  if (flags.to !== undefined) parseTarget(flags.to);
  const settings = await openSettings(flags, context);
  const secrets = await findSecrets(flags, context, settings, undefined, '');
  const rows = [...plainRows(flags, settings, context), ...providerRows(settings, secrets, context)];
  const at = isoTime(context.now());
  if (flags.json) {
    const { fact } = ndjson(context);
    for (const note of secrets.notes) fact(notice(context, 'warning', 'NOTE', note));
    for (const row of rows) fact({ kind: 'setting', at, ...row });
    return 0;
  }
  for (const note of secrets.notes) context.err.write(`warning: ${printable(note)}\n`);
  const chalk = await openChalk(flags, context);
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const { name, value, from, source } of rows) {
    const shown = typeof value === 'string' ? value : JSON.stringify(value);
    const origin = chalk.dim(`${from}${source === undefined ? '' : ` ${source}`}`);
    context.out.write(`${name.padEnd(width)}  ${printable(shown)}  ${origin}\n`);
  }
  return 0;
}

/** Where what the configuration says is from. */
const fromFile = ({ file }: Settings, { cwd }: Context) =>
  ({ from: 'file', source: shownPath(file ?? '', cwd()) }) as const;

function plainRows(flags: ConfigCommandFlags, settings: Settings, context: Context): Row[] {
  const { config, file } = settings;
  const said = fromFile(settings, context);
  const own = <T extends Json>(
    name: string,
    flag: T | undefined,
    value: T | undefined,
    otherwise?: T,
  ): Row[] => {
    if (flag !== undefined) return [{ name, value: flag, from: 'flag' }];
    if (value !== undefined) return [{ name, value, ...said }];
    return otherwise === undefined ? [] : [{ name, value: otherwise, from: 'default' }];
  };
  const hosts = context.env.HOOKS_ALLOW_HOSTS;
  return [
    { name: 'config', value: file ?? null, from: flags.config === undefined ? 'default' : 'flag' },
    ...own('to', shownTarget(flags.to), shownTarget(config.to)),
    ...own('port', flags.port, config.port, defaultPort),
    ...own('forwardTo', undefined, shownTarget(config.forwardTo)),
    ...(hosts === undefined
      ? own<Json>('allowHosts', undefined, config.allowHosts as string[] | undefined)
      : [{ name: 'allowHosts', value: hosts, from: 'env', source: 'HOOKS_ALLOW_HOSTS' } as const]),
    ...Object.entries(config.routes ?? {}).flatMap(([events, target]) =>
      own(`routes.${events}`, undefined, shownTarget(target)),
    ),
  ];
}

const shownTarget = (target: string | undefined): string | undefined => target && maskUrl(target);

function providerRows(settings: Settings, secrets: Secrets, context: Context): Row[] {
  return settings.providers.flatMap((provider) => {
    const { name, scheme } = provider;
    const said = fromFile(settings, context);
    const declared = settings.own.includes(name) ? said : ({ from: 'default' } as const);
    return [
      { name: `providers.${name}`, value: `${Object.keys(provider.events).length} events`, ...declared },
      {
        name: `schemes.${name}`,
        value: `${scheme.label} (${scheme.basis})`,
        ...(settings.config.schemes?.[name] ? said : declared),
      },
      ...(isSigned(provider) ? [secretRow(provider, secrets, said)] : []),
      ...policyRows(name, settings.config, said),
    ];
  });
}

function secretRow(
  provider: Settings['providers'][number],
  secrets: Secrets,
  said: ReturnType<typeof fromFile>,
): Row {
  const from = secrets.from(provider);
  const value = secrets.of(provider).map(masked);
  const source = { env: secretVariable(provider), file: said.source, default: 'the public example' };
  return {
    name: `secrets.${provider.name}`,
    value: value.join(', '),
    from,
    ...(from === 'flag' ? {} : { source: source[from] }),
  };
}

const policyRows = (name: string, { policies }: Config, said: ReturnType<typeof fromFile>): Row[] =>
  Object.entries((policies?.[name] ?? {}) as Policy).map(([key, { value }]) => ({
    name: `policies.${name}.${key}`,
    value: value as Json,
    ...said,
  }));
