import type { Command } from 'commander';
import type { CheckWatch } from '../actions/check.ts';
import type { Context } from '../context.ts';
import type { Rule } from '../core/check/rule.ts';
import { formatDuration, parseDuration } from '../core/quantity.ts';
import { UsageError } from '../errors.ts';
import type { Probe } from '../io/probe.ts';
import type { Progress } from '../report/progress.ts';
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
 * @throws {UsageError} for two, for a wait for nothing, and where no rule looks at effects
 */
export async function findProbe(
  flags: ProbeFlags,
  rules: readonly Rule[],
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
  if (!rules.some(({ effect }) => effect))
    throw new UsageError(
      `none of the rules that are left looks at effects, so ${effectCmd === undefined ? '--effect-url' : '--effect-cmd'} cannot apply`,
      'leave it out, or let --only and --skip leave one that does: duplicate',
    );
  const { commandProbe, urlProbe } = await import('../io/probe.ts');
  if (effectCmd !== undefined) return commandProbe(effectCmd, context.interrupt);
  const { url, headers } = readTarget(effectUrl as string, flags, context, settings);
  return urlProbe(url, headers, insecure, context.interrupt);
}

/**
 * What may be wrong with what shows effects.
 * @param still it did not move with a delivery
 * @param repeated an earlier run may have sent the same ids
 */
export function probeHint(still: boolean, repeated: boolean): string {
  if (!still)
    return 'it must print what a delivery changes, and nothing else that changes; where the receiver is still at work on what came before, wait for its end';
  if (repeated)
    return 'the same --seed and --at send the same ids: a receiver that has seen them does nothing more; use another seed, or leave --at out';
  return 'it must print what a delivery changes; does that take longer (--effect-wait), or does the receiver act on another event only (--event)?';
}

/** What is told while effects are watched, and no rule is. */
export function watchingEffects(
  progress: Progress,
  tell: (code: string, words: string) => void,
): Pick<CheckWatch, 'watching' | 'draining'> {
  const watching = () => progress.say('watching effects: each is given its time');
  return {
    watching,
    draining(ms) {
      const time = formatDuration(Math.ceil(ms / 1000) * 1000);
      progress.clear();
      tell(
        'QUEUE_DRAINING',
        `the receiver is still at work on what was sent: effects are watched when it has come to rest, which may take ${time}`,
      );
      watching();
    },
  };
}
