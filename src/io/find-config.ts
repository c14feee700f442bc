import { statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { UsageError } from '../errors.ts';

const names = ['js', 'mjs', 'ts', 'json'].map((ending) => `hooks.config.${ending}`);

/**
 * The configuration in a folder or above it; a few looks, and nothing else where there is none.
 * @throws {UsageError} where several stand in one folder: which of them counts would be a guess
 */
export function findConfig(folder: string): string | undefined {
  for (const each of foldersFrom(folder)) {
    const found = names.filter((name) => statSync(join(each, name), { throwIfNoEntry: false })?.isFile());
    if (found.length > 1)
      throw new UsageError(
        `${each} has ${found.length} configurations: ${found.join(', ')}`,
        'leave one of them, or name one with --config',
      );
    if (found[0] !== undefined) return join(each, found[0]);
  }
  return undefined;
}

/**
 * How a file in a folder names a published JSON Schema: in the package, where that is installed here or above. Elsewhere it
 * names none: no other path would hold for whoever has the project.
 */
export function schemaReference(name: 'config' | 'provider', folder: string): { readonly $schema?: string } {
  const path = join('node_modules', 'hooks-cli', 'dist', `${name}.schema.json`);
  const found = foldersFrom(folder).find((each) => statSync(join(each, path), { throwIfNoEntry: false }));
  if (found === undefined) return {};
  const reference = relative(folder, join(found, path)).replaceAll('\\', '/');
  return { $schema: reference.startsWith('.') ? reference : `./${reference}` };
}

function foldersFrom(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersFrom(above)];
}
