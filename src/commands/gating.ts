import { type Command, Option } from 'commander';
import { parseExpectation } from '../core/expect.ts';
import type { Fact } from '../core/facts.ts';
import { type Ending, Gate } from '../core/gate.ts';
import type { Provider } from '../core/provider.ts';
import { formatDuration, parseDuration } from '../core/quantity.ts';
import { UsageError } from '../errors.ts';
import { listOption, valueOption } from './options.ts';

/** The flags that make a listener assert something. */
export interface GateFlags {
  readonly expect?: readonly string[];
  readonly within?: number;
  readonly once?: boolean;
}

export function gateOptions(command: Command): Command {
  return command
    .addOption(listOption('--expect <event>', 'end when it has come: order.created, fulfillment.*=3'))
    .addOption(valueOption('--within <time>', 'fail when it has not come in this time', parseDuration))
    .addOption(new Option('--once', 'the first delivery decides'));
}

/** An assertion that runs while a listener does. */
export interface RunningGate {
  readonly take: (fact: Fact) => void;
  /** Begins to count the time. */
  readonly start: () => void;
  readonly ended: Promise<Ending>;
}

/**
 * Opens the gate that the flags ask for; nothing where they ask for none.
 * @throws {UsageError} for an expectation that no event can meet, or a time limit for nothing
 */
export function openGate(
  flags: GateFlags,
  providers: readonly Provider[],
  only: Provider | undefined,
): RunningGate | undefined {
  const expectations = (flags.expect ?? []).map((text) => parseExpectation(text, providers, only));
  if (expectations.length === 0 && !flags.once) {
    if (flags.within !== undefined)
      throw new UsageError('--within goes with --expect or --once', 'add one of them, or leave it out');
    return undefined;
  }
  const gate = new Gate(expectations, flags.once ?? false);
  let end: (ending: Ending) => void = () => {};
  const ended = new Promise<Ending>((resolve) => {
    end = resolve;
  });
  return {
    ended,
    take(fact) {
      const ending = fact.kind === 'received' ? gate.take(fact.verdict) : undefined;
      if (ending) end(ending);
    },
    start() {
      const { within } = flags;
      if (within === undefined) return;
      const late = () =>
        end({ met: false, why: `within ${formatDuration(within)} there did not come ${gate.missing}` });
      const timer = setTimeout(late, within);
      void ended.then(() => clearTimeout(timer));
    },
  };
}
