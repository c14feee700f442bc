import { type Difference, type ReplayOptions, replay as replayPlan } from '../actions/replay.ts';
import type { Plan } from '../actions/replay-plan.ts';
import type { Context } from '../context.ts';
import type { Edit } from '../core/patch.ts';
import type { Provider } from '../core/provider.ts';
import { deliveries, formatDuration } from '../core/quantity.ts';
import { sendsId } from '../core/select.ts';
import { parseStatuses, type StatusTest } from '../core/status.ts';
import type { Target } from '../core/target.ts';
import { codeAfter } from '../exit-codes.ts';
import type { Transport } from '../io/transport.ts';
import { openProgress } from '../report/progress.ts';
import type { Reporter } from '../report/reporter.ts';
import type { SkippedCount } from './captured.ts';
import { drained, notice, type ReportFlags } from './reporting.ts';
import { type SecretFlags, type Secrets, schemeNotes, shownSecretWords } from './secrets.ts';
import type { ConfigFlags } from './settings.ts';
import { addedHeaders, type TargetFlags, targetNotes } from './targeting.ts';
import { summaryOf, watchOf } from './telling.ts';

/** The flags of `hooks replay`. */
export interface ReplayFlags extends ConfigFlags, TargetFlags, SecretFlags, ReportFlags {
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

/** What is replayed, where to, and who is told. */
export interface Replaying {
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
export function tellPlan(
  { plan, target, providers, provider, secrets, flags, context, reporter }: Replaying,
  skipped: SkippedCount,
): void {
  const say = (level: 'info' | 'warning', code: string, message: string) =>
    reporter.fact(notice(context, level, code, message));
  if (skipped.words) say('warning', 'LINES_SKIPPED', skipped.words);
  if (skipped.lost) say('warning', 'FACTS_LOST', skipped.lost);
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
  const idle = providers.filter((each) => secrets?.from(each) === 'flag' && !plan.senders.has(each));
  for (const { name } of plan.total > 0 ? idle : [])
    say('info', 'NOTE', `the secret given for ${name} is used for nothing: no delivery of ${name} is sent`);
  if (flags.secret) say('warning', 'SECRET_ON_COMMAND_LINE', shownSecretWords(provider));
  if (plan.total === 0 && !context.interrupt.aborted)
    say(
      'warning',
      'NOTHING_SENT',
      plan.found === 0
        ? 'nothing is sent: no delivery was found in the recording'
        : `nothing is sent: none of ${deliveries(plan.found)} is asked for`,
    );
}

/** Sends what is planned, and tells what comes of it; gives the exit code. */
export async function sendPlan(replaying: Replaying): Promise<number> {
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
      gone(count) {
        progress.clear();
        skipped += count;
        const words = `${deliveries(count)} not sent: the file does not hold them any more`;
        reporter.fact(notice(context, 'error', 'NOT_SENT', words));
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
    extra: addedHeaders(flags, target),
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

/** Why a delivery of a provider can have no fresh id. */
export const bodyIdWords = ({ title, identity }: Provider): string =>
  `${title} deliveries carry no id, their identity is made of ${identity.join(' + ')}`;
