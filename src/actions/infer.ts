import { setImmediate as turn } from 'node:timers/promises';
import type { ReceivedFact } from '../core/facts.ts';
import type { Inference } from '../core/infer/conclude.ts';
import { infer } from '../core/infer/infer.ts';
import type { Sample } from '../core/infer/sample.ts';
import type { InferOptions, Progress } from '../core/infer/work.ts';
import { bytesOf } from '../core/wire.ts';
import type { Limits } from '../io/server.ts';
import { type Emit, startListener } from './listen.ts';
import { pause } from './pause.ts';

/** What is not likely is gone through for so long, ms. */
export const searchMs = 28_000;
/** So often somebody else gets a turn, ms. */
const turnMs = 50;

/** How a search is watched. */
export interface Watch {
  readonly interrupt: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

/** Runs a search; nothing where it was interrupted. */
export async function runInference(
  samples: readonly Sample[],
  options: InferOptions,
  { interrupt, progress }: Watch,
): Promise<Inference | undefined> {
  const running = infer(samples, options);
  const started = performance.now();
  let last = started;
  let step = running.next(false);
  while (!step.done) {
    const now = performance.now();
    if (now - last > turnMs) {
      progress(step.value);
      await turn();
      last = now;
    }
    if (interrupt.aborted) return undefined;
    step = running.next(now - started > searchMs);
  }
  return step.value;
}

/** Where a listener of ours waits for deliveries to learn from. */
export interface Collecting {
  readonly port: number;
  readonly limits: Limits;
  readonly now: () => number;
  readonly interrupt: AbortSignal;
  /** It is waited no longer, ms. */
  readonly within?: number | undefined;
  /** Told when it listens, of each delivery, and of one that came before. */
  readonly ready: (port: number) => void;
  readonly came: (sample: Sample, count: number) => void;
  readonly cameAgain: () => void;
}

/** So many deliveries confirm a scheme. */
const enough = 2;

/**
 * Serves as `hooks listen` does, and answers 200 whatever comes, until two different deliveries have come, the time is
 * over or it is interrupted; gives what came.
 * @throws {UsageError} when the port cannot be had
 */
export async function collect(
  { interrupt, within = Number.POSITIVE_INFINITY, ready, came, cameAgain, ...options }: Collecting,
  emit: Emit,
): Promise<Sample[]> {
  const samples = new Map<string, Sample>();
  const all = new AbortController();
  const take = (fact: ReceivedFact) => {
    const { method, path, headers } = fact.received;
    // The same once more is a try of the same delivery, and shows nothing new.
    const key = JSON.stringify(fact.received);
    if (samples.size >= enough) return;
    if (samples.has(key)) return cameAgain();
    const sample = {
      received: { method, path, headers, body: bytesOf(fact.received) },
      at: Date.parse(fact.at),
    };
    samples.set(key, sample);
    came(sample, samples.size);
    if (samples.size >= enough) all.abort();
  };
  const answers = { script: () => 200, headers: [], delayMs: 0 };
  const server = await startListener({ ...options, providers: [], secretsOf: () => [], answers }, (fact) =>
    fact.kind === 'received' ? take(fact) : emit(fact),
  );
  ready(server.port);
  await pause(within, AbortSignal.any([interrupt, all.signal]));
  await server.close();
  return [...samples.values()];
}
