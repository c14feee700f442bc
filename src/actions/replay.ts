import type { Capture } from '../core/capture.ts';
import { isMasked } from '../core/mask.ts';
import { inOrder, shuffled } from '../core/order.ts';
import type { Provider } from '../core/provider.ts';
import { type Identity, identify, type Renewal, renew } from '../core/replay.ts';
import type { StatusTest } from '../core/status.ts';
import { Tally } from '../core/tally.ts';
import { resolveUrl, type Target } from '../core/target.ts';
import { type Headers, isGivenUp } from '../core/types.ts';
import { UsageError } from '../errors.ts';
import type { Transport } from '../io/transport.ts';
import { type Attempt, deliver } from './deliver.ts';
import { pause } from './pause.ts';
import type { Plan, Selection } from './replay-plan.ts';

/** How the deliveries of a plan are sent. */
export interface ReplayOptions extends Pick<Selection, 'providers' | 'provider'> {
  readonly renewal: Renewal;
  readonly target: Target;
  readonly secretsOf: (provider: Provider) => readonly string[];
  /** Headers that are added, or replace others. */
  readonly extra: Headers;
  readonly transportOf: (provider: Provider) => Transport;
  readonly accepts: (provider: Provider) => StatusTest;
  readonly now: () => number;
  /** How long a refused connection is tried again, ms. */
  readonly waitMs?: number | undefined;
  readonly signal: AbortSignal;
  /** A seed where they are sent out of order. */
  readonly shuffle?: number | undefined;
  /** The pauses between them, so many times shorter than recorded; without it there are none. */
  readonly speed?: number | undefined;
}

/** In what a delivery that is sent differs from what was recorded, or from what one would expect. */
export interface Difference {
  /** The names of headers that no request can carry. */
  readonly leftOut: readonly string[];
  /** Its path has a token that is masked in the recording. */
  readonly masked: boolean;
  /** Its provider is known, so that it can be signed; or it need not be. */
  readonly known: boolean;
}

/** Told what happens. Where that returns a promise, the next delivery waits for it. */
export interface ReplayWatch {
  readonly attempt: (attempt: Attempt) => Promise<void> | undefined;
  /** A delivery is not sent, and why; it is named by its event and id. */
  readonly unsent: (name: string, why: string) => Promise<void> | undefined;
  /** So many are not sent, for the file does not hold them any more; told in the end, where there are any. */
  readonly gone: (count: number) => void;
  /** Before each: in what it differs from what was recorded, or from what one would expect. */
  readonly differs: (difference: Difference) => void;
  /** Before a wait, ms. */
  readonly waiting: (ms: number) => void;
  /** How many are done. */
  readonly progress?: (done: number) => void;
}

/** Sends the deliveries of a plan one after the other, and counts what came of it. */
export async function replay(plan: Plan, options: ReplayOptions, watch: ReplayWatch): Promise<Tally> {
  const { signal } = options;
  const tally = new Tally();
  const wait = pacer(options, watch);
  const order = options.shuffle === undefined ? inOrder(plan.total) : shuffled(plan.total, options.shuffle);
  let gone = 0;
  for (const index of order) {
    if (signal.aborted) break;
    const capture = await plan.capture(index);
    if (capture) await wait(capture.at);
    // Nothing is read any more either, when we are interrupted.
    if (signal.aborted) break;
    if (!capture) gone += 1;
    const attempt = capture && (await sendAgain(capture, index, options, watch));
    if (!attempt) continue;
    if (!isGivenUp(attempt.answer)) tally.add(attempt.answer, attempt.accepted);
    await watch.attempt(attempt);
    watch.progress?.(tally.sent);
  }
  if (gone > 0) watch.gone(gone);
  return tally;
}

async function sendAgain(
  capture: Capture,
  index: number,
  options: ReplayOptions,
  watch: ReplayWatch,
): Promise<Attempt | undefined> {
  const { now, target, renewal } = options;
  const identity = identify(capture, options.providers, options.provider);
  try {
    const { draft, leftOut } = renew(capture, identity, renewal, { seed: index, at: now() });
    const { path } = capture.received;
    watch.differs({
      leftOut,
      masked: !target.hasPath && isMasked(path),
      known: renewal.asRecorded || identity.provider !== undefined,
    });
    return await deliver(draft, {
      ...options,
      url: resolveUrl(target, path),
      secrets: options.secretsOf(draft.provider),
      transport: options.transportOf(draft.provider),
      accepts: options.accepts(draft.provider),
    });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    await watch.unsent(nameOf(identity, index), error.message);
    return undefined;
  }
}

const nameOf = ({ event, id }: Identity, index: number): string =>
  [event, id === undefined ? `number ${index + 1}` : `[${id}]`].filter(Boolean).join(' ');

/**
 * Waits as long as it was from one delivery to the next; a receiver that was slow is not flooded with what it missed. One
 * that is older than what stands before it is sent at once, and the next waits for none of the time between them again.
 */
function pacer({ speed, signal }: ReplayOptions, { waiting }: ReplayWatch) {
  let turn = performance.now();
  let latest: number | undefined;
  return async (at: number | undefined): Promise<void> => {
    if (speed === undefined) return;
    const gap = at === undefined || latest === undefined ? 0 : Math.max(0, at - latest);
    if (at !== undefined) latest = Math.max(latest ?? at, at);
    turn = Math.max(turn + gap / speed, performance.now());
    const ms = turn - performance.now();
    if (ms <= 1) return;
    waiting(ms);
    await pause(ms, signal);
  };
}
