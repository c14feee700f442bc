import { type ChildProcess, spawn } from 'node:child_process';
import { UsageError } from '../errors.ts';
import { emptied, endTree, graceMs, groups, signalled } from './group.ts';

/** What to run: words as they stand, or a line for a shell. */
export type Task = { readonly words: readonly string[] } | { readonly line: string };

/** How a child ended: by itself, or by a signal. */
export type ChildEnd = { readonly code: number } | { readonly signal: string };

/** A command that runs beside us. */
export interface Child {
  /** Resolves when it has ended; what it had left running is ended by then, too. */
  readonly ended: Promise<ChildEnd>;
  /** Sends a signal to it and all its children, ends them by force where that does not, and waits for their end. */
  readonly stop: (signal: 'SIGINT' | 'SIGTERM') => Promise<void>;
}

/**
 * Starts a command in a group of its own, so that it can be ended with its children. It writes to our own streams, so
 * that nothing of its output is changed or lost; its stdin is empty: nobody answers its questions in CI, and on a
 * terminal it cannot take Ctrl-C away from us.
 * @param stdout where its stdout goes
 * @throws {UsageError} when it cannot be started
 */
export async function startChild(
  task: Task,
  env: Readonly<Record<string, string | undefined>>,
  stdout: 'stdout' | 'stderr',
): Promise<Child> {
  const shell = 'line' in task;
  const [file = '', ...args] = shell ? [task.line] : task.words;
  const guard = groups ? openGuard() : undefined;
  try {
    const child = spawn(file, args, {
      env,
      shell,
      detached: groups,
      stdio: ['ignore', stdout === 'stdout' ? 1 : 2, 2],
    });
    if (child.pid !== undefined) guard?.watch(child.pid);
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('spawn', () => resolve(running(child, child.pid as number, guard)));
    });
  } catch (error) {
    guard?.release();
    throw startFault(file, error as NodeJS.ErrnoException);
  }
}

function running(child: ChildProcess, pid: number, guard: Guard | undefined): Child {
  let over = false;
  const ended = new Promise<ChildEnd>((resolve) => {
    // Not its streams' end: whatever it left running may hold them open for ever.
    child.once('exit', async (code, signal) => {
      await emptied(pid);
      guard?.release();
      over = true;
      resolve(code === null ? { signal: String(signal) } : { code });
    });
  });
  return {
    ended,
    async stop(signal) {
      if (over) return;
      if (groups) signalled(pid, signal);
      else endTree(pid);
      const timer = setTimeout(() => signalled(pid, 'SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Somebody who outlives us. */
interface Guard {
  readonly watch: (group: number) => void;
  readonly release: () => void;
}

/**
 * A shell that waits for our end: however we come to it, by a crash or `kill -9`, the pipe closes, and it kills what is
 * left of the group.
 */
function openGuard(): Guard {
  const script = 'trap "" HUP INT TERM; read -r group && { read -r rest; kill -s KILL -- "-$group"; }';
  const shell = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // Where there is no shell, there is no guard.
  shell.on('error', () => {});
  shell.stdin?.on('error', () => {});
  return {
    watch: (group) => void shell.stdin?.write(`${group}\n`),
    release: () => void shell.kill('SIGKILL'),
  };
}

function startFault(file: string, { code, message }: NodeJS.ErrnoException): UsageError {
  if (code === 'ENOENT')
    return new UsageError(
      `there is no command "${file}"`,
      "what stands behind -- is run as it stands, without a shell; --exec 'npm test' runs a line in one",
    );
  if (code === 'EACCES') return new UsageError(`"${file}" may not be run`, 'is it a file with `chmod +x`?');
  return new UsageError(`"${file}" cannot be started: ${message}`);
}
