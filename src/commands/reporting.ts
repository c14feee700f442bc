import type { Context } from '../context.ts';
import type { NoticeFact } from '../core/facts.ts';
import { secretPlaces } from '../core/mask.ts';
import type { Provider } from '../core/provider.ts';
import { isoTime } from '../core/wire.ts';
import { ndjson } from '../report/ndjson.ts';
import type { Detail, Reporter, ReportIo } from '../report/reporter.ts';

/** Whether to colour: the option, else NO_COLOR and FORCE_COLOR, else only on a terminal. */
export type ColorChoice = 'on' | 'off' | 'auto';

/** Whether what goes to stdout is coloured. */
export function colored(
  choice: ColorChoice | undefined,
  { env, out }: Pick<Context, 'env' | 'out'>,
): boolean {
  if (choice === 'on' || choice === 'off') return choice === 'on';
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '')
    return !['0', 'false'].includes(env.FORCE_COLOR);
  return out.isTTY && env.TERM !== 'dumb';
}

/** The flags of every command that reports. */
export interface ReportFlags {
  readonly json?: boolean;
  readonly color?: ColorChoice;
}

/** The painter of a command's output; loaded when there is something to paint. */
export async function openChalk({ color }: ReportFlags, context: Context) {
  const { Chalk } = await import('chalk');
  return new Chalk({ level: colored(color, context) ? 1 : 0 });
}

/** Where a report writes; what the providers send as a secret is masked in it. */
export const reportIo = ({ out, err }: Context, providers: readonly Provider[]): ReportIo => ({
  out,
  err,
  places: secretPlaces(providers),
});

/** The report that the flags ask for. */
export async function openReporter(
  flags: ReportFlags,
  context: Context,
  providers: readonly Provider[],
  detail?: Detail,
): Promise<Reporter> {
  const io = reportIo(context, providers);
  if (flags.json) return ndjson(io);
  const { pretty } = await import('../report/pretty.ts');
  return pretty(io, await openChalk(flags, context), detail);
}

/** Something to tell beside the results. */
export function notice(
  context: Context,
  level: NoticeFact['level'],
  code: string,
  message: string,
): NoticeFact {
  return { kind: 'notice', at: isoTime(context.now()), level, code, message };
}

/** Waits, where the readers of stdout and stderr are slow, until they have read what they were told. */
export async function drained({ out, err }: Context): Promise<void> {
  await out.drained();
  await err.drained();
}
