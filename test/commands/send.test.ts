import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  bash,
  bodyOf,
  hooks,
  type Line,
  linesOf,
  makeFolder,
  type RunOptions,
  start,
  startListening,
} from '../helpers/command.ts';
import { examples, hexDigest, otherWhsec, svixDigest } from '../helpers/oracle.ts';
import { catchAll, deadPort, hasIpv6, serveHttp, serveHttps, serveSockets } from '../helpers/wire.ts';

const order = ['send', 'shoprocket', 'order.created'];
const shipped = ['send', 'roastify', 'fulfillment.shipped'];
const seeded = ['--seed', '7', '--at', '2026-03-01T12:00:00Z'];
const shell = process.platform !== 'win32';
const ipv6 = await hasIpv6();

/** Runs, and expects a refusal with exit code 2 that shows no stack trace. */
async function refused(args: readonly string[], options?: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await hooks(args, options);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^error: /m);
  expect(stderr).not.toMatch(/^\s+at .+:\d+/m);
  expect(stderr).not.toContain('something went wrong in hooks itself');
  return stderr;
}

/** What `--dry-run --json` says would be sent. */
async function drafted(args: readonly string[], options?: RunOptions): Promise<Line[]> {
  const { code, stdout, stderr } = await hooks([...args, '--dry-run', '--json'], options);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return linesOf(stdout).filter(({ kind }) => kind === 'delivery');
}

const draftedBody = async (args: readonly string[], options?: RunOptions) =>
  JSON.parse((await drafted(args, options))[0]?.delivery.body);

/** Runs with `--json` and gives the code, the attempts and the notices. */
async function sent(args: readonly string[], options?: RunOptions) {
  const { code, stdout, stderr } = await hooks([...args, '--json'], options);
  expect(stderr).toBe('');
  const lines = linesOf(stdout);
  const of = (wanted: string) => lines.filter(({ kind }) => kind === wanted);
  return { code, attempts: of('attempt'), notices: of('notice'), stdout };
}

const headerOf = (headers: ReadonlyArray<[string, string]>, name: string): string | undefined =>
  headers.find(([key]) => key.toLowerCase() === name)?.[1];

describe.concurrent('the target', () => {
  const forms: Array<[string, (port: number) => string, string, string]> = [
    ['PORT', (port) => `${port}`, '/', 'localhost'],
    [':PORT', (port) => `:${port}`, '/', 'localhost'],
    ['PORT/path', (port) => `${port}/in`, '/in', 'localhost'],
    ['localhost:PORT', (port) => `localhost:${port}`, '/', 'localhost'],
    ['a path and a query', (port) => `localhost:${port}/webhooks?token=x`, '/webhooks?token=x', 'localhost'],
    ['127.0.0.1', (port) => `http://127.0.0.1:${port}`, '/', '127.0.0.1'],
    ['127.0.0.1 without http://', (port) => `127.0.0.1:${port}/a`, '/a', '127.0.0.1'],
    ['a name under localhost', (port) => `app.localhost:${port}/a`, '/a', 'app.localhost'],
    ['HTTP:// in capitals', (port) => `HTTP://LOCALHOST:${port}/A`, '/A', 'localhost'],
  ];

  it.each(forms)('%s', async (_name, to, path, host) => {
    await using receiver = await catchAll();
    const { code } = await hooks([...order, '--to', to(receiver.port)]);
    expect(code).toBe(0);
    expect(receiver.caught).toMatchObject([
      { method: 'POST', path, headers: { host: `${host}:${receiver.port}` } },
    ]);
  });

  it.each([['-t'], ['-f'], ['--forward-to']])('%s is --to', async (flag) => {
    await using receiver = await catchAll();
    expect(await hooks([...order, flag, `${receiver.port}`])).toMatchObject({ code: 0 });
    expect(receiver.caught).toHaveLength(1);
  });

  it.runIf(ipv6).each([
    ['[::1]', (port: number) => `http://[::1]:${port}/x`],
    ['[::1] without http://', (port: number) => `[::1]:${port}/x`],
    ['localhost, where only IPv6 answers', (port: number) => `localhost:${port}/x`],
  ])('IPv6: %s', async (_name, to) => {
    await using receiver = await serveHttp((incoming, response) => response.end(incoming.url), 0, '::1');
    const { code, attempts } = await sent([...order, '--to', to(receiver.port)]);
    expect(code).toBe(0);
    expect(attempts[0]?.answer).toMatchObject({ status: 200, body: '/x' });
  });

  it('trigger is send', async () => {
    await using receiver = await catchAll();
    expect(await hooks(['trigger', ...order.slice(1), '--to', `${receiver.port}`])).toMatchObject({
      code: 0,
    });
    expect(receiver.caught).toHaveLength(1);
  });

  it('basic auth goes into the authorization header and is masked', async () => {
    await using receiver = await catchAll(500);
    const to = `http://user:pass-w0rd%21@localhost:${receiver.port}/in?token=tok-1234567890`;
    const plain = await hooks([...order, '--to', to]);
    const facts = await hooks([...order, '--to', to, '--json']);
    const expected = `Basic ${Buffer.from('user:pass-w0rd!').toString('base64')}`;
    for (const { path, headers } of receiver.caught) {
      expect(path).toBe('/in?token=tok-1234567890');
      expect(headers.authorization).toBe(expected);
    }
    expect(receiver.caught).toHaveLength(2);
    for (const text of [plain.stdout, plain.stderr, facts.stdout]) {
      expect(text).not.toContain('pass-w0rd');
      expect(text).not.toContain('tok-1234567890');
      expect(text).not.toContain(expected);
    }
    expect(plain.stdout).toContain('/in?token=••••7890');
    const [attempt] = linesOf(facts.stdout).filter(({ kind }) => kind === 'attempt');
    expect(headerOf(attempt?.delivery.headers, 'authorization')).toMatch(/^Basic ••••/);
  });

  it('-H wins over it, and that is said', async () => {
    const to = [
      '--to',
      'http://user:pass-w0rd@localhost:3000/',
      '-H',
      'Authorization: Bearer x',
      '--dry-run',
    ];
    const { stdout, stderr } = await hooks([...order, ...to]);
    expect(stdout.match(/^authorization: .*/gim)).toEqual([expect.stringMatching(/: Bearer /)]);
    expect(stderr).toContain('-H Authorization replaces the credentials of --to');
  });

  it.each([
    ['a remote name', 'http://example.com/'],
    ['a remote name with a port', 'example.com:8080'],
    ['a remote address', 'http://203.0.113.7/'],
    ['a name that only begins like loopback', 'http://localhost.example.com/'],
    ['a name that only begins like an address', 'http://127.0.0.1.example.com/'],
    ['a user that looks like loopback', 'http://localhost@example.com/'],
    ['any address', 'http://0.0.0.0:1/'],
    ['IPv4 within IPv6', 'http://[::ffff:127.0.0.1]:1/'],
  ])('%s is refused', async (_name, to) => {
    const stderr = await refused([...order, '--to', to]);
    expect(stderr).toContain('--allow-remote');
    expect(stderr).toContain('HOOKS_ALLOW_HOSTS');
  });

  it.each([
    ['another scheme', 'ftp://localhost/'],
    ['a path alone', '/webhooks'],
    ['a port too high', '70000'],
    ['port 0', '0'],
    ['two colons', 'localhost:80:80'],
    ['a space', 'local host:80'],
  ])('%s is no target', async (_name, to) => {
    expect(await refused([...order, '--to', to])).toContain('is not a target');
  });

  it('the password of what is no target is not shown', async () => {
    expect(await refused([...order, '--to', 'http://user:pass-w0rd@localhost:99999/'])).not.toContain(
      'pass-w0rd',
    );
  });

  it('two targets are refused', async () => {
    expect(await refused([...order, '--to', '1', '-f', '2'])).toContain('--forward-to');
  });
});

