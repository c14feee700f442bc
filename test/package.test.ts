import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exported } from './helpers/library.ts';
import { type Packed, pack, packingList, root } from './helpers/packed.ts';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

describe('the tarball', () => {
  const list = packingList();
  const paths = list.files.map(({ path }) => path);

  it('holds the command, the build, the README and the licence, and nothing else', () => {
    const others = paths.filter((path) => !/^(?:bin|dist)\//.test(path));
    expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
    expect(paths).toContain('dist/THIRD-PARTY-LICENSES.txt');
    expect(paths).toContain('dist/facts.schema.json');
    expect(paths).toContain('dist/infer.schema.json');
    expect(paths.filter((path) => /\.(?:map|tsbuildinfo)$/.test(path))).toEqual([]);
  });

  it('is at most 2 MB when unpacked', () => {
    expect(list.unpackedSize).toBeLessThanOrEqual(2_000_000);
  });

  it('depends on nothing: what it uses is bundled', () => {
    for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies', 'bundleDependencies'])
      expect(manifest).not.toHaveProperty(kind);
  });

  it('says of itself what a registry shows', () => {
    expect(manifest).toMatchObject({ name: 'hooks-cli', license: 'MIT', bin: { hooks: 'bin/hooks.js' } });
    expect(manifest.description).toMatch(/\S.{20,}/);
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
    expect([lock.name, lock.version]).toEqual([manifest.name, manifest.version]);
  });
});

describe('installed where nothing else is', () => {
  let packed: Packed;
  beforeAll(() => {
    packed = pack();
    writeFileSync(join(packed.folder, 'package.json'), '{ "private": true, "type": "module" }');
    packed.npm('install', `./${packed.tarball}`);
  });
  afterAll(() => packed?.remove());

  const node = (script: string) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: packed.folder,
      encoding: 'utf8',
    }).trim();

  it('brings the files that its exports name', () => {
    const folder = join(packed.folder, 'node_modules', manifest.name);
    const named = Object.values(manifest.exports).flatMap((target) =>
      typeof target === 'string' ? target : Object.values(target as Record<string, string>),
    );
    for (const file of [...named, manifest.main, manifest.types])
      expect(existsSync(join(folder, file))).toBe(true);
  });

  it('gives the library to import and to require', () => {
    expect(node("console.log(Object.keys(await import('hooks-cli')).join())")).toMatch(
      new RegExp(exported.map((name) => `(?=.*\\b${name}\\b)`).join('')),
    );
    const required = `import { createRequire } from 'node:module';
      console.log(Object.keys(createRequire(import.meta.url)('hooks-cli')).sort().join());`;
    expect(node(required)).toBe(exported.join());
  });

  it('gives the schema of facts', () => {
    const script = `import { createRequire } from 'node:module';
      console.log(createRequire(import.meta.url)('hooks-cli/facts.schema.json').$schema);`;
    expect(node(script)).toBe('https://json-schema.org/draft/2020-12/schema');
  });

  it('type-checks in a strict project that has no other types', () => {
    writeFileSync(join(packed.folder, 'consumer.ts'), consumer);
    const tsconfig = {
      compilerOptions: {
        target: 'es2023',
        lib: ['es2023'],
        module: 'nodenext',
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
        types: [],
      },
      files: ['consumer.ts', 'required.cts'],
    };
    writeFileSync(join(packed.folder, 'tsconfig.json'), JSON.stringify(tsconfig));
    // The same from a CommonJS file.
    writeFileSync(join(packed.folder, 'required.cts'), consumer);
    expect(typecheck(packed.folder)).toBe('');
    const wrong = consumer.replace('{ seed: 1, ', '{ sede: 1, ');
    writeFileSync(join(packed.folder, 'consumer.ts'), wrong);
    expect(typecheck(packed.folder)).toContain("'sede' does not exist in type 'PayloadOptions'");
  });
});

const consumer = `
import { type AttemptFact, defineConfig, defineProvider, events, type JsonObject, listen, payload, type ReceivedFact, send, sign, UsageError, verify } from 'hooks-cli';

const body: JsonObject = payload('shoprocket', 'order.created', { seed: 1, at: new Date(0), set: { 'data.id': '1' } });
const text = JSON.stringify(body);
const headers: Record<string, string> = sign('shoprocket', text, { secret: ['a', 'b'], at: 0 });
const { valid, problems } = verify('shoprocket', { headers, body: new Uint8Array(1) }, { strict: true });
const codes: readonly string[] = valid ? [] : problems.map(({ code, severity, likely }) => code + severity + likely?.remedy);
const names: string[] = events('roastify').map(({ event, basis, signing }) => event + basis + signing.label);

export async function run(): Promise<[readonly string[], string[]]> {
  const listener = await listen({ port: 0, secrets: { roastify: 'whsec_' } });
  const attempt: AttemptFact = await send('roastify', 'fulfillment.created', { to: listener.url });
  if ('status' in attempt.answer) attempt.answer.status.toFixed();
  else attempt.answer.failure satisfies string;
  const received: ReceivedFact = await listener.waitFor('fulfillment.created', { timeoutMs: 1 });
  if ('body' in received.received) received.received.body.trim();
  await listener.close();
  return [codes, names];
}

export const config = defineConfig({
  schemes: {
    acme: {
      kind: 'hmac', label: 'HMAC-SHA256 (hex) of the raw body in X-Sig', basis: 'observed', source: 'two captures',
      names: { signature: 'X-Sig' }, over: '{body}', digest: 'sha256', encoding: 'hex', key: 'utf8', value: '{signature}',
    },
  },
  providers: [
    {
      name: 'acme', eventAt: 'type',
      events: { 'a.b': { schema: { type: 'object' }, payload: ({ now }) => ({ type: 'a.b', at: now.toISOString() }) } },
    },
  ],
});

export const acme = defineProvider({
  name: 'acme', eventAt: 'type',
  scheme: {
    sign: ({ body }, secrets) => ({ headers: [['x-key', secrets.join() + body.length]] }),
    verify: ({ headers }, secrets) => (headers.length > secrets.length ? [] : [{ code: 'SIGNATURE_MISSING' }]),
    secretFault: (secret) => (secret === '' ? 'it is empty' : undefined),
  },
  events: { 'a.b': { samples: [{ id: 1 }] } },
});
export const rows: string[] = events(acme).map(({ event }) => event);

export const hintOf = (error: unknown): string | undefined => (error instanceof UsageError ? error.hint : undefined);
`;

/** What the compiler finds wrong. */
function typecheck(folder: string): string {
  const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
  try {
    execFileSync(process.execPath, [join(dirname(compiler), 'bin', 'tsc'), '-p', folder], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return '';
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
