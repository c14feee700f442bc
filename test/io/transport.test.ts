import { describe, expect, it, onTestFinished } from 'vitest';
import { openTransport, type TransportOptions } from '../../src/io/transport.ts';
import { makeLog } from '../helpers/log.ts';
import { freePort, loopbacks, tcpServer, urlHost } from '../helpers/net.ts';
import { hangUp, receiver, silence } from '../helpers/receiver.ts';
import { serveHttps } from '../helpers/wire.ts';

const plenty = 20_000;

/** Opens a transport that ends with the test, and gives its `send`. */
function open(options: Partial<TransportOptions> = {}) {
  const transport = openTransport({ timeoutMs: plenty, ...options });
  onTestFinished(transport.close);
  const send = (url: string, signal?: AbortSignal, body: string | Uint8Array = '{}') =>
    transport.send({ url, headers: [['Content-Type', 'application/json']], body: Buffer.from(body) }, signal);
  return { ...transport, send };
}

/** A server that answers every connection with these bytes and ends it. */
const saying = (bytes: string | Uint8Array) =>
  tcpServer((socket) => void socket.once('data', () => socket.end(bytes)));

describe('an answer', () => {
  it.each(loopbacks)('comes from %s, with its headers and its bytes', async (host) => {
    const body = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const { url, requests } = await receiver([{ status: 201, headers: { 'X-A': '1' }, body }], { host });
    const answer = await open().send(`${url}hook?a=b`);
    expect(answer).toMatchObject({ status: 201, body, ms: expect.any(Number) });
    expect('headers' in answer && answer.headers).toContainEqual(['X-A', '1']);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: 'POST', path: '/hook?a=b', body: Buffer.from('{}') });
    expect(requests[0]!.headers).toContainEqual(['Content-Type', 'application/json']);
  });

  it.each(['localhost', 'LOCALHOST', 'shop.localhost', 'a.b.localhost', '127.0.0.1', '127.1'])(
    'comes from %s',
    async (name) => {
      const { port, requests } = await receiver([{ status: 204 }]);
      const url = new URL(`http://${name}:${port}/`);
      expect(await open().send(url.href)).toMatchObject({ status: 204 });
      const host = requests[0]!.headers.find(([key]) => key.toLowerCase() === 'host');
      expect(host?.[1]).toBe(url.host);
    },
  );

  it.each(loopbacks)('comes over localhost from a receiver on %s alone', async (host) => {
    const { port } = await receiver([{ status: 200 }], { host });
    expect(await open().send(`http://localhost:${port}/`)).toMatchObject({ status: 200 });
  });

  it.each([301, 302, 303, 307, 308])('%i is not followed', async (status) => {
    const { url, requests } = await receiver([
      { status, headers: { location: '/elsewhere' } },
      { status: 200 },
    ]);
    expect(await open().send(url)).toMatchObject({ status });
    expect(requests).toHaveLength(1);
  });

  it.each([400, 404, 410, 429, 500, 503])('%i is an answer', async (status) => {
    const { url } = await receiver([{ status, body: 'no' }]);
    expect(await open().send(url)).toMatchObject({ status, body: Buffer.from('no') });
  });

  it('keeps headers of one name, and bytes beyond ASCII', async () => {
    const port = await saying(
      Buffer.from('HTTP/1.1 200 OK\r\nX-A: 1\r\nx-a: Zo\xeb\r\ncontent-length: 0\r\n\r\n', 'latin1'),
    );
    expect(await open().send(`http://127.0.0.1:${port}/`)).toMatchObject({
      headers: [
        ['X-A', '1'],
        ['x-a', 'Zo\xeb'],
        ['content-length', '0'],
      ],
    });
  });

  it('may come behind others that are only informational', async () => {
    const port = await saying(
      'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\nx-a: 1\r\ncontent-length: 2\r\n\r\nok',
    );
    expect(await open().send(`http://127.0.0.1:${port}/`)).toMatchObject({
      status: 200,
      headers: [
        ['x-a', '1'],
        ['content-length', '2'],
      ],
      body: Buffer.from('ok'),
    });
  });

  it('without a length ends with its connection', async () => {
    const port = await saying('HTTP/1.1 200 OK\r\n\r\nto the end');
    expect(await open().send(`http://127.0.0.1:${port}/`)).toMatchObject({ body: Buffer.from('to the end') });
  });

  it.each([
    ['of 1 MB is kept', 1024 * 1024, undefined],
    ['of one byte more is cut', 1024 * 1024 + 1, true],
    ['of 10 MB is cut', 10 * 1024 * 1024, true],
  ])('%s', async (_, size, truncated) => {
    const { url } = await receiver([{ status: 200, body: Buffer.alloc(size, 'x') }, { status: 204 }]);
    const { send } = open();
    const answer = await send(url);
    expect('body' in answer && [answer.status, answer.body.length, answer.truncated]).toEqual([
      200,
      1024 * 1024,
      truncated,
    ]);
    expect(await send(url)).toMatchObject({ status: 204 });
  });

  it('comes where the time is longer than a timer can be set to', async () => {
    const { url } = await receiver();
    expect(await open({ timeoutMs: 2 ** 40 }).send(url)).toMatchObject({ status: 200 });
  });

  it('comes to a body of 5 MB, of no bytes, and of any bytes', async () => {
    const { url, requests } = await receiver();
    const { send } = open();
    const bodies = [Buffer.alloc(5_000_000, 'ä'), Buffer.of(), Buffer.of(0, 255, 10)];
    for (const body of bodies) expect(await send(url, undefined, body)).toMatchObject({ status: 200 });
    expect(requests.map(({ body }, i) => Buffer.compare(body, bodies[i]!))).toEqual([0, 0, 0]);
  });
});

