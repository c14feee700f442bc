import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { UsageError } from '../errors.ts';

/** So much time a configuration that is code may take, ms. */
const mostMs = 5000;

/**
 * What a file exports: of JSON its value, of a module its default.
 * @throws {UsageError} when it cannot be read or run, takes too long, or exports nothing
 */
export async function loadFile(path: string, shown: string): Promise<unknown> {
  if (!existsSync(path)) throw new UsageError(`${shown}: there is no such file`, 'correct its path');
  return path.endsWith('.json') ? readJson(path, shown) : exported(await runModule(path, shown), shown);
}

function readJson(path: string, shown: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8').replace(/^\ufeff/, ''));
  } catch (error) {
    throw new UsageError(`${shown} is not JSON: ${(error as Error).message}`);
  }
}

/** Runs a module. One that loops is ended by the watchdog of node:vm, which reaches what it calls; one whose top-level
 *  await never ends is left behind. */
async function runModule(path: string, shown: string): Promise<unknown> {
  const load = () => createRequire(path)(path);
  try {
    return runInNewContext('load()', { load }, { timeout: mostMs });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw tooLong(shown, 'it loops');
    if (code !== 'ERR_REQUIRE_ASYNC_MODULE') throw failed(error, message, path, shown);
  }
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // What it waits for may keep the process alive, long after the error was told.
      setTimeout(() => process.exit(2), 500).unref();
      reject(tooLong(shown, 'its top-level await is still waiting'));
    }, mostMs);
  });
  try {
    return await Promise.race([import(pathToFileURL(path).href), late]);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw failed(error, (error as Error)?.message, path, shown);
  } finally {
    clearTimeout(timer);
  }
}

const tooLong = (shown: string, why: string): UsageError =>
  new UsageError(`${shown} does not come to an end: ${why} after ${mostMs / 1000} s`);

function failed(error: unknown, message: string | undefined, path: string, shown: string): UsageError {
  const words = String(message ?? error).split('\n')[0];
  const typed = path.endsWith('.ts')
    ? 'Node 22.18 or newer reads TypeScript; elsewhere write .mjs'
    : undefined;
  return new UsageError(`${shown} cannot be run: ${words}`, typed);
}

function exported(module: unknown, shown: string): unknown {
  const value = module as { readonly default?: unknown } | null | undefined;
  const isSpace = Object.prototype.toString.call(value) === '[object Module]';
  const found = typeof value === 'object' && value !== null && 'default' in value ? value.default : value;
  const nothing =
    found === undefined ||
    (isSpace && found === value) ||
    (typeof found === 'object' && found !== null && Object.keys(found).length === 0);
  if (nothing) throw new UsageError(`${shown} exports nothing`, 'write `export default { … }`');
  return found;
}

/** Whether git keeps a file; no when there is no git. */
export async function isTracked(path: string): Promise<boolean> {
  const folders = [dirname(path)];
  while (dirname(folders.at(-1) as string) !== folders.at(-1))
    folders.push(dirname(folders.at(-1) as string));
  if (!folders.some((folder) => existsSync(join(folder, '.git')))) return false;
  return new Promise((resolve) => {
    const words = ['ls-files', '--error-unmatch', '--', basename(path)];
    execFile('git', words, { cwd: dirname(path), timeout: 2000 }, (error) => resolve(error === null));
  });
}
