import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Builds `dist` once before the tests when it is older than what it is made of: they run the built command. */
export function setup(): void {
  if (builtAt() > changedAt()) return;
  const require = createRequire(import.meta.url);
  const bin = join(dirname(require.resolve('rolldown/package.json')), 'bin/cli.mjs');
  execFileSync(process.execPath, [bin, '-c'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}

function builtAt(): number {
  try {
    return Math.min(
      ...['cli.cjs', 'index.cjs', 'types/index.d.ts'].map((file) => timeOf(join('dist', file))),
    );
  } catch {
    return 0;
  }
}

function changedAt(): number {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const files = [
    'package.json',
    'rolldown.config.js',
    'tsconfig.json',
    'tsconfig.build.json',
    'docs/facts.schema.json',
  ];
  return Math.max(...[...sources.map((file) => join('src', file)), ...files].map(timeOf));
}

const timeOf = (path: string): number => statSync(join(root, path)).mtimeMs;
