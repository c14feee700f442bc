import { statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const names = ['js', 'mjs', 'ts', 'json'].map((ending) => `hooks.config.${ending}`);

/** The configuration in a folder or above it; a few looks, and nothing else where there is none. */
export const findConfig = (folder: string): string | undefined =>
  foldersFrom(folder)
    .flatMap((each) => names.map((name) => join(each, name)))
    .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());

/**
 * How a file in a folder names a published JSON Schema: in the package where that is installed, here or above; else where it
 * would be.
 */
export function schemaReference(name: 'config' | 'provider', folder: string): string {
  const path = join('node_modules', 'hooks-cli', 'dist', `${name}.schema.json`);
  const found = foldersFrom(folder).find((each) => statSync(join(each, path), { throwIfNoEntry: false }));
  const reference = relative(folder, join(found ?? folder, path)).replaceAll('\\', '/');
  return reference.startsWith('.') ? reference : `./${reference}`;
}

function foldersFrom(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersFrom(above)];
}
