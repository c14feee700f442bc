import { type Command, Option } from 'commander';
import { pause } from '../actions/pause.ts';
import { parseExpectation } from '../core/expect.ts';
import type { Fact } from '../core/facts.ts';
import { type Ending, Gate } from '../core/gate.ts';
import type { Provider } from '../core/provider.ts';
import { formatDuration, parseDuration } from '../core/quantity.ts';
import type { EventFilter } from '../core/select.ts';
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
    .addOption(
      valueOption(
        '--within <time>',
        'fail when it has not come, or the command not ended, in this time',
        parseDuration,
      ),
    )
    .addOption(new Option('--once', 'the first delivery decides'));
}

/** An assertion that runs while a listener does. */
export interface RunningGate {
  readonly take: (fact: Fact) => void;
  /** Begins to count the time. */
  readonly start: () => void;
  /** Resolves when a delivery or the time decides; where a command runs beside, the time alone. */
  readonly ended: Promise<Ending>;
  /** Stops the time, and says how it stands when nothing more comes. */
  readonly close: () => Ending;
}

/**
 * Opens the gate that the flags ask for; nothing where they ask for none, and no command runs beside.
 * @param beside a command runs beside, whose end is the gate's
 * @param shown which deliveries are looked at, where not all are
 * @throws {UsageError} for an expectation that no event can meet, or a time limit for nothing
 */
export function openGate(
  flags: GateFlags,
  providers: readonly Provider[],
  only: Provider | undefined,
  shown: EventFilter | undefined,
  beside: boolean,
): RunningGate | undefined {
  const expectations = (flags.expect ?? []).map((text) => parseExpectation(text, providers, only, shown));
  const { within, once = false } = flags;
  const expects = expectations.length > 0 || once;
  if (!expects && !beside) {
    if (within !== undefined)
      throw new UsageError(
        '--within goes with --expect, --once or a command',
        'add one of them, or leave it out',
      );
    return undefined;
  }
  const gate = new Gate(expectations, { once, lasts: beside });
  const over = new AbortController();
  let end: (ending: Ending) => void = () => {};
  const ended = new Promise<Ending>((resolve) => {
    end = resolve;
  });
  const late = (time: string) => {
    if (expects && gate.missing !== '') end(gate.close(`within ${time}`));
    else end({ met: false, code: 'COMMAND_FAILED', why: `the command did not end within ${time}` });
  };
  return {
    ended,
    take(fact) {
      const ending = fact.kind === 'received' ? gate.take(fact.verdict) : undefined;
      if (ending && !beside) end(ending);
    },
    start() {
      if (within === undefined) return;
      void pause(within, over.signal).then(() => {
        if (!over.signal.aborted) late(formatDuration(within));
      });
    },
    close() {
      over.abort();
      return gate.close('before the command ended');
    },
  };
}
