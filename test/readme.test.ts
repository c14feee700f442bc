import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../src/core/config.ts';
import { defaultPort } from '../src/core/target.ts';
import { providers } from '../src/providers/index.ts';
import { hooks } from './helpers/command.ts';
import { type Packed, pack, packingList, root } from './helpers/packed.ts';
import { readmeBlocks, readmeText, type Shell } from './helpers/readme.ts';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const text = readmeText();
const blocks = readmeBlocks();
const shells = blocks.filter((each) => each.kind === 'sh');

describe('what the README says', () => {
  it('names options that there are', async () => {
    const commands = [
      'send',
      'listen',
      'replay',
      'events',
      'verify',
      'sign',
      'check',
      'infer',
      'demo',
      'config',
    ];
    const inner = ['init', 'import', 'test'].map((command) => ['provider', command]);
    const all = [...commands.map((command) => [command]), ...inner];
    const helps = await Promise.all(all.map((words) => hooks([...words, '--help'])));
    const known = helps.map(({ stdout }) => stdout).join('\n');
    const others = ['--test', '--to', '--forward-to'];
    const named = new Set(text.replace(/<!--|-->/g, '').match(/(?<![\w-])--[a-z]+(?:-[a-z]+)*/g));
    for (const option of named) if (!others.includes(option)) expect(known).toContain(` ${option}`);
  });

  it('names the providers and as many events as there are', () => {
    for (const { name, title, events } of providers) {
      expect(text).toContain(`\`${name}\``);
      expect(text).toMatch(new RegExp(`${title} \\(${Object.keys(events).length}[ )]`));
    }
  });

  it('shows a configuration that can be read', () => {
    const shown = blocks.filter((each) => each.kind === 'json').map(({ content }) => content);
    expect(shown).toHaveLength(1);
    for (const each of shown) expect(() => parseConfig(JSON.parse(each), 'README.md')).not.toThrow();
  });

  it('links to headings that there are', () => {
    const slug = (heading: string) =>
      heading
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-');
    const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => slug(heading as string));
    const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
    expect(links.length).toBeGreaterThan(0);
    expect(headings).toEqual(expect.arrayContaining(links));
  });

  it('links to files that there are', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path]) => path as string);
    expect(links.length).toBeGreaterThan(0);
    for (const path of links) expect([path, existsSync(join(root, path))]).toEqual([path, true]);
  });

  it('has an account of the house that names rooms that there are', () => {
    const account = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
    const files = account.match(/(?:[\w-]+\/)*[\w.-]+\.(?:ts|js|json|md)\b/g) ?? [];
    const folders = ['bin', 'docs', 'fixtures', 'src', 'test'];
    const own = folders.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
        (path) => `/${folder}/${path.replaceAll('\\', '/')}`,
      ),
    );
    for (const file of new Set(files))
      expect(own.filter((path) => path.endsWith(`/${file}`))).not.toEqual([]);
  });

  it('does for a clone what a clone can do', () => {
    const scripts = shells.filter(({ mark }) => mark.kind === 'checked').map(({ script }) => script);
    const words = scripts.join('').match(/npm (?:run )?\S+/g) ?? [];
    const builtIn = ['npm ci', 'npm i', 'npm pack'];
    for (const word of new Set(words)) {
      if (builtIn.includes(word)) continue;
      expect(Object.keys(manifest.scripts)).toContain(word.split(' ').at(-1));
    }
    // `npm ci` builds, so that `npm i -g .` has something to link.
    expect(manifest.scripts.prepare).toBe('npm run build');
    const { filename } = packingList();
    expect([...new Set(text.match(/hooks-cli-[\w.]+\.tgz/g))]).toEqual([filename]);
  });
});

