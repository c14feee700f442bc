import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { defineConfig } from 'rolldown';

/** The licences of everything that is bundled, in one file beside it. */
const licences = () => ({
  name: 'licences',
  generateBundle(_options, bundle) {
    const ids = Object.values(bundle).flatMap((chunk) => chunk.moduleIds ?? []);
    const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/;
    const folders = new Set(ids.flatMap((id) => folder.exec(id.replaceAll('\\', '/')) ?? []));
    const source = [...folders].sort().map(licenceOf).join('\n\n');
    this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-LICENSES.txt', source });
  },
});

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(?:\.md|\.txt)?$/i.test(entry));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licensed under ${license}.`;
  return `${name} ${version} (${license})\n${'-'.repeat(60)}\n${text}\n`;
}

/** The declarations that the library's own reach; those of the inside name packages that are bundled away. */
const declarations = () => ({
  name: 'declarations',
  closeBundle() {
    if (this.meta.watchMode) return;
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
    const folder = resolve('dist/types');
    const reached = reach(join(folder, 'index.d.ts'));
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile() && !reached.has(path)) rmSync(path);
    }
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && ![...reached].some((file) => file.startsWith(path)))
        rmSync(path, { recursive: true });
    }
  },
});

function reach(file, reached = new Set()) {
  if (reached.has(file)) return reached;
  reached.add(file);
  for (const [, target] of readFileSync(file, 'utf8').matchAll(/from '(\.[^']*)\.ts'/g)) {
    reach(`${resolve(dirname(file), target)}.d.ts`, reached);
  }
  return reached;
}

export default defineConfig({
  input: { cli: 'src/main.ts', index: 'src/index.ts' },
  platform: 'node',
  plugins: [licences(), declarations()],
  output: {
    dir: 'dist',
    format: 'cjs',
    minify: true,
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    cleanDir: true,
  },
});
