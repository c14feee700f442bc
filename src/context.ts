import { setMaxListeners } from 'node:events';
import { fstatSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { interruptionCode } from './exit-codes.ts';
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
  /** Aborted by SIGINT, SIGTERM or SIGHUP (the reason is the signal's name), when the reader of stdout left (`EPIPE`), and
   *  when stdout cannot be written (`OUTPUT_LOST`). */
  readonly interrupt: AbortSignal;
  /** What comes on stdin, piece by piece; ends when interrupted. */
  readonly stdin: () => AsyncIterable<Buffer>;
  /** Told of a file of the user's whose code runs in this process: what it throws later is told as its own, and what it
   *  leaves open does not keep the process. */
  readonly host: (path: string, shown: string) => void;
}

/** The context of a process, which ends with it. */
export interface SystemContext extends Context {
  /** Ends the process with its exit code where something that is not ours could keep it, or its terminal is gone. */
  readonly end: () => void;
}

/** Why `interrupt` was aborted. */
export type Interruption = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'EPIPE' | 'OUTPUT_LOST';

/** The process's own context: for commands, the only reader of `process`, the wall clock and chance. */
export function systemContext(): SystemContext {
  const interrupt = new AbortController();
  // While a user's module is read, process.exit is another.
  const { exit } = process;
  // Each delivery on its way listens, and a burst has many.
  setMaxListeners(0, interrupt.signal);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      // Whoever presses Ctrl-C twice does not want to wait for a clean close.
      if (interrupt.signal.aborted) exit(interruptionCode({ reason: name }));
      interrupt.abort(name);
    });
  }
  const [out, err] = [output(() => process.stdout, interrupt), output(() => process.stderr, interrupt)];
  const guests = new Map<string, string>();
  return {
    out,
    err,
    env: process.env,
    pid: process.pid,
    cwd: () => process.cwd(),
    now: Date.now,
    randomSeed: () => Math.floor(Math.random() * 1_000_000_000),
    interrupt: interrupt.signal,
    stdin: () => untilAborted(process.stdin, interrupt.signal),
    host(path, shown) {
      if (guests.size === 0) process.on('uncaughtException', (error) => exit(blame(error, guests)));
      guests.set(path, shown);
    },
    end() {
      const hungUp = interrupt.signal.reason === 'SIGHUP' && hasDevice();
      if (hungUp) out.flushed(() => err.flushed(hangUp));
      else if (guests.size > 0) out.flushed(() => err.flushed(() => exit()));
    },
  };
}

/** Whether one of our streams is, or was, a terminal, or at least a device. */
function hasDevice(): boolean {
  try {
    return [0, 1, 2].some((stream) => fstatSync(stream).isCharacterDevice());
  } catch {
    return true;
  }
}

/** Ends as if nobody had caught the signal: Node crashes where it has to exit without the terminal it was started on. */
function hangUp(): void {
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}

/** Tells what nobody caught, a guest's fault in a line; gives the exit code. */
function blame(error: unknown, guests: ReadonlyMap<string, string>): number {
  const stack = error instanceof Error ? String(error.stack) : '';
  const guest = [...guests].find(
    ([path]) => stack.includes(path) || stack.includes(pathToFileURL(path).href),
  );
  const words = error instanceof Error ? error.message : `it throws ${String(error)}`;
  process.stderr.write(
    guest ? `error: ${guest[1]} failed after it was read: ${words}\n` : `${stack || words}\n`,
  );
  return guest ? 2 : 1;
}

interface FlushedOutput extends Output {
  /** Goes on when all that was written has left the process. */
  readonly flushed: (then: () => void) => void;
}

/** So much may wait for its reader, bytes. */
const mostUnread = 16 * 1024 * 1024;

/** The stream is opened at its first use: most runs never write to stderr, and opening one costs a millisecond. */
function output(stream: () => NodeJS.WriteStream, interrupt: AbortController): FlushedOutput {
  let opened: NodeJS.WriteStream | undefined;
  let broken = false;
  let draining: Promise<void> | undefined;
  const open = (): NodeJS.WriteStream => {
    opened ??= stream().on('error', ({ code, message }: NodeJS.ErrnoException) => {
      broken = true;
      // With its terminal gone, nobody is left to be told.
      if (opened !== process.stdout || interrupt.signal.reason === 'SIGHUP') return;
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
    flushed(then) {
      if (broken || opened === undefined) then();
      else opened.write('', () => then());
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
