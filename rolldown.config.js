import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
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

/** The JSON Schemas of what is printed and what is read, beside the code. */
const schemas = () => ({
  name: 'schemas',
  generateBundle() {
    for (const name of ['facts', 'infer', 'config', 'provider', 'scheme']) {
      const fileName = `${name}.schema.json`;
      this.emitFile({ type: 'asset', fileName, source: readFileSync(`docs/${fileName}`, 'utf8') });
    }
  },
});

/** Code in ASCII alone: of another file a runtime makes two bytes for each character before it reads it. */
const ascii = () => ({
  name: 'ascii',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      // Faker's tables of letters are better off as they are.
      if (chunk.type !== 'chunk' || chunk.name === 'fake') continue;
      chunk.code = chunk.code.replace(
        /[^\x00-\x7f]/g,
        (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
    }
  },
});

/** What a package loads at its start and we never use: undici's HTTP/2, commander's executable subcommands. */
const unused = [
  { by: /undici/, id: /client-h2\.js$/ },
  { by: /commander/, id: /^node:child_process$/ },
];

/** Leaves the unused out: together they take a fifth of the start-up. */
const withoutUnused = () => ({
  name: 'without-unused',
  resolveId: (id, importer = '') =>
    unused.some((module) => module.by.test(importer) && module.id.test(id)) ? '\0unused' : undefined,
  load: (id) => (id === '\0unused' ? 'export default undefined;' : undefined),
});

/** What is needed late or never, and of it what our code names: it loads at its first use. */
const late = {
  'node:crypto': ['createHash', 'createHmac', 'createSecretKey', 'hash', 'timingSafeEqual'],
  'svix/dist/webhook.js': ['Webhook'],
  'lossless-json': ['isLosslessNumber', 'LosslessNumber', 'parse', 'stringify'],
  'json-schema-faker': ['generateSync'],
};

/** The packages among them are files of their own: a runtime reads all of a file before it runs a line of it. */
const lateFiles = {
  'svix/dist/webhook.js': 'svix',
  'lossless-json': 'lossless-json',
  'json-schema-faker': 'json-schema-faker',
};

/** Loads at their first use what takes a tenth of the start-up and most runs do not need, or not before they are ready. */
const whenUsed = () => ({
  name: 'when-used',
  resolveId(id, importer = '') {
    if (id.startsWith('late:')) return { id: id.slice('late:'.length), external: true };
    return id in late && /[\\/]src[\\/]core[\\/][\w-]+\.ts$/.test(importer) ? `\0late:${id}` : undefined;
  },
  load(id) {
    const [, name] = id.split('\0late:');
    if (name === undefined) return undefined;
    const file = name in lateFiles ? `late:./${lateFiles[name]}.cjs` : `late:${name}`;
    const uses = late[name].map(
      (use) =>
        `export function ${use}(...words) { return new.target ? new (loaded().${use})(...words) : loaded().${use}(...words); }`,
    );
    return [`let made; const loaded = () => (made ??= require('${file}'));`, ...uses].join('\n');
  },
});

/** JSON as text, which a runtime reads several times faster than the same as a program. */
const leanJson = () => ({
  name: 'lean-json',
  load(id) {
    if (!/[\\/]src[\\/].*\.json$/.test(id)) return undefined;
    const text = JSON.stringify(JSON.parse(readFileSync(id, 'utf8')));
    return { code: `export default JSON.parse(${JSON.stringify(text)});`, moduleType: 'js' };
  },
});

/** What our payloads draw of faker's English words; the rest of them takes longer to load than all of our code. */
const wordsInUse = ['metadata', 'color', 'commerce', 'person'];

