import { join, resolve } from 'node:path';
import type { Context } from '../context.ts';
import { findConfig } from '../io/find-config.ts';
import { openSchemes, type WriteScheme } from '../io/scheme-file.ts';
import { shownPath } from './paths.ts';
import type { ConfigFlags } from './settings.ts';

/**
 * Opens the configuration that commands here use, or a new one, for a scheme.
 * @throws {UsageError} where it cannot take one
 */
export function openWriter({ config }: ConfigFlags, context: Context): WriteScheme {
  const cwd = context.cwd();
  const file =
    config === undefined ? (findConfig(cwd) ?? join(cwd, 'hooks.config.json')) : resolve(cwd, config);
  return openSchemes(file, shownPath(file, cwd));
}
