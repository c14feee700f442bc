import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { isPromise } from 'node:util/types';
import { withExactSamples } from '../core/exact-samples.ts';
import { UsageError } from '../errors.ts';
import { runModule } from './module.ts';

/** Told of a file whose code runs in this process. */
export type Host = (path: string, shown: string) => void;

const endings = ['.json', '.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'];

/**
 * What a file exports: of JSON its value, of a module its default.
 * @throws {UsageError} when it cannot be read or run, takes too long, or exports nothing
 */
export async function loadFile(path: string, shown: string, host: Host): Promise<unknown> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new UsageError(`${shown}: there is no such file`, 'correct its path');
  if (found.isDirectory()) throw new UsageError(`${shown}: it is a directory`, 'name a file in it');
  const ending = extname(path);
  if (ending !== '' && !endings.includes(ending))
    throw new UsageError(
      `${shown}: a file that ends in ${ending} is not read`,
      `it ends in ${endings.join(', ')}`,
    );
  if (path.endsWith('.json')) return readJson(path, shown);
  host(path, shown);
  return exported(await runModule(path, shown), shown);
}

function readJson(path: string, shown: string): unknown {
  try {
    const text = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
    return withExactSamples(JSON.parse(text), text);
  } catch (error) {
    throw new UsageError(`${shown} is not JSON: ${(error as Error).message}`);
  }
}

const howToExport = 'write `export default { … }`';

function exported(module: unknown, shown: string): unknown {
  const value = module as { readonly default?: unknown } | null | undefined;
  const isObject = typeof value === 'object' && value !== null;
  const isDefault = isObject && 'default' in value;
  const found = isDefault ? value.default : value;
  if (isPromise(found))
    throw new UsageError(`${shown} exports a promise`, 'await it: `export default await …`');
  const names = isObject && !isDefault ? Object.keys(value) : [];
  // What a CommonJS module has of its own is its object; a module of the language says what its default is.
  if (names.length > 0 && Object.prototype.toString.call(value) === '[object Module]')
    throw new UsageError(`${shown} has no default export, only ${names.join(', ')}`, howToExport);
  if (found === undefined || (isObject && !isDefault && names.length === 0))
    throw new UsageError(`${shown} exports nothing`, howToExport);
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
