import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Received } from '../../src/core/types.ts';
import { UsageError } from '../../src/errors.ts';
import type { Rejection } from '../../src/io/rejection.ts';
import { defaultLimits, type Limits, type Reply, serve } from '../../src/io/server.ts';
import { makeLog } from '../helpers/log.ts';
import { exchange, loopbacks, post, statuses, tcpServer, wire } from '../helpers/net.ts';

const ok: Reply = { status: 200, headers: [['x-a', '1']], body: 'fine\n' };

/** A server on a free port that ends with the test; everything that happens to it is kept. */
async function start(
  limits: Partial<Limits> = {},
  handle: (received: Received) => Promise<Reply> | Reply = () => ok,
) {
  const received = makeLog<Received>();
  const replied = makeLog<Received>();
  const rejected = makeLog<Rejection>();
  const { port, close } = await serve({
    port: 0,
    limits: { ...defaultLimits, ...limits },
    handle: (request, { onOver }) => {
      received.add(request);
      onOver(() => replied.add(request));
      return handle(request);
    },
    rejected: rejected.add,
  });
  onTestFinished(() => close());
  return { port, close, received, replied, rejected };
}

/** The codes of what was rejected, once there are so many. */
const codes = async (rejected: { reaches: (count: number) => Promise<readonly Rejection[]> }, count = 1) =>
  (await rejected.reaches(count)).map(({ code }) => code);

