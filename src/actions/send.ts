import { setMaxListeners } from 'node:events';
import { type FaultRates, faultsOf } from '../core/faults.ts';
import { inOrder, shuffled } from '../core/order.ts';
import type { Draft } from '../core/provider.ts';
import { makeRandom, type Random } from '../core/random.ts';
import { Tally } from '../core/tally.ts';
import type { Answer } from '../core/types.ts';
import { cutWords } from '../io/cut.ts';
import { type Attempt, cutOff } from './deliver.ts';
import { pause } from './pause.ts';
import { deliverWithRetries, type RetryOptions } from './retry.ts';

/** What is sent: drafts made one by one, so that memory does not grow with their number. */
export interface Batch {
  readonly total: number;
  readonly draft: (index: number) => Draft;
}

/** How a batch is sent. */
export interface BatchOptions extends Omit<RetryOptions, 'random'> {
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
  readonly attempt: (attempt: Attempt) => void;
  /** A delivery will not be tried again, and why. */
  readonly stopped?: (draft: Draft, reason: string) => void;
  readonly progress?: (tally: Tally) => void;
}

/** Sends a batch and counts what came of it. */
export async function sendBatch(batch: Batch, options: BatchOptions, watch: Watch): Promise<Tally> {
  const tally = new Tally();
  const order = options.shuffle ? shuffled(batch.total, options.seed) : inOrder(batch.total);
  const started = performance.now();
  let turn = started;
  const broken = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, broken.signal]) : broken.signal;
  const joined = { ...options, signal };
  // What is cut short because we cannot go on says nothing of the receiver.
  const told: Watch = {
    ...watch,
    attempt: (attempt) => void (broken.signal.aborted || watch.attempt(attempt)),
  };
  // Each delivery on its way listens.
  setMaxListeners(0, signal);
  const worker = async () => {
    while (!signal.aborted) {
      const { value: index, done } = order.next();
      if (done) return;
      if (options.rate !== undefined) {
        // A receiver that was slow is not flooded with what it missed.
        const own = Math.max(turn, performance.now());
        turn = own + 1000 / options.rate;
        await until(own, signal);
        if (signal.aborted) return;
      }
      await sendOne(index as number, batch, joined, told, tally);
    }
  };
  const workers = Array.from({ length: Math.min(options.concurrency, batch.total) }, () =>
    worker().catch((error: unknown) => broken.abort(error)),
  );
  await Promise.all(workers);
  if (broken.signal.aborted) throw broken.signal.reason;
  return tally;
}

async function sendOne(
  index: number,
  batch: Batch,
  options: BatchOptions,
  watch: Watch,
  tally: Tally,
): Promise<void> {
  const draft = batch.draft(index);
  const { duplicate, drop } = faultsOf(index, options.seed, options.faults);
  if (drop) {
    const attempt = await cutOff(draft, options);
    // A receiver that is not there was not dropped.
    if (isCut(attempt.answer)) tally.dropped += 1;
    else if (!options.signal?.aborted) tally.add(attempt.answer, false);
    watch.attempt(attempt);
    watch.progress?.(tally);
    return;
  }
  const random = lazyRandom((options.seed + index) >>> 0);
  for (let time = 0; time < (duplicate ? 2 : 1); time++) {
    const { last, stopped } = await deliverWithRetries(draft, { ...options, random }, watch.attempt);
    // What was cut short when we were interrupted says nothing of the receiver.
    if (!options.signal?.aborted || !('failure' in last.answer)) tally.add(last.answer, last.accepted);
    if (stopped !== undefined) watch.stopped?.(draft, stopped);
    watch.progress?.(tally);
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

const isCut = (answer: Answer): boolean => 'failure' in answer && answer.detail.startsWith(cutWords);

/** Waits for a moment of the monotonic clock, ms. */
async function until(moment: number, signal: AbortSignal | undefined): Promise<void> {
  const ms = moment - performance.now();
  if (ms > 1) await pause(ms, signal);
}