// An IPv4 address within IPv6 is not loopback by name, and yet reaches a receiver of the test.
describe.runIf(ipv6).concurrent('a remote host', () => {
  const remote = (port: number) => `http://[::ffff:127.0.0.1]:${port}/`;
  const allowed = { HOOKS_ALLOW_HOSTS: 'web, [::ffff:7f00:1]' };

  it.each([
    ['--allow-remote', ['--allow-remote'], {}],
    ['HOOKS_ALLOW_HOSTS', [], allowed],
  ] as Array<[string, string[], Record<string, string>]>)(
    '%s allows it, with a secret',
    async (_name, args, env) => {
      await using receiver = await catchAll();
      const options = { env: { ...env, HOOKS_SHOPROCKET_SECRET: 'a-secret-of-mine' } };
      expect(await hooks([...order, '--to', remote(receiver.port), ...args], options)).toMatchObject({
        code: 0,
      });
      const [caught] = receiver.caught;
      expect(caught?.headers.signature).toBe(hexDigest(caught?.body as Buffer, 'a-secret-of-mine'));
    },
  );

  it.each([
    ['--allow-remote', ['--allow-remote'], {}],
    ['HOOKS_ALLOW_HOSTS', [], allowed],
    ['--dry-run', ['--allow-remote', '--dry-run'], {}],
  ] as Array<[string, string[], Record<string, string>]>)(
    'never the example secret: %s',
    async (_name, args, env) => {
      await using receiver = await catchAll();
      const stderr = await refused([...order, '--to', remote(receiver.port), ...args], { env });
      expect(stderr).toContain('HOOKS_SHOPROCKET_SECRET');
      expect(receiver.caught).toEqual([]);
    },
  );

  it('unsigned needs no secret', async () => {
    await using receiver = await catchAll();
    const to = remote(receiver.port);
    expect(await hooks([...order, '--to', to, '--allow-remote', '--unsigned'])).toMatchObject({ code: 0 });
    expect(receiver.caught[0]?.headers.signature).toBeUndefined();
  });

  it('another host in HOOKS_ALLOW_HOSTS allows nothing', async () => {
    await refused([...order, '--to', remote(1)], { env: { HOOKS_ALLOW_HOSTS: 'web' } });
  });
});

