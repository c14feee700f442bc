import { setFlagsFromString } from 'node:v8';
import type { Pool } from 'undici';
import UndiciPool from 'undici/lib/dispatcher/pool.js';
import type { Answer, Delivery, Failure, Headers, Outcome } from '../core/types.ts';
import { onAbort } from './abort.ts';
import { connectOptions, failureOf } from './connect.ts';
import { cutOff } from './cut.ts';
import { longestTimer } from './timer.ts';

/** How requests are made. */
export interface TransportOptions {
  /** The whole time an attempt may take, ms. */
  readonly timeoutMs: number;
  /** Accepts certificates that nobody vouches for. */
  readonly insecure?: boolean;
  /** The most connections to one host. */
  readonly connections?: number;
}

/** What goes over the wire. */
export type Message = Pick<Delivery, 'url' | 'headers' | 'body'>;

/** Carries deliveries: redirects are not followed, a failure is a value. */
export interface Transport {
  readonly send: (message: Message, signal?: AbortSignal) => Promise<Answer>;
  /** Sends the head and half of the body, then closes the connection. */
  readonly cut: (message: Message, signal?: AbortSignal) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

/** Of an answer's body this much is kept; the connection is dropped at the rest. */
const keptBytes = 1024 * 1024;

/** Opens a transport; connections are kept and reused until it is closed. */
export function openTransport({ timeoutMs, insecure = false, connections = 1 }: TransportOptions): Transport {
  const pools = new Map<string, Pool>();
  const open = (origin: string, hostname: string): Pool => {
    const connect = { timeout: 0, ...connectOptions(hostname, insecure) };
    const pool = new UndiciPool(origin, { connections, connect, headersTimeout: 0, bodyTimeout: 0 });
    pools.set(origin, pool);
    spareOptimising();
    return pool;
  };
  const routes = new Map<string, Route>();
  const routeOf = (address: string): Route => {
    const known = routes.get(address);
    if (known) return known;
    const url = new URL(address);
    const pool = pools.get(url.origin) ?? open(url.origin, url.hostname);
    const route = { pool, path: url.pathname + url.search };
    if (routes.size < mostRoutes) routes.set(address, route);
    return route;
  };
  return {
    send: (delivery, signal) => attempt(routeOf(delivery.url), delivery, timeoutMs, signal),
    cut: (delivery, signal) => cutOff(delivery, { timeoutMs, insecure }, signal),
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

/** A burst has one address, which is read once; a recording may have many. */
const mostRoutes = 1000;

interface Route {
  readonly pool: Pool;
  readonly path: string;
}

/**
 * Node 20 waits about 80 ms at exit while V8 optimises the HTTP parser after its first request; this keeps it from
 * starting. Later versions have no such wait, and there the flag costs time.
 */
function spareOptimising(): void {
  if (process.versions.node.startsWith('20.')) setFlagsFromString('--wasm-tiering-budget=2000000000');
}

function attempt(
  { pool, path }: Route,
  { headers, body }: Message,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Answer> {
  const request = { method: 'POST' as const, path, headers: headers.flat(), body };
  return new Promise((resolve) => {
    const started = performance.now();
    const answer = new Incoming();
    const settle = (outcome: Outcome) => {
      clearTimeout(timer);
      forget();
      resolve({ ...outcome, ms: Math.round((performance.now() - started) * 10) / 10 });
    };
    const cancel = (failure: Failure, detail: string) => {
      settle({ failure, detail });
      answer.giveUp();
    };
    const interrupted = () => cancel('aborted', 'interrupted');
    const timer = setTimeout(
      () => cancel('timeout', answer.timeoutDetail(timeoutMs)),
      Math.min(timeoutMs, longestTimer),
    );
    const forget = onAbort(signal, interrupted);
    if (signal?.aborted) return interrupted();
    answer.done = settle;
    pool.dispatch(request, answer);
  });
}

/** Undici's dispatch handler: it collects one answer. */
class Incoming {
  done: (outcome: Outcome) => void = () => {};
  abort: () => void = () => {};
  #status = 0;
  #headers: Headers = [];
  #chunks: Uint8Array[] = [];
  #size = 0;
  #givenUp = false;

  /** Nobody waits for the answer any more: a request that still waits for its connection is not sent at all. */
  giveUp(): void {
    this.#givenUp = true;
    this.abort();
  }

  onConnect(abort: () => void): void {
    this.abort = abort;
    if (this.#givenUp) abort();
  }

  onHeaders(status: number, raw: Buffer[]): boolean {
    this.#status = status;
    this.#headers = pairs(raw);
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.#chunks.push(chunk.subarray(0, keptBytes - this.#size));
    this.#size += chunk.length;
    if (this.#size <= keptBytes) return true;
    this.done({ ...this.#answer(), truncated: true });
    this.abort();
    return false;
  }

  onComplete(): void {
    this.done(this.#answer());
  }

  onError(error: NodeJS.ErrnoException): void {
    this.done(
      this.#status === 0
        ? failureOf(error)
        : { failure: 'reset', detail: `the answer broke off: ${this.#cutDetail()}` },
    );
  }

  timeoutDetail(ms: number): string {
    const what = this.#status === 0 ? 'no answer' : `only a part of the answer, ${this.#cutDetail()},`;
    return `${what} within ${ms} ms`;
  }

  #answer() {
    return { status: this.#status, headers: this.#headers, body: Buffer.concat(this.#chunks) };
  }

  #cutDetail(): string {
    return `status ${this.#status}, and ${this.#size} bytes of the body`;
  }
}

function pairs(raw: Buffer[]): Headers {
  const headers: [string, string][] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    headers.push([(raw[i] as Buffer).toString('latin1'), (raw[i + 1] as Buffer).toString('latin1')]);
  }
  return headers;
}
