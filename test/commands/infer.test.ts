import { generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import {
  bash,
  type Folder,
  hooks,
  type Line,
  linesOf,
  makeFolder,
  type Result,
  start,
  startListening,
} from '../helpers/command.ts';
import { message, type Signer, signed } from '../helpers/signers.ts';
import { ask } from '../helpers/wire.ts';

const secret = 'a-secret-of-acme-1';
const signer: Signer = {
  secret,
  digest: 'sha256',
  write: (digest) => digest.toString('hex'),
  over: (of) => [of.seconds, '.', of.body],
  place: (signature, of) => ({ headers: [['X-Acme-Signature', `t=${of.seconds},v1=${signature}`]] }),
};
const record = {
  kind: 'hmac',
  over: '{timestamp}.{body}',
  value: 't={timestamp},v1={signature}',
  separator: ',',
  names: { signature: 'X-Acme-Signature' },
};

/** A delivery as it stands on the wire. */
function raw(index: number, by = signer): Buffer {
  const { method, path, headers, body } = signed(by, message(index));
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${head}\r\n`), body]);
}

/** A folder with two deliveries and the secret. */
function captured(): Folder & { readonly args: string[] } {
  const folder = makeFolder();
  const [one, two] = [0, 1].map((index) => folder.file(`${index}.http`, raw(index)));
  const file = folder.file('secret.txt', `${secret}\n`);
  return {
    ...folder,
    args: ['infer', one!, two!, '--secret-file', file],
    [Symbol.dispose]: folder[Symbol.dispose],
  };
}

const schema = new Ajv2020({ allErrors: true, strict: false }).compile(
  JSON.parse(readFileSync(new URL('../../docs/infer.schema.json', import.meta.url), 'utf8')),
);

/** The one object that is printed with --json. */
function result({ stdout }: Result): Line {
  const [line, ...more] = linesOf(stdout);
  expect(more).toEqual([]);
  expect([schema(line), schema.errors]).toEqual([true, null]);
  expect(stdout).not.toContain(secret);
  return line!;
}

describe.concurrent('hooks infer', () => {
  it('prints the scheme in words and as the record', async () => {
    using folder = captured();
    const { code, stdout, stderr } = await hooks(folder.args);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^confirmed by 2 deliveries: HMAC-SHA256 \(hex\) of "\{timestamp\}\.\{body\}" in X-Acme-Signature$/m,
    );
    const printed = /^\{$[\s\S]*?^\}$/m.exec(stdout)?.[0] ?? '';
    expect(JSON.parse(printed)).toMatchObject(record);
    expect(stdout).toMatch(/^tried: 2 captures, 1 secrets, /m);
    expect(stdout).not.toContain(secret);
  });

  it('prints one JSON object with exactly its keys', async () => {
    using folder = captured();
    const run = await hooks([...folder.args, '--json']);
    const found = result(run);
    expect([run.code, run.stderr, Object.keys(found)]).toEqual([
      0,
      '',
      ['status', 'kind', 'scheme', 'words', 'tried'],
    ]);
    expect(found).toMatchObject({ status: 'confirmed', kind: 'hmac', scheme: record });
  });

  it('1 where nothing fits, and where captures disagree', async () => {
    using folder = captured();
    const other = folder.file('other.http', raw(5, { ...signer, secret: 'another-secret' }));
    const [none, disagree] = await Promise.all([
      hooks(['infer', other, '--secret', secret, '--json']),
      hooks([...folder.args, other, '--json']),
    ]);
    expect([none.code, none.stderr]).toEqual([
      1,
      '--secret shows in the process list; --secret-file does not\n',
    ]);
    expect(Object.keys(result(none))).toEqual(['status', 'kind', 'words', 'tried']);
    expect([disagree.code, result(disagree)]).toEqual([
      1,
      expect.objectContaining({ status: 'disagree', kind: 'hmac' }),
    ]);
  });

  it('takes the secret of a provider nobody knows from the environment', async () => {
    using folder = captured();
    const [, one, two] = folder.args as [string, string, string];
    const run = await hooks(['infer', one, two, '--provider', 'acme-shop', '--json'], {
      env: { HOOKS_ACME_SHOP_SECRET: secret },
    });
    expect([run.code, result(run).status]).toEqual([0, 'confirmed']);
  });

  it('reads a recording, stdin, HAR and curl, together', async () => {
    using folder = makeFolder();
    await using listening = await startListening(['--record', join(folder.path, 'a.jsonl')]);
    const file = folder.file('secret.txt', secret);
    for (const index of [0, 1]) {
      const { path, headers, body } = signed(signer, message(index));
      const own = headers.filter(([name]) => !/^(?:host|content-length)$/i.test(name));
      await ask(listening.port, { path, headers: own, body });
    }
    await listening.facts('received', 2);
    await listening.stop();
    const har = (index: number) => {
      const { method, path, headers, body } = signed(signer, message(index));
      const pairs = headers.map(([name, value]) => ({ name, value }));
      const request = {
        method,
        url: `https://hooks.acme.test${path}`,
        headers: pairs,
        postData: { mimeType: 'application/json', text: body.toString() },
      };
      return { request, response: {}, startedDateTime: '2026-11-21T10:00:00Z' };
    };
    const curl = signed(signer, message(4));
    const line = `curl 'https://hooks.acme.test${curl.path}' -H '${curl.headers.map((pair) => pair.join(': ')).at(-1)}' --data-raw '${curl.body}'`;
    const files = [
      join(folder.path, 'a.jsonl'),
      folder.file('a.har', JSON.stringify({ log: { version: '1.2', entries: [har(2), har(3)] } })),
      folder.file('a.sh', line),
    ];
    const run = await hooks(['infer', ...files, '-', '--secret-file', file, '--json'], { stdin: raw(6) });
    expect(result(run)).toMatchObject({ status: 'confirmed', tried: { captures: 6 }, scheme: record });
    expect(run.code).toBe(0);
  });

  it('says what is masked in what --json printed', async () => {
    using folder = makeFolder();
    const [delivery] = linesOf(
      (await hooks(['send', 'roastify', 'fulfillment.created', '--dry-run', '--json'])).stdout,
    ).filter(({ kind }) => kind === 'delivery');
    const headers = [['X-Acme-Token', '••••1234']];
    const file = folder.file(
      'a.jsonl',
      JSON.stringify({ ...delivery, delivery: { ...delivery?.delivery, headers } }),
    );
    const run = await hooks(['infer', file, '--secret', 'abcdefghijkl', '--json']);
    expect([run.code, result(run).words]).toEqual([1, expect.stringMatching(/X-Acme-Token is masked/)]);
  });

  it('verifies with a public key, without a secret', async () => {
    using folder = makeFolder();
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const by = (index: number) =>
      raw(index, {
        ...signer,
        place: (_, of) => ({
          headers: [['X-Signature-Ed25519', sign(null, of.body, privateKey).toString('hex')]],
        }),
      });
    const files = [0, 1].map((index) => folder.file(`${index}.http`, by(index)));
    const pem = folder.file('key.pem', publicKey.export({ type: 'spki', format: 'pem' }));
    const short = folder.file(
      'key.txt',
      publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64'),
    );
    for (const key of [pem, short]) {
      const run = await hooks(['infer', ...files, '--public-key-file', key, '--json']);
      expect([run.code, result(run)]).toEqual([
        0,
        expect.objectContaining({
          status: 'confirmed',
          kind: 'asymmetric',
          scheme: expect.objectContaining({ kind: 'ed25519', over: '{body}' }),
        }),
      ]);
    }
  });

  it('looks at the deliveries of the provider alone, where a recording says whose each is', async () => {
    using folder = makeFolder();
    const file = folder.file('secret.txt', secret);
    const fact = (index: number, provider?: string, by = signer) => {
      const { body, ...received } = signed(by, message(index));
      const verdict = { valid: false, signed: false, problems: [], provider };
      return JSON.stringify({
        kind: 'received',
        at: '2026-11-21T10:00:00.000Z',
        received: { ...received, body: body.toString() },
        verdict,
      });
    };
    const other = { ...signer, secret: 'of-somebody-else' };
    const facts = [
      fact(0, 'rose-rocket'),
      fact(1, 'rose-rocket'),
      fact(2, 'shoprocket', other),
      fact(3, undefined, other),
    ];
    const recording = folder.file('mixed.jsonl', facts.join('\n'));
    const infer = (...more: string[]) =>
      hooks(['infer', recording, '--secret-file', file, '--json', ...more]);
    const own = await infer('--provider', 'rose-rocket');
    expect([own.code, own.stderr]).toEqual([
      0,
      expect.stringMatching(/^2 deliveries of others than rose-rocket/),
    ]);
    expect(result(own)).toMatchObject({ status: 'confirmed', tried: { captures: 2 } });
    expect(result(await infer())).toMatchObject({ status: 'disagree', tried: { captures: 4 } });
    expect(result(await infer('--provider', 'acme'))).toMatchObject({
      status: 'none',
      tried: { captures: 1 },
    });
  });

  it('tries the line break at the end of a secret file both ways, and says so', async () => {
    using folder = captured();
    expect(result(await hooks([...folder.args, '--json'])).words).toMatch(
      /line break .* and without: it fits without/,
    );
    const files = [0, 1].map((index) =>
      folder.file(`n${index}.http`, raw(index, { ...signer, key: Buffer.from(`${secret}\n`) })),
    );
    const run = await hooks(['infer', ...files, '--secret-file', join(folder.path, 'secret.txt'), '--json']);
    expect([run.code, result(run).words]).toEqual([
      0,
      expect.stringMatching(/line break at the end of its file/),
    ]);
  });

  it('tries white space before a secret both ways, too', async () => {
    using folder = captured();
    const file = folder.file('tabbed.txt', `\t${secret}`);
    const [, one, two] = folder.args as [string, string, string];
    const without = await hooks(['infer', one, two, '--secret-file', file, '--json']);
    expect([without.code, result(without).words]).toEqual([
      0,
      expect.stringMatching(/white space before it and without: it fits without/),
    ]);
    const files = [0, 1].map((index) =>
      folder.file(`t${index}.http`, raw(index, { ...signer, key: Buffer.from(`\t${secret}`) })),
    );
    const run = await hooks(['infer', ...files, '--secret-file', file, '--json']);
    expect([run.code, result(run)]).toEqual([
      0,
      { status: 'confirmed', kind: 'hmac', words: expect.any(String), tried: expect.anything() },
    ]);
    expect(result(run).words).toMatch(/no record can say white space before a secret/);
  });
});

