import { readdirSync, readFileSync } from 'node:fs';
import { posix, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as library from '../src/index.ts';

const root = new URL('../src/', import.meta.url);
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(sep).join('/'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));

interface Import {
  readonly from: string;
  readonly to: string;
  /** Of types alone: nothing is loaded. */
  readonly type: boolean;
}

const statement =
  /(?:import|export)\s+(type\s)?[^'"`;]*?from\s+'([^']+)'|import\(\s*'([^']+)'|import\s+'([^']+)'/g;

/** The source of a file without its comments. */
const source = (file: string): string =>
  readFileSync(new URL(file, root), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

const imports: Import[] = files.flatMap((from) =>
  [...source(from).matchAll(statement)].map(([, type, ...targets]) => {
    const target = targets.find((each) => each !== undefined)!;
    const to = target.startsWith('.') ? posix.join(posix.dirname(from), target) : target;
    return { from, to, type: type !== undefined };
  }),
);

/** Which part of the program a file is: its folder, or at the top its name. */
const layer = (file: string): string => file.split('/')[0]!.replace(/\.ts$/, '');

/** Of each part, the parts it may import; `type:` where only types. */
const allowed: Record<string, readonly string[]> = {
  errors: [],
  version: [],
  'exit-codes': [],
  core: ['core', 'errors'],
  providers: ['providers', 'core'],
  io: ['io', 'core', 'errors'],
  report: ['report', 'core', 'type:context'],
  actions: ['actions', 'core', 'io', 'errors'],
  commands: [
    'commands',
    'core',
    'providers',
    'io',
    'report',
    'actions',
    'errors',
    'exit-codes',
    'type:context',
    'type:cli',
  ],
  context: ['io', 'exit-codes'],
  cli: ['commands', 'errors', 'exit-codes', 'version', 'type:context'],
  main: ['cli', 'context', 'version'],
  api: ['api', 'core', 'providers', 'actions', 'io', 'errors'],
  index: ['api', 'errors', 'type:core'],
};

const own = imports.filter(({ to }) => files.includes(to));

it('every import of ours is of a file that is there', () => {
  const relative = imports.filter(({ to }) => to.endsWith('.ts'));
  expect(relative.filter(({ to }) => !files.includes(to))).toEqual([]);
  expect(own.length).toBeGreaterThan(100);
});

it('every part of the program has its rule, and no rule is without its part', () => {
  expect(new Set(files.map(layer))).toEqual(new Set(Object.keys(allowed)));
});

describe.each(Object.entries(allowed))('%s', (name, parts) => {
  it(`imports only ${parts.join(', ') || 'nothing of ours'}`, () => {
    const strangers = own.filter(({ from, to, type }) => {
      const may = parts.includes(layer(to)) || (type && parts.includes(`type:${layer(to)}`));
      return layer(from) === name && !may;
    });
    expect(strangers).toEqual([]);
  });
});

it('no two files load each other, not even in a round', () => {
  const loads = (file: string) => own.filter(({ from, type }) => from === file && !type).map(({ to }) => to);
  const round = (path: string[]): string[] | undefined => {
    for (const next of loads(path.at(-1)!)) {
      if (path.includes(next)) return [...path.slice(path.indexOf(next)), next];
      if (done.has(next)) continue;
      const found = round([...path, next]);
      if (found) return found;
      done.add(next);
    }
    return undefined;
  };
  const done = new Set<string>();
  expect(files.map((file) => round([file])).filter((found) => found)).toEqual([]);
});

it('a provider’s folder is imported by the list of providers alone', () => {
  const folders = own.filter(({ to }) => /^providers\/.+\//.test(to));
  const outside = folders.filter(({ from, to }) => posix.dirname(from) !== posix.dirname(to));
  expect(new Set(outside.map(({ from }) => from))).toEqual(new Set(['providers/index.ts']));
});

/** Files in which a pattern occurs, comments aside. */
const holding = (pattern: RegExp, among: (file: string) => boolean = () => true): string[] =>
  files.filter((file) => among(file) && pattern.test(source(file)));

const pure = (file: string) => ['core', 'providers'].includes(layer(file));

it.each<[string, RegExp, string[]]>([
  [
    'the process',
    /\bprocess\./,
    ['context.ts', 'io/group.ts', 'io/module.ts', 'io/recording.ts', 'io/transport.ts'],
  ],
  ['the console', /\bconsole\b/, []],
])('only these know %s', (_, pattern, known) => {
  expect(holding(pattern, (file) => !known.includes(file))).toEqual([]);
});

it.each([
  ['the transport', 'io/transport.ts', ['process.versions']],
  ['a recording', 'io/recording.ts', ['process.once', 'process.off']],
  [
    'what runs a module of the user’s',
    'io/module.ts',
    ['process.exit', 'process.exitCode', 'process.stderr', 'process.features', 'process.versions'],
  ],
  ['what ends a group of processes', 'io/group.ts', ['process.platform', 'process.kill']],
])('%s asks the process for little', (_what, file, known) => {
  const asked = source(file).match(/\bprocess\.\w+/g) ?? [];
  expect(new Set(asked)).toEqual(new Set(known));
});

it.each<[string, RegExp]>([
  ['the wall clock', /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\b/],
  ['chance', /\bMath\.random\b|\brandom(?:Int|Bytes|UUID|FillSync)\b|\bgetRandomValues\b/],
  ['timers', /\bset(?:Timeout|Interval|Immediate)\b/],
  [
    'files, sockets or other processes',
    /'node:(?:fs|net|http|https|tls|dns|child_process|os|worker_threads)\b/,
  ],
])('core and providers know nothing of %s', (_, pattern) => {
  expect(holding(pattern, pure)).toEqual([]);
});

it('what comes with Node is written node:', () => {
  const bare =
    /^(?:fs|path|http|https|net|tls|crypto|os|util|events|stream|url|zlib|buffer|v8|dns|child_process)$/;
  expect(imports.filter(({ to }) => bare.test(to))).toEqual([]);
});

it('the packages that a provider may use are none: its fake holds all it needs', () => {
  const packages = imports.filter(
    ({ from, to, type }) => layer(from) === 'providers' && !/\.(?:ts|json)$/.test(to) && !type,
  );
  expect(packages).toEqual([]);
});

it('the providers that come with hooks use nothing that a user cannot: each name is an export of the library', async () => {
  const library = readFileSync(new URL('index.ts', root), 'utf8');
  const exported = new Set(library.match(/\b[a-z]\w*\b/gi));
  const names = files
    .filter((file) => layer(file) === 'providers')
    .flatMap((file) => [...source(file).matchAll(/import \{([^}]*)\} from '(?:\.\.\/)+core\//g)])
    .flatMap(([, list]) => list!.split(',').map((name) => name.trim()))
    .filter((name) => name !== '' && !name.startsWith('type '));
  expect(new Set(names)).toContain('defineProvider');
  expect(names.filter((name) => !exported.has(name))).toEqual([]);
});

it('a built-in provider is declared with what the library gives to everybody', () => {
  const named = /import (type )?\{([^}]*)\} from '(?:\.\.\/)+core\/[^']+'/g;
  const used = files
    .filter((file) => layer(file) === 'providers')
    .flatMap((file) => [...source(file).matchAll(named)])
    .filter(([, type]) => type === undefined)
    .flatMap(([, , names = '']) => names.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '));
  expect(used).toContain('defineProvider');
  expect(used.filter((name) => !Object.hasOwn(library, name))).toEqual([]);
});
