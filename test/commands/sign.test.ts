import { describe, expect, it } from 'vitest';
import { placeNotes } from '../../src/commands/sign.ts';
import type { SchemeData } from '../../src/core/scheme-data.ts';
import { schemeOf } from '../../src/core/schemes.ts';
import { bash, bodyOf, hooks, makeFolder, type RunOptions, startListening } from '../helpers/command.ts';
import { examples, hexDigest, nowSeconds, otherWhsec, svixDigest } from '../helpers/oracle.ts';

const created = await bodyOf('shoprocket', 'order.created');
const shipped = await bodyOf('roastify', 'fulfillment.shipped');
const at = '2026-02-03T04:05:06Z';
const seconds = String(Date.UTC(2026, 1, 3, 4, 5, 6) / 1000);
const shell = process.platform !== 'win32';

/** The headers that `hooks sign` prints, one a line. */
async function signed(args: readonly string[], options: RunOptions = {}): Promise<Record<string, string>> {
  const { code, stdout } = await hooks(['sign', ...args], options);
  expect(code).toBe(0);
  return Object.fromEntries(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => /^([\w-]+): (.*)$/.exec(line)?.slice(1) ?? [line, '']),
  );
}

describe.concurrent('a line that is to be run', () => {
  const project = () => {
    const folder = makeFolder();
    const events = { 'a.b': { samples: [{ id: 'x1' }] } };
    const provider = (name: string, scheme: object) => ({ name, eventAt: 'type', scheme, events });
    const providers = [
      provider('query', { use: 'github', with: { in: 'query', names: { signature: 'token' } } }),
      provider('header', { use: 'github', with: { names: { signature: 'x-auth-token' } } }),
      provider('static', { use: 'token', with: { in: 'query', names: { signature: 'ident' } } }),
      provider('user', { use: 'basic' }),
    ];
    folder.file('hooks.config.json', JSON.stringify({ providers }));
    return folder;
  };
  const lines = [
    (name: string) => ['send', name, 'a.b', '--dry-run', '--format', 'curl'],
    (name: string) => ['sign', name, '-', '--format', 'curl'],
  ];

  it.each(['query', 'header'])('has a whole signature in the %s, whatever that is called', async (name) => {
    using folder = project();
    for (const words of lines) {
      const run = await hooks(words(name), { cwd: folder.path, stdin: '{}' });
      expect([run.code, run.stdout]).toEqual([0, expect.stringMatching(/sha256(?:=|%3D)[0-9a-f]{64}'/)]);
      expect(run.stderr).not.toContain('masked');
    }
  });

  it.each([
    ['static', 'example-secret-for-static'],
    ['user', Buffer.from('user:example-secret-for-user').toString('base64')],
  ])('has no secret that is sent as it is (%s), unless --show-secrets', async (name, secret) => {
    using folder = project();
    const options = { cwd: folder.path, stdin: '{}' };
    for (const words of lines) {
      const run = await hooks(words(name), options);
      expect([run.code, run.stdout]).toEqual([0, expect.not.stringContaining(secret)]);
      expect(run.stderr).toContain('credentials are masked; --show-secrets prints them');
      const shown = await hooks([...words(name), '--show-secrets'], options);
      expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining(secret)]);
    }
  });

  it('is what --show-secrets is for', async () => {
    const run = await hooks(['sign', 'roastify', '-', '--show-secrets'], { stdin: '{}' });
    expect([run.code, run.stderr]).toEqual([
      2,
      expect.stringContaining('with --format headers nothing is masked, so --show-secrets cannot apply'),
    ]);
  });
});

describe.concurrent('the headers', () => {
  it.each([
    ['text', '{"a":1}'],
    ['an empty body', ''],
    ['bytes that are no text', Buffer.from([0, 255, 10])],
    ['a byte order mark and CRLF', '\ufeff{\r\n}'],
  ])('of Roastify: %s', async (_name, body) => {
    const headers = await signed(['roastify', '-', '--id', 'msg_mine', '--at', at], { stdin: body });
    expect(headers).toEqual({
      'svix-id': 'msg_mine',
      'svix-timestamp': seconds,
      'svix-signature': `v1,${svixDigest(body, 'msg_mine', seconds)}`,
    });
  });

  it('of Roastify, with an id and a time of its own', async () => {
    const before = Number(nowSeconds());
    const headers = await signed(['roastify', '-'], { stdin: shipped });
    expect(headers['svix-id']).toMatch(/^msg_\w{27}$/);
    expect(Number(headers['svix-timestamp'])).toBeGreaterThanOrEqual(before);
    expect(headers['svix-signature']).toBe(
      `v1,${svixDigest(shipped, `${headers['svix-id']}`, `${headers['svix-timestamp']}`)}`,
    );
  });

  it.each([
    ['shoprocket', 'Signature', ''],
    ['rose-rocket', 'X-Rose-Rocket-Signature', 'sha256='],
  ] as const)('of %s, and that the scheme is assumed', async (provider, name, prefix) => {
    using folder = makeFolder();
    const { code, stdout, stderr } = await hooks(['sign', provider, folder.file('body.json', created)]);
    expect(code).toBe(0);
    expect(stdout).toBe(`${name}: ${prefix}${hexDigest(created, examples[provider])}\n`);
    expect(stderr).toContain('assumed');
  });

  it.each([
    ['the file before the flag', ['--secret-file', 'FILE', '-s', 'flag-secret'], {}, 'file-secret'],
    [
      'the flag before the environment',
      ['-s', 'flag-secret'],
      { HOOKS_SHOPROCKET_SECRET: 'env-secret' },
      'flag-secret',
    ],
    ['the environment before the example', [], { HOOKS_SHOPROCKET_SECRET: 'env-secret' }, 'env-secret'],
  ] as Array<[string, string[], Record<string, string>, string]>)('%s', async (_name, args, env, secret) => {
    using folder = makeFolder();
    const words = args.map((word) => (word === 'FILE' ? folder.file('secrets', 'file-secret\n') : word));
    expect(await signed(['shoprocket', '-', ...words], { stdin: created, env })).toEqual({
      Signature: hexDigest(created, secret),
    });
  });

  it('of several secrets', async () => {
    const headers = await signed(
      ['roastify', '-', '--id', 'm', '--at', at, '-s', examples.roastify, '-s', otherWhsec],
      { stdin: shipped },
    );
    const each = [examples.roastify, otherWhsec].map(
      (secret) => `v1,${svixDigest(shipped, 'm', seconds, secret)}`,
    );
    expect(headers['svix-signature']).toBe(each.join(' '));
  });

  it('as JSON', async () => {
    const { stdout } = await hooks(['sign', 'roastify', '-', '--id', 'm', '--at', at, '--format', 'json'], {
      stdin: shipped,
    });
    expect(JSON.parse(stdout)).toEqual({
      provider: 'roastify',
      id: 'm',
      headers: [
        ['svix-id', 'm'],
        ['svix-timestamp', seconds],
        ['svix-signature', `v1,${svixDigest(shipped, 'm', seconds)}`],
      ],
    });
    expect(stdout.trimEnd()).not.toContain('\n');
  });

  it.runIf(shell)('as a curl line that delivers it', async () => {
    await using listening = await startListening();
    const { stdout } = await hooks(['sign', 'roastify', '-', '--format', 'curl'], { stdin: shipped });
    expect(stdout).toContain('http://localhost:4665/');
    await bash(stdout.replace('http://localhost:4665/', listening.url));
    const [fact] = await listening.facts('received', 1);
    expect(fact?.received.body).toBe(shipped);
    expect(fact?.verdict).toMatchObject({ valid: true, signed: true, problems: [] });
  });
});

describe.concurrent('sign, then verify', () => {
  it.each(['roastify', 'rose-rocket', 'shoprocket'])('%s', async (provider) => {
    const body =
      { roastify: shipped, shoprocket: created }[provider] ?? (await bodyOf(provider, 'order.created'));
    const headers = Object.entries(await signed([provider, '-'], { stdin: body }));
    const words = headers.flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
    const { code, stdout } = await hooks(['verify', '--body', '-', ...words, '--json'], { stdin: body });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).verdict).toMatchObject({ valid: true, signed: true, provider, problems: [] });
  });
});

