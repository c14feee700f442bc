import { type Command, Option } from 'commander';
import {
  type Difference,
  type Plan,
  planReplay,
  type ReplayOptions,
  replay as replayPlan,
  type Selection,
} from '../actions/replay.ts';
import type { Context } from '../context.ts';
import { type Edit, parseSet, parseUnset } from '../core/patch.ts';
import type { Provider } from '../core/provider.ts';
import { formatDuration } from '../core/quantity.ts';
import { eventFilter, findProvider, sendsId } from '../core/select.ts';
import { parseStatuses, type StatusTest } from '../core/status.ts';
import { guardSecret, type Target } from '../core/target.ts';
import { UsageError } from '../errors.ts';
import { codeAfter } from '../exit-codes.ts';
import type { Source } from '../io/source.ts';
import type { Transport } from '../io/transport.ts';
import { openProgress } from '../report/progress.ts';
import type { Reporter } from '../report/reporter.ts';
import { noDelivery, SkippedCount } from './captured.ts';
import type { Run } from './command.ts';
import { openInput, refuseTwoStdins } from './input.ts';
import {
  aboveZero,
  eventsOption,
  examples,
  isoInstant,
  jsonOption,
  listOption,
  secretOptions,
  valueOption,
  wholeNumber,
} from './options.ts';
import { drained, notice, openReporter, type ReportFlags } from './reporting.ts';
import {
  findSecrets,
  type SecretFlags,
  type Secrets,
  schemeNotes,
  secretAdvice,
  shownSecretWords,
} from './secrets.ts';
import { summaryOf, watchOf } from './sending.ts';
import { type ConfigFlags, openSettings } from './settings.ts';
import { findTarget, type TargetFlags, targetNotes, targetOptions } from './targeting.ts';

interface ReplayFlags extends ConfigFlags, TargetFlags, SecretFlags, ReportFlags {
  readonly provider?: string;
  readonly events?: readonly string[];
  readonly since?: number;
  readonly until?: number;
  readonly set?: readonly Edit[];
  readonly unset?: readonly Edit[];
  readonly force?: boolean;
  readonly asRecorded?: boolean;
  readonly newIds?: boolean;
  readonly expectStatus?: StatusTest;
  readonly shuffle?: boolean;
  readonly seed?: number;
  readonly speed?: number;
}

/** Declares `hooks replay`. */
export function configure(command: Command, run: Run): void {
  command
    .argument('<file>', 'a recording, a HAR file or a raw HTTP request; - is stdin, read to its end first')
    .addOption(jsonOption());
  command
    .optionsGroup('Which deliveries:')
    .addOption(eventsOption('send'))
    .addOption(valueOption('--since <time>', 'those recorded from then on, ISO 8601', isoInstant))
    .addOption(valueOption('--until <time>', 'those recorded up to then, ISO 8601', isoInstant))
    .addOption(valueOption('--provider <name>', 'whose deliveries these are (default: recognise them)'));
  command
    .optionsGroup('What they hold:')
    .addOption(listOption('--set <path=value>', 'change a field of each; path:=json forces JSON', parseSet))
    .addOption(listOption('--unset <path>', 'remove a field of each', parseUnset))
    .addOption(new Option('--force', 'set paths that the payload does not have'))
    .addOption(new Option('--new-ids', 'give each a fresh id, where the provider sends one'))
    .addOption(
      new Option('--as-recorded', 'keep the old headers, the signature too').conflicts([
        'newIds',
        'set',
        'unset',
        'force',
        'secret',
        'secretFile',
      ]),
    );
  secretOptions(command.optionsGroup('Signature:'));
  command
    .optionsGroup('Order and time:')
    .addOption(new Option('--shuffle', 'send out of order'))
    .addOption(valueOption('--seed <n>', 'with --shuffle: the same order again', wholeNumber(0, 2 ** 32 - 1)))
    .addOption(
      valueOption('--speed <n>', 'keep the pauses between them, n times shorter (default: none)', aboveZero),
    );
  targetOptions(command.optionsGroup('Request:')).addOption(
    valueOption('--expect-status <list>', 'what counts as success: 401, 4xx, 2xx,409', parseStatuses),
  );
  examples(command, [
    ['hooks listen --json > deliveries.jsonl', 'record what comes'],
    ['hooks replay deliveries.jsonl --to 3000', 'send it again, freshly signed'],
    ["hooks replay deliveries.jsonl --to 3000 -e 'order.*' --since 2026-11-21", 'some of it'],
    ['hooks replay deliveries.jsonl --to 3000 --speed 60', 'an hour in a minute'],
    ['hooks replay deliveries.jsonl --to 3000 --shuffle --seed 7', 'out of order'],
    ['hooks replay deliveries.jsonl --to 3000 --as-recorded --expect-status 4xx', 'stale: must be refused'],
  ]);
  command.action((file: string) =>
    run((context) => replay(file, command.optsWithGlobals<ReplayFlags>(), context)),
  );
}

