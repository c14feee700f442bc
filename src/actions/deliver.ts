import { type Seal, seal } from '../core/craft.ts';
import type { AttemptFact } from '../core/facts.ts';
import type { Draft } from '../core/provider.ts';
import type { StatusTest } from '../core/status.ts';
import type { Answer, Delivery } from '../core/types.ts';
import { answerFact, deliveryFact, isoTime } from '../core/wire.ts';
import type { Transport } from '../io/transport.ts';

/** How a draft is delivered. */
export interface DeliverOptions extends Omit<Seal, 'at'> {
  readonly transport: Transport;
  /** Which statuses count as success. */
  readonly accepts: StatusTest;
  readonly now: () => number;
  /** Stamps the signature with this time instead of now, ms since the epoch. */
  readonly signedAt?: number | undefined;
  /** How long a refused connection is tried again, ms. */
  readonly waitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Seals a draft, sends it, and tells what came of it: of the last try, where a refused connection was tried again. */
export async function deliver(draft: Draft, options: DeliverOptions): Promise<AttemptFact> {
  const deadline = performance.now() + (options.waitMs ?? 0);
  for (;;) {
    const at = options.now();
    const delivery = seal(draft, { ...options, at: options.signedAt ?? at });
    const answer = await options.transport.send(delivery, options.signal);
    const refused = 'failure' in answer && answer.failure === 'refused';
    if (!refused || performance.now() >= deadline) return factOf(draft, delivery, answer, at, options);
    await pause(pauseMs, options.signal);
  }
}

const pauseMs = 100;

function factOf(
  draft: Draft,
  delivery: Delivery,
  answer: Answer,
  at: number,
  { accepts }: DeliverOptions,
): AttemptFact {
  return {
    kind: 'attempt',
    at: isoTime(at),
    delivery: deliveryFact(delivery),
    number: 1,
    answer: answerFact(answer),
    accepted: 'status' in answer && accepts(answer.status),
    seed: draft.seed,
  };
}

/** Waits, or returns at once when interrupted: the next attempt then ends as aborted. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
  });
}
