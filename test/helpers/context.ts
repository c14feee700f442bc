import type { Context, Output } from '../../src/context.ts';
import { now } from './deliveries.ts';

/** An output that keeps what is written. */
export interface Buffered extends Output {
  readonly text: () => string;
}

export function buffered({ isTTY = false, columns = 80, drained = async () => {} } = {}): Buffered {
  const chunks: Buffer[] = [];
  return {
    write: (text) => void chunks.push(Buffer.from(text)),
    drained,
    isTTY,
    columns,
    text: () => Buffer.concat(chunks).toString(),
  };
}

/** What a test says of the outside world; the rest is empty and still. */
export interface World {
  readonly env?: Context['env'];
  readonly stdin?: string | Uint8Array;
  readonly interrupt?: AbortSignal;
  readonly isTTY?: boolean;
  /** Waits for the reader of stdout. */
  readonly drained?: () => Promise<void>;
}

/** A context with buffers, a clock that stands still and one seed. */
export function testContext({
  env = {},
  stdin = '',
  interrupt = new AbortController().signal,
  isTTY = false,
  drained,
}: World = {}): Context & { readonly out: Buffered; readonly err: Buffered } {
  return {
    out: buffered({ isTTY, drained }),
    err: buffered({ isTTY }),
    env,
    pid: 4711,
    cwd: () => '/',
    now: () => now,
    randomSeed: () => 4821,
    interrupt,
    stdin: async function* () {
      yield Buffer.from(stdin);
    },
    host: () => {},
  };
}
