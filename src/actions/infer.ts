import { setImmediate as turn } from 'node:timers/promises';
import { type Inference, infer } from '../core/infer/infer.ts';
import type { Sample } from '../core/infer/sample.ts';
import type { InferOptions, Progress } from '../core/infer/work.ts';
import { isoTime } from '../core/wire.ts';
import { defaultLimits, type Reply, serve } from '../io/server.ts';
import type { Emit } from './listen.ts';

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
  readonly now: () => number;
  readonly interrupt: AbortSignal;
  /** Told when it listens, and of each delivery. */
  readonly ready: (port: number) => void;
  readonly came: (sample: Sample, count: number) => void;
}

/** So many deliveries confirm a scheme. */
const enough = 2;

const taken: Reply = { status: 200, headers: [['content-type', 'application/json']], body: '{}\n' };
const health: Reply = {
  status: 200,
  headers: [['content-type', 'text/plain']],
  body: 'hooks is listening\n',
};

/**
 * Serves until two different deliveries have come, or it is interrupted, and gives what came.
 * @throws {UsageError} when the port cannot be had
 */
export async function collect(options: Collecting, emit: Emit): Promise<Sample[]> {
  const { port, now, interrupt, ready, came } = options;
  const samples = new Map<string, Sample>();
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const server = await serve({
    port,
    limits: defaultLimits,
    handle(received) {
      if (['GET', 'HEAD'].includes(received.method)) return health;
      // The same once more is a try of the same delivery, and shows nothing new.
      const key = JSON.stringify([
        received.path,
        received.headers,
        Buffer.from(received.body).toString('base64'),
      ]);
      const isNew = !samples.has(key) && samples.size < enough;
      if (isNew) {
        const sample = { received, at: now() };
        samples.set(key, sample);
        came(sample, samples.size);
      }
      return taken;
    },
    replied: () => {
      if (samples.size >= enough) end();
    },
    rejected({ code, message }) {
      emit({ kind: 'notice', at: isoTime(now()), level: 'warning', code, message });
    },
  });
  interrupt.addEventListener('abort', end, { once: true });
  ready(server.port);
  if (!interrupt.aborted) await ended;
  await server.close();
  return [...samples.values()];
}