describe.concurrent('a receiver that does not answer well', () => {
  /** Sends to a receiver of bare bytes. */
  const answering = (bytes: string, end: 'end' | 'destroy' | 'hold') =>
    serveSockets((socket) =>
      socket.once('data', () => {
        socket.write(bytes, () => {
          if (end === 'end') socket.end();
          if (end === 'destroy') socket.destroy();
        });
      }),
    );

  it('is down on the default port', async () => {
    // Another address than the one that a listener would have, where there are several.
    const host = process.platform === 'linux' ? '127.77.0.1:4665' : 'localhost';
    const { code, stderr } = await hooks([...order, '--to', host]);
    expect(code).toBe(3);
    expect(stderr).toContain('is `hooks listen` running?');
  });

  it('is down elsewhere', async () => {
    const port = await deadPort();
    const { code, stdout, stderr } = await hooks([...order, '--to', `${port}`]);
    expect(code).toBe(3);
    expect(stdout).toContain(`connect ECONNREFUSED 127.0.0.1:${port}`);
    expect(stderr).toContain(`localhost:${port}`);
    expect(stderr).toContain('--wait');
    expect(stderr).not.toContain('hooks listen');
  });

  it('has a name that nobody knows', async () => {
    const { code, attempts, notices } = await sent(
      [...order, '--to', 'http://receiver.invalid/', '--allow-remote'],
      {
        env: { HOOKS_SHOPROCKET_SECRET: 'a-secret-of-mine' },
      },
    );
    expect(code).toBe(3);
    expect(attempts[0]?.answer.failure).toBe('dns');
    expect(notices.at(-1)?.message).toContain('receiver.invalid');
  });

  it('has a certificate that nobody vouches for; --insecure accepts it', async () => {
    await using receiver = await serveHttps((_incoming, response) => response.end('secret handshake'));
    const to = `https://localhost:${receiver.port}/`;
    const [strict, lax] = await Promise.all([
      sent([...order, '--to', to]),
      sent([...order, '--to', to, '--insecure']),
    ]);
    expect(strict.code).toBe(3);
    expect(strict.attempts[0]?.answer.failure).toBe('tls');
    expect(strict.notices.at(-1)?.message).toContain('--insecure');
    expect(lax.code).toBe(0);
    expect(lax.attempts[0]?.answer).toMatchObject({ status: 200, body: 'secret handshake' });
  });

  it('speaks no TLS', async () => {
    await using receiver = await catchAll();
    const { code, attempts } = await sent([...order, '--to', `https://localhost:${receiver.port}/`]);
    expect(code).toBe(3);
    expect(attempts[0]?.answer.failure).toBe('tls');
  });

  it.each([
    ['never answers', '', 'no answer'],
    [
      'never ends its answer',
      'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf',
      'only a part of the answer',
    ],
  ])('%s', async (_name, bytes, detail) => {
    await using receiver = await answering(bytes, 'hold');
    const { code, attempts, notices } = await sent([
      ...order,
      '--to',
      `${receiver.port}`,
      '--timeout',
      '300ms',
    ]);
    expect(code).toBe(3);
    expect(attempts[0]?.answer).toMatchObject({
      failure: 'timeout',
      detail: expect.stringContaining(detail),
    });
    expect(attempts[0]?.accepted).toBe(false);
    expect(notices.at(-1)?.message).toContain('--timeout');
  });

  it.each([
    ['answers half a response', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', 'end', 'status 200'],
    [
      'resets after half a response',
      'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf',
      'destroy',
      'status 200',
    ],
    [
      'breaks off a chunked response',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhal',
      'end',
      'status 200',
    ],
    ['breaks off within its headers', 'HTTP/1.1 200 OK\r\nx-half: ', 'end', ''],
    ['closes without an answer', '', 'end', ''],
    ['resets without an answer', '', 'destroy', ''],
    ['speaks another protocol', 'SSH-2.0-OpenSSH_9.6\r\n', 'end', ''],
  ] as const)('%s', async (_name, bytes, end, detail) => {
    await using receiver = await answering(bytes, end);
    const { code, attempts } = await sent([...order, '--to', `${receiver.port}`]);
    expect(code).toBe(3);
    expect(attempts[0]?.answer).toMatchObject({ failure: 'reset', detail: expect.stringContaining(detail) });
    expect(attempts[0]?.answer.detail).not.toBe('');
  });

  it('answers 10 MB: the head is kept, the rest is dropped', async () => {
    await using receiver = await serveHttp((incoming, response) => {
      incoming.resume().on('end', () => response.end(Buffer.alloc(10 * 1024 * 1024, 'x')));
    });
    const { code, attempts } = await sent([...order, '--to', `${receiver.port}`]);
    expect(code).toBe(0);
    expect(attempts[0]?.answer).toMatchObject({ status: 200, truncated: true });
    expect(attempts[0]?.answer.body).toHaveLength(1024 * 1024);
  });

  it('redirects: that is a refusal, and not followed', async () => {
    await using elsewhere = await catchAll();
    await using receiver = await serveHttp((_incoming, response) =>
      response.writeHead(307, { location: `http://localhost:${elsewhere.port}/` }).end(),
    );
    const { code, stdout, stderr } = await hooks([...order, '--to', `${receiver.port}`]);
    expect(code).toBe(1);
    expect(stdout).toContain('[307]');
    expect(stderr).toContain('redirects are not followed');
    expect(elsewhere.caught).toEqual([]);
  });

  it('answers with what would steer the terminal', async () => {
    const nasty = 'a\u001b]0;owned\u0007b\u009b31mc\u202ed\u007f\r\ne';
    await using receiver = await serveHttp((_incoming, response) => response.writeHead(500).end(nasty));
    const plain = await hooks([...order, '--to', `${receiver.port}`]);
    const facts = await sent([...order, '--to', `${receiver.port}`]);
    expect(plain.stdout).toContain('a\\x1b]0;owned\\x07b\\x9b31mc\\u202ed\\x7f');
    for (const text of [plain.stdout, plain.stderr, facts.stdout]) {
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
    expect(facts.attempts[0]?.answer.body).toBe(nasty);
  });

  it('waits only as long as it is told', async () => {
    const { code, attempts } = await sent([...order, '--to', `${await deadPort()}`, '--wait', '150ms']);
    expect(code).toBe(3);
    expect(attempts).toHaveLength(1);
  });

  it('comes up later: --wait tries again', async () => {
    const port = await deadPort();
    await using waiting = start([...order, '--to', `127.0.0.1:${port}`, '--wait', '25s']);
    // Two whole runs that give up: by then the first one has tried at least once.
    expect(await hooks([...order, '--to', `127.0.0.1:${port}`])).toMatchObject({ code: 3 });
    expect(await hooks([...order, '--to', `127.0.0.1:${port}`])).toMatchObject({ code: 3 });
    await using receiver = await serveHttp((_incoming, response) => response.end('up'), port);
    expect(receiver.port).toBe(port);
    expect(await waiting.result).toMatchObject({ code: 0, stdout: expect.stringContaining('[200]') });
  });

  it('a very long --timeout is no short one', async () => {
    await using receiver = await serveSockets((socket) => {
      socket.once('data', () =>
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n', () => socket.end('ok')),
      );
    });
    const { code, stderr } = await hooks([...order, '--to', `${receiver.port}`, '--timeout', '60d']);
    expect(code).toBe(0);
    expect(stderr).not.toContain('Warning');
  });
});

describe.concurrent('--expect-status', () => {
  it.each([
    ['401', 401, 0],
    ['401', 403, 1],
    ['4xx', 403, 0],
    ['4xx', 200, 1],
    ['2xx,409', 409, 0],
    ['2xx, 409', 204, 0],
    ['3xx', 302, 0],
    ['500', 500, 0],
  ])('%s and an answer of %i: exit %i', async (list, status, code) => {
    await using receiver = await catchAll(status);
    expect(await hooks([...order, '--to', `${receiver.port}`, '--expect-status', list])).toMatchObject({
      code,
    });
  });

  it('no answer is no status', async () => {
    const to = `${await deadPort()}`;
    expect(await hooks([...order, '--to', to, '--expect-status', '5xx'])).toMatchObject({ code: 3 });
  });
});

describe.concurrent('events', () => {
  it.each(['rose-rocket', 'roastify', 'shoprocket'])('--all of %s in lifecycle order', async (provider) => {
    const catalogue = linesOf((await hooks(['events', provider, '--json'])).stdout).map(({ event }) => event);
    await using receiver = await catchAll();
    const { code, attempts } = await sent(['send', provider, '--all', '--to', `${receiver.port}`]);
    expect(code).toBe(0);
    expect(attempts.map(({ delivery }) => delivery.event)).toEqual(catalogue);
    expect(receiver.caught.map(({ body }) => body.toString())).toEqual(
      attempts.map(({ delivery }) => delivery.body),
    );
  });

  it.each([
    [
      'a glob',
      ['roastify', 'fulfillment.p*'],
      ['fulfillment.picked', 'fulfillment.printed', 'fulfillment.packaged'],
    ],
    ['a glob in capitals', ['shoprocket', 'ORDER.*'], ['order.created', 'order.updated', 'order.deleted']],
    [
      'lifecycle order, whatever the order of the words',
      ['shoprocket', 'order.deleted', 'order.created'],
      ['order.created', 'order.deleted'],
    ],
    ['one named twice', ['shoprocket', 'order.created', 'order.cr*'], ['order.created']],
    ['a printed name', ['rose-rocket', 'Order POD Uploaded'], ['order.pod_uploaded']],
    ['a printed name in other letters', ['rose-rocket', 'oRDER pod uploaded'], ['order.pod_uploaded']],
    ['a machine name in other letters', ['rose-rocket', 'Order.Created'], ['order.created']],
    ['the provider before the name', ['shoprocket', 'shoprocket:order.created'], ['order.created']],
    ['the provider before a glob', ['roastify', 'roastify:tracking.*'], ['tracking.updated']],
    ['a provider in other letters', ['ShopRocket', 'order.created'], ['order.created']],
  ])('%s', async (_name, words, expected) => {
    expect((await drafted(['send', ...words])).map(({ delivery }) => delivery.event)).toEqual(expected);
  });

  it('another provider before the name is refused', async () => {
    await refused(['send', 'shoprocket', 'roastify:order.created', '--dry-run']);
  });
});

describe.concurrent('the payload', () => {
  it.each([
    ['roastify', 'fulfillment.shipped'],
    ['rose-rocket', 'order.created'],
    ['shoprocket', 'order.created'],
  ])('the same --seed and --at give the same bytes: %s %s', async (provider, event) => {
    const args = ['send', provider, event, ...seeded];
    const [one, two, otherSeed, otherTime] = await Promise.all([
      drafted(args),
      drafted(args),
      drafted(['send', provider, event, '--seed', '8', '--at', '2026-03-01T12:00:00Z']),
      drafted(['send', provider, event, '--seed', '7', '--at', '2026-03-02T12:00:00Z']),
    ]);
    expect(two[0]?.delivery.body).toBe(one[0]?.delivery.body);
    expect(two[0]?.delivery.id).toBe(one[0]?.delivery.id);
    expect(otherSeed[0]?.delivery.body).not.toBe(one[0]?.delivery.body);
    expect(otherTime[0]?.delivery.body).not.toBe(one[0]?.delivery.body);
  });

  it('the seed used is printed, and gives the same bytes again', async () => {
    await using receiver = await catchAll();
    const at = ['--at', '2026-03-01T12:00:00Z', '--to', `${receiver.port}`];
    const { stdout } = await hooks([...order, ...at]);
    const [, seed = ''] = / seed (\d+)$/m.exec(stdout) ?? [];
    expect(seed).not.toBe('');
    const again = await sent([...order, ...at, '--seed', seed]);
    expect(again.attempts[0]?.seed).toBe(Number(seed));
    expect(receiver.caught[1]?.body.equals(receiver.caught[0]?.body as Buffer)).toBe(true);
  });

  it('two runs without a seed differ', async () => {
    const [one, two] = await Promise.all([drafted(order), drafted(order)]);
    expect(one[0]?.seed).not.toBe(two[0]?.seed);
    expect(one[0]?.delivery.body).not.toBe(two[0]?.delivery.body);
  });

  it.each([
    [
      'text where text stands',
      ['--set', 'data.total_amount=12.30'],
      (data: Line) => data.total_amount,
      '12.30',
    ],
    [
      'text that would be JSON, where text stands',
      ['--set', 'data.email=null'],
      (data: Line) => data.email,
      'null',
    ],
    [
      'JSON where no text stands',
      ['--set', 'data.raw_order_id={"a":1}'],
      (data: Line) => data.raw_order_id,
      { a: 1 },
    ],
    ['forced JSON', ['--set', 'data.total_amount:=12.5'], (data: Line) => data.total_amount, 12.5],
    [
      'an item of a list',
      ['--set', 'data.order_items[0].item_name=Cup'],
      (data: Line) => data.order_items[0].item_name,
      'Cup',
    ],
    ['a value with equals signs', ['--set', 'data.email=a=b=c'], (data: Line) => data.email, 'a=b=c'],
    ['an empty value', ['--set', 'data.email='], (data: Line) => data.email, ''],
    ['the last of two', ['--set', 'data.email=a', '--set', 'data.email=b'], (data: Line) => data.email, 'b'],
    [
      'a new path with --force',
      ['--set', 'data.brand.new=1', '--force'],
      (data: Line) => data.brand,
      { new: 1 },
    ],
    ['a key with a dot', ['--set', 'data."a.b"=1', '--force'], (data: Line) => data['a.b'], 1],
    ['--unset', ['--unset', 'data.email'], (data: Line) => 'email' in data, false],
    [
      '--unset after --set',
      ['--set', 'data.email=x', '--unset', 'data.email'],
      (data: Line) => 'email' in data,
      false,
    ],
    ['unicode', ['--set', 'data.email=žluťoučký 🐎'], (data: Line) => data.email, 'žluťoučký 🐎'],
  ])('%s', async (_name, args, read, expected) => {
    const { data } = await draftedBody([...order, ...seeded, ...args]);
    expect(read(data)).toEqual(expected);
  });

  it('a number keeps its digits', async () => {
    const [line] = await drafted([...order, '--set', 'data.raw_order_id:=12345678901234567890.10']);
    expect(line?.delivery.body).toContain('"raw_order_id":12345678901234567890.10,');
  });

  it.each([
    ['not JSON after :=', ['--set', 'data.email:=nope']],
    ['a gap in a list', ['--set', 'data.order_items[99].item_name=x', '--force']],
    ['a key of a text', ['--set', 'data.email.name=x']],
    ['no path', ['--unset', '[[']],
  ])('refused: %s', async (_name, args) => {
    await refused([...order, ...seeded, '--dry-run', ...args]);
  });

  it('--data merges by RFC 7396, from a file and from stdin', async () => {
    using folder = makeFolder();
    const patch =
      '{"data":{"email":"a@b.c","user_name":null,"raw_order_id":1.0,"extra":{"deep":null,"kept":1}}}';
    const file = folder.file('patch.json', patch);
    const [before, [fromFile], [fromStdin]] = await Promise.all([
      draftedBody([...order, ...seeded]),
      drafted([...order, ...seeded, '--data', file]),
      drafted([...order, ...seeded, '--data', '-'], { stdin: patch }),
    ]);
    const { user_name: _gone, ...rest } = before.data;
    expect(JSON.parse(fromFile?.delivery.body)).toEqual({
      ...before,
      data: { ...rest, email: 'a@b.c', raw_order_id: 1, extra: { kept: 1 } },
    });
    expect(fromFile?.delivery.body).toContain('"raw_order_id":1.0,');
    expect(fromStdin?.delivery.body).toBe(fromFile?.delivery.body);
  });

  it('--body sends these exact bytes, signed', async () => {
    using folder = makeFolder();
    const bytes = Buffer.concat([
      Buffer.from('{ "type" : "order.created",\r\n"x": 1.0 } '),
      Buffer.from([0, 255, 10]),
    ]);
    await using receiver = await catchAll();
    const to = ['--to', `${receiver.port}`];
    const file = folder.file('body.bin', bytes);
    const runs = await Promise.all([
      hooks(['send', 'shoprocket', '--body', file, ...to]),
      hooks(['send', 'shoprocket', '--body', '-', ...to], { stdin: bytes }),
      hooks(['send', 'roastify', '--body', file, ...to]),
    ]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
    for (const { body } of receiver.caught) expect(body.equals(bytes)).toBe(true);
    const ours = receiver.caught.filter(({ headers }) => headers.signature);
    for (const { headers } of ours) expect(headers.signature).toBe(hexDigest(bytes, examples.shoprocket));
    expect(ours).toHaveLength(2);
    const svix = receiver.caught.find(({ headers }) => headers['svix-id'])?.headers ?? {};
    const expected = svixDigest(bytes, `${svix['svix-id']}`, `${svix['svix-timestamp']}`);
    expect(svix['svix-signature']).toBe(`v1,${expected}`);
  });

  it('--invalid breaks the schema in a seeded way and says how', async () => {
    await using listening = await startListening();
    const args = [...order, ...seeded, '--invalid', '--to', `${listening.port}`];
    const { code, stderr } = await hooks(args);
    expect(code).toBe(1);
    const [, path = ''] = /--invalid: order\.created: (\S+) is /.exec(stderr) ?? [];
    expect(path).not.toBe('');
    const [fact] = await listening.facts('received', 1);
    expect(fact?.verdict.problems.map(({ code }: Line) => code)).toContain('SCHEMA');
    expect((await hooks(args)).stderr).toBe(stderr);
  });

  it.each([
    ['is no JSON', 'type: order.created', 'is not JSON'],
    ['is empty', '', 'is empty'],
    ['is broken off', '{"data":', 'is not JSON'],
  ])('--data that %s', async (_name, content, words) => {
    using folder = makeFolder();
    const file = folder.file('data.json', content);
    const [fromFile, fromStdin] = await Promise.all([
      refused([...order, '--to', '1', '--data', file]),
      refused([...order, '--to', '1', '--data', '-'], { stdin: content }),
    ]);
    for (const stderr of [fromFile, fromStdin]) expect(stderr).toContain(words);
    expect(fromFile).toContain(file);
  });

  it.each([['--data'], ['--body'], ['--secret-file']])('%s of a directory or of nothing', async (option) => {
    using folder = makeFolder();
    const words = option === '--body' ? ['send', 'shoprocket', '--to', '1'] : [...order, '--to', '1'];
    const [directory, missing] = await Promise.all([
      refused([...words, option, folder.path]),
      refused([...words, option, `${folder.path}/nothing.json`]),
    ]);
    expect(directory).toContain('it is a directory');
    expect(missing).toContain('there is no such file');
    for (const stderr of [directory, missing]) expect(stderr).toContain(option);
  });

  it.runIf(shell)('stdin that is closed is an empty one', async () => {
    const { code, stderr } = await bash('hooks send shoprocket order.created --to 1 --data - <&-');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: --data - is empty/);
  });
});

describe.concurrent('options that cannot apply', () => {
  it.each([
    ['--body and --set', ['send', 'shoprocket', '--body', '-', '--set', 'a=1'], '--set'],
    ['--body and --data', ['send', 'shoprocket', '--body', 'x', '--data', 'y'], '--data'],
    ['--body and --seed', ['send', 'shoprocket', '--body', '-', '--seed', '1'], '--seed'],
    ['--body and --at', ['send', 'shoprocket', '--body', '-', '--at', '2026-01-01'], '--at'],
    ['--body and --invalid', ['send', 'shoprocket', '--body', '-', '--invalid'], '--invalid'],
    ['--body and an event', [...order, '--body', '-'], 'order.created'],
    ['--body and --all', ['send', 'shoprocket', '--all', '--body', '-'], '--all'],
    ['--all and an event', [...order, '--all'], '--all'],
    ['--unsigned and --secret', [...order, '--unsigned', '--secret', 'abcdefgh'], '--unsigned'],
    ['--unsigned and --secret-file', [...order, '--unsigned', '--secret-file', '-'], '--unsigned'],
    ['--unsigned and --signed-at', [...shipped, '--unsigned', '--signed-at', '2026-01-01'], '--unsigned'],
    ['--id where the provider sends none', [...order, '--id', 'msg_1'], '--id'],
    ['--id and several events', ['send', 'roastify', '--all', '--id', 'msg_1'], '--id'],
    ['--format without --dry-run', [...order, '--format', 'curl'], '--dry-run'],
    ['--show-secrets without --dry-run', [...order, '--show-secrets'], '--dry-run'],
    ['--timeout and --dry-run', [...order, '--dry-run', '--timeout', '1s'], '--timeout'],
    ['--wait and --dry-run', [...order, '--dry-run', '--wait', '1s'], '--wait'],
    ['--insecure and --dry-run', [...order, '--dry-run', '--insecure'], '--insecure'],
    ['--expect-status and --dry-run', [...order, '--dry-run', '--expect-status', '200'], '--expect-status'],
    ['--json and --format http', [...order, '--dry-run', '--json', '--format', 'http'], '--format'],
    ['an id that breaks a line', [...shipped, '--id', 'a\r\nx-injected: 1'], 'id'],
    ['an id that no header can carry', [...shipped, '--dry-run', '--id', 'žš€'], 'id'],
    ['an empty id', [...shipped, '--dry-run', '--id', ''], 'id'],
    ['--force with nothing to force', [...order, '--force'], '--force'],
    [
      'two inputs from stdin: --data, --secret-file',
      [...order, '--data', '-', '--secret-file', '-'],
      'stdin',
    ],
    [
      'two inputs from stdin: --body, --secret-file',
      ['send', 'shoprocket', '--body', '-', '--secret-file', '-'],
      'stdin',
    ],
  ])('%s', async (_name, args, word) => {
    const target = args.includes('--dry-run') ? [] : ['--to', '1'];
    expect(await refused([...args, ...target], { stdin: '{}' })).toContain(word);
  });

  it.each([
    ['--insecure', []],
    ['--signed-at', ['2026-01-01']],
  ])('%s, where it changes nothing, is said', async (option, value) => {
    await using receiver = await catchAll();
    const { code, stderr } = await hooks([...order, option, ...value, '--to', `${receiver.port}`]);
    expect(code).toBe(0);
    expect(stderr).toContain(`${option} changes nothing`);
  });
});

describe.concurrent('secrets', () => {
  const [file, flag, variable] = ['the-one-of-the-file', 'the-one-of-the-flag', 'the-one-of-the-environment'];
  const env = { HOOKS_SHOPROCKET_SECRET: variable };

  it.each([
    ['the example, when there is none', [], {}, undefined, examples.shoprocket],
    ['the environment before the example', [], env, undefined, variable],
    ['the flag before the environment', ['--secret', flag], env, undefined, flag],
    ['-s is --secret', ['-s', flag], {}, undefined, flag],
    ['the file before the flag', ['--secret-file', '-', '--secret', flag], env, `${file}\n`, file],
    ['an empty variable is none', [], { HOOKS_SHOPROCKET_SECRET: '' }, undefined, examples.shoprocket],
    [
      'the variable of another provider is none',
      [],
      { HOOKS_ROASTIFY_SECRET: otherWhsec },
      undefined,
      examples.shoprocket,
    ],
  ] as Array<[string, string[], Record<string, string>, string | undefined, string]>)(
    '%s',
    async (_name, args, env, stdin, expected) => {
      await using receiver = await catchAll();
      const { code, stdout, stderr } = await hooks([...order, '--to', `${receiver.port}`, ...args], {
        env,
        stdin: stdin ?? '',
      });
      expect(code).toBe(0);
      const [caught] = receiver.caught;
      expect(caught?.headers.signature).toBe(hexDigest(caught?.body as Buffer, expected));
      for (const secret of [file, flag, variable]) expect(stdout + stderr).not.toContain(secret);
    },
  );

  it('the variable of a name with a dash', async () => {
    await using receiver = await catchAll();
    await hooks(['send', 'rose-rocket', 'order.created', '--to', `${receiver.port}`], {
      env: { HOOKS_ROSE_ROCKET_SECRET: 'dashing' },
    });
    const [caught] = receiver.caught;
    expect(caught?.headers['x-rose-rocket-signature']).toBe(
      `sha256=${hexDigest(caught?.body as Buffer, 'dashing')}`,
    );
  });

  it('--secret is warned about, a file is not', async () => {
    await using receiver = await catchAll();
    const args = [...order, '--to', `${receiver.port}`];
    const [byFlag, byFile] = await Promise.all([
      hooks([...args, '--secret', flag]),
      hooks([...args, '--secret-file', '-'], { stdin: file }),
    ]);
    expect(byFlag.stderr).toMatch(/warning: .*process list/);
    expect(byFile.stderr).not.toContain('warning');
  });

  it.each([
    ['a file', ['--secret-file', '-'], `${examples.roastify}\r\n\n${otherWhsec}\n`],
    ['flags', ['--secret', examples.roastify, '--secret', otherWhsec], ''],
  ])('several, from %s: signed with all', async (_name, args, stdin) => {
    await using receiver = await catchAll();
    const { code } = await hooks([...shipped, '--to', `${receiver.port}`, ...args], { stdin });
    expect(code).toBe(0);
    const { headers = {}, body = Buffer.alloc(0) } = receiver.caught[0] ?? {};
    const sign = (secret: string) =>
      svixDigest(body, `${headers['svix-id']}`, `${headers['svix-timestamp']}`, secret);
    expect(headers['svix-signature']).toBe(`v1,${sign(examples.roastify)} v1,${sign(otherWhsec)}`);
  });

  it('where the header holds one signature, that is said', async () => {
    await using receiver = await catchAll();
    const { stderr } = await hooks([
      ...order,
      '--to',
      `${receiver.port}`,
      '-s',
      'first-of-two',
      '-s',
      'second-of-two',
    ]);
    expect(stderr).toContain('signed with the first secret');
    const [caught] = receiver.caught;
    expect(caught?.headers.signature).toBe(hexDigest(caught?.body as Buffer, 'first-of-two'));
  });

  const bytes = (count: number) => Buffer.alloc(count, 'k').toString('base64');
  const malformed: Array<[string, string, string]> = [
    ['no prefix', bytes(24), 'does not start with "whsec_"'],
    ['another prefix', `whsk_${bytes(24)}`, 'does not start with "whsec_"'],
    ['no base64', 'whsec_not*base64*at*all*really*not', 'is not standard base64'],
    ['base64url', `whsec_${'-_'.repeat(16)}`, 'is not standard base64'],
    ['padding that is missing', `whsec_${bytes(25).replace(/=+$/, '')}`, 'is not standard base64'],
    [
      'white space within',
      `whsec_${bytes(24).slice(0, 16)} ${bytes(24).slice(16)}`,
      'is not standard base64',
    ],
    ['too short', `whsec_${bytes(23)}`, 'it decodes to 23 bytes'],
    ['too long', `whsec_${bytes(76)}`, 'it decodes to 76 bytes'],
    ['nothing after the prefix', 'whsec_', 'it decodes to 0 bytes'],
  ];

  it.each(malformed)('malformed: %s', async (_name, secret, fault) => {
    const args = [...shipped, '--to', '1'];
    const runs = await Promise.all([
      refused([...args, '--secret', secret]),
      refused([...args, '--secret-file', '-'], { stdin: secret }),
      refused(args, { env: { HOOKS_ROASTIFY_SECRET: secret } }),
    ]);
    for (const stderr of runs) {
      expect(stderr).toContain(fault);
      if (secret !== 'whsec_') expect(stderr).not.toContain(secret.replace('whsec_', ''));
    }
    expect(runs[2]).toContain('HOOKS_ROASTIFY_SECRET');
  });

  it('24 and 75 bytes are taken', async () => {
    for (const count of [24, 75]) {
      expect(
        await drafted(shipped, { env: { HOOKS_ROASTIFY_SECRET: `whsec_${bytes(count)}` } }),
      ).toHaveLength(1);
    }
  });

  it.each([
    ['an empty flag', [...order, '--secret', ''], ''],
    ['an empty file', [...order, '--secret-file', '-'], ''],
    ['a file of blank lines', [...order, '--secret-file', '-'], '\n \r\n'],
    ['a malformed second one', [...shipped, '--secret-file', '-'], `${examples.roastify}\nwhsec_x\n`],
  ])('refused: %s', async (_name, args, stdin) => {
    await refused([...args, '--to', '1'], { stdin });
  });
});

describe.concurrent('the request', () => {
  it('carries the headers of its provider and those of -H', async () => {
    await using receiver = await catchAll();
    const { code } = await hooks([
      ...[...shipped, '--to', `${receiver.port}`, '--id', 'msg_mine', '--signed-at', '2026-02-03T04:05:06Z'],
      ...[
        '-H',
        'X-One: 1',
        '--header',
        'x-two:2',
        '-H',
        'User-Agent: me',
        '-H',
        'x-two: again',
        '-H',
        'x-empty:',
      ],
    ]);
    expect(code).toBe(0);
    const [caught] = receiver.caught;
    const time = String(Date.UTC(2026, 1, 3, 4, 5, 6) / 1000);
    expect(caught?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'me',
      'x-one': '1',
      'x-two': '2, again',
      'x-empty': '',
      'svix-id': 'msg_mine',
      'svix-timestamp': time,
      'svix-signature': `v1,${svixDigest(caught?.body as Buffer, 'msg_mine', time)}`,
    });
  });

  it('--unsigned leaves the signature out', async () => {
    await using receiver = await catchAll();
    const args = ['--unsigned', '--to', `${receiver.port}`];
    await Promise.all([hooks([...order, ...args]), hooks([...shipped, ...args])]);
    expect(receiver.caught).toHaveLength(2);
    for (const { headers } of receiver.caught) {
      expect(headers).not.toHaveProperty('signature');
      expect(headers).not.toHaveProperty('svix-signature');
    }
  });

  it.each([
    ['no colon', 'authorization Bearer tok-1234567890'],
    ['a character that no header may have', 'authorization: Bearer tok-1234567890\u2026'],
  ])('a header with %s is refused without its value', async (_name, header) => {
    expect(await refused([...order, '--to', '1', '-H', header])).not.toContain('tok-1234567890');
  });

  it('prints what went out and what came back', async () => {
    await using receiver = await catchAll(200);
    const { stdout } = await hooks([...shipped, '--seed', '4821', '--to', `${receiver.port}`]);
    const time = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d';
    expect(stdout).toMatch(
      new RegExp(`^${time} {2}--> fulfillment.shipped \\[msg_\\w{27}\\] seed 4821$`, 'm'),
    );
    expect(stdout).toMatch(
      new RegExp(`^${time} {2}<-- \\[200\\] POST http://localhost:${receiver.port}/ \\d+ ms$`, 'm'),
    );
  });

  it('says of an assumed scheme that it is', async () => {
    await using receiver = await catchAll();
    const [assumed, documented] = await Promise.all([
      hooks([...order, '--to', `${receiver.port}`]),
      hooks([...shipped, '--to', `${receiver.port}`]),
    ]);
    expect(assumed.stderr).toContain('assumed');
    expect(documented.stderr).toBe('');
  });
});

describe.concurrent('--dry-run', () => {
  const to = ['--to', 'http://user:pass-w0rd@localhost:3000/in?token=tok-1234567890&x=1'];
  const own = ['-H', 'Cookie: session=s3ss10n-abcdef', '-H', 'x-api-key: k3y-abcdefghij'];
  const hidden = [
    'pass-w0rd',
    'tok-1234567890',
    's3ss10n-abcdef',
    'k3y-abcdefghij',
    Buffer.from('user:pass-w0rd').toString('base64'),
  ];

  it.each(['http', 'curl', 'json'])('%s: credentials are masked unless --show-secrets', async (format) => {
    const args = [...order, ...seeded, ...to, ...own, '--dry-run', '--format', format];
    const [masked, shown] = await Promise.all([hooks(args), hooks([...args, '--show-secrets'])]);
    expect([masked.code, shown.code]).toEqual([0, 0]);
    for (const secret of hidden) expect(masked.stdout + masked.stderr).not.toContain(secret);
    for (const secret of hidden.slice(1)) expect(shown.stdout).toContain(secret);
    expect(masked.stdout).toContain('order.created');
    expect(masked.stderr).toContain('seed 7');
  });

  it('sends nothing', async () => {
    await using receiver = await catchAll();
    expect(await hooks([...order, '--dry-run', '--to', `${receiver.port}`])).toMatchObject({ code: 0 });
    expect(receiver.caught).toEqual([]);
  });

  it('needs no target: the default is that of the listener', async () => {
    expect((await drafted(order))[0]?.delivery.url).toBe('http://localhost:4665/');
    expect((await drafted([...order, '--to', 'localhost']))[0]?.delivery.url).toBe('http://localhost:4665/');
  });

  it('http is the message as it goes over the wire', async () => {
    await using receiver = await serveSockets((socket) => {
      const chunks: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (Buffer.concat(chunks).toString().endsWith('}'))
          socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
      });
      socket.on('close', () => taken.push(Buffer.concat(chunks).toString()));
    });
    const taken: string[] = [];
    const args = [
      ...shipped,
      ...seeded,
      '--signed-at',
      '2026-03-01T12:00:00Z',
      '--to',
      `${receiver.port}/in?x=1`,
    ];
    const [dry] = await Promise.all([hooks([...args, '--dry-run', '--format', 'http']), hooks(args)]);
    const parts = (text: string) => {
      const [head = '', body] = text.split('\r\n\r\n');
      const [line, ...headers] = head.split('\r\n');
      return { line, body, headers: headers.filter((header) => !header.startsWith('connection:')).sort() };
    };
    expect(parts(dry.stdout)).toEqual(parts(taken[0] ?? ''));
  });

  it.each([
    ['roastify', 'fulfillment.shipped'],
    ['rose-rocket', 'order.created'],
    ['shoprocket', 'order.created'],
  ])('http of %s, given to verify, is valid', async (provider, event) => {
    const { bytes } = await hooks(['send', provider, event, '--dry-run', '--format', 'http']);
    const { code, stdout } = await hooks(['verify', '-', '--json'], { stdin: bytes });
    expect(code).toBe(0);
    expect(linesOf(stdout)[0]?.verdict).toMatchObject({
      valid: true,
      signed: true,
      provider,
      event,
      problems: [],
    });
  });

  it('json is one line with the bytes as they are', async () => {
    const { stdout } = await hooks([...order, ...seeded, '--dry-run', '--format', 'json']);
    const [line] = linesOf(stdout);
    expect(headerOf(line?.delivery.headers, 'signature')).toBe(
      hexDigest(line?.delivery.body, examples.shoprocket),
    );
  });

  it('control characters of a body are escaped in NDJSON', async () => {
    const [nasty, options] = ['{"type":"\u009b31m\u202e\u007f"}', ['--dry-run', '--json']];
    const { stdout } = await hooks(['send', 'shoprocket', '--body', '-', ...options], { stdin: nasty });
    expect(stdout).not.toMatch(/[\u007f-\u009f\u202e]/);
    expect(linesOf(stdout).find(({ kind }) => kind === 'delivery')?.delivery.body).toBe(nasty);
  });

  describe.runIf(shell).concurrent('the curl line, run in bash', () => {
    const awkward = 'it\'s "quoted" \\ $HOME `id` !x %s žluťoučký \u2028\t\r\n';
    const cases: Array<[string, string, string | Uint8Array, string[]]> = [
      ['a made payload', 'shoprocket', '', ['order.created']],
      ['one of Svix', 'roastify', '', ['fulfillment.shipped']],
      ['what a shell would touch', 'shoprocket', JSON.stringify({ type: 'order.created', x: awkward }), []],
      ['line breaks at the end', 'roastify', '{"eventType":"fulfillment.shipped"}\n\n', []],
      ['a body that begins with @', 'shoprocket', '@/etc/hostname', []],
      ['bytes that are no text', 'roastify', Buffer.from([0, 1, 37, 39, 92, 128, 255, 10, 13]), []],
      [
        '200 kB',
        'shoprocket',
        JSON.stringify({ type: 'order.created', x: `%'\\${'y'.repeat(200_000)}` }),
        [],
      ],
      ['compressed bytes', 'roastify', gzipSync('{"a":1}'), []],
    ];

    it.each(cases)('%s', async (_name, provider, body, events) => {
      await using listening = await startListening();
      const to = [
        '--to',
        `${listening.port}/in?token=tok-1234567890&x=%27`,
        '-H',
        "x-awkward: it's \\ $HOME",
      ];
      const args = ['send', provider, ...events, ...to, '--dry-run', '--format', 'curl', '--show-secrets'];
      const line = await hooks(body.length > 0 ? [...args, '--body', '-'] : [...args, ...seeded], {
        stdin: body,
      });
      expect(line.code).toBe(0);
      await bash(line.stdout);
      const [fact] = await listening.facts('received', 1);
      const { received, verdict } = fact ?? {};
      const came =
        received.body === undefined
          ? Buffer.from(received.body_base64, 'base64')
          : Buffer.from(received.body);
      const meant =
        body.length > 0
          ? Buffer.from(body)
          : Buffer.from((await drafted([...args.slice(0, 3), ...seeded]))[0]?.delivery.body);
      expect(came.equals(meant)).toBe(true);
      expect(verdict.signed).toBe(true);
      expect(headerOf(received.headers, 'x-awkward')).toBe("it's \\ $HOME");
      expect(received.path).toMatch(/^\/in\?token=.*&x=%27$/);
      expect(received.headers.map(([name]: string[]) => name?.toLowerCase())).not.toContain('accept');
    });
  });
});

