import type { ClientRequest, IncomingMessage } from 'node:http';
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
  /** The whole time it may take, ms; a slow body is given its own time. */
  readonly timeoutMs: number;
  readonly insecure: boolean;
  readonly signal: AbortSignal;
}

/** Of an answer's body this much is kept. */
const keptBytes = 1024 * 1024;

/** A slow body comes in so many pieces, with so long between them, ms. */
const pieces = 6;
const betweenMs = 100;

/**
 * Makes a request over a connection of its own and collects the answer; a failure is a value. What is cut off on purpose
 * ends in `reset`.
 */
export async function exchange(message: Exchange, options: ExchangeOptions): Promise<Answer> {
  const started = performance.now();
  const late = new AbortController();
  const slowMs = message.pace === 'slow' ? (pieces - 1) * betweenMs : 0;
  const timer = setTimeout(() => late.abort(), Math.min(options.timeoutMs + slowMs, longestTimer));
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
  const half = Math.floor(body.length / 2);
  const paces: Readonly<Record<Pace, () => void>> = {
    whole: () => request.end(body),
    slow: () => writeSlowly(request, body, pieces),
    chunked() {
      // Two writes, so that there are two chunks; where there is a character of several bytes, they part it.
      const wide = body.findIndex((byte) => byte > 0x7f);
      const at = wide < 0 ? half : wide + 1;
      request.write(body.subarray(0, at));
      request.end(body.subarray(at));
    },
    cut() {
      request.write(body.subarray(0, half), () => {
        const detail = `closed on purpose after ${half} of ${body.length} bytes of the body`;
        settle({ failure: 'reset', detail });
        request.destroy();
      });
    },
  };
  paces[pace]();
}

function writeSlowly(request: ClientRequest, rest: Uint8Array, left: number): void {
  if (request.destroyed) return;
  if (left === 1) {
    request.end(rest);
    return;
  }
  const size = Math.ceil(rest.length / left);
  request.write(rest.subarray(0, size));
  setTimeout(() => writeSlowly(request, rest.subarray(size), left - 1), betweenMs);
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
