import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { UsageError } from '../errors.ts';

/** So much time a configuration that is code may take, ms. */
const mostMs = 5000;

/**
 * Runs a module of the user's, and gives what it exports. One that loops is ended by the watchdog of node:vm, which reaches
 * what it calls. One that awaits at its top runs in a worker first, which can be ended whatever it does.
 * @throws {UsageError} when it cannot be run, ends the process, or takes too long
 */
export async function runModule(path: string, shown: string): Promise<unknown> {
  const load = () => {
    const module: unknown = createRequire(path)(path);
    readAll(module);
    return module;
  };
  const options = { timeout: mostMs, displayErrors: false };
  try {
    return await guarded(() => runInNewContext('load()', { load }, options));
  } catch (error) {
    const { code } = (error ?? {}) as NodeJS.ErrnoException;
    if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw endless(shown, `it loops, after ${mostMs / 1000} s`);
    if (code !== 'ERR_REQUIRE_ASYNC_MODULE') throw failed(error, path, shown);
  }
  const { href } = pathToFileURL(path);
  await rehearse(href, shown);
  try {
    return await guarded(() => import(href));
  } catch (error) {
    throw failed(error, path, shown);
  }
}

/**
 * Reads what is exported to its ends once, for a getter that loops can be ended only while the module is watched. What
 * a getter throws, it throws again when it is read in earnest. Stands alone: a worker is given its text.
 */
function readAll(module: unknown): void {
  const open: unknown[] = [module];
  const seen = new Set<unknown>();
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    try {
      for (const key of Object.keys(value)) {
        try {
          const inner = (value as Record<string, unknown>)[key];
          if (inner !== undefined) open.push(inner);
        } catch {}
      }
    } catch {}
  }
}

const exits = 'it calls process.exit';

/** Runs what must not end the process; what it prints is no result of ours, and goes to stderr. */
async function guarded<T>(run: () => T | Promise<T>): Promise<T> {
  const { exit, exitCode, stdout } = process;
  const { write } = stdout;
  process.exit = () => {
    throw new Error(exits);
  };
  stdout.write = process.stderr.write.bind(process.stderr);
  try {
    return await run();
  } finally {
    process.exit = exit;
    process.exitCode = exitCode;
    stdout.write = write;
  }
}

/** Whether a module comes to an end, well or not. @throws {UsageError} where it does not */
async function rehearse(href: string, shown: string): Promise<void> {
  const { Worker } = await import('node:worker_threads');
  const script = `const { parentPort, workerData } = require('node:worker_threads');
    process.exit = () => { throw new Error(); };
    const ended = () => parentPort.postMessage('ended');
    import(workerData).then(${readAll}).then(ended, ended);`;
  const worker = new Worker(script, { eval: true, workerData: href, stdout: true, stderr: true });
  let timer: NodeJS.Timeout | undefined;
  const end = await new Promise<'ended' | 'idle' | 'late'>((resolve) => {
    for (const sign of ['message', 'error']) worker.once(sign, () => resolve('ended'));
    worker.once('exit', () => resolve('idle'));
    timer = setTimeout(resolve, mostMs, 'late');
  });
  clearTimeout(timer);
  await worker.terminate();
  if (end === 'idle') throw endless(shown, 'its top-level await waits for what never comes');
  if (end === 'late')
    throw endless(shown, `it loops, or its top-level await is still waiting, after ${mostMs / 1000} s`);
}

const advice = 'a configuration exports what it says, and leaves the rest to the command';

const endless = (shown: string, why: string): UsageError =>
  new UsageError(`${shown} does not come to an end: ${why}`, advice);

function failed(error: unknown, path: string, shown: string): UsageError {
  const words =
    error instanceof Error ? (error.message.split('\n')[0] as string) : `it throws ${JSON.stringify(error)}`;
  const bad = (hint?: string) => new UsageError(`${shown} cannot be run: ${words}`, hint);
  if (words === exits) return bad(advice);
  if (/^Cannot find (?:package|module) 'hooks-cli'/.test(words))
    return bad('hooks-cli is not installed in this project; a plain object does as well');
  if (!/\.[cm]?ts$/.test(path)) return bad();
  // From Node 22.18 on it reads types, and skips them.
  if ('typescript' in process.features && process.features.typescript)
    return bad('Node skips types, and takes no enum, namespace or parameter property');
  return new UsageError(
    `${shown} is TypeScript, which Node ${process.versions.node} does not read: ${words}`,
    'use Node 22.18 or newer, or write hooks.config.mjs',
  );
}
