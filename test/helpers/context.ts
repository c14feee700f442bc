import type { Context, Output } from '../../src/context.ts';
import { now } from './deliveries.ts';

/** An output that keeps what is written. */
export interface Buffered extends Output {
  readonly text: () => string;
}

export function buffered({ isTTY = false, columns = 80 } = {}): Buffered {
  const chunks: Buffer[] = [];
  return {
    write: (text) => void chunks.push(Buffer.from(text)),
    drained: async () => {},
    isTTY,
    columns,
    text: () => Buffer.concat(chunks).toString(),
  };
}

/** What a test says of the outside world; the rest is empty and still. */
export interface World {
  readonly env?: Context['env'];
  readonly stdin?: string | Uint8Array;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly interrupt?: AbortSignal;
  readonly isTTY?: boolean;
}

/** A context with buffers, a clock that stands still and one seed. */
export function testContext({
  env = {},
  stdin = '',
  files = {},
  interrupt = new AbortController().signal,
  isTTY = false,
}: World = {}): Context & { readonly out: Buffered; readonly err: Buffered } {
  return {
    out: buffered({ isTTY }),
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
    readFile: (path) => {
      const content = files[path];
      if (content === undefined) throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' });
      return Buffer.from(content);
    },
  };
}
