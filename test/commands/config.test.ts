import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hooks, linesOf, makeFolder } from '../helpers/command.ts';

const acme = { name: 'acme', eventAt: 'type', events: { 'a.b': { samples: [{ id: 'x1' }] } } };
const json = (value: unknown) => JSON.stringify(value);

describe('a bad configuration', () => {
  it.each<[string, string, RegExp]>([
    [
      'hooks.config.mjs',
      'throw new Error("boom\\nat line 2")',
      /^error: hooks\.config\.mjs cannot be run: boom\n/,
    ],
    ['hooks.config.mjs', 'while (true) {}', /does not come to an end: it loops, after 5 s/],
    [
      'hooks.config.mjs',
      'await new Promise(() => setInterval(() => {}, 50)); export default {}',
      /top-level await is still waiting, after 5 s/,
    ],
    ['hooks.config.mjs', 'await 0; while (true) {}', /does not come to an end: it loops, or its top-level/],
    ['hooks.config.mjs', 'await new Promise(() => {})', /its top-level await waits for what never comes/],
    ['hooks.config.mjs', 'process.exit(0)', /cannot be run: it calls process\.exit/],
    ['hooks.config.mjs', 'await 0; process.exit(0)', /cannot be run: it calls process\.exit/],
    ['hooks.config.mjs', 'throw "a text"', /cannot be run: it throws "a text"/],
    ['hooks.config.mjs', 'throw null', /cannot be run: it throws null\n/],
    ['hooks.config.mjs', 'export default { get to() { for (;;); } }', /it loops, after 5 s/],
    [
      'hooks.config.mjs',
      'await 0; export default { schemes: { get roastify() { for (;;); } } }',
      /does not come to an end: it loops, or its/,
    ],
    ['hooks.config.mjs', 'await 0; throw undefined', /cannot be run: it throws undefined/],
    ['hooks.config.mjs', 'import "hooks-cli"', /not installed in this project; a plain object does/],
    ['hooks.config.mjs', 'export default Promise.resolve({})', /exports a promise\nawait it/],
    ['hooks.config.mjs', 'export default { get to() { throw new Error("no") } }', /cannot be read: no\n/],
    ['hooks.config.mjs', 'const a = 1;', /exports nothing\nwrite `export default/],
    ['hooks.config.js', '', /exports nothing/],
    ['hooks.config.mjs', 'export const port = 3;', /has no default export, only port/],
    ['hooks.config.mjs', 'export default () => ({})', /must be an object, and is a function/],
    ['hooks.config.json', '{ "port": }', /hooks\.config\.json is not JSON: /],
    ['hooks.config.json', '[]', /must be an object, and is \[\]/],
    ['hooks.config.json', json({ prot: 3 }), /prot is not known here\ndid you mean port\?/],
    ['hooks.config.json', json({ port: '3' }), /port must be a whole number from 0 to 65535, and is "3"/],
    ['hooks.config.json', json({ to: 'ftp://x' }), /to must be a target .* and is "ftp:\/\/x"/],
    [
      'hooks.config.json',
      json({ secrets: { roastify: { env: 'A', file: 'B' } } }),
      /secrets\.roastify must be \{"env": "NAME"\}/,
    ],
    [
      'hooks.config.json',
      json({ secrets: { roastfy: 'x' } }),
      /there is no provider "roastfy"\ndid you mean roastify\?/,
    ],
    ['hooks.config.json', json({ schemes: { roastify: 'svix' } }), /schemes\.roastify/],
    [
      'hooks.config.json',
      json({ policies: { roastify: { delaysMs: [1, 'a'] } } }),
      /policies\.roastify\.delaysMs\[1\] must be/,
    ],
    ['hooks.config.json', json({ providers: [acme, acme] }), /providers\[1\] declares "acme" a second time/],
    [
      'hooks.config.json',
      json({ providers: [{ ...acme, name: 'roastify' }] }),
      /providers\[0\]: "roastify" is a provider that comes with hooks/,
    ],
    [
      'hooks.config.json',
      json({ providers: ['none.json'] }),
      /providers\[0\]: none\.json: there is no such file/,
    ],
    ['hooks.config.json', json({ providers: [7] }), /providers\[0\] must be a provider, or the path/],
  ])('%s: %s', async (name, content, words) => {
    using folder = makeFolder();
    folder.file(name, content);
    const run = await hooks(['events', 'roastify'], { cwd: folder.path });
    expect([run.code, run.stdout, run.stderr]).toEqual([2, '', expect.stringMatching(words)]);
    expect(run.stderr).not.toMatch(/^\s+at /m);
  });

  it('is not in the way of completion, which knows the built-in providers', async () => {
    using folder = makeFolder();
    folder.file('hooks.config.json', '{');
    const run = await hooks(['completion', 'bash', '--', 'hooks send roast'], { cwd: folder.path });
    expect([run.code, run.stdout, run.stderr]).toEqual([0, 'roastify\n', '']);
  });

  it.each<[string, object, string[], RegExp]>([
    [
      'to',
      { to: 'https://example.com/' },
      ['send', 'roastify', 'fulfillment.created'],
      /^error: hooks\.config\.json: to: example\.com is not this machine/,
    ],
    [
      'forwardTo',
      { forwardTo: 'https://example.com/' },
      ['listen'],
      /^error: hooks\.config\.json: forwardTo: example\.com is not this machine/,
    ],
    [
      'a route',
      { routes: { 'order.crated': 3000 } },
      ['listen', '--port', '0'],
      /^error: hooks\.config\.json: routes\."order\.crated": no event fits "order\.crated"/,
    ],
    [
      'a secret',
      { secrets: { roastify: { file: 'none.secret' } } },
      ['config'],
      /^error: hooks\.config\.json: secrets\.roastify .*none\.secret cannot be read: there is no such file\ncorrect its path/,
    ],
  ])('is told with its place: %s', async (_, content, words, told) => {
    using folder = makeFolder();
    folder.file('hooks.config.json', json(content));
    const run = await hooks(words, { cwd: folder.path });
    expect([run.code, run.stderr]).toEqual([2, expect.stringMatching(told)]);
  });

  it.each([
    ['.', /it is a directory\nname a file in it/],
    ['hooks.txt', /hooks\.txt: a file that ends in \.txt is not read\nit ends in \.json, \.js/],
  ])('--config %s is refused', async (path, words) => {
    using folder = makeFolder();
    folder.file('hooks.txt', '{}');
    const run = await hooks(['config', '--config', path], { cwd: folder.path });
    expect([run.code, run.stderr]).toEqual([2, expect.stringMatching(words)]);
  });

  it('is two in one folder, unless one is named', async () => {
    using folder = makeFolder();
    folder.file('hooks.config.json', '{ "port": 1 }');
    folder.file('hooks.config.js', 'module.exports = { port: 2 }');
    const run = await hooks(['config'], { cwd: folder.path });
    expect([run.code, run.stderr]).toEqual([
      2,
      expect.stringMatching(/has 2 configurations: hooks\.config\.js, hooks\.config\.json\nleave one/),
    ]);
    const named = await hooks(['config', '--config', 'hooks.config.json'], { cwd: folder.path });
    expect([named.code, named.stdout]).toEqual([0, expect.stringMatching(/^port +1 /m)]);
  });

  it('--config names another file; the demo takes none', async () => {
    using folder = makeFolder();
    const none = await hooks(['events', '--config', 'none.json'], { cwd: folder.path });
    expect([none.code, none.stderr]).toEqual([
      2,
      expect.stringContaining('none.json: there is no such file'),
    ]);
    const demo = await hooks(['demo', '--config', 'none.json'], { cwd: folder.path });
    expect([demo.code, demo.stderr]).toEqual([2, expect.stringContaining('--config cannot apply')]);
  });
});

describe('a configuration that is code', () => {
  const configured = async (content: string, words: string[], name = 'hooks.config.mjs') => {
    using folder = makeFolder();
    folder.file(name, content);
    return await hooks(words, { cwd: folder.path });
  };

  it.each(['', 'await 0;'])('does not keep the command by what it leaves open: %s', async (start) => {
    const open = 'setInterval(() => {}, 1000); createServer().listen(0);';
    const text = `import { createServer } from 'node:http'; ${start} ${open} export default { port: 1 };`;
    const { code, stdout, stderr } = await configured(text, ['config', '--json']);
    expect([code, stderr]).toEqual([0, '']);
    expect(linesOf(stdout)).toContainEqual(expect.objectContaining({ name: 'port', value: 1 }));
  });

  it.each(['', 'await 0;'])('does not set the exit code: %s', async (start) => {
    const text = `${start} process.exitCode = 7; export default { port: 1 };`;
    expect(await configured(text, ['config'])).toMatchObject({ code: 0, stderr: '' });
  });

  it('may hold itself, and what cannot be read', async () => {
    const text = `const config = { port: 1 };
      Object.defineProperty(config, 'self', { value: config, enumerable: false });
      export default config;`;
    expect(await configured(text, ['config'])).toMatchObject({ code: 0, stderr: '' });
  });

  it('prints to stderr', async () => {
    const { code, stdout, stderr } = await configured('console.log("loud"); export default {};', [
      'config',
      '--json',
    ]);
    expect([code, stderr]).toEqual([0, 'loud\n']);
    expect(linesOf(stdout).length).toBeGreaterThan(0);
  });

  it.each([
    'setTimeout(() => { throw new Error("late") }, 20); export default {};',
    'setTimeout(() => Promise.reject(new Error("late")), 20); export default {};',
  ])('is told what it throws later: %s', async (content) => {
    const { code, stderr } = await configured(content, ['listen', '--port', '0']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: hooks\.config\.mjs failed after it was read: late$/m);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it('is TypeScript where Node reads it; elsewhere what is needed is said', async () => {
    const content = 'const port: number = 4801;\nexport default { port };';
    const { code, stdout, stderr } = await configured(content, ['config', '--json'], 'hooks.config.ts');
    if ((process.features as { typescript?: unknown }).typescript) {
      expect(code).toBe(0);
      expect(linesOf(stdout)).toContainEqual(expect.objectContaining({ name: 'port', value: 4801 }));
    } else {
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(
        /^error: hooks\.config\.ts is TypeScript, which Node \S+ does not read: .*\nuse Node 22\.18/,
      );
    }
  });
});

describe('the configuration', () => {
  it.each([
    ['hooks.config.mjs', 'export default { to: 4801 }'],
    ['hooks.config.js', 'module.exports = { to: 4801 }'],
    ['hooks.config.js', 'export default { to: 4801 }'],
    ['hooks.config.mjs', 'await 0; export default { to: "4801" }'],
    ['hooks.config.json', '\ufeff{ "to": "4801" }'],
  ])('%s: %s is found from a folder below it', async (name, content) => {
    using folder = makeFolder();
    folder.file(name, content);
    mkdirSync(join(folder.path, 'a', 'b'), { recursive: true });
    const run = await hooks(['config', '--json'], { cwd: join(folder.path, 'a', 'b') });
    expect([run.code, run.stderr]).toEqual([0, '']);
    const rows = linesOf(run.stdout);
    expect(rows.find((row) => row.name === 'to')).toMatchObject({ value: '4801', from: 'file' });
    expect(rows.find((row) => row.name === 'config')?.value).toBe(join(folder.path, name));
  });

  it('counts behind flag and environment, and before the default', async () => {
    using folder = makeFolder();
    folder.file('hooks.config.json', json({ to: '1', port: 1, secrets: { shoprocket: 'of-the-file-0000' } }));
    const of = async (args: string[], env = {}) => {
      const { stdout } = await hooks(['config', '--json', ...args], { cwd: folder.path, env });
      return Object.fromEntries(linesOf(stdout).map(({ name, value, from }) => [name, [value, from]]));
    };
    expect(await of([])).toMatchObject({
      to: ['1', 'file'],
      port: [1, 'file'],
      'secrets.shoprocket': ['••••0000', 'file'],
      'secrets.roastify': ['••••LaSw', 'default'],
    });
    expect(await of(['--to', '2'], { HOOKS_SHOPROCKET_SECRET: 'of-the-env-1111' })).toMatchObject({
      to: ['2', 'flag'],
      'secrets.shoprocket': ['••••1111', 'env'],
    });
    const flag = ['--secret', 'shoprocket=of-the-flag-2222', '--port', '3'];
    expect(await of(flag, { HOOKS_SHOPROCKET_SECRET: 'of-the-env-1111' })).toMatchObject({
      port: [3, 'flag'],
      'secrets.shoprocket': ['••••2222', 'flag'],
    });
  });

  it('never prints a secret', async () => {
    using folder = makeFolder();
    folder.file(
      'hooks.config.json',
      json({
        to: 'http://u:hunter22222222@localhost:1/?token=hunter22222222',
        secrets: { shoprocket: 'hunter22222222' },
      }),
    );
    for (const args of [['config'], ['config', '--json']]) {
      const { code, stdout, stderr } = await hooks(args, { cwd: folder.path });
      expect([code, stdout.includes('hunter'), stderr]).toEqual([0, false, '']);
    }
  });

  it('gives target, secret, scheme and policy to send', async () => {
    using folder = makeFolder();
    const scheme = {
      kind: 'hmac',
      label: 'X',
      basis: 'observed',
      source: 'a test',
      names: { signature: 'X-Mine' },
      over: '{body}',
      digest: 'sha1',
      encoding: 'hex',
      key: 'utf8',
      value: '{signature}',
    };
    folder.file(
      'hooks.config.json',
      json({
        to: '4805/here',
        schemes: { shoprocket: scheme },
        secrets: { shoprocket: { file: 'mine.secret' } },
        policies: { shoprocket: { delaysMs: [10] } },
      }),
    );
    folder.file('mine.secret', 'my-own-secret\n');
    const words = ['send', 'shoprocket', 'order.created', '--dry-run', '--json', '--seed', '1'];
    const dry = await hooks(words, { cwd: folder.path });
    const { delivery } = linesOf(dry.stdout).find(({ kind }) => kind === 'delivery')!;
    expect(delivery.url).toBe('http://localhost:4805/here');
    expect(delivery.headers.map(([name]: [string]) => name)).toContain('X-Mine');
    const signed = await hooks(['sign', 'shoprocket', '-', '--secret', 'my-own-secret'], {
      cwd: folder.path,
      stdin: delivery.body,
    });
    expect(signed.stdout.trim()).toBe(
      delivery.headers.find(([name]: [string]) => name === 'X-Mine').join(': '),
    );
    const failed = await hooks(['send', 'shoprocket', 'order.created', '--to', '1', '--retry', '--json'], {
      cwd: folder.path,
    });
    expect(linesOf(failed.stdout).filter(({ kind }) => kind === 'attempt')).toHaveLength(2);
  });

  it('a scheme that names an id tells what came before, where the declaration says nothing of it', async () => {
    using folder = makeFolder();
    const scheme = {
      kind: 'hmac',
      label: 'X',
      basis: 'observed',
      source: 'a test',
      names: { signature: 'X-Mine', id: 'Acme-Id' },
      over: '{id}|{body}',
      digest: 'sha256',
      encoding: 'hex',
      key: 'utf8',
      value: '{signature}',
    };
    const judged = async (more: object) => {
      const { events } = acme;
      const provider = { name: 'acme', eventAt: 'type', events, ...more };
      folder.file('hooks.config.json', json({ providers: [provider], schemes: { acme: scheme } }));
      const dry = await hooks(['send', 'acme', 'a.b', '--id', 'one', '--dry-run', '--format', 'http'], {
        cwd: folder.path,
      });
      const verdict = await hooks(['verify', '-', '--json'], { cwd: folder.path, stdin: dry.stdout });
      return linesOf(verdict.stdout)[0]?.verdict.id;
    };
    expect(await judged({})).toBe('one');
    expect(await judged({ identity: ['type'] })).toBe('a.b');
  });

  it.each(['constructor', 'tostring', 'valueof'])('knows a provider called %s', async (name) => {
    using folder = makeFolder();
    expect((await hooks(['provider', 'init', name], { cwd: folder.path })).code).toBe(0);
    const run = await hooks(['config', '--json'], { cwd: folder.path });
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(linesOf(run.stdout).map((row) => row.name)).toEqual(
      expect.arrayContaining([`schemes.${name}`, `secrets.${name}`]),
    );
  });

  it('advises nothing that the command has not', async () => {
    const run = await hooks(['config', '--secret', 'x']);
    expect([run.code, run.stderr]).toEqual([
      2,
      'error: a secret here needs its provider: PROVIDER=VALUE\nwrite rose-rocket=…\n',
    ]);
  });

  it('warns of a secret that git keeps, and of a variable that is not set', async () => {
    using folder = makeFolder();
    folder.file(
      'hooks.config.json',
      json({ secrets: { shoprocket: 'hunter2-hunter2', roastify: { env: 'NOT_THERE' } } }),
    );
    const git = (...words: string[]) => execFileSync('git', words, { cwd: folder.path, stdio: 'ignore' });
    const warned = async () => (await hooks(['config'], { cwd: folder.path })).stderr;
    expect(await warned()).toBe(
      'warning: NOT_THERE, which hooks.config.json: secrets.roastify names, is not set\n',
    );
    git('init');
    expect(await warned()).not.toContain('git keeps');
    git('add', '.');
    expect(await warned()).toContain('hooks.config.json holds a secret, and git keeps it');
  });

  it('a listener takes its port, its routes and where it passes on; a flag wins', async () => {
    using folder = makeFolder();
    folder.file('hooks.config.json', json({ port: 0, routes: { 'nothing.*': 3000 }, forwardTo: 3000 }));
    const bad = await hooks(['listen'], { cwd: folder.path });
    expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining('no event fits "nothing.*"')]);
    const answers = ['listen', '--json', '--respond', '500', '--once', '--within', '50ms'];
    const own = await hooks(answers, { cwd: folder.path });
    expect([own.code, linesOf(own.stdout)[0]?.kind]).toEqual([1, 'ready']);
  });
});