describe('a request', () => {
  it.each(loopbacks)('over %s comes with its bytes, and gets the reply', async (host) => {
    const { port, received, replied } = await start();
    const body = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const text = await exchange(port, post(body, 'X-A: 1\r\nx-a: 2\r\nX-B: Zo\xc3\r\n', '/hook?a=b'), host);
    expect(statuses(text)).toEqual([200]);
    expect(text).toMatch(/x-a: 1\r\n/);
    expect(text).toContain('fine\n');
    expect(received.items).toHaveLength(1);
    const [request] = received.items;
    expect(request).toMatchObject({ method: 'POST', path: '/hook?a=b' });
    expect(request!.body.length).toBe(256);
    expect(body.equals(request!.body)).toBe(true);
    expect(request!.headers.slice(3)).toEqual([
      ['X-A', '1'],
      ['x-a', '2'],
      ['X-B', 'Zo\xc3\x83'],
    ]);
    expect(await replied.reaches(1)).toEqual([request]);
  });

  it.each([
    ['chunked', 'transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n', 'abcde'],
    ['without a body', '\r\n', ''],
    ['with an empty body', 'content-length: 0\r\n\r\n', ''],
  ])('%s', async (_, rest, body) => {
    const { port, received } = await start();
    const text = await exchange(port, `POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${rest}`);
    expect(statuses(text)).toEqual([200]);
    expect(Buffer.from(received.items[0]!.body).toString()).toBe(body);
  });

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('by %s is handed on too', async (method) => {
    const { port, received } = await start();
    const text = await exchange(port, `${method} / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`);
    expect(statuses(text)).toEqual([200]);
    expect(text.includes('fine')).toBe(method !== 'HEAD');
    expect(received.items[0]).toMatchObject({ method, body: Buffer.of() });
  });

  it.each(['http://evil.example/x?y', '//evil.example/x', '*', '/a%00b', '/a|b'])(
    'for %s keeps its path as it came',
    async (path) => {
      const { port, received } = await start();
      await exchange(port, post('{}', '', path));
      expect(received.items[0]!.path).toBe(path);
    },
  );

  it('without a host is handed on too', async () => {
    const { port, received } = await start();
    const bare = 'POST / HTTP/1.1\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}';
    expect(statuses(await exchange(port, bare))).toEqual([200]);
    expect(received.items).toHaveLength(1);
  });

  it('waits for leave to send its body', async () => {
    const { port, received } = await start();
    const { socket, send, closed } = await wire(port);
    const leave = once(socket, 'data');
    await send(
      'POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n',
    );
    expect(String(await leave)).toMatch(/^HTTP\/1\.1 100 Continue/);
    await send('{}');
    expect(statuses(await closed)).toEqual([100, 200]);
    expect(received.items).toHaveLength(1);
  });

  it('in many small pieces is one request', async () => {
    const { port, received } = await start();
    const { send, closed } = await wire(port);
    for (const byte of post('{"a":1}')) await send(Buffer.of(byte));
    expect(statuses(await closed)).toEqual([200]);
    expect(Buffer.from(received.items[0]!.body).toString()).toBe('{"a":1}');
  });

  it('may come behind another without waiting; answers keep the order', async () => {
    const both = makeLog<string>();
    const { port } = await start({}, async ({ path }) => {
      both.add(path);
      if (path === '/1') await both.reaches(2);
      return { ...ok, body: `answer ${path}\n` };
    });
    const first = 'POST /1 HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}';
    const text = await exchange(port, Buffer.concat([Buffer.from(first), post('{}', '', '/2')]));
    expect(text.match(/answer \/\d/g)).toEqual(['answer /1', 'answer /2']);
  });

  it('comes on each of 1,000 connections at once', async () => {
    const { port, received } = await start({}, async () => {
      await received.reaches(1000);
      return ok;
    });
    const answers = await Promise.all(
      Array.from({ length: 1000 }, (_, i) => exchange(port, post(String(i)))),
    );
    expect(answers.flatMap(statuses)).toEqual(Array(1000).fill(200));
    const bodies = received.items.map(({ body }) => Number(Buffer.from(body).toString()));
    expect(bodies.sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  it('is told as replied to even when its sender has left', async () => {
    const left = makeLog<true>();
    const { port, received, replied } = await start({}, async () => {
      await left.reaches(1);
      return ok;
    });
    const { socket, send } = await wire(port);
    await send(post('{}'));
    const [request] = await received.reaches(1);
    socket.destroy();
    await once(socket, 'close');
    // A request of somebody else: the server has by then seen that the first sender left.
    const other = exchange(port, post('{}', '', '/other'));
    await received.reaches(2);
    left.add(true);
    await other;
    const told = await replied.reaches(2);
    expect(told).toContain(request);
  });
});

describe('limits', () => {
  const chunked = (size: number) =>
    `POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n${size.toString(16)}\r\n${'x'.repeat(size)}\r\n0\r\n\r\n`;

  it.each([
    ['as long as allowed', post('x'.repeat(1000)), 200],
    ['one byte longer', post('x'.repeat(1001)), 413],
    ['much longer', post('x'.repeat(3_000_000)), 413],
    ['as long as allowed, chunked', chunked(1000), 200],
    ['one byte longer, chunked', chunked(1001), 413],
    ['much longer, chunked', chunked(3_000_000), 413],
  ])('a body %s', async (_, bytes, status) => {
    const { port, received, rejected } = await start({ bodyBytes: 1000 });
    const text = await exchange(port, bytes);
    expect(statuses(text)).toEqual([status]);
    expect(received.items).toHaveLength(status === 200 ? 1 : 0);
    expect(rejected.items.map(({ code }) => code)).toEqual(status === 200 ? [] : ['BODY_TOO_LARGE']);
    if (status === 413)
      expect(JSON.parse(text.split('\r\n').find((line) => line.startsWith('{'))!)).toBeTruthy();
  });

  it('a body that is announced too long is refused before it comes', async () => {
    const { port, rejected } = await start({ bodyBytes: 1000, headersMs: 50, requestMs: 50 });
    const text = await exchange(port, 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1001\r\n\r\n');
    expect(statuses(text)[0]).toBe(413);
    expect((await codes(rejected))[0]).toBe('BODY_TOO_LARGE');
  });

  it('a chunked body without end is refused, and its connection ended', async () => {
    const { port, rejected } = await start({ bodyBytes: 1000, headersMs: 50, requestMs: 50 });
    const { send, closed } = await wire(port);
    await send('POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nffffff\r\n');
    await send('x'.repeat(2000));
    expect(statuses(await closed)[0]).toBe(413);
    expect((await codes(rejected))[0]).toBe('BODY_TOO_LARGE');
  });

  it.each([
    ['many', Array.from({ length: 200 }, (_, i) => `x-${i}: ${'y'.repeat(20)}\r\n`).join('')],
    ['one long', `x: ${'y'.repeat(5000)}\r\n`],
  ])('headers over the limit: %s', async (_, headers) => {
    const { port, received, rejected } = await start({ headerBytes: 4096 });
    expect(statuses(await exchange(port, `POST / HTTP/1.1\r\nhost: a\r\n${headers}\r\n`))).toEqual([431]);
    expect(received.items).toEqual([]);
    expect(await codes(rejected)).toEqual(['HEADERS_TOO_LARGE']);
  });

  it('a path over the limit', async () => {
    const { port, rejected } = await start({ headerBytes: 4096 });
    expect(statuses(await exchange(port, post('', '', `/${'x'.repeat(5000)}`)))).toEqual([431]);
    expect(await codes(rejected)).toEqual(['HEADERS_TOO_LARGE']);
  });

  it.each([
    ['headers', 'POST / HTTP/1.1\r\nhost: a\r\n'],
    ['a first line', 'POST /'],
    ['a body', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{"a"'],
    ['a chunk', 'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{"a"'],
  ])('%s that never ends is ended, and told once', async (_, bytes) => {
    const { port, received, rejected } = await start({ headersMs: 50, requestMs: 50 });
    expect(statuses(await exchange(port, bytes))).toEqual([408]);
    expect(statuses(await exchange(port, post('{}')))).toEqual([200]);
    expect(received.items).toHaveLength(1);
    expect(await codes(rejected)).toEqual(['REQUEST_TIMEOUT']);
  });
});

it('a connection that never says anything is ended, and is no request', async () => {
  const { port, received, rejected } = await start({ headersMs: 50, requestMs: 50 });
  const { closed } = await wire(port);
  expect(statuses(await closed)).toEqual([]);
  expect([received.items, rejected.items]).toEqual([[], []]);
});

describe('what is no request', () => {
  it.each([
    ['words', 'hello there\r\n\r\n'],
    ['bytes', Buffer.from([0, 255, 13, 10, 13, 10])],
    ['a TLS greeting', Buffer.from('16030100c8010000c40303', 'hex')],
    ['a header without a colon', 'POST / HTTP/1.1\r\nhost: a\r\nnonsense\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n'],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
    ],
    ['a length below nothing', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n'],
    ['a chunk of no size', 'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
  ])('is answered 400: %s', async (_, bytes) => {
    const { port, received, rejected } = await start();
    expect(statuses(await exchange(port, bytes))).toEqual([400]);
    expect(received.items).toEqual([]);
    const [rejection, ...others] = await rejected.reaches(1);
    expect(rejection).toEqual({ code: 'NOT_HTTP', message: expect.stringMatching(/is not HTTP/) });
    expect(others).toEqual([]);
    expect(statuses(await exchange(port, post('{}')))).toEqual([200]);
  });

  it('but a body that is cut off is told', async () => {
    const { port, received, rejected } = await start();
    const { socket, send } = await wire(port);
    await send('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{"a"');
    socket.destroy();
    expect(await codes(rejected)).toEqual(['REQUEST_ABORTED']);
    expect(received.items).toEqual([]);
  });

  it.each(['POST / HT', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{"a"'])(
    'and one that ends too early is told once: %j',
    async (bytes) => {
      const { port, received, rejected } = await start();
      const { socket, send, closed } = await wire(port);
      await send(bytes);
      socket.end();
      await closed;
      expect(await codes(rejected)).toEqual(['REQUEST_ABORTED']);
      expect(statuses(await exchange(port, post('{}')))).toEqual([200]);
      expect([received.items.length, rejected.items.length]).toEqual([1, 1]);
    },
  );

  it('such as a connection that says nothing, or a tunnel, does no harm', async () => {
    const { port, received, rejected } = await start();
    const silent = await wire(port);
    silent.socket.end();
    await silent.closed;
    await exchange(port, 'CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n');
    expect(statuses(await exchange(port, post('{}')))).toEqual([200]);
    expect([received.items.length, rejected.items]).toEqual([1, []]);
  });
});

it('a handler that fails is answered 500 and told, and the server lives on', async () => {
  const { port, rejected } = await start({}, ({ path }) => {
    if (path === '/bad') throw new Error('of chance');
    return ok;
  });
  expect(statuses(await exchange(port, post('{}', '', '/bad')))).toEqual([500]);
  expect(statuses(await exchange(port, post('{}')))).toEqual([200]);
  expect(rejected.items).toEqual([{ code: 'INTERNAL', message: expect.stringMatching(/of chance/) }]);
});

describe('a port', () => {
  const options = { limits: defaultLimits, handle: () => ok, replied: () => {}, rejected: () => {} };

  it.each(loopbacks)('that is taken on %s is refused, and nothing stays open', async (host) => {
    const port = await tcpServer(() => {}, { host });
    await expect(serve({ ...options, port })).rejects.toThrow(UsageError);
    await expect(serve({ ...options, port })).rejects.toThrow(`port ${port} is taken`);
    for (const other of loopbacks.filter((each) => each !== host))
      await expect(wire(port, other)).rejects.toThrow(/ECONNREFUSED/);
  });

  it.each(['203.0.113.1', 'name.invalid'])(
    'on %s, which is not of this machine, is refused',
    async (host) => {
      await expect(serve({ ...options, host, port: 0 })).rejects.toThrow(UsageError);
      await expect(serve({ ...options, host, port: 0 })).rejects.toThrow(`--host ${host} is not an address`);
    },
  );

  it('is the same on both families, and free again once closed, whoever is connected', async () => {
    const { port, close } = await serve({ ...options, port: 0 });
    const idle = await Promise.all(loopbacks.map((host) => wire(port, host)));
    await close();
    await Promise.all(idle.map(({ closed }) => closed));
    const again = await serve({ ...options, port });
    expect(again.port).toBe(port);
    await again.close();
  });

  it('on one address is not on the others', async () => {
    const { port, close } = await serve({ ...options, host: '127.0.0.1', port: 0 });
    onTestFinished(() => close());
    expect(statuses(await exchange(port, post('{}')))).toEqual([200]);
    for (const host of loopbacks.slice(1)) await expect(wire(port, host)).rejects.toThrow(/ECONNREFUSED/);
  });
});

it('what is on its way when it closes is answered, and then its connection ends', async () => {
  let answer: (reply: Reply) => void = () => {};
  const { port, close, received } = await start({}, () => new Promise((resolve) => (answer = resolve)));
  const { send, closed } = await wire(port);
  await send('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}');
  await received.reaches(1);
  // So long that the test would fail before it is over.
  const closing = close(600_000);
  answer(ok);
  expect(await closed).toMatch(/^HTTP\/1\.1 200 [\s\S]*connection: close/i);
  await closing;
});
