import { readFileSync } from 'node:fs';

/** Where text goes. */
export interface Output {
  readonly write: (text: string | Uint8Array) => void;
  readonly isTTY: boolean;
  readonly columns: number;
}

/** The outside world, as commands see it. One object, so that a test can stand in for it. */
export interface Context {
  readonly out: Output;
  readonly err: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  /** The wall clock, ms since the epoch. */
  readonly now: () => number;
  /** A whole number from 0 to below 10⁹. */
  readonly randomSeed: () => number;
  /** Aborted by SIGINT or SIGTERM (the reason is the signal's name), and when the reader of stdout left (`EPIPE`). */
  readonly interrupt: AbortSignal;
  /** Everything on stdin; rejects when interrupted. */
  readonly readStdin: () => Promise<Buffer>;
  readonly readFile: (path: string) => Buffer;
}

/** Why `interrupt` was aborted. */
export type Interruption = 'SIGINT' | 'SIGTERM' | 'EPIPE';

/** The process's own context: the only reader of `process`, the wall clock and chance. */
export function systemContext(): Context {
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      // Whoever presses Ctrl-C twice does not want to wait for a clean close.
      if (interrupt.signal.aborted) process.exit(name === 'SIGINT' ? 130 : 143);
      interrupt.abort(name);
    });
  }
  return {
    out: output(() => process.stdout, interrupt),
    err: output(() => process.stderr, interrupt),
    env: process.env,
    pid: process.pid,
    now: Date.now,
    randomSeed: () => Math.floor(Math.random() * 1_000_000_000),
    interrupt: interrupt.signal,
    readStdin: () => readAll(process.stdin, interrupt.signal),
    readFile: (path) => readFileSync(path),
  };
}

/** The stream is opened at its first use: most runs never write to stderr, and opening one costs a millisecond. */
function output(stream: () => NodeJS.WriteStream, interrupt: AbortController): Output {
  let opened: NodeJS.WriteStream | undefined;
  let broken = false;
  const open = (): NodeJS.WriteStream => {
    opened ??= stream().on('error', ({ code }: NodeJS.ErrnoException) => {
      broken = true;
      if (code === 'EPIPE' && opened === process.stdout) interrupt.abort('EPIPE');
    });
    return opened;
  };
  return {
    write: (text) => {
      if (!broken) open().write(text);
    },
    get isTTY() {
      return open().isTTY === true;
    },
    get columns() {
      return open().columns ?? 80;
    },
  };
}

async function readAll(stream: NodeJS.ReadStream, signal: AbortSignal): Promise<Buffer> {
  const stop = () => stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stream) chunks.push(chunk as Buffer);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  return Buffer.concat(chunks);
}
