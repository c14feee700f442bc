import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const names = ['js', 'mjs', 'ts', 'json'].map((ending) => `hooks.config.${ending}`);

/** The configuration in a folder or above it; a few looks, and nothing else where there is none. */
export function findConfig(folder: string): string | undefined {
  for (const name of names) {
    const path = join(folder, name);
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
  }
  const above = dirname(folder);
  return above === folder ? undefined : findConfig(above);
}
