import { type Command, Option } from 'commander';
import type { Attempt } from '../actions/deliver.ts';
import { sendBatch } from '../actions/send.ts';
import type { Context } from '../context.ts';
import type { Seal } from '../core/craft.ts';
import type { Provider } from '../core/provider.ts';
import { formatDuration, parseDuration } from '../core/quantity.ts';
import { parseStatuses, type StatusTest } from '../core/status.ts';
import type { Tally } from '../core/tally.ts';
import type { Target } from '../core/target.ts';
import { UsageError } from '../errors.ts';
import { codeAfter } from '../exit-codes.ts';
import { openProgress, type Progress } from '../report/progress.ts';
import type { Reporter } from '../report/reporter.ts';
import type { Crafted } from './crafting.ts';
import { aboveZero, probability, valueOption, wholeNumber } from './options.ts';
import { notice } from './reporting.ts';
import type { TargetFlags } from './targeting.ts';
import { summaryOf, watchOf } from './telling.ts';

/** The flags that say how often, how fast and how badly deliveries are sent. */
export interface SendingFlags extends TargetFlags {
  readonly json?: boolean;
  readonly expectStatus?: StatusTest;
  readonly signedAt?: number;
  readonly retry?: boolean;
  readonly schedule?: readonly number[];
  readonly speed?: number;
  readonly count?: number;
  readonly same?: boolean;
  readonly concurrency?: number;
  readonly rate?: number;
  readonly each?: boolean;
  readonly duplicate?: number;
  readonly shuffle?: boolean;
  readonly drop?: number;
}

/** Declares the options that say when a failed delivery is tried again. */
export function retryOptions(command: Command): Command {
  return command
    .addOption(new Option('--retry', "try a failed delivery again by the provider's schedule"))
    .addOption(valueOption('--schedule <times>', 'try again after these pauses: 10s,100s', parseSchedule))
    .addOption(valueOption('--speed <n>', 'wait so many times shorter than the schedule says', aboveZero));
}

/** Declares the options that say how many deliveries are sent, how fast and how badly. */
export function burstOptions(command: Command): Command {
  return command
    .addOption(valueOption('--count <n>', 'send so many, each with its own seed and id', wholeNumber(1, 1e9)))
    .addOption(new Option('--same', 'with --count: the same delivery each time'))
    .addOption(
      valueOption('--concurrency <n>', 'so many at once (default: 1, with --rate 64)', wholeNumber(1, 1000)),
    )
    .addOption(valueOption('--rate <n>', 'begin so many in a second', aboveZero))
    .addOption(new Option('--each', 'print every attempt of a burst, not only failures'))
    .addOption(valueOption('--duplicate <p>', 'send a delivery twice, with this probability', probability))
    .addOption(new Option('--shuffle', 'send out of order'))
    .addOption(
      valueOption('--drop <p>', 'close the connection half-way through the body, so likely', probability),
    );
}

const parseSchedule = (text: string): number[] => text.split(',').map((part) => parseDuration(part));

/**
 * Refuses what would do nothing.
 * @throws {UsageError} that says what it goes with
 */
export function refuseIdleSending(flags: SendingFlags, total: number): void {
  const goesWith = (name: string, other: string) => {
    throw new UsageError(`--${name} goes with ${other}`, 'add it, or leave this out');
  };
  if (flags.speed !== undefined && !flags.retry && !flags.schedule)
    goesWith('speed', '--retry or --schedule');
  if (flags.same && (flags.count ?? 1) === 1) goesWith('same', '--count');
  for (const name of ['concurrency', 'rate', 'shuffle'] as const) {
    if (flags[name] !== undefined && total === 1) goesWith(name, '--count, --all or several events');
  }
  if (flags.shuffle && flags.same && total === flags.count)
    throw new UsageError(
      '--shuffle changes nothing: with --same all deliveries are equal',
      'leave one of them out',
    );
  if (flags.each && (flags.count ?? 1) === 1) goesWith('each', '--count');
}

