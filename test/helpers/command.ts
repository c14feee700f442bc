import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built command. */
export const bin = fileURLToPath(new URL('../../bin/hooks.js', import.meta.url));

/** What a command left behind. */
export interface Result {
  /** The exit code; nothing when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as bytes. */
  readonly bytes: Buffer;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What stands on stdin; nothing by default. */
  readonly stdin?: string | Uint8Array;
  /** stdin stays open behind it. */
  readonly open?: boolean;
  readonly cwd?: string;
}

// What of the developer's own environment would change the outcome.
const unwanted = /^(?:HOOKS_.*|NO_COLOR|FORCE_COLOR|CLICOLOR.*|NODE_OPTIONS|NODE_EXTRA_CA_CERTS|TERM|TZ)$/;

export const cleanEnv = (extra: RunOptions['env'] = {}): Record<string, string | undefined> => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !unwanted.test(name))),
  ...extra,
});

/** Runs `hooks` with these words to its end. */
export const hooks = (args: readonly string[], options: RunOptions = {}): Promise<Result> =>
  start(args, options).result;

/** Runs a line of bash, in which `hooks` is the command. */
export const bash = (script: string, options: RunOptions = {}): Promise<Result> =>
  startBash(script, options).result;

/** Starts a line of bash. */
export const startBash = (script: string, options: RunOptions = {}): Running =>
  // An argument has a limit that a script on stdin has not.
  startProgram('bash', ['-c', 'hooks() { "$NODE" "$BIN" "$@"; }; eval "$(cat)"'], {
    ...options,
    stdin: script,
    env: { NODE: process.execPath, BIN: bin, ...options.env },
  });

/** A command that runs. */
export interface Running extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly result: Promise<Result>;
  /** Waits until stdout and stderr fit together; fails when the command ends before. */
  readonly says: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** Sends a signal and waits for the end. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<Result>;
}

/** Starts `hooks` with these words. */
export const start = (args: readonly string[], options: RunOptions = {}): Running =>
  startProgram(process.execPath, [bin, ...args], options);

/** Starts any program; it is ended with the scope that holds it. */
export function startProgram(program: string, args: readonly string[], options: RunOptions = {}): Running {
  const child = spawn(program, args, { cwd: options.cwd, env: cleanEnv(options.env), stdio: 'pipe' });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const waiting = new Set<() => void>();
  const tell = () => {
    for (const look of waiting) look();
  };
  const texts = () => ({ stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
  for (const [stream, chunks] of [
    [child.stdout, out],
    [child.stderr, err],
  ] as const) {
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      tell();
    });
  }
  // A command that refuses its words does not read its stdin.
  child.stdin.on('error', () => {});
  child.stdin.write(options.stdin ?? '');
  if (!options.open) child.stdin.end();
  let ended: Result | undefined;
  const result = once(child, 'close').then(([code, signal]) => {
    ended = { code, signal, ...texts(), bytes: Buffer.concat(out) };
    tell();
    return ended;
  });
  const says = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const { stdout, stderr } = texts();
        const found = pattern.exec(stdout) ?? pattern.exec(stderr);
        if (!found && !ended) return;
        waiting.delete(look);
        if (found) resolve(found);
        else reject(new Error(`ended (${ended?.code}) before it said ${pattern}:\n${stdout}\n${stderr}`));
      };
      waiting.add(look);
      look();
    });
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    return result;
  };
  return { child, result, says, stop, [Symbol.asyncDispose]: async () => void (await stop('SIGKILL')) };
}

// biome-ignore lint/suspicious/noExplicitAny: a line of output may hold anything; the tests say what they expect.
export type Line = Record<string, any>;

/** The lines of NDJSON; fails at the first that is not JSON. */
export const linesOf = (text: string): Line[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

/** A `hooks listen --json` on a free port. */
export interface Listening extends Running {
  readonly port: number;
  readonly url: string;
  /** Waits until there are this many facts of a kind, and gives all that there are. */
  readonly facts: (kind: string, count: number) => Promise<Line[]>;
  /** Everything printed so far. */
  readonly lines: readonly Line[];
}

/** Starts a listener on a free port and waits until it is ready. */
export async function startListening(
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<Listening> {
  const port = args.includes('--port') || args.includes('-p') ? [] : ['--port', '0'];
  const running = start(['listen', '--json', ...port, ...args], options);
  const lines: Line[] = [];
  let rest = Buffer.alloc(0);
  const waiting = new Set<(failed?: Error) => void>();
  running.child.stdout?.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    const end = rest.lastIndexOf('\n') + 1;
    lines.push(...linesOf(rest.subarray(0, end).toString()));
    rest = rest.subarray(end);
    for (const look of waiting) look();
  });
  void running.result.then(({ code, stderr }) => {
    for (const look of waiting) look(new Error(`the listener ended (${code}): ${stderr}`));
  });
  const facts = (kind: string, count: number) =>
    new Promise<Line[]>((resolve, reject) => {
      const look = (failed?: Error) => {
        const found = lines.filter((line) => line.kind === kind);
        if (found.length >= count) resolve(found);
        else if (failed) reject(failed);
        else return;
        waiting.delete(look);
      };
      waiting.add(look);
      look();
    });
  const [ready] = await facts('ready', 1);
  const url: string = ready?.url;
  return { ...running, facts, lines, url, port: Number(new URL(url).port) };
}

/** An empty folder, removed with the scope that holds it. */
export interface Folder extends Disposable {
  readonly path: string;
  /** Writes a file and gives its path. */
  readonly file: (name: string, content: string | Uint8Array) => string;
}

export function makeFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'hooks-test-'));
  return {
    path,
    file(name, content) {
      writeFileSync(join(path, name), content);
      return join(path, name);
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** A pipe with a name, in a folder. */
export function makePipe({ path }: Folder): string {
  execFileSync('mkfifo', [join(path, 'pipe')]);
  return join(path, 'pipe');
}

const bodies = new Map<string, Promise<string>>();

/** A valid body of an event, as the command makes it. */
export function bodyOf(provider: string, event: string): Promise<string> {
  const words = [provider, event, '--seed', '1', '--at', '2026-01-01T00:00:00Z'];
  const name = words.join(' ');
  const made = bodies.get(name) ?? hooks(['send', ...words, '--dry-run', '--json']).then(deliveredBody);
  bodies.set(name, made);
  return made;
}

const deliveredBody = ({ stdout }: Result): string =>
  linesOf(stdout).find((line) => line.kind === 'delivery')?.delivery.body;