// Bash, job control and SIGINT are not those of Windows there.
describe.skipIf(process.platform === 'win32')('each example of the README', () => {
  let packed: Packed;
  let ports: Map<number, number>;
  const staying = new Set<ChildProcess>();

  beforeAll(async () => {
    packed = pack();
    // The default port itself is tried by the tests of `hooks listen`; both at once could not have it.
    ports = new Map([
      [3000, await freePort()],
      [3001, await freePort()],
      [defaultPort, await freePort()],
    ]);
  });
  afterAll(() => {
    for (const child of staying) endGroup(child, 'SIGKILL');
    packed?.remove();
  });

  /** Ports of the README that may be taken on this machine, replaced. */
  const onFreePorts = (source: string): string =>
    [...ports].reduce((result, [port, free]) => {
      const explicit =
        port === defaultPort
          ? result
              .replace(/--to localhost(?=\s|$)/gm, `--to ${port}`)
              .replace(/^hooks listen$/gm, `hooks listen --port ${port}`)
          : result;
      return explicit.replace(new RegExp(`\\b${port}\\b`, 'g'), String(free));
    }, source);

  /** Output with what differs from run to run as the README has it. */
  const steady = (output: string): string =>
    [...ports]
      .reduce((result, [port, free]) => result.replaceAll(`:${free}`, `:${port}`), output)
      .replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?= {2})/gm, '2026-11-21 10:00:00')
      .replace(/\b\d+ ms$/gm, '12 ms');

  function startBlock(script: string): { child: ChildProcess; output: () => string } {
    const path = [join(packed.folder, 'node_modules', '.bin'), packed.env.PATH].join(delimiter);
    const child = spawn('bash', ['-euo', 'pipefail', '-c', `exec 2>&1\n${onFreePorts(script)}`], {
      cwd: packed.folder,
      env: { ...packed.env, PATH: path },
      // A group of its own, so that what it leaves in the background can be ended.
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
    return { child, output: () => output };
  }

  async function runBlock({ script, mark, prints }: Omit<Shell, 'kind' | 'line'>): Promise<void> {
    const { child, output } = startBlock(script);
    const ended = once(child, 'exit');
    const closed = once(child, 'close');
    if (mark.kind === 'stays' || mark.kind === 'interrupted') {
      while (output() === '' && child.exitCode === null) await sleep(10);
      expect([child.exitCode, output()]).toEqual([null, expect.stringContaining('listening on')]);
      if (mark.kind === 'stays') return void staying.add(child);
      endGroup(child, 'SIGINT');
    }
    const [code] = await ended;
    endGroup(child, 'SIGTERM');
    await closed;
    expect([code, output()]).toEqual([mark.kind === 'run' ? mark.code : 0, output()]);
    if (prints !== undefined) expect(steady(output())).toBe(prints);
  }

  for (const each of blocks) {
    if (each.kind === 'js') {
      it(`line ${each.line}: ${each.name}`, () =>
        writeFileSync(join(packed.folder, each.name), onFreePorts(each.content)));
    } else if (each.kind === 'yaml') {
      for (const script of each.steps)
        it(`line ${each.line}, a step: ${script.split('\n')[0]}`, () =>
          runBlock({ script, mark: { kind: 'run', code: 0 } }));
    } else if (each.kind === 'sh' && each.mark.kind !== 'checked') {
      const missing = ['jq', 'openssl'].find((tool) => each.script.includes(`${tool} `) && !has(tool));
      it.skipIf(missing)(`line ${each.line}: ${each.script.split('\n')[0]}`, () => runBlock(each));
    }
  }

  it('has installed the command in the project and for all', () => {
    const bins = [
      join(packed.folder, 'node_modules', '.bin'),
      join(packed.env.npm_config_prefix as string, 'bin'),
    ];
    for (const bin of bins) {
      const version = execFileSync(join(bin, 'hooks'), ['--version'], { encoding: 'utf8' });
      expect(version).toBe(`${manifest.version}\n`);
    }
  });
});

function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-(pid as number), signal);
  } catch {
    // It has ended already.
  }
}

function has(tool: string): boolean {
  try {
    execFileSync('bash', ['-c', `command -v ${tool}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  await once(server.close(), 'close');
  return port;
}
