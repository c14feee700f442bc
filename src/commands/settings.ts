import { resolve } from 'node:path';
import type { Context } from '../context.ts';
import type { Config } from '../core/config.ts';
import { formatPath, type Path } from '../core/path.ts';
import type { Provider } from '../core/provider.ts';
import { UsageError } from '../errors.ts';
import { findConfig } from '../io/find-config.ts';
import { providers as builtIn } from '../providers/index.ts';
import { shownPath } from './paths.ts';

/** The flag that names a configuration. */
export interface ConfigFlags {
  readonly config?: string;
}

/** What a run rests on: the providers that there are, and what the configuration says. */
export interface Settings {
  readonly providers: readonly Provider[];
  /** The names of those that the configuration declares. */
  readonly own: readonly string[];
  readonly config: Config;
  /** The configuration's path; nothing where there is none. */
  readonly file: string | undefined;
}

/**
 * Finds the configuration, and with it the providers.
 * @param checked hold declared providers against their schemas and samples; a command that makes and judges no payload
 * can do without
 * @throws {UsageError} that says where it is wrong and what was expected
 */
export async function openSettings(
  flags: ConfigFlags,
  context: Context,
  { checked = true } = {},
): Promise<Settings> {
  const cwd = context.cwd();
  const file = flags.config === undefined ? findConfig(cwd) : resolve(cwd, flags.config);
  if (file === undefined) return { providers: builtIn, own: [], config: {}, file };
  const { readSettings } = await import('./configured.ts');
  return readSettings(file, shownPath(file, cwd), checked, context.host);
}

/**
 * Does something with what the configuration says.
 * @param path where it says so; without it nothing is the configuration's fault
 * @throws {UsageError} that names the file and the place
 */
export function inConfig<T>(
  { file = '' }: Settings,
  path: Path | undefined,
  { cwd }: Context,
  run: () => T,
): T {
  try {
    return run();
  } catch (error) {
    if (path === undefined || !(error instanceof UsageError)) throw error;
    throw new UsageError(`${shownPath(file, cwd())}: ${formatPath(path)}: ${error.message}`, error.hint);
  }
}

/** Refuses a configuration where none applies. @throws {UsageError} */
export function refuseConfig({ config }: ConfigFlags, what: string): void {
  if (config !== undefined) throw new UsageError(`${what}, so --config cannot apply`, 'leave it out');
}