describe.concurrent('refused', () => {
  it.each([
    ['no file', ['shoprocket'], 'file'],
    ['a missing file', ['shoprocket', 'nothing-of-this-name'], 'there is no such file'],
    ['a directory', ['shoprocket', '.'], 'it is a directory'],
    ['body and secrets from stdin', ['shoprocket', '-', '--secret-file', '-'], 'stdin'],
    ['an id where none is sent', ['shoprocket', '-', '--id', 'x'], '--id'],
    ['an id that breaks a line', ['roastify', '-', '--id', 'a\nb'], 'id'],
    ['a malformed secret', ['roastify', '-', '-s', 'whsec_some*secret*of*mine'], 'base64'],
    ['a format that is none', ['roastify', '-', '--format', 'http'], 'headers'],
  ])('%s', async (_name, args, words) => {
    const { code, stdout, stderr } = await hooks(['sign', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('some*secret*of*mine');
  });

  it('a time, where the signature holds none, changes nothing, and that is said', async () => {
    const { code, stderr } = await hooks(['sign', 'shoprocket', '-', '--at', at], { stdin: created });
    expect(code).toBe(0);
    expect(stderr).toContain('--at changes nothing');
  });
});

describe('what headers alone do not show is said', () => {
  const url = 'http://localhost:4665/';
  const notes = (data: SchemeData, format: 'headers' | 'json' | 'curl', text = '{}') => {
    const scheme = schemeOf(data);
    const signed = scheme.sign({ id: 'x', at: 0, body: Buffer.from(text), url }, ['abc']);
    return placeNotes({ scheme }, signed, url, { format });
  };
  const sig = { names: { signature: 'sig' }, value: '{signature}' };
  const inBody: SchemeData = { use: 'github', with: { ...sig, in: 'body' } };

  it.each<[string, string[], string[]]>([
    ['a header', notes({ use: 'github' }, 'headers'), []],
    [
      'the query',
      notes({ use: 'token', with: { in: 'query' } }, 'headers'),
      [
        'no header holds the signature: it stands in the parameter "token" in the query',
        'signing changes the address; --format json prints it',
      ],
    ],
    [
      'the body',
      notes(inBody, 'curl'),
      ['no header holds the signature: it stands in the field "sig" in the body', 'signing changes the body'],
    ],
    [
      'a body that can hold none',
      notes(inBody, 'json', 'hello'),
      [
        'no header holds the signature: it stands in the field "sig" in the body',
        'this body is no JSON object, so it can hold none',
      ],
    ],
    [
      'a hash in the address',
      notes({ use: 'twilio' }, 'json'),
      ['signing changes the address', `the signature covers the address, and is made for ${url}`],
    ],
    [
      'the address',
      notes({ use: 'square' }, 'headers'),
      [`the signature covers the address, and is made for ${url}`],
    ],
    ['a registered address', notes({ use: 'square', with: { url: 'https://a.example/' } }, 'headers'), []],
  ])('%s', (_, told, expected) => expect(told).toEqual(expected));
});
