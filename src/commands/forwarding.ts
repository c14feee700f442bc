import { type Command, Option } from 'commander';
import type { Forwarding } from '../actions/listen.ts';
import type { Context } from '../context.ts';
import type { Path } from '../core/path.ts';
import type { Provider } from '../core/provider.ts';
import { eventFilter } from '../core/select.ts';
import type { Target } from '../core/target.ts';
import type { Verdict } from '../core/types.ts';
import { UsageError } from '../errors.ts';
import { dashed, listOption, valueOption } from './options.ts';
import { inConfig, type Settings } from './settings.ts';
import { readTarget } from './targeting.ts';

/** The flags that say where a listener passes deliveries on to. */
export interface ForwardFlags {
  readonly forwardTo?: string;
  /** Where the configuration says it, if it does. */
  readonly forwardPlace?: Path;
  readonly route?: readonly Route[];
  readonly insecure?: boolean;
  readonly allowRemote?: boolean;
}

/** Where the listener itself will be. */
interface ListenAt {
  readonly port: number;
  readonly host?: string;
}

/** Deliveries of some events go to a target of their own. */
interface Route {
  readonly events: string;
  readonly target: string;
  /** Where the configuration says it, if it does. */
  readonly place?: Path;
}

export function forwardOptions(command: Command): Command {
  return command
    .addOption(
      valueOption(
        '-f, --forward-to <target>',
        'pass each delivery on to your application, and its answer back',
      ),
    )
    .addOption(listOption('--route <glob=target>', 'pass only these on: order.*=3000/orders', parseRoute))
    .addOption(new Option('--insecure', 'pass on to any TLS certificate'))
    .addOption(new Option('--allow-remote', 'pass on to a host that is not this machine'));
}

/**
 * Reads `order.*=3000/orders`.
 * @throws {UsageError} when it is none
 */
function parseRoute(text: string): Route {
  const [, events = '', target = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (events.trim() === '' || target.trim() === '')
    throw new UsageError(`"${text}" is not a route`, "write 'order.*=3000/orders'");
  return { events, target };
}

/**
 * Where deliveries are passed on to; nothing where the flags name no target.
 * @param only the one provider whose deliveries there can be
 * @throws {UsageError} for a route that no event can take, a target that is none, remote and not allowed, or ourselves
 */
export async function findForwarding(
  flags: ForwardFlags & ListenAt,
  context: Context,
  settings: Settings,
  only: Provider | undefined,
): Promise<Forwarding | undefined> {
  if (flags.forwardTo === undefined && flags.route === undefined) {
    refuseIdle(flags);
    return undefined;
  }
  const { isOwnAddress } = await import('../io/own-address.ts');
  const { forwardTo, forwardPlace } = flags;
  const targetOf = (text: string) =>
    notOurselves(isOwnAddress, readTarget(text, flags, context, settings), flags);
  const routes = (flags.route ?? []).map(({ events, target, place }) =>
    inConfig(settings, place, context, () => ({
      fits: eventFilter([events], settings.providers, only),
      target: targetOf(target),
    })),
  );
  const otherwise: Target | undefined =
    forwardTo === undefined
      ? undefined
      : inConfig(settings, forwardPlace, context, () => targetOf(forwardTo));
  return {
    targetOf: (verdict: Verdict) => routes.find(({ fits }) => fits(verdict))?.target ?? otherwise,
    insecure: flags.insecure ?? false,
  };
}

function refuseIdle(flags: ForwardFlags): void {
  for (const name of ['insecure', 'allowRemote'] as const) {
    if (flags[name])
      throw new UsageError(
        `${dashed(name)} goes with --forward-to or --route`,
        'add one of them, or leave it out',
      );
  }
}

/** A listener that passes on to itself would never come to an end. */
function notOurselves(
  isOwnAddress: (hostname: string, address?: string) => boolean,
  { url, ...rest }: Target,
  { port, host }: ListenAt,
): Target {
  const taken = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  if (taken !== port || !isOwnAddress(url.hostname, host)) return { url, ...rest };
  throw new UsageError(
    `${url.host} is this listener itself`,
    'name the port of your application, or listen on another with --port',
  );
}
