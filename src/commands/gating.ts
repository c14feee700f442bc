import { type Command, Option } from 'commander';
import { pause } from '../actions/pause.ts';
import { type Expectation, parseExpectation } from '../core/expect.ts';
import type { Fact } from '../core/facts.ts';
import { type Ending, Gate } from '../core/gate.ts';
import type { Provider } from '../core/provider.ts';
import { formatDuration, parseDuration } from '../core/quantity.ts';
import type { EventFilter } from '../core/select.ts';
import { UsageError } from '../errors.ts';
import type { Rejection } from '../io/rejection.ts';
import { listOption, valueOption } from './options.ts';

/** The flags that make a listener assert something. */
export interface GateFlags {
  readonly expect?: readonly string[];
  readonly within?: number;
  readonly once?: boolean;
}

export function gateOptions(command: Command): Command {
  return command
    .addOption(
      listOption(
        '--expect <event>',
        'end when it has come: order.created, fulfillment.*=3 (duplicates count)',
      ),
    )
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
  /** Takes note of a request that never became a delivery. */
  readonly reject: (rejection: Rejection) => void;
  /** Begins to count the time. */
  readonly start: () => void;
  /** Resolves when a delivery or the time decides; where a command runs beside, the time alone. */
  readonly ended: Promise<Ending>;
  /** The time is over. */
  readonly late: boolean;
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
  if (once) refuseSeveral(expectations, only ? [only] : providers);
  const expects = expectations.length > 0 || once;
  if (!expects && !beside) {
    if (within !== undefined)
      throw new UsageError(
        '--within goes with --expect, --once or a command',
        'add one of them, or leave it out',
      );
    return undefined;
  }
  return runGate(new Gate(expectations, { once, lasts: beside }), within, beside);
}

/** The first delivery decides, and it is one. */
function refuseSeveral(expectations: readonly Expectation[], among: readonly Provider[]): void {
  const several = expectations.find(({ least }) => least > 1);
  const isAll = (delivery: { readonly provider: string; readonly event: string }) =>
    expectations.every(({ fits }) => fits(delivery));
  const any = among.some(({ name, events }) =>
    Object.keys(events).some((event) => isAll({ provider: name, event })),
  );
  if (any && !several) return;
  const what = several ? `"${several.text}"` : expectations.map(({ text }) => `"${text}"`).join(' and ');
  throw new UsageError(
    `--expect ${what} can never be met: with --once the first delivery decides`,
    `leave out --once, or ${several ? 'the count' : 'all but one'}`,
  );
}

/**
 * Lets time and deliveries decide.
 * @param within how long it is waited for what is expected, ms
 */
function runGate(gate: Gate, within: number | undefined, beside: boolean): RunningGate {
  const stopped = new AbortController();
  let end: (ending: Ending) => void = () => {};
  const ended = new Promise<Ending>((resolve) => {
    end = resolve;
  });
  const decide = (ending: Ending | undefined) => {
    if (ending && !beside) end(ending);
  };
  let late: string | undefined;
  const over = (time: string) => {
    late = `within ${time}`;
    // What came in time may still wait for its answer: whether anything is missing is said when all have theirs.
    const why = `the command did not end ${late}`;
    end(beside ? { met: false, code: 'COMMAND_FAILED', why } : { met: true });
  };
  return {
    ended,
    get late() {
      return late !== undefined;
    },
    take: (fact) => decide(fact.kind === 'received' ? gate.take(fact.verdict) : undefined),
    reject: (rejection) => decide(isDelivery(rejection) ? gate.refuse(rejection.message) : undefined),
    start() {
      if (within === undefined) return;
      void pause(within, stopped.signal).then(() => {
        if (!stopped.signal.aborted) over(formatDuration(within));
      });
    },
    close() {
      stopped.abort();
      return gate.close(late ?? 'before the command ended');
    },
  };
}

/** One that was cut off had no answer, so that its sender makes it again; a health probe is none. */
const isDelivery = ({ code, method }: Rejection): boolean =>
  code !== 'REQUEST_ABORTED' && method !== 'GET' && method !== 'HEAD';