describe.concurrent('send and listen agree with no set-up', () => {
  it.each([['127.0.0.1'], ['localhost'], ...(ipv6 ? [['[::1]']] : [])])('over %s', async (host) => {
    await using listening = await startListening();
    for (const [provider, event] of [
      ['shoprocket', 'order.created'],
      ['roastify', 'tracking.updated'],
      ['rose-rocket', 'task.completed'],
    ]) {
      const { code, stdout } = await hooks([
        'send',
        provider ?? '',
        event ?? '',
        '--to',
        `http://${host}:${listening.port}/`,
      ]);
      expect(code).toBe(0);
      expect(stdout).toContain('[200]');
    }
    const facts = await listening.facts('received', 3);
    expect(facts.map(({ verdict }) => verdict)).toMatchObject([
      { valid: true, signed: true, provider: 'shoprocket', event: 'order.created', problems: [] },
      { valid: true, signed: true, provider: 'roastify', event: 'tracking.updated', problems: [] },
      { valid: true, signed: true, provider: 'rose-rocket', event: 'task.completed', problems: [] },
    ]);
  });

  it('what was sent is what was received, byte for byte', async () => {
    await using listening = await startListening();
    const { attempts } = await sent([
      ...order,
      '--to',
      `${listening.port}/in`,
      '--set',
      'data.email=ž🐎\u2028',
    ]);
    const [fact] = await listening.facts('received', 1);
    expect(fact?.received.body).toBe(attempts[0]?.delivery.body);
    expect(JSON.parse(fact?.received.body).data.email).toBe('ž🐎\u2028');
    expect(fact?.received.path).toBe('/in');
  });

  it('the documented body, sent as it stands, is valid', async () => {
    const documented = new URL('../../fixtures/shoprocket/order.created.json', import.meta.url);
    await using listening = await startListening();
    const options = { stdin: readFileSync(documented) };
    expect(
      await hooks(['send', 'shoprocket', '--body', '-', '--to', `${listening.port}`], options),
    ).toMatchObject({ code: 0 });
    const [fact] = await listening.facts('received', 1);
    expect(fact?.verdict).toMatchObject({ valid: true, signed: true, event: 'order.created' });
  });

  it('the body helper of these tests is a valid one', async () => {
    expect(JSON.parse(await bodyOf('shoprocket', 'order.created')).type).toBe('order.created');
  });
});
