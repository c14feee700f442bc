import { attemptFact } from '../actions/deliver.ts';
import type { Watch } from '../actions/send.ts';
import type { Context } from '../context.ts';
import type { Draft } from '../core/provider.ts';
import type { Tally } from '../core/tally.ts';
import { isoTime } from '../core/wire.ts';
import type { Progress } from '../report/progress.ts';
import type { Crafted } from './crafting.ts';
import { drained, notice } from './reporting.ts';
import type { Sending } from './sending.ts';
import { adviceOn } from './targeting.ts';

/** Failures of a burst printed for people; the others are counted. */
const mostFailures = 20;

/** What telling takes of it. */
type Telling = Pick<Sending, 'target' | 'flags' | 'context' | 'reporter'> & {
  readonly batch: Pick<Crafted, 'total'>;
};

/** Tells attempts, no faster than they are read, and once each what may be done about a failure. */
export function watchOf(
  { batch, target, flags, context, reporter }: Telling,
  progress: Pick<Progress, 'clear' | 'update'>,
): Watch {
  const burst = (flags.count ?? 1) > 1 && !flags.each;
  const advised = new Set<string>();
  let failures = 0;
  const say = (code: string, message: string) => reporter.fact(notice(context, 'info', code, message));
  return {
    attempt(attempt) {
      if (burst && attempt.accepted) return undefined;
      progress.clear();
      failures += 1;
      const silent = burst && !flags.json && failures > mostFailures;
      if (!silent) reporter.fact(attemptFact(attempt));
      if (burst && !flags.json && failures === mostFailures)
        say('MORE_FAILURES', 'further failures are only counted; --each prints every attempt');
      const advice = attempt.accepted ? undefined : adviceOn(attempt.answer, target);
      if (advice !== undefined && !advised.has(advice)) {
        advised.add(advice);
        say('HINT', advice);
      }
      return drained(context);
    },
    stopped(draft: Draft, reason: string) {
      if (batch.total === 1 || flags.each)
        say('RETRIES_END', `no further attempt at ${draft.id ?? 'it'}: ${reason}`);
    },
    progress: progress.update,
  };
}

/**
 * What came of all deliveries.
 * @param counts `attempts` where there could be several at a delivery; `untried`: deliveries that were never begun
 */
export function summaryOf(
  tally: Tally,
  {
    seed,
    attempts,
    untried = 0,
  }: {
    readonly seed?: number | undefined;
    readonly attempts?: number | undefined;
    readonly untried?: number;
  },
  seconds: number,
  { now }: Context,
) {
  const latency = tally.latency();
  return {
    kind: 'summary',
    at: isoTime(now()),
    sent: tally.sent,
    ...(attempts === undefined ? {} : { attempts }),
    accepted: tally.accepted,
    refused: tally.refused,
    failed: tally.failed,
    ...(tally.dropped > 0 ? { dropped: tally.dropped } : {}),
    ...(untried > 0 ? { untried } : {}),
    statuses: tally.statuses,
    ...(latency ? { latency_ms: latency } : {}),
    per_second: Math.round((tally.sent / seconds) * 10) / 10,
    ...(seed === undefined ? {} : { seed }),
  } as const;
}
