import { type FaultRates, faultsOf } from '../core/faults.ts';
import { inOrder, shuffled } from '../core/order.ts';
import type { Draft } from '../core/provider.ts';
import { makeRandom, type Random } from '../core/random.ts';
import { Tally } from '../core/tally.ts';
import { isGivenUp } from '../core/types.ts';
import { isCut } from '../io/cut.ts';
import type { Attempt } from './deliver.ts';
import { pause } from './pause.ts';
import { type Course, deliverWithRetries, type RetryOptions } from './retry.ts';

/** What is sent: drafts made one by one, so that memory does not grow with their number. */
export interface Batch {
  readonly total: number;
  readonly draft: (index: number) => Draft;
}

/** How a batch is sent. */
export interface BatchOptions extends RetryOptions {
  readonly seed: number;
  /** How many deliveries are on their way at once. */
  readonly concurrency: number;
  /** How many are begun in a second; without it as many as can be. */
  readonly rate?: number | undefined;
  readonly shuffle?: boolean | undefined;
  readonly faults: FaultRates;
}

/** Told what happens. */
export interface Watch {
  /** An attempt is over. Where that returns a promise the next delivery waits for it: whoever is told reads slowly. */
  readonly attempt: (attempt: Attempt) => Promise<void> | undefined;
  /** A delivery will not be tried again, and why. */
  readonly stopped?: (draft: Draft, reason: string) => void;
  /** So many deliveries of the batch are over. */
  readonly progress?: (done: number) => void;
}

/** What came of a batch. */
export interface Sent {
  readonly tally: Tally;
  /** How many deliveries of the batch were never begun, for it was interrupted or could not go on. */
  readonly untried: number;
  /** How many were begun in a second, where there was a rate and enough were begun to tell. */
  readonly begunPerSecond?: number | undefined;
  /** Why it could not go on to its end, where it could not: what making a draft or telling of it threw. */
  readonly broken?: unknown;
}

/** Sends a batch and counts what came of it. */
export async function sendBatch(batch: Batch, options: BatchOptions, watch: Watch): Promise<Sent> {
  const tally = new Tally();
  const broken = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, broken.signal]) : broken.signal;
  const order = options.shuffle ? shuffled(batch.total, options.seed) : inOrder(batch.total);
  const pace = options.rate === undefined ? undefined : paced(options.rate, signal);
  const told: Watch = {
    ...watch,
    attempt(attempt) {
      pace?.over();
      // What is cut short because we cannot go on says nothing of the receiver.
      return broken.signal.aborted ? undefined : watch.attempt(attempt);
    },
  };
  const work: Work = { batch, options: { ...options, signal }, watch: told, tally };
  let begun = 0;
  let done = 0;
  const worker = async () => {
    for (const index of order) {
      await pace?.turn();
      if (signal.aborted) return;
      begun += 1;
      await sendOne(index, work);
      done += 1;
      watch.progress?.(done);
    }
  };
  const workers = Array.from({ length: Math.min(options.concurrency, batch.total) }, () =>
    worker().catch((error: unknown) => broken.abort(error)),
  );
  await Promise.all(workers);
  return {
    tally,
    untried: batch.total - begun,
    begunPerSecond: pace?.perSecond(),
    ...(broken.signal.aborted ? { broken: broken.signal.reason } : {}),
  };
}

/** Keeps deliveries to so many a second. */
interface Pace {
  /** Waits until the next may begin. */
  readonly turn: () => Promise<void>;
  /** Says that an attempt is over. */
  readonly over: () => void;
  /** How many turns there were in a second; nothing where there were too few to tell. */
  readonly perSecond: () => number | undefined;
}

/** The second waits so long for the first to be over, ms. */
const startMs = 500;
/** Of fewer turns than this a rate cannot be told. */
const fewestTurns = 20;
/** What was missed by less than this, ms, is made up for: timers are late by one or two. */
const lateMs = 10;

/**
 * A receiver, or a machine, that was slow is not flooded with what it missed. So the first goes alone: while it opens a
 * connection others would queue up behind it.
 */
function paced(rate: number, signal: AbortSignal): Pace {
  const started = new AbortController();
  let turns = 0;
  let due = 0;
  let from = 0;
  let to = 0;
  const turn = async () => {
    turns += 1;
    if (turns === 2) await pause(startMs, started.signal);
    const early = due - performance.now();
    if (early > 1) await pause(early, signal);
    to = performance.now();
    // The first goes alone, and says nothing.
    if (turns === 2) from = to;
    due = Math.max(due, to - lateMs) + 1000 / rate;
  };
  let last = Promise.resolve();
  return {
    turn() {
      last = last.then(turn);
      return last;
    },
    over: () => started.abort(),
    perSecond: () => (turns < fewestTurns ? undefined : ((turns - 2) / (to - from)) * 1000),
  };
}

interface Work {
  readonly batch: Batch;
  readonly options: BatchOptions;
  readonly watch: Watch;
  readonly tally: Tally;
}

async function sendOne(index: number, { batch, options, watch, tally }: Work): Promise<void> {
  const draft = batch.draft(index);
  const { duplicate, drop } = faultsOf(index, options.seed, options.faults);
  const course: Course = {
    random: lazyRandom((options.seed + index) >>> 0),
    cut: drop,
    tell(attempt) {
      tally.attempts += 1;
      if (isCut(attempt.answer)) tally.dropped += 1;
      return watch.attempt(attempt);
    },
  };
  for (let time = 0; time < (duplicate ? 2 : 1); time++) {
    const { last, stopped } = await deliverWithRetries(draft, options, course);
    if (!isGivenUp(last.answer)) tally.add(last.answer, last.accepted);
    if (stopped !== undefined) watch.stopped?.(draft, stopped);
  }
}

/** Only retries need chance, and a burst has few. */
function lazyRandom(seed: number): () => number {
  let random: Random | undefined;
  return () => {
    random ??= makeRandom(seed);
    return random.next();
  };
}