/** What is sent, where to, and who is told. */
export interface Sending {
  readonly batch: Crafted;
  readonly provider: Provider;
  readonly route: Omit<Seal, 'at'>;
  readonly target: Target;
  readonly flags: SendingFlags;
  readonly context: Context;
  readonly reporter: Reporter;
}

/**
 * Sends what was crafted, tells what comes of it, and gives the exit code.
 * @throws what kept it from going on to the end, after the summary of what was sent
 */
export async function sendAll(sending: Sending): Promise<number> {
  const { batch, provider, flags, context } = sending;
  const concurrency = flags.concurrency ?? (flags.rate === undefined ? 1 : 64);
  const { openTransport } = await import('../io/transport.ts');
  const transport = openTransport({
    timeoutMs: flags.timeout ?? provider.policy.timeoutMs.value,
    insecure: flags.insecure ?? false,
    connections: concurrency,
  });
  const progress = openProgress(context.err, batch.total);
  const options = { ...batchOptions(sending, progress), transport, concurrency };
  const started = performance.now();
  try {
    const { tally, untried, begunPerSecond, broken } = await sendBatch(
      batch,
      options,
      watchOf(sending, progress),
    );
    progress.clear();
    if (batch.total > 1 || options.delaysMs.length > 0 || context.interrupt.aborted)
      await tellSummary(tally, untried, (performance.now() - started) / 1000, sending);
    if (begunPerSecond !== undefined && !context.interrupt.aborted)
      await tellRate(begunPerSecond, concurrency, tally, sending);
    if (broken !== undefined) throw broken;
    return codeAfter(context.interrupt, tally.exitCode);
  } finally {
    progress.clear();
    await transport.close();
  }
}

function batchOptions({ batch, provider, route, flags, context }: Sending, progress: Progress) {
  return {
    ...route,
    accepts: flags.expectStatus ?? parseStatuses(provider.policy.accepts.value),
    now: context.now,
    signedAt: flags.signedAt,
    waitMs: flags.wait,
    signal: context.interrupt,
    delaysMs: delaysOf(flags, provider),
    exact: flags.schedule !== undefined,
    speed: flags.speed ?? 1,
    waiting: (attempt: Attempt, realMs: number) => progress.say(waitWords(attempt, realMs)),
    seed: batch.seed,
    rate: flags.rate,
    shuffle: flags.shuffle,
    faults: { duplicate: flags.duplicate ?? 0, drop: flags.drop ?? 0 },
  };
}

/** The pauses after each failed attempt, ms; none where it is not tried again. */
const delaysOf = ({ schedule, retry }: SendingFlags, { policy }: Provider): readonly number[] =>
  schedule ?? (retry ? policy.delaysMs.value : []);

const waitWords = ({ number, nextInMs = 0 }: Attempt, realMs: number): string => {
  const real = Math.abs(realMs - nextInMs) < 1 ? '' : ` (${formatDuration(realMs)} here)`;
  return `attempt ${number + 1} in ${formatDuration(nextInMs)}${real}`;
};

/** The counts; and on a terminal, how long answers took as a chart. */
async function tellSummary(
  tally: Tally,
  untried: number,
  seconds: number,
  { batch, provider, flags, context, reporter }: Sending,
): Promise<void> {
  const attempts = delaysOf(flags, provider).length > 0 ? tally.attempts : undefined;
  reporter.fact(summaryOf(tally, { seed: batch.seed, attempts, untried }, seconds, context));
  if (flags.json || !context.err.isTTY) return;
  const { latencyChart } = await import('../report/latency.ts');
  for (const line of latencyChart(tally.buckets(), context.err.columns)) context.err.write(`${line}\n`);
}

/** Says where fewer were begun in a second than was asked for. */
async function tellRate(
  begun: number,
  concurrency: number,
  tally: Tally,
  { flags, context, reporter }: Sending,
): Promise<void> {
  const { rateWords } = await import('../core/rate.ts');
  const words = rateWords({
    asked: flags.rate ?? 0,
    begun,
    concurrency,
    answerMs: tally.latency()?.p50 ?? 0,
  });
  if (words !== undefined) reporter.fact(notice(context, 'warning', 'RATE_NOT_HELD', words));
}
