import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable, Transform } from 'node:stream';
import type { Unanswered } from '../core/facts.ts';
import { headerPairs } from '../core/headers.ts';
import type { Answer, Headers, Outcome, Received } from '../core/types.ts';
import { failureOf } from './connect.ts';
import { openRequest } from './request.ts';
import type { Sender } from './sender.ts';

/** A request to pass on: to a host that the path cannot change. */
export interface Passing extends Received {
  readonly host: URL;
}

/** The beginning of an answer; its body comes piece by piece. */
export interface Arriving {
  readonly status: number;
  readonly reason: string;
  readonly headers: Headers;
  readonly body: Readable;
}

/** How a request is passed on. */
export interface ForwardOptions {
  /** So long nothing may come, ms. */
  readonly timeoutMs: number;
  /** Accepts certificates that nobody vouches for. */
  readonly insecure: boolean;
  /** Who waits for the answer. */
  readonly sender: Pick<Sender, 'left' | 'gone'>;
}

/** Of an answer's body this much is kept to be told; the whole of it is passed on. */
const keptBytes = 1024 * 1024;

/**
 * Passes a request on over a connection of its own, and gives what comes back as it comes; a failure is a value.
 * @param over told of the answer once, when it is over; the end of the body waits for it
 */
export async function forward(
  message: Passing,
  options: ForwardOptions,
  over: (answer: Answer) => Promise<void>,
): Promise<Arriving | undefined> {
  const started = performance.now();
  const finish = onlyOnce((outcome: Outcome) =>
    over({ ...outcome, ms: Math.round((performance.now() - started) * 10) / 10 }),
  );
  const late = new AbortController();
  try {
    const answer = await exchange(message, options, late);
    return tapped(answer, finish, (error) => faultOf(error, options, late.signal));
  } catch (error) {
    await finish(faultOf(error as Error, options, late.signal));
    return undefined;
  }
}

/** Sends the request, and gives the answer when its head has come. */
async function exchange(
  message: Passing,
  { timeoutMs, insecure, sender }: ForwardOptions,
  late: AbortController,
): Promise<IncomingMessage> {
  const signal = AbortSignal.any([sender.left, late.signal]);
  const request = await openRequest(message, { insecure, signal, idleMs: timeoutMs });
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | undefined;
    request.once('response', (response) => {
      answer = response;
      resolve(response);
    });
    request.on('error', reject);
    request.once('close', () => reject(new Error('the connection was closed without an answer')));
    // While the sender is slow to read, we are slow to ask for more.
    request.on('timeout', () => void (answer?.isPaused() || late.abort()));
    request.end(message.body);
  });
}

/** The answer with an eye on its body: what came is kept up to a limit, and told when all is over. */
function tapped(
  answer: IncomingMessage,
  finish: (outcome: Outcome) => Promise<void>,
  why: (error: Error) => Outcome,
): Arriving {
  const { statusCode: status = 0, statusMessage: reason = '', rawHeaders } = answer;
  const headers = headerPairs(rawHeaders);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const length = Number(answer.headers['content-length'] ?? Number.NaN);
  let last: Buffer | undefined;
  const body = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      if (size < keptBytes) chunks.push(chunk.subarray(0, keptBytes - size));
      size += chunk.length;
      // With the last byte that was announced the sender has the whole answer: it waits until all is told.
      if (size === length) last = chunk;
      next(null, size === length ? undefined : chunk);
    },
    flush(next) {
      const kept = { status, headers, body: Buffer.concat(chunks) };
      finish(size > keptBytes ? { ...kept, truncated: true } : kept).then(() => next(null, last), next);
    },
  });
  pipeline(answer, body, (error) => {
    if (!error) return;
    const fault = why(error);
    const detail = `the answer broke off: status ${status}, and ${size} bytes of the body`;
    finish('failure' in fault && fault.failure === 'reset' ? { ...fault, detail } : fault).catch(() => {});
  });
  return { status, reason, headers, body };
}

const endings: Readonly<Record<Unanswered, string>> = {
  sender_left: 'the sender did not wait for the answer',
  listener_ended: 'the listener ended before the answer came',
};

function faultOf(error: Error, { timeoutMs, sender }: ForwardOptions, late: AbortSignal): Outcome {
  if (sender.gone) return { failure: 'aborted', detail: endings[sender.gone] };
  return late.aborted ? { failure: 'timeout', detail: `nothing came for ${timeoutMs} ms` } : failureOf(error);
}

/** Who is told twice hears it once. */
function onlyOnce<T>(tell: (value: T) => Promise<void>): (value: T) => Promise<void> {
  let told: Promise<void> | undefined;
  return (value) => {
    told ??= tell(value);
    return told;
  };
}
