import { join, resolve } from 'node:path';
import type { Context } from '../context.ts';
import type { Scheme } from '../core/provider.ts';
import { schemeOf } from '../core/schemes.ts';
import { findConfig } from '../io/find-config.ts';
import { openSchemes, type WriteScheme } from '../io/scheme-file.ts';
import { shownPath } from './paths.ts';
import { type ConfigFlags, openSettings, type Settings } from './settings.ts';

/** A configuration that takes a scheme, and what it says until then. */
export interface Writer {
  readonly write: WriteScheme;
  readonly settings: Settings;
}

/**
 * Opens the configuration that commands here use, or a new one, for a scheme.
 * @throws {UsageError} where it cannot take one, or no command could use it: a search whose result is lost is not begun
 */
export async function openWriter(flags: ConfigFlags, context: Context): Promise<Writer> {
  const { config } = flags;
  const cwd = context.cwd();
  const file =
    config === undefined ? (findConfig(cwd) ?? join(cwd, 'hooks.config.json')) : resolve(cwd, config);
  const write = openSchemes(file, shownPath(file, cwd));
  return { write, settings: await openSettings(flags, context) };
}

/** The scheme that a provider has already: by the configuration, or its own; nothing where nobody knows the provider. */
export function schemeBefore({ providers, config }: Settings, provider: string): Scheme | undefined {
  const given = config.schemes?.[provider];
  const known = providers.find(({ name }) => name === provider);
  // A provider that is not declared yet may have a scheme all the same.
  return known?.scheme ?? (given && schemeOf(given));
}