describe.concurrent('hooks infer --listen', () => {
  it('ends when two different deliveries have come', async () => {
    using folder = captured();
    await using running = start([
      'infer',
      '--listen',
      '0',
      '--secret-file',
      join(folder.path, 'secret.txt'),
      '--json',
    ]);
    const [, port] = await running.says(/listening on http:\/\/localhost:(\d+)\//);
    const to = Number(port);
    expect(await ask(to, { method: 'GET' })).toMatchObject({ status: 200 });
    for (const index of [0, 0, 1]) {
      const { path, headers, body } = signed(signer, message(index));
      const own = headers.filter(([name]) => !/^(?:host|content-length)$/i.test(name));
      expect(await ask(to, { path, headers: own, body })).toMatchObject({ status: 200 });
    }
    const run = await running.result;
    expect(run.stderr).toMatch(
      /^1 of 2: .*\nthe same delivery again, not counted: send another one\n2 of 2: .*\n$/m,
    );
    expect([run.code, result(run)]).toEqual([
      0,
      expect.objectContaining({ status: 'confirmed', scheme: expect.objectContaining(record) }),
    ]);
  });

  it('goes on with what has come in time', async () => {
    using folder = captured();
    const secretFile = ['--secret-file', join(folder.path, 'secret.txt')];
    const none = await hooks(['infer', '--listen', '0', '--within', '1ms', ...secretFile, '--json']);
    expect([none.code, none.stdout, none.stderr]).toEqual([
      1,
      '',
      expect.stringMatching(/^listening on .*\nwithin 1 ms there came nothing\n$/),
    ]);
    await using running = start(['infer', '--listen', '0', '--within', '3s', ...secretFile, '--json']);
    const [, port] = await running.says(/listening on http:\/\/localhost:(\d+)\//);
    const { path, headers, body } = signed(signer, message(0));
    const own = headers.filter(([name]) => !/^(?:host|content-length)$/i.test(name));
    // A machine that is very slow may be late.
    const came = await ask(Number(port), { path, headers: own, body }).then(
      () => true,
      () => false,
    );
    const run = await running.result;
    expect(run.stderr).toMatch(/^within 3 s there came (?:nothing|one delivery)$/m);
    if (!came) return;
    expect([run.code, result(run)]).toEqual([0, expect.objectContaining({ status: 'candidate' })]);
    expect(run.stderr).toMatch(/^1 of 2: [^\n]*\nwithin 3 s there came one delivery$/m);
  });

  it.runIf(process.platform !== 'win32')('tells at Ctrl-C what one delivery shows', async () => {
    using folder = captured();
    const secretFile = ['--secret-file', join(folder.path, 'secret.txt')];
    await using nothing = start(['infer', '--listen', '0', ...secretFile]);
    await nothing.says(/listening on/);
    expect((await nothing.stop('SIGINT')).code).toBe(130);
    await using running = start(['infer', '--listen', '0', ...secretFile, '--json']);
    const [, port] = await running.says(/listening on http:\/\/localhost:(\d+)\//);
    const { path, headers, body } = signed(signer, message(0));
    await ask(Number(port), {
      path,
      headers: headers.filter(([name]) => !/^(?:host|content-length)$/i.test(name)),
      body,
    });
    await running.says(/1 of 2/);
    const run = await running.stop('SIGINT');
    expect([run.code, result(run).status]).toEqual([130, 'candidate']);
  });
});

it.runIf(process.platform !== 'win32')('Ctrl-C ends the search', async () => {
  using folder = makeFolder();
  const body = JSON.stringify({ a: 'x'.repeat(900_000) });
  const headers = `Host: a.test\r\nX-Id: a1\r\nX-Time: 1795000000\r\nX-Signature: ${'ab'.repeat(32)}\r\n`;
  const file = folder.file('a.http', `POST / HTTP/1.1\r\n${headers}\r\n${body}`);
  await using running = start(['infer', '-', '--secret', 'abc-def', '--json'], { stdin: readFileSync(file) });
  await running.says(/process list/);
  const run = await running.stop('SIGINT');
  expect([run.code, run.stdout]).toEqual([130, '']);
});

describe.concurrent('a signature that a listener does not know', () => {
  /** Sends a delivery of Rose Rocket as Acme would sign it. */
  async function deliver(port: number, index: number) {
    const { headers, body } = signed(signer, message(index));
    await ask(port, { headers: headers.filter(([name]) => name.toLowerCase() !== 'host'), body });
  }

  it('is named, with the line that finds its scheme in what was recorded', async () => {
    using folder = makeFolder();
    const env = { HOOKS_ROSE_ROCKET_SECRET: secret };
    const words = ['--record', 'what came.jsonl', '--provider', 'rose-rocket'];
    await using listening = await startListening(words, { cwd: folder.path, env });
    for (const index of [0, 1]) await deliver(listening.port, index);
    const [fact] = await listening.facts('received', 2);
    const problem = fact?.verdict.problems.find(({ code }: Line) => code === 'SIGNATURE_MISSING');
    expect(problem.carrier).toEqual({ in: 'header', name: 'X-Acme-Signature' });
    const run = await bash(`${problem.remedy} --json`, { cwd: folder.path, env });
    expect([run.code, result(run)]).toMatchObject([0, { status: 'confirmed', scheme: record }]);
  });

  it.each<[string, string[], string]>([
    [
      'a file of secrets',
      ['--secret-file', 'mine.txt'],
      'hooks infer a.jsonl --provider rose-rocket --secret-file mine.txt',
    ],
    [
      'the public example alone',
      [],
      'put the secret into secret.txt, then: hooks infer a.jsonl --provider rose-rocket --secret-file secret.txt',
    ],
  ])('with %s', async (_name, more, remedy) => {
    using folder = makeFolder();
    folder.file('mine.txt', `${secret}\n`);
    const words = ['--record', 'a.jsonl', '--provider', 'rose-rocket', ...more];
    await using listening = await startListening(words, { cwd: folder.path });
    await deliver(listening.port, 0);
    const [fact] = await listening.facts('received', 1);
    expect(fact?.verdict.problems).toContainEqual(expect.objectContaining({ remedy }));
    expect(fact?.replied.status).toBe(400);
  });
});

describe.concurrent('--write', () => {
  it('makes a configuration, and changes one', async () => {
    using folder = captured();
    const path = join(folder.path, 'hooks.config.json');
    const words = [...folder.args, '--provider', 'acme', '--write'];
    const first = await hooks(words, { cwd: folder.path });
    expect([first.code, first.stderr]).toEqual([
      0,
      expect.stringMatching(
        /^written to hooks\.config\.json, as the scheme of acme\nnext: `hooks provider import \S+ --name acme` declares what it sends\n$/,
      ),
    ]);
    const made = JSON.parse(readFileSync(path, 'utf8'));
    expect(made).toEqual({
      schemes: {
        acme: expect.objectContaining({
          ...record,
          basis: 'observed',
          source: expect.stringMatching(/^seen in 2 deliveries on \d{4}-\d\d-\d\d$/),
        }),
      },
    });
    folder.file(
      'hooks.config.json',
      '{\n    "to": "3000",\n    "port": 1.50e3,\n    "schemes": { "other": { "use": "stripe" }, "acme": { "use": "github" } }\n}\n',
    );
    expect((await hooks(words, { cwd: folder.path })).code).toBe(0);
    const text = readFileSync(path, 'utf8');
    expect(JSON.parse(text)).toMatchObject({
      to: '3000',
      schemes: { other: { use: 'stripe' }, acme: record },
    });
    expect(text).toContain('\n    "port": 1.50e3,');
  });

  it('finds the secret in the configuration, and writes to that one, be it above', async () => {
    using folder = captured();
    folder.file('hooks.config.json', '{"secrets":{"acme":{"env":"OURS"}}}');
    mkdirSync(join(folder.path, 'inner'));
    const [, one, two] = folder.args as [string, string, string];
    const words = ['infer', one, two, '--provider', 'acme', '--write'];
    const { code, stderr } = await hooks(words, { cwd: join(folder.path, 'inner'), env: { OURS: secret } });
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^written to \.\.[\\/]hooks\.config\.json, /)]);
    const written = JSON.parse(readFileSync(join(folder.path, 'hooks.config.json'), 'utf8'));
    expect(written).toMatchObject({ secrets: { acme: { env: 'OURS' } }, schemes: { acme: record } });
    expect(existsSync(join(folder.path, 'inner', 'hooks.config.json'))).toBe(false);
  });

  it('says which scheme it replaces, and replaces a documented one only by two deliveries', async () => {
    using folder = captured();
    const [, one, two] = folder.args as [string, string, string];
    const words = (...files: string[]) => [
      'infer',
      ...files,
      ...['--secret', secret, '--provider', 'roastify', '--write'],
    ];
    const single = await hooks(words(one), { cwd: folder.path });
    expect([single.code, single.stderr]).toEqual([
      1,
      expect.stringMatching(
        /nothing was written: roastify has a scheme that is documented \(.*svix-signature.*https:.*\), and one delivery is not enough/,
      ),
    ]);
    expect(existsSync(join(folder.path, 'hooks.config.json'))).toBe(false);
    const both = await hooks(words(one, two), { cwd: folder.path });
    expect([both.code, both.stderr]).toEqual([
      0,
      expect.stringMatching(
        /^it replaces the documented scheme of roastify \(.*https:.*\): take it out of "schemes" to have that back$/m,
      ),
    ]);
    const config = readFileSync(join(folder.path, 'hooks.config.json'), 'utf8');
    const again = await hooks(words(one), { cwd: folder.path });
    expect([again.code, again.stderr]).toEqual([
      0,
      expect.stringMatching(
        /nothing was written: roastify has this scheme that is observed \(.*; seen in 2 deliveries on .*\) already/,
      ),
    ]);
    expect(readFileSync(join(folder.path, 'hooks.config.json'), 'utf8')).toBe(config);
  });

  it.each([
    ['seen in 2 deliveries on 2026-01-01', 1, /^nothing was written: acme has a scheme that is observed/m],
    ['the support of Acme', 1, /^nothing was written: acme has a scheme that is observed/m],
    ['seen in 1 delivery on 2026-01-01', 0, /^it replaces the observed scheme of acme/m],
  ])('of one delivery and an observed scheme, by %s', async (source, code, words) => {
    using folder = captured();
    const scheme = { use: 'github', basis: 'observed', source };
    const before = JSON.stringify({ schemes: { acme: scheme } });
    const path = folder.file('hooks.config.json', before);
    const [, one] = folder.args as [string, string];
    const run = await hooks(['infer', one, '--secret', secret, '--provider', 'acme', '--write'], {
      cwd: folder.path,
    });
    expect([run.code, run.stderr]).toEqual([code, expect.stringMatching(words)]);
    expect(readFileSync(path, 'utf8') === before).toBe(code === 1);
  });

  it('names the scheme of the configuration that it replaces', async () => {
    using folder = captured();
    folder.file('hooks.config.json', '{"schemes":{"acme":{"use":"github","basis":"assumed"}}}');
    const { code, stderr } = await hooks([...folder.args, '--provider', 'acme', '--write'], {
      cwd: folder.path,
    });
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/^it replaces the assumed scheme of acme \(GitHub: .*\)$/m),
    ]);
  });

  it('says to record what came to --listen, which was not kept', async () => {
    using folder = captured();
    const secretFile = ['--secret-file', join(folder.path, 'secret.txt')];
    await using running = start(['infer', '--listen', '0', ...secretFile, '--provider', 'acme', '--write'], {
      cwd: folder.path,
    });
    const [, port] = await running.says(/listening on http:\/\/localhost:(\d+)\//);
    for (const index of [0, 1]) {
      const { path, headers, body } = signed(signer, message(index));
      const own = headers.filter(([name]) => !/^(?:host|content-length)$/i.test(name));
      await ask(Number(port), { path, headers: own, body });
    }
    const { code, stderr } = await running.result;
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(
        /^next: these deliveries were not kept: record some with `hooks listen --record acme\.jsonl`, and `hooks provider import acme\.jsonl --name acme` declares what it sends$/m,
      ),
    ]);
  });

  it('writes nothing where nothing is found', async () => {
    using folder = captured();
    const run = await hooks(
      ['infer', folder.args[1]!, '--secret', 'other-than-that', '--provider', 'acme', '--write'],
      { cwd: folder.path },
    );
    expect([run.code, run.stderr]).toEqual([1, expect.stringMatching(/nothing was written/)]);
    expect(existsSync(join(folder.path, 'hooks.config.json'))).toBe(false);
  });

  it('writes nothing of what no record can say, and says what to do', async () => {
    using folder = makeFolder();
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const files = [0, 1].map((index) => {
      const { body } = message(index);
      const head = `POST / HTTP/1.1\r\nhost: a.test\r\nx-sig: ${sign('sha256', body, privateKey).toString('base64')}\r\n\r\n`;
      return folder.file(`${index}.http`, Buffer.concat([Buffer.from(head), body]));
    });
    const key = folder.file('key.pem', publicKey.export({ type: 'spki', format: 'pem' }) as string);
    const run = await hooks(['infer', ...files, '--public-key-file', key, '--provider', 'acme', '--write'], {
      cwd: folder.path,
    });
    expect([run.code, run.stderr]).toEqual([1, 'nothing was written: no record can say this\n']);
    expect(run.stdout).toMatch(
      /^confirmed by 2 deliveries: ECDSA-SHA256[\s\S]*hooks provider init NAME --code/,
    );
    expect(existsSync(join(folder.path, 'hooks.config.json'))).toBe(false);
  });

  it('does not edit a program, and says what to paste', async () => {
    using folder = captured();
    folder.file('hooks.config.mjs', 'export default {};\n');
    const run = await hooks([...folder.args, '--provider', 'acme', '--write'], { cwd: folder.path });
    expect([run.code, run.stderr]).toEqual([
      2,
      expect.stringMatching(/hooks\.config\.mjs[\s\S]*\{"acme":\{"kind":"hmac"/),
    ]);
  });

  it.each([
    ['no JSON', '{"a":', /is no JSON/],
    ['no object', '[]', /no JSON object/],
    ['schemes of another form', '{"schemes":[]}', /"schemes" that are no object/],
    ['one of other keys', '{"prot":3000}', /hooks\.config\.json[\s\S]*"?prot/],
    ['one with a provider that is not there', '{"providers":["nowhere.json"]}', /nowhere\.json/],
  ])('refuses a configuration that is %s, before the search', async (_name, text, words) => {
    using folder = captured();
    const path = folder.file('hooks.config.json', text);
    const run = await hooks([...folder.args, '--provider', 'acme', '--write'], { cwd: folder.path });
    expect([run.code, run.stdout, run.stderr]).toEqual([2, '', expect.stringMatching(words)]);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});

describe.concurrent('is refused', () => {
  it.each<[string, string[], RegExp]>([
    ['nothing', [], /give a FILE/],
    ['a file and --listen', ['FILE', '--listen', '0', '--secret', 'x'], /either FILEs or --listen/],
    ['--within for a file', ['FILE', '--within', '1s', '--secret', 'x'], /--within goes with --listen/],
    ['no secret', ['FILE'], /there is none[\s\S]*--secret-file/],
    ['no secret in the environment', ['FILE', '--provider', 'acme'], /HOOKS_ACME_SECRET/],
    ['an empty secret file', ['FILE', '--secret-file', 'EMPTY'], /holds no secret/],
    ['a file that is not there', ['nowhere.jsonl', '--secret', 'x'], /there is no such file/],
    ['a file without a delivery', ['EMPTY', '--secret', 'x'], /holds no delivery/],
    ['--write without a name', ['FILE', '--secret', 'x', '--write'], /--write needs the name/],
    ['a name that is none', ['FILE', '--secret', 'x', '--provider', '__proto__'], /no provider's name/],
    ['an address that is none', ['FILE', '--secret', 'x', '--url', 'acme'], /not an address/],
    ['a key that is none', ['FILE', '--public-key-file', 'FILE'], /holds no public key/],
    [
      'a configuration that is not there',
      ['FILE', '--provider', 'acme', '--config', 'nowhere.json'],
      /there is no such file/,
    ],
    [
      'a configuration without use',
      ['FILE', '--secret', 'x', '--config', 'nowhere.json'],
      /--config cannot apply/,
    ],
    ['stdin twice', ['-', '-', '--secret', 'x'], /stands twice/],
    ['stdin for two', ['-', '--secret-file', '-'], /cannot both read stdin/],
    ['a port that is none', ['--listen', 'x', '--secret', 'x'], /not a whole number/],
    ['a curl body in a file', ['CURL', '--secret', 'x'], /takes its body from a file/],
  ])('%s', async (_name, words, expected) => {
    using folder = makeFolder();
    const files: Record<string, string> = {
      FILE: folder.file('a.http', raw(0)),
      EMPTY: folder.file('empty', '\n'),
      CURL: folder.file('a.sh', 'curl http://a.test/ -d @body'),
    };
    const { code, stdout, stderr } = await hooks(['infer', ...words.map((word) => files[word] ?? word)]);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(expected)]);
    expect(stderr).not.toMatch(/went wrong in hooks itself/);
  });

  it('a port that is taken', async () => {
    await using listening = await startListening();
    const { code, stderr } = await hooks(['infer', '--listen', String(listening.port), '--secret', 'x']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/is taken/)]);
  });
});
