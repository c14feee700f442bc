import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { parseDuration } from '../core/quantity.ts';
import { UsageError } from '../errors.ts';
import type { Probe } from '../io/probe.ts';
import { valueOption } from './options.ts';
import type { Settings } from './settings.ts';
import { readTarget } from './targeting.ts';

/** The flags that make a receiver's effects visible. */
export interface ProbeFlags {
  readonly effectCmd?: string;
  readonly effectUrl?: string;
  readonly effectWait?: number;
  readonly insecure?: boolean;
  readonly allowRemote?: boolean;
}

export function probeOptions(command: Command): Command {
  return command
    .addOption(
      valueOption('--effect-cmd <command>', 'what it prints changes when a delivery had its effect: a count'),
    )
    .addOption(valueOption('--effect-url <target>', 'the same, read from an address'))
    .addOption(
      valueOption('--effect-wait <time>', 'how long an effect may take (default: 2s)', parseDuration),
    );
}

/**
 * The probe that the flags ask for, if they do.
 * @throws {UsageError} for two, or for a wait for nothing
 */
export async function findProbe(
  flags: ProbeFlags,
  context: Context,
  settings: Settings,
): Promise<Probe | undefined> {
  const { effectCmd, effectUrl, effectWait, insecure = false } = flags;
  if (effectCmd !== undefined && effectUrl !== undefined)
    throw new UsageError('--effect-cmd and --effect-url do the same', 'give one of them');
  if (effectCmd === undefined && effectUrl === undefined) {
    if (effectWait !== undefined)
      throw new UsageError('--effect-wait goes with --effect-cmd or --effect-url', 'add one of them');
    return undefined;
  }
  const { commandProbe, urlProbe } = await import('../io/probe.ts');
  if (effectCmd !== undefined) return commandProbe(effectCmd, context.interrupt);
  const { url, headers } = readTarget(effectUrl as string, flags, context, settings);
  return urlProbe(url, headers, insecure, context.interrupt);
}