/** Faker's words as JSON text, which a runtime reads several times faster than the same as a program. */
const leanWords = () => ({
  name: 'lean-words',
  async load(id) {
    if (!/@faker-js[\\/]faker[\\/]dist[\\/]en-[^\\/]+\.js$/.test(id)) return undefined;
    const words = Object.entries(await import(pathToFileURL(id).href)).map(([name, value]) => {
      const used = Object.fromEntries(Object.entries(value).filter(([key]) => wordsInUse.includes(key)));
      return `const ${name}_ = JSON.parse(${JSON.stringify(JSON.stringify(used))}); export { ${name}_ as ${name} };`;
    });
    return words.join('\n');
  },
});

/** The declarations that the library's own reach; those of the inside name packages that are bundled away. */
const declarations = () => ({
  name: 'declarations',
  closeBundle() {
    if (this.meta.watchMode) return;
    const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
    const tsc = join(dirname(manifest), 'bin', 'tsc');
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
    for (const file of reached) writeFileSync(file, selfContained(readFileSync(file, 'utf8')));
    // What they declare is CommonJS; both import and require of the library then type-check.
    writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
  },
});

/** A type of Node's, or of a package that is bundled away, would be an error where it is not installed. */
const selfContained = (text) =>
  text
    .replace(/^import (?:type )?\{ (?:type )?(\w+) \} from '[^.][^']*';$/gm, 'type $1 = any;')
    .replace(/\bBuffer\b/g, 'Uint8Array');

function reach(file, reached = new Set()) {
  if (reached.has(file)) return reached;
  reached.add(file);
  for (const [, target] of readFileSync(file, 'utf8').matchAll(/from '(\.[^']*)\.ts'/g)) {
    reach(`${resolve(dirname(file), target)}.d.ts`, reached);
  }
  return reached;
}

/**
 * What most commands share goes into one file, for the loader takes as long for a file as for its code; the heavy
 * rooms (faker, ajv, judging) stay apart until they are needed.
 */
const everyday = [
  /[\\/]src[\\/](?:core|providers|commands|report)[\\/](?!fake|drawing|validate|judge|problems|identity|stranger|shell|memory|explain|mistakes|tokens|reserialise|complete|config|schemes|check|infer|replay|rules|probing|captured|provider\.ts|provider-(?!data)|curl|digests|places|observe|import|contract|junit|markdown|latency|send|telling|tally|catalogue|demo|completion|verify|capture|craft|patch|invalid|faults|order|random|dry-run|sign|events\.ts|retry|request-text)/,
  /[\\/]src[\\/]io[\\/]find-config/,
  /^\0late:/,
  /[\\/]node_modules[\\/]leven[\\/]/,
];

/** What every command needs, and the entry too. */
const base = /[\\/]src[\\/](?:errors|exit-codes|io[\\/](?:abort|timer)|actions[\\/]pause)\.ts$|^\0unused$/;

/** What goes with every command that sends. */
const sending =
  /[\\/]src[\\/](?:core[\\/](?:craft|random|faults|order|patch|invalid|request-text|retry|tally)|actions[\\/](?:deliver|send|retry)|io[\\/](?:cut|connect)|commands[\\/](?:crafting|sending|telling))\.ts$|[\\/]node_modules[\\/]pure-rand[\\/]/;

export default defineConfig({
  input: {
    cli: 'src/main.ts',
    index: 'src/index.ts',
    ...Object.fromEntries(Object.entries(lateFiles).map(([id, name]) => [name, id])),
  },
  platform: 'node',
  // Chunks export what others need of them; entries may so too.
  preserveEntrySignatures: 'allow-extension',
  // Some commands need at once what others load late; both are meant.
  checks: { ineffectiveDynamicImport: false },
  plugins: [
    leanWords(),
    withoutUnused(),
    whenUsed(),
    leanJson(),
    ascii(),
    licences(),
    schemas(),
    declarations(),
  ],
  output: {
    dir: 'dist',
    format: 'cjs',
    minify: true,
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    cleanDir: true,
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        { name: 'base', test: base, minShareCount: 2 },
        { name: 'shared', test: (id) => everyday.some((room) => room.test(id)), minShareCount: 2 },
        { name: 'sending', test: sending, minShareCount: 2 },
      ],
    },
  },
});
