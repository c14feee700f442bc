import { setMaxListeners } from 'node:events';
import { onAbort, untilAborted } from './io/abort.ts';

/** Where text goes. */
export interface Output {
  readonly write: (text: string | Uint8Array) => void;
  /** Resolves at once, unless a slow reader has left more than 16 MB unread: then when it has read all. */
  readonly drained: () => Promise<void>;
  readonly isTTY: boolean;
  readonly columns: number;
}

/** The outside world, as commands see it. One object, so that a test can stand in for it. */
export interface Context {
  readonly out: Output;
  readonly err: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  /** The folder that the command was started in. */
  readonly cwd: () => string;
  /** The wall clock, ms since the epoch. */
  readonly now: () => number;
  /** A whole number from 0 to below 10⁹. */
  readonly randomSeed: () => number;
  /** Aborted by SIGINT or SIGTERM (the reason is the signal's name), when the reader of stdout left (`EPIPE`), and
   *  when stdout cannot be written (`OUTPUT_LOST`). */
  readonly interrupt: AbortSignal;
  /** What comes on stdin, piece by piece; ends when interrupted. */
  readonly stdin: () => AsyncIterable<Buffer>;
}

/** Why `interrupt` was aborted. */
export type Interruption = 'SIGINT' | 'SIGTERM' | 'EPIPE' | 'OUTPUT_LOST';

/** The process's own context: for commands, the only reader of `process`, the wall clock and chance. */
export function systemContext(): Context {
  const interrupt = new AbortController();
  // Each delivery on its way listens, and a burst has many.
  setMaxListeners(0, interrupt.signal);
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
    cwd: () => process.cwd(),
    now: Date.now,
    randomSeed: () => Math.floor(Math.random() * 1_000_000_000),
    interrupt: interrupt.signal,
    stdin: () => untilAborted(process.stdin, interrupt.signal),
  };
}

/** So much may wait for its reader, bytes. */
const mostUnread = 16 * 1024 * 1024;

/** The stream is opened at its first use: most runs never write to stderr, and opening one costs a millisecond. */
function output(stream: () => NodeJS.WriteStream, interrupt: AbortController): Output {
  let opened: NodeJS.WriteStream | undefined;
  let broken = false;
  let draining: Promise<void> | undefined;
  const open = (): NodeJS.WriteStream => {
    opened ??= stream().on('error', ({ code, message }: NodeJS.ErrnoException) => {
      broken = true;
      if (opened !== process.stdout) return;
      if (code === 'EPIPE') return interrupt.abort('EPIPE');
      // It may come when main() has given its code already.
      process.exitCode = 1;
      process.stderr.write(`error: stdout cannot be written, output is lost: ${message}\n`);
      interrupt.abort('OUTPUT_LOST');
    });
    return opened;
  };
  return {
    write: (text) => {
      if (!broken) open().write(text);
    },
    drained: async () => {
      if (broken || opened === undefined || opened.writableLength <= mostUnread) return;
      draining ??= drain(opened, interrupt.signal).then(() => {
        draining = undefined;
      });
      await draining;
    },
    get isTTY() {
      return open().isTTY === true;
    },
    get columns() {
      // A pseudo-terminal that nobody has sized says 0.
      return open().columns || 80;
    },
  };
}

/** Waits until a stream is empty, is closed, or we are interrupted. */
const drain = (stream: NodeJS.WriteStream, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      forget();
      resolve();
    };
    stream.once('drain', done).once('close', done);
    const forget = onAbort(signal, done);
  });
