import { join, resolve } from 'node:path';
import type { Context } from '../context.ts';
import type { Scheme } from '../core/provider.ts';
import { schemeOf } from '../core/schemes.ts';
import { findConfig } from '../io/find-config.ts';
import { openSchemes, type WriteScheme } from '../io/scheme-file.ts';
import { shownPath } from './paths.ts';
import type { ConfigFlags, Settings } from './settings.ts';

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

/** The scheme that a provider has already: by the configuration, or its own; nothing where nobody knows the provider. */
export function schemeBefore({ providers, config }: Settings, provider: string): Scheme | undefined {
  const given = config.schemes?.[provider];
  const known = providers.find(({ name }) => name === provider);
  // A provider that is not declared yet may have a scheme all the same.
  return known?.scheme ?? (given && schemeOf(given));
}
