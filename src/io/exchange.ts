import type { ClientRequest, IncomingMessage } from 'node:http';
import { equalParts, partedCharacters } from '../core/check/parts.ts';
import type { Pace } from '../core/check/words.ts';
import { headerPairs } from '../core/headers.ts';
import type { Answer, Headers, Outcome } from '../core/types.ts';
import { failureOf } from './connect.ts';
import { type Head, openRequest } from './request.ts';
import { longestTimer } from './timer.ts';

/** A request that need not be a proper one. */
export interface Exchange extends Head {
  readonly body: Uint8Array;
  readonly pace: Pace;
}

/** How a request is made. */
export interface ExchangeOptions {
  /** The whole time it may take, ms; a body that is held back is given its own time. */
  readonly timeoutMs: number;
  readonly insecure: boolean;
  readonly signal: AbortSignal;
}

/** Of an answer's body this much is kept. */
const keptBytes = 1024 * 1024;

/** A body that comes in pieces: in so many, with so long between them, ms. */
const inPieces = { slow: { count: 6, betweenMs: 100 }, split: { count: 4, betweenMs: 20 } } as const;

/** How much of the time of an exchange is our own, since its body is held back, ms. */
export function heldBackMs(pace: Pace): number {
  if (pace !== 'slow' && pace !== 'split') return 0;
  const { count, betweenMs } = inPieces[pace];
  return (count - 1) * betweenMs;
}

/**
 * Makes a request over a connection of its own and collects the answer; a failure is a value. What is cut off on purpose
 * ends in `reset`.
 */
export async function exchange(message: Exchange, options: ExchangeOptions): Promise<Answer> {
  const started = performance.now();
  const late = new AbortController();
  const allowedMs = options.timeoutMs + heldBackMs(message.pace);
  const timer = setTimeout(() => late.abort(), Math.min(allowedMs, longestTimer));
  const signal = AbortSignal.any([options.signal, late.signal]);
  const headers = [...message.headers, ...framing(message)];
  try {
    const request = await openRequest({ ...message, headers }, { insecure: options.insecure, signal });
    return timed(started, await answerTo(request, message));
  } catch (error) {
    return timed(started, faultOf(error as Error, options, late.signal));
  } finally {
    clearTimeout(timer);
  }
}

const timed = (started: number, outcome: Outcome): Answer => ({
  ...outcome,
  ms: Math.round((performance.now() - started) * 10) / 10,
});

function framing({ host, headers, pace, method, body }: Exchange): Headers {
  const named = headers.some(([name]) => name.toLowerCase() === 'host');
  const length: Headers =
    pace === 'chunked'
      ? [['transfer-encoding', 'chunked']]
      : method === 'GET' && body.length === 0
        ? []
        : [['content-length', String(body.length)]];
  return [...(named ? [] : [['host', host.host] as const]), ...length];
}

function faultOf(error: Error, { timeoutMs, signal }: ExchangeOptions, late: AbortSignal): Outcome {
  if (signal.aborted) return { failure: 'aborted', detail: 'interrupted' };
  return late.aborted ? { failure: 'timeout', detail: `no answer within ${timeoutMs} ms` } : failureOf(error);
}

function answerTo(request: ClientRequest, message: Exchange): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const closed = () => reject(new Error('the connection was closed without an answer'));
    request.on('error', reject).on('close', closed);
    request.once('response', (answer) => {
      // An answer may come before the whole body was written: then the rest cannot be written any more.
      request
        .off('close', closed)
        .off('error', reject)
        .on('error', () => {});
      collect(answer).then(resolve, reject);
    });
    write(request, message, resolve);
  });
}

/** Writes the body as fast, or as far, as it is to go. */
function write(request: ClientRequest, { body, pace }: Exchange, settle: (outcome: Outcome) => void): void {
  const paces: Readonly<Record<Pace, () => void>> = {
    whole: () => request.end(body),
    slow: () => writePieces(request, equalParts(body, inPieces.slow.count), inPieces.slow.betweenMs),
    split() {
      request.setNoDelay(true);
      writePieces(request, partedCharacters(body, inPieces.split.count - 1), inPieces.split.betweenMs);
    },
    chunked() {
      // Two writes, so that there are two chunks.
      const [first, second] = partedCharacters(body, 1);
      if (first && second) request.write(first);
      request.end(second ?? first);
    },
    cut() {
      const half = Math.floor(body.length / 2);
      request.write(body.subarray(0, half), () => {
        const detail = `closed on purpose after ${half} of ${body.length} bytes of the body`;
        settle({ failure: 'reset', detail });
        request.destroy();
      });
    },
  };
  paces[pace]();
}

/** Writes each piece a while after the one before was taken, so that they are likely to be read one by one. */
function writePieces(
  request: ClientRequest,
  [piece, ...rest]: readonly Uint8Array[],
  betweenMs: number,
): void {
  if (request.destroyed) return;
  if (!piece || rest.length === 0) {
    request.end(piece);
    return;
  }
  // However late the timer is, other sockets of this process are read before the next piece goes.
  const next = () => setImmediate(() => writePieces(request, rest, betweenMs));
  request.write(piece, () => setTimeout(next, betweenMs));
}

/** @throws {Error} when the answer breaks off */
async function collect(answer: IncomingMessage): Promise<Outcome> {
  const { statusCode: status = 0, rawHeaders } = answer;
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk.subarray(0, keptBytes - size));
      size += chunk.length;
      if (size > keptBytes) break;
    }
  } catch {
    throw new Error(`the answer broke off: status ${status}, and ${size} bytes of the body`);
  }
  const kept = { status, headers: headerPairs(rawHeaders), body: Buffer.concat(chunks) };
  return size > keptBytes ? { ...kept, truncated: true } : kept;
}
