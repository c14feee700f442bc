import { defaultPort } from '../core/target.ts';
import { UsageError } from '../errors.ts';
import type { Task } from '../io/child.ts';
import type { Detail } from '../report/reporter.ts';
import type { AnswerFlags } from './answering.ts';
import type { ForwardFlags } from './forwarding.ts';
import type { GateFlags } from './gating.ts';
import { dashed } from './options.ts';
import type { ReportFlags } from './reporting.ts';
import type { TaskFlags } from './running.ts';
import type { SecretFlags } from './secrets.ts';
import type { ConfigFlags, Settings } from './settings.ts';

/** The flags of `hooks listen`. */
export interface ListenFlags
  extends ConfigFlags,
    SecretFlags,
    ReportFlags,
    GateFlags,
    TaskFlags,
    AnswerFlags,
    ForwardFlags {
  readonly port?: number;
  readonly host?: string;
  readonly provider?: string;
  readonly events?: readonly string[];
  readonly strict?: boolean;
  readonly output?: Detail;
  readonly maxBody?: number;
  readonly record?: string;
  readonly printSecret?: boolean;
  /** What runs beside. */
  readonly task?: Task | undefined;
}

/** The flags, and where they are silent what the configuration says; who scripts the answers passes nothing on by it. */
export function withConfigured<T extends ListenFlags>(flags: T, { config }: Settings) {
  const routes = Object.entries(config.routes ?? {}).map(([events, target]) => ({
    events,
    target,
    place: ['routes', events],
  }));
  const answers = flags.respond !== undefined || flags.respondHeader !== undefined;
  const forwardTo = flags.forwardTo ?? (answers ? undefined : config.forwardTo);
  const route = flags.route ?? (routes.length > 0 && !answers ? routes : undefined);
  return {
    ...flags,
    port: flags.port ?? config.port ?? defaultPort,
    ...(forwardTo === undefined ? {} : { forwardTo }),
    ...(flags.forwardTo === undefined && forwardTo !== undefined ? { forwardPlace: ['forwardTo'] } : {}),
    ...(route === undefined ? {} : { route }),
  };
}

const idleWhenPrinting = [
  'json',
  'strict',
  'events',
  'output',
  'maxBody',
  'host',
  'expect',
  'within',
  'once',
  'respond',
  'respondHeader',
  'delay',
  'forwardTo',
  'route',
  'insecure',
  'allowRemote',
  'record',
] as const;

/**
 * Refuses options that would do nothing.
 * @throws {UsageError} that says why
 */
export function refuseIdle(flags: ListenFlags): void {
  const { json, output, printSecret, forwardTo, task } = flags;
  const idle = printSecret && idleWhenPrinting.find((name) => flags[name] !== undefined);
  if (idle || (printSecret && task))
    throw new UsageError(
      `--print-secret prints the secret and ends, so ${idle ? dashed(idle) : 'a command'} cannot apply`,
      'leave one of them out',
    );
  for (const name of ['respond', 'respondHeader'] as const) {
    if (forwardTo !== undefined && flags[name] !== undefined)
      throw new UsageError(
        `--forward-to lets your application answer, so ${dashed(name)} cannot apply`,
        'pass only some events on with --route, or leave one of them out',
      );
  }
  if (json && output)
    throw new UsageError(
      '--output says how much is printed for people; --json prints every fact',
      'leave one of them out',
    );
}
