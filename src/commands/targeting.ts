import { type Command, Option } from 'commander';
import type { Context } from '../context.ts';
import { header, headerFault, withHeaders } from '../core/headers.ts';
import { parseDuration } from '../core/quantity.ts';
import { defaultPort, guardRemote, parseTarget, type Target } from '../core/target.ts';
import type { Failure, Headers } from '../core/types.ts';
import { UsageError } from '../errors.ts';
import { listOption, valueOption } from './options.ts';
import { inConfig, type Settings } from './settings.ts';

/** The flags of every command that sends. */
export interface TargetFlags {
  readonly to?: string;
  readonly header?: Headers;
  readonly timeout?: number;
  readonly insecure?: boolean;
  readonly allowRemote?: boolean;
  readonly wait?: number;
}

/**
 * Declares the options that say where to, and how requests are made.
 * @param wait what `--wait` is for, in words
 */
export function targetOptions(
  command: Command,
  wait = 'try a refused connection again for this long',
): Command {
  return command
    .addOption(valueOption('-t, --to <target>', 'where to: localhost, 3000, localhost:3000/path or a URL'))
    .addOption(valueOption('-f, --forward-to <target>', 'the same as --to').hideHelp())
    .addOption(listOption('-H, --header <header>', "add or replace a header: 'K: V'", parseHeader))
    .addOption(
      valueOption(
        '--timeout <time>',
        "how long to wait for an answer (default: the provider's)",
        parseDuration,
      ),
    )
    .addOption(new Option('--insecure', 'accept any TLS certificate'))
    .addOption(new Option('--allow-remote', 'allow a host that is not this machine'))
    .addOption(valueOption('--wait <time>', wait, parseDuration));
}

/**
 * Reads `Name: value`.
 * @throws {UsageError} when it is none, or one that the connection itself sets
 */
export function parseHeader(text: string): readonly [string, string] {
  const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new UsageError(`"${text.split(/\s/)[0]}…" is not a header`, "write 'Name: value'");
  const fault = headerFault(name, value);
  if (fault !== undefined) throw new UsageError(`the header ${name} cannot be sent: ${fault}`);
  return [name, value];
}

/**
 * The target that the flags name.
 * @param otherwise the target when none is given; without it one must be
 * @throws {UsageError} when it is missing, no target, or remote and not allowed
 */
export function findTarget(
  flags: TargetFlags & { readonly forwardTo?: string },
  context: Context,
  settings: Settings,
  otherwise?: string,
): Target {
  if (flags.to !== undefined && flags.forwardTo !== undefined)
    throw new UsageError('--to and --forward-to are the same option; give one');
  const given = flags.to ?? flags.forwardTo;
  const text = given ?? settings.config.to ?? otherwise;
  if (text === undefined)
    throw new UsageError(
      'there is no target',
      'say where to: --to localhost, --to 3000, --to localhost:3000/path',
    );
  const place = given === undefined && settings.config.to !== undefined ? ['to'] : undefined;
  return inConfig(settings, place, context, () => readTarget(text, flags, context, settings));
}

/**
 * Reads a target that a user wrote.
 * @throws {UsageError} when it is none, or remote and not allowed
 */
export function readTarget(
  text: string,
  { allowRemote = false }: { readonly allowRemote?: boolean },
  context: Context,
  { config }: Settings,
): Target {
  const target = parseTarget(text, config.port || defaultPort);
  const listed = context.env.HOOKS_ALLOW_HOSTS?.split(/[\s,]+/).filter((host) => host !== '');
  const hosts = listed ?? config.allowHosts ?? [];
  guardRemote(target, allowRemote, hosts);
  return target;
}

/** The headers of every message: the credentials of the target, and what is added, which wins. */
export const addedHeaders = ({ header: added = [] }: Pick<TargetFlags, 'header'>, target: Target): Headers =>
  withHeaders(target.headers, added);

/**
 * What changes nothing towards a target, to refuse which would be tiresome for a script that does the same with each; and
 * what is given twice.
 */
export function targetNotes(
  { insecure, header: added = [] }: Pick<TargetFlags, 'insecure' | 'header'>,
  { url, headers }: Target,
): string[] {
  const twice = added.find(([name]) => header(headers, name) !== undefined)?.[0];
  return [
    ...(insecure && url.protocol === 'http:' ? ['--insecure changes nothing: the target is not https'] : []),
    ...(twice === undefined ? [] : [`-H ${twice} replaces the credentials of --to`]),
  ];
}

/**
 * What a user may do about an attempt that did not go well, or nothing.
 * @param sends the command has the options of one that sends, `--wait` and `--timeout`
 */
export function adviceOn(
  answer: { readonly status: number } | { readonly failure: Failure },
  { url, defaulted }: Target,
  sends = true,
): string | undefined {
  if ('status' in answer) {
    if (answer.status === 508) return `${url.host} passes on in a circle; look where each --forward-to leads`;
    const redirected = [301, 302, 303, 307, 308].includes(answer.status);
    return redirected ? 'redirects are not followed, as by the providers; name the final address' : undefined;
  }
  const onDefault = defaulted || url.port === String(defaultPort);
  const or = (option: string) => (sends ? `; ${option}` : '');
  const advice = {
    refused: onDefault
      ? 'is `hooks listen` running?'
      : `is the receiver running on ${url.host}?${sends ? ' --wait 30s waits for it' : ''}`,
    timeout: `the receiver did not answer in time${or('--timeout allows more')}`,
    dns: `the name ${url.hostname} is unknown; check its spelling`,
    tls: 'is it https at all? --insecure accepts a certificate that nobody vouches for',
    reset: 'there was no whole answer; the log of the receiver may say why',
    aborted: undefined,
  };
  return advice[answer.failure];
}
