import { type Seal, seal } from '../core/craft.ts';
import type { AttemptFact } from '../core/facts.ts';
import type { Draft } from '../core/provider.ts';
import type { StatusTest } from '../core/status.ts';
import type { Answer, Delivery } from '../core/types.ts';
import { answerFact, deliveryFact, isoTime } from '../core/wire.ts';
import type { Transport } from '../io/transport.ts';
import { pause } from './pause.ts';

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

/** One try at a draft, and what came of it. */
export interface Attempt {
  readonly draft: Draft;
  readonly delivery: Delivery;
  /** ms since the epoch. */
  readonly at: number;
  /** From 1. */
  readonly number: number;
  readonly answer: Answer;
  readonly accepted: boolean;
  /** The pause until the next one, ms of virtual time. */
  readonly nextInMs?: number;
  /** When it would have been made, had no waiting been compressed; ms since the epoch. */
  readonly virtualAt?: number;
}

/** Which attempt at a delivery is made. */
export interface Turn {
  /** From 1. Only the first waits for a receiver that is not up yet. */
  readonly number: number;
  /** It breaks off half-way through the body, as with a sender that dies. */
  readonly cut: boolean;
}

const firstTurn: Turn = { number: 1, cut: false };
const pauseMs = 100;

/** Seals a draft and sends it. Where a refused connection is tried again, the attempt is the last try. */
export async function deliver(
  draft: Draft,
  options: DeliverOptions,
  { number, cut }: Turn = firstTurn,
): Promise<Attempt> {
  const { url, secrets, extra, transport, signal } = options;
  const waitMs = number === 1 ? options.waitMs : undefined;
  const deadline = waitMs === undefined ? undefined : performance.now() + waitMs;
  for (;;) {
    const at = options.now();
    const delivery = seal(draft, { url, secrets, extra, at: options.signedAt ?? at });
    const answer = await (cut ? transport.cut(delivery, signal) : transport.send(delivery, signal));
    const refused = 'failure' in answer && answer.failure === 'refused';
    if (!refused || deadline === undefined || performance.now() >= deadline) {
      const accepted = 'status' in answer && options.accepts(answer.status);
      return { draft, delivery, at, number, answer, accepted };
    }
    await pause(pauseMs, signal);
  }
}

/** An attempt as a fact. */
export function attemptFact({
  draft,
  delivery,
  at,
  number,
  answer,
  accepted,
  nextInMs,
  virtualAt,
}: Attempt): AttemptFact {
  return {
    kind: 'attempt',
    at: isoTime(at),
    delivery: deliveryFact(delivery),
    number,
    answer: answerFact(answer),
    accepted,
    ...(nextInMs === undefined ? {} : { next_in_ms: nextInMs }),
    ...(virtualAt === undefined ? {} : { virtual_at: isoTime(virtualAt) }),
    seed: draft.seed,
  };
}
