import { dirname, join, relative, resolve } from 'node:path';
import type { Context } from '../context.ts';
import { type ExactJson, isObject, parseExact, stringifyExact } from '../core/json.ts';
import { UsageError } from '../errors.ts';
import { createFile, readIfThere, rewriteFile } from '../io/create.ts';
import { findConfig, schemaReference } from '../io/find-config.ts';
import { providers as builtIn } from '../providers/index.ts';
import { shownPath } from './paths.ts';
import type { ConfigFlags } from './settings.ts';

/**
 * Refuses a name that no provider may have.
 * @throws {UsageError}
 */
export function checkName(name: string): void {
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    throw new UsageError(
      `"${name}" is no name of a provider`,
      'it is made of lower-case letters, digits and "-", a letter first',
    );
  if (builtIn.some((provider) => provider.name === name))
    throw new UsageError(`"${name}" is a provider that comes with hooks`, 'take another name');
}

/**
 * Writes a declaration beside the configuration, and names it there; makes a configuration where there is none.
 * @param ending of the file: `json` or `mjs`
 * @param text of the file, or what makes it for its folder
 * @returns what was done, in words
 * @throws {UsageError} when the file is there already, or cannot be written
 */
export function addProvider(
  name: string,
  ending: 'json' | 'mjs',
  text: string | ((folder: string) => string),
  flags: ConfigFlags,
  context: Context,
): string[] {
  const cwd = context.cwd();
  const file = `${name}.provider.${ending}`;
  const config = flags.config === undefined ? findConfig(cwd) : resolve(cwd, flags.config);
  const folder = config === undefined ? cwd : dirname(config);
  const path = join(folder, file);
  const shown = shownPath(path, cwd);
  const naming = planNaming(config ?? join(cwd, 'hooks.config.json'), file, cwd);
  createFile(path, shown, typeof text === 'string' ? text : text(folder));
  return [`wrote ${shown}`, naming()];
}

/** Prepares to name a file in a configuration, so that nothing is written when that one is broken. */
function planNaming(config: string, file: string, cwd: string): () => string {
  const shown = shownPath(config, cwd);
  const entry = `./${relative(dirname(config), join(dirname(config), file))}`;
  if (!config.endsWith('.json')) return () => `name it in ${shown}: providers: ['${entry}']`;
  const before = readIfThere(config);
  const value: Readonly<Record<string, ExactJson>> =
    before === undefined ? schemaReference('config', dirname(config)) : parsed(before, shown);
  const own = value.providers ?? [];
  if (!Array.isArray(own)) throw new UsageError(`${shown}: providers must be a list`);
  const after = `${stringifyExact({ ...value, providers: [...own, entry] }, 2)}\n`;
  return () => {
    rewriteFile(config, shown, after);
    return `named it in ${shown}`;
  };
}

function parsed(text: string, shown: string): Record<string, ExactJson> {
  let value: ExactJson;
  try {
    value = parseExact(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new UsageError(`${shown} is not JSON: ${(error as Error).message}`);
  }
  if (isObject(value)) return value as Record<string, ExactJson>;
  throw new UsageError(`${shown} must be an object`);
}