/** Sends what was recorded again; gives the exit code. */
export async function replay(file: string, flags: ReplayFlags, context: Context): Promise<number> {
  refuseTwoStdins({ FILE: file, '--secret-file': flags.secretFile });
  const settings = await openSettings(flags, context);
  const { providers } = settings;
  const provider = flags.provider === undefined ? undefined : findProvider(flags.provider, providers);
  refuseIdle(flags, provider);
  const { since, until } = flags;
  const filter = flags.events && eventFilter(flags.events, providers, provider);
  const target = findTarget(flags, context, settings);
  const secrets = flags.asRecorded ? undefined : await findSecrets(flags, context, settings, provider);
  const source = await openInput(file, 'FILE', context, { again: true });
  try {
    const skipped = new SkippedCount();
    const plan = await read(source, { providers, provider, filter, since, until }, skipped, context);
    if (plan.found === 0 && !context.interrupt.aborted) throw noDelivery(file, '`hooks send --body`');
    if (secrets) guardSecrets(plan, target, secrets);
    const reporter = await openReporter(flags, context, providers);
    const replaying = { plan, target, providers, provider, secrets, flags, context, reporter };
    tellPlan(replaying, skipped);
    return await sendPlan(replaying);
  } finally {
    await source.close();
  }
}

async function read(
  source: Source,
  selection: Selection,
  skipped: SkippedCount,
  { err }: Context,
): Promise<Plan> {
  const progress = openProgress(err, 1);
  progress.say('reading the recording');
  try {
    return await planReplay(source, selection, skipped.take);
  } finally {
    progress.clear();
  }
}

/** Refuses options that would do nothing. */
function refuseIdle(flags: ReplayFlags, provider: Provider | undefined): void {
  if (flags.seed !== undefined && !flags.shuffle)
    throw new UsageError('--seed goes with --shuffle', 'add it, or leave this out');
  if (flags.force && !flags.set && !flags.unset)
    throw new UsageError('--force goes with --set or --unset', 'add one of them, or leave it out');
  if (flags.shuffle && flags.speed !== undefined)
    throw new UsageError(
      '--speed keeps the recorded order, so --shuffle cannot apply',
      'leave one of them out',
    );
  if (flags.since !== undefined && flags.until !== undefined && flags.since > flags.until)
    throw new UsageError('--since is later than --until, so nothing lies between', 'turn them round');
  if (flags.newIds && provider && !sendsId(provider))
    throw new UsageError(`--new-ids cannot apply: ${bodyIdWords(provider)}`, 'change those with --set');
}

const bodyIdWords = ({ title, identity }: Provider): string =>
  `${title} deliveries carry no id, their identity is made of ${identity.join(' + ')}`;

function guardSecrets({ senders }: Plan, target: Target, secrets: Secrets): void {
  for (const sender of senders)
    guardSecret(
      sender,
      target,
      secrets.isExample(sender),
      `${secretAdvice(sender)}, or send it --as-recorded`,
    );
}

/** What is replayed, where to, and who is told. */
interface Replaying {
  readonly plan: Plan;
  readonly target: Target;
  readonly providers: readonly Provider[];
  readonly provider: Provider | undefined;
  /** Nothing where it is sent with its old signature. */
  readonly secrets: Secrets | undefined;
  readonly flags: ReplayFlags;
  readonly context: Context;
  readonly reporter: Reporter;
}

/** Says what a user may not expect of what is going to be sent. */
function tellPlan(
  { plan, target, provider, secrets, flags, context, reporter }: Replaying,
  skipped: SkippedCount,
): void {
  const say = (level: 'info' | 'warning', code: string, message: string) =>
    reporter.fact(notice(context, level, code, message));
  if (skipped.words) say('warning', 'LINES_SKIPPED', skipped.words);
  if (plan.unposted > 0)
    say(
      'warning',
      'METHOD_SKIPPED',
      `${deliveries(plan.unposted)} left out: only POST is sent, and not ${plan.method}`,
    );
  if (plan.timeless > 0)
    say(
      'warning',
      'TIME_MISSING',
      `${deliveries(plan.timeless)} left out: nothing says when, and --since or --until asks`,
    );
  if (flags.speed !== undefined && plan.undated > 0)
    say('warning', 'TIME_MISSING', `${deliveries(plan.undated)} sent without a pause: nothing says when`);
  for (const note of [...(secrets?.notes ?? []), ...targetNotes(flags, target)]) say('info', 'NOTE', note);
  for (const sender of plan.senders) {
    for (const note of secrets ? schemeNotes(sender, secrets.of(sender)) : []) say('info', 'NOTE', note);
    if (flags.newIds && !sendsId(sender))
      say('info', 'NOTE', `--new-ids changes nothing: ${bodyIdWords(sender)}; --set changes those`);
  }
  if (flags.secret) say('warning', 'SECRET_ON_COMMAND_LINE', shownSecretWords(provider));
  if (plan.total === 0 && !context.interrupt.aborted)
    say('warning', 'NOTHING_SENT', `nothing is sent: none of ${deliveries(plan.found)} is asked for`);
}