describe('a failure is a value', () => {
  it('refused: nobody listens', async () => {
    const port = await freePort();
    for (const host of ['localhost', '127.0.0.1', ...loopbacks.map(urlHost)])
      expect(await open().send(`http://${host}:${port}/`)).toEqual({
        failure: 'refused',
        detail: expect.stringMatching(/\S/),
        ms: expect.any(Number),
      });
  });

  it('dns: there is no such name', async () => {
    expect(await open().send('http://name.invalid:3000/')).toMatchObject({ failure: 'dns' });
  });

  it.each([
    ['a certificate that nobody vouches for', async () => (await secure()).port],
    ['no TLS at all', async () => (await receiver()).port],
    ['no HTTP either', async () => saying('hello\n')],
  ])('tls: %s', async (_, start) => {
    const port = await start();
    expect(await open().send(`https://localhost:${port}/`)).toMatchObject({ failure: 'tls' });
  });

  async function secure() {
    const server = await serveHttps((_, response) => void response.writeHead(200).end('safe'));
    onTestFinished(server.close);
    return server;
  }

  it('tls: but not where any certificate is accepted', async () => {
    const { port } = await secure();
    const answer = await open({ insecure: true }).send(`https://localhost:${port}/`);
    expect(answer).toMatchObject({ status: 200, body: Buffer.from('safe') });
  });

  it('timeout: no answer', async () => {
    const { url } = await receiver([silence]);
    const answer = await open({ timeoutMs: 30 }).send(url);
    expect(answer).toMatchObject({ failure: 'timeout', detail: 'no answer within 30 ms' });
  });

  it('timeout: a part of an answer', async () => {
    const half = await receiver([
      (response) => void response.writeHead(200, { 'content-length': '10' }).write('abc'),
    ]);
    const answer = await open({ timeoutMs: 600 }).send(half.url);
    expect(answer).toMatchObject({
      failure: 'timeout',
      detail: expect.stringMatching(/only a part of the answer, status 200.* 3 bytes .*within 600 ms/),
    });
  });

  it.each<[string, () => Promise<number>, RegExp]>([
    ['the connection ends without an answer', async () => (await receiver([hangUp])).port, /\S/],
    ['the connection ends at once', async () => tcpServer((socket) => void socket.destroy()), /\S/],
    [
      'the connection is reset',
      async () => tcpServer((socket) => void socket.once('data', () => socket.resetAndDestroy())),
      /ECONNRESET|closed/,
    ],
    ['half of the headers', async () => saying('HTTP/1.1 200 OK\r\ncontent-'), /\S/],
    [
      'half of the body',
      async () => saying('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'),
      /broke off: status 200, and 3 bytes/,
    ],
    [
      'half of the chunks',
      async () => saying('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n'),
      /broke off: status 200, and 3 bytes/,
    ],
    ['no HTTP', async () => saying('hello there\r\n\r\n'), /\S/],
    [
      'an upgrade that nobody asked for',
      async () => saying('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
      /\S/,
    ],
  ])('reset: %s', async (_, start, detail) => {
    const port = await start();
    const answer = await open().send(`http://127.0.0.1:${port}/`);
    expect(answer).toMatchObject({ failure: 'reset', detail: expect.stringMatching(detail) });
  });

  it('aborted: before it is sent', async () => {
    const { url, requests } = await receiver();
    expect(await open().send(url, AbortSignal.abort())).toMatchObject({ failure: 'aborted' });
    expect(requests).toEqual([]);
  });

  it('aborted: while it waits for its answer', async () => {
    const { url, got } = await receiver([silence]);
    const abort = new AbortController();
    const answer = open().send(url, abort.signal);
    await got(1);
    abort.abort();
    expect(await answer).toMatchObject({ failure: 'aborted' });
  });

  it('aborted: while it waits for its turn, and then it is not sent at all', async () => {
    const released = makeLog<true>();
    const { url, requests, got } = await receiver([
      (response) => void released.reaches(1).then(() => response.writeHead(200).end()),
      { status: 200 },
    ]);
    const { send } = open({ connections: 1 });
    const first = send(url, undefined, 'first');
    await got(1);
    const abort = new AbortController();
    const second = send(url, abort.signal, 'second');
    const third = send(url, undefined, 'third');
    abort.abort();
    expect(await second).toMatchObject({ failure: 'aborted' });
    released.add(true);
    expect([await first, await third]).toMatchObject([{ status: 200 }, { status: 200 }]);
    expect(requests.map(({ body }) => Buffer.from(body).toString())).toEqual(['first', 'third']);
  });

  it('leaves the transport as good as new', async () => {
    const { url } = await receiver([hangUp, silence, { status: 200 }]);
    const { send } = open({ timeoutMs: 500 });
    const answers = [await send(url), await send(url), await send(url)];
    expect(answers).toMatchObject([{ failure: 'reset' }, { failure: 'timeout' }, { status: 200 }]);
  });
});

it('keeps to the number of connections, and loses nothing', async () => {
  const together = makeLog<() => void>();
  const { url, requests } = await receiver([
    (response) => together.add(() => void response.writeHead(200).end()),
  ]);
  const { send } = open({ connections: 3 });
  const answers = Promise.all(Array.from({ length: 9 }, (_, i) => send(url, undefined, String(i))));
  for (let sent = 3; sent <= 9; sent += 3) {
    await together.reaches(sent);
    expect(together.items).toHaveLength(sent);
    for (const answer of together.items.slice(sent - 3)) answer();
  }
  expect((await answers).every((answer) => 'status' in answer && answer.status === 200)).toBe(true);
  expect(new Set(requests.map(({ body }) => Buffer.from(body).toString())).size).toBe(9);
});

it('closed, it leaves nothing open', async () => {
  const { url } = await receiver([silence]);
  const { send, close } = open();
  const answer = send(url);
  await close();
  expect(await answer).toHaveProperty('failure');
});