const deliveries = (count: number): string => (count === 1 ? '1 delivery' : `${count} deliveries`);

/** Sends what is planned, and tells what comes of it; gives the exit code. */
async function sendPlan(replaying: Replaying): Promise<number> {
  const { plan, flags, context, reporter } = replaying;
  const seed = flags.shuffle ? (flags.seed ?? context.randomSeed()) : undefined;
  const transports = await openTransports(flags);
  const progress = openProgress(context.err, plan.total);
  const differences = new Differences();
  const started = performance.now();
  let skipped = 0;
  try {
    const tally = await replayPlan(plan, optionsOf(replaying, transports.of, seed), {
      ...watchOf({ batch: plan, ...replaying }, progress),
      unsent(name, why) {
        progress.clear();
        skipped += 1;
        reporter.fact(notice(context, 'error', 'NOT_SENT', `${name} is not sent: ${why}`));
        return drained(context);
      },
      differs: differences.take,
      waiting: (ms) => progress.say(`the next in ${formatDuration(ms)}`),
    });
    progress.clear();
    for (const words of differences.words) reporter.fact(notice(context, 'info', 'NOTE', words));
    const seconds = (performance.now() - started) / 1000;
    reporter.fact({
      ...summaryOf(tally, { seed }, seconds, context),
      ...(skipped > 0 ? { skipped } : {}),
    });
    const short = skipped > 0 || (tally.sent === 0 && !context.interrupt.aborted);
    return codeAfter(context.interrupt, short ? Math.max(1, tally.exitCode) : tally.exitCode);
  } finally {
    progress.clear();
    await transports.close();
  }
}

function optionsOf(
  { target, providers, provider, secrets, flags, context }: Replaying,
  transportOf: ReplayOptions['transportOf'],
  seed: number | undefined,
): ReplayOptions {
  return {
    providers,
    provider,
    renewal: {
      asRecorded: flags.asRecorded ?? false,
      newIds: flags.newIds ?? false,
      edits: [...(flags.set ?? []), ...(flags.unset ?? [])],
      force: flags.force ?? false,
    },
    target,
    secretsOf: secrets?.of ?? (() => []),
    extra: [...target.headers, ...(flags.header ?? [])],
    transportOf,
    accepts: ({ policy }) => flags.expectStatus ?? parseStatuses(policy.accepts.value),
    now: context.now,
    waitMs: flags.wait,
    signal: context.interrupt,
    shuffle: seed,
    speed: flags.speed,
  };
}

/** Counts in what deliveries were sent otherwise than recorded, or than one would expect. */
class Differences {
  #strangers = 0;
  #masked = 0;
  readonly #leftOut = new Set<string>();

  readonly take = ({ leftOut, masked, known }: Difference): void => {
    if (!known) this.#strangers += 1;
    if (masked) this.#masked += 1;
    for (const name of leftOut) if (this.#leftOut.size < 10) this.#leftOut.add(name.toLowerCase());
  };

  get words(): string[] {
    const names = [...this.#leftOut].join(', ');
    return [
      ...(this.#strangers > 0
        ? [
            `${deliveries(this.#strangers)} sent as recorded, not signed anew: no provider of theirs is known; --provider names it`,
          ]
        : []),
      ...(this.#masked > 0
        ? [
            `${deliveries(this.#masked)} sent with a token in the address that the recording has masked; --to takes a path and query of your own`,
          ]
        : []),
      ...(names !== ''
        ? [`headers left out, for they are masked or no request can carry them: ${names}`]
        : []),
    ];
  }
}

/** A transport for each time that a provider waits for an answer. */
async function openTransports({ timeout, insecure = false }: ReplayFlags) {
  const { openTransport } = await import('../io/transport.ts');
  const opened = new Map<number, Transport>();
  return {
    of({ policy }: Provider): Transport {
      const timeoutMs = timeout ?? policy.timeoutMs.value;
      const transport = opened.get(timeoutMs) ?? openTransport({ timeoutMs, insecure });
      opened.set(timeoutMs, transport);
      return transport;
    },
    close: () => Promise.all([...opened.values()].map((transport) => transport.close())),
  };
}
