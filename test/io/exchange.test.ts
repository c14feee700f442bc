import { describe, expect, it, onTestFinished } from 'vitest';
import type { Answer } from '../../src/core/types.ts';
import { type Exchange, exchange } from '../../src/io/exchange.ts';
import { makeLog } from '../helpers/log.ts';
import { freePort, loopbacks, tcpServer, urlHost } from '../helpers/net.ts';
import { hangUp, receiver, silence } from '../helpers/receiver.ts';
import { serveHttps } from '../helpers/wire.ts';

const plenty = 20_000;

const send = (
  url: string,
  message: Partial<Exchange> = {},
  { timeoutMs = plenty, insecure = false, signal = new AbortController().signal } = {},
): Promise<Answer> => {
  const host = new URL(url);
  const path = host.pathname + host.search;
  const body = Buffer.from('{"a":1}');
  return exchange(
    { host, method: 'POST', path, headers: [], body, pace: 'whole', ...message },
    { timeoutMs, insecure, signal },
  );
};

/** A server that keeps what comes, as text, and says this to it once the head is there. */
async function wire(words = 'HTTP/1.1 204 No Content\r\n\r\n') {
  const log = makeLog<string>();
  const port = await tcpServer((socket) => {
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (whole(text)) socket.end(words);
    });
    socket.on('close', () => log.add(text));
  });
  return { url: `http://127.0.0.1:${port}/`, log };
}

const whole = (text: string): boolean => {
  const [head = '', body] = text.split('\r\n\r\n');
  const length = /content-length: (\d+)/i.exec(head)?.[1];
  if (body === undefined) return false;
  return length === undefined
    ? !/chunked/i.test(head) || text.endsWith('0\r\n\r\n')
    : body.length >= Number(length);
};

it('an answer with too large headers is said to have them', async () => {
  const { url } = await wire(`HTTP/1.1 200 OK\r\nx-long: ${'x'.repeat(40_000)}\r\n\r\n`);
  expect(await send(url)).toMatchObject({ detail: 'the headers of the answer are larger than 16 kB' });
});

describe('on the wire', () => {
  it('headers come in their order and letter case, doubled ones too', async () => {
    const { url, log } = await wire();
    const headers = [
      ['X-B', '1'],
      ['x-A', '2'],
      ['X-b', '3'],
      ['SVIX-ID', 'm'],
      ['x-latin', 'Zo\xeb'],
      ['x-empty', ''],
    ] as const;
    expect(await send(`${url}a?b=c`, { headers })).toMatchObject({ status: 204 });
    const [text] = await log.reaches(1);
    const lines = text!.split('\r\n');
    expect(lines[0]).toBe('POST /a?b=c HTTP/1.1');
    expect(lines.slice(1, 7)).toEqual(headers.map(([name, value]) => `${name}: ${value}`));
    expect(text).toContain(`\r\nhost: ${new URL(url).host}\r\ncontent-length: 7\r\n`);
    expect(text!.match(/^content-length|^transfer-encoding/gim)).toHaveLength(1);
    expect(text).toMatch(/\r\n\r\n\{"a":1\}$/);
  });

  it('a host of its own replaces the target’s', async () => {
    const { url, log } = await wire();
    await send(url, { headers: [['Host', 'shop.example']] });
    expect((await log.reaches(1))[0]!.match(/^host: .*$/gim)).toEqual(['Host: shop.example']);
  });

  it('a GET has no body and says nothing of one', async () => {
    const { url, log } = await wire();
    expect(await send(url, { method: 'GET', body: Buffer.of() })).toMatchObject({ status: 204 });
    const [text] = await log.reaches(1);
    expect(text).toMatch(/^GET \/ HTTP\/1\.1\r\n/);
    expect(text).not.toMatch(/content-length|transfer-encoding/i);
    expect(text).toMatch(/\r\n\r\n$/);
  });

  it('an empty body has its length', async () => {
    const { url, log } = await wire();
    await send(url, { body: Buffer.of() });
    expect((await log.reaches(1))[0]).toContain('content-length: 0\r\n');
  });

  it('chunked: two chunks and no length', async () => {
    const { url, log } = await wire();
    expect(await send(url, { pace: 'chunked' })).toMatchObject({ status: 204 });
    const [text] = await log.reaches(1);
    expect(text).not.toMatch(/content-length/i);
    expect(text).toMatch(/\r\n\r\n3\r\n\{"a\r\n4\r\n":1\}\r\n0\r\n\r\n$/);
  });

  it('split: with its length, in pieces that end inside of characters', async () => {
    const seen = makeLog<string>();
    const port = await tcpServer((socket) => {
      let text = '';
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        text += chunk.toString();
        if (text.includes('"}')) socket.end('HTTP/1.1 204 No Content\r\n\r\n');
      });
      socket.on('close', () => seen.add(text));
    });
    const body = Buffer.from('{"a":"日本"}');
    expect(await send(`http://127.0.0.1:${port}/`, { pace: 'split', body })).toMatchObject({ status: 204 });
    const [text] = await seen.reaches(1);
    expect(text).toContain('content-length: 14\r\n');
    expect(text).not.toMatch(/transfer-encoding/i);
    // Whoever decodes what comes piece by piece breaks them.
    expect(text).toContain('\ufffd');
    expect(text).not.toContain('日本');
  });

  it('split: nothing is lost, and whoever answers before the end is heard', async () => {
    const { url, requests } = await receiver();
    for (const body of ['', 'a', 'abcdef', 'é', '日本語テキスト'].map((text) => Buffer.from(text))) {
      expect(await send(url, { pace: 'split', body })).toMatchObject({ status: 200 });
      expect(requests.at(-1)!.body).toEqual(body);
    }
    const port = await tcpServer(
      (socket) =>
        void socket
          .on('error', () => {})
          .once('data', () => socket.end('HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n')),
    );
    expect(await send(`http://127.0.0.1:${port}/`, { pace: 'split' })).toMatchObject({ status: 401 });
  });

  it('cut: half of the body, and then the end', async () => {
    const { url, log } = await wire();
    const answer = await send(url, { pace: 'cut' });
    expect(answer).toMatchObject({
      failure: 'reset',
      detail: 'closed on purpose after 3 of 7 bytes of the body',
    });
    const [text] = await log.reaches(1);
    expect(text).toContain('content-length: 7\r\n');
    expect(text).toMatch(/\r\n\r\n\{"a$/);
  });

  it('slow: all of it in pieces, which takes nothing of the time for the answer', async () => {
    const { url, requests } = await receiver();
    const body = Buffer.from('0123456789abcdef');
    expect(await send(url, { pace: 'slow', body }, { timeoutMs: 400 })).toMatchObject({ status: 200 });
    expect(requests[0]!.body).toEqual(body);
  });

  it('slow: whoever answers before the end is heard', async () => {
    const port = await tcpServer(
      (socket) =>
        void socket
          .on('error', () => {})
          .once('data', () => socket.end('HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n')),
    );
    expect(await send(`http://127.0.0.1:${port}/`, { pace: 'slow' })).toMatchObject({ status: 401 });
  });
});

describe('an answer', () => {
  it.each(loopbacks)('comes from %s', async (host) => {
    const { port } = await receiver([{ status: 201, headers: { 'X-A': '1' }, body: 'ok' }], { host });
    for (const name of ['localhost', urlHost(host)]) {
      const answer = await send(`http://${name}:${port}/`);
      expect(answer).toMatchObject({ status: 201, body: Buffer.from('ok'), ms: expect.any(Number) });
      expect('headers' in answer && answer.headers).toContainEqual(['X-A', '1']);
    }
  });

  it.each([301, 307, 429, 503])('%i is one, and is not followed', async (status) => {
    const { url, requests } = await receiver([{ status, headers: { location: '/elsewhere' } }]);
    expect(await send(url)).toMatchObject({ status });
    expect(requests).toHaveLength(1);
  });

  it.each([
    [1024 * 1024, undefined],
    [1024 * 1024 + 1, true],
    [10 * 1024 * 1024, true],
  ])('of %i bytes is kept up to 1 MB', async (size, truncated) => {
    const { url } = await receiver([{ status: 200, body: Buffer.alloc(size, 'x') }]);
    const answer = await send(url);
    expect('body' in answer && [answer.status, answer.body.length, answer.truncated]).toEqual([
      200,
      1024 * 1024,
      truncated,
    ]);
  });

  it('that never ends is kept in part', async () => {
    const { url } = await receiver([
      (response) => {
        response.writeHead(200);
        const more = () =>
          void (response.destroyed || response.write(Buffer.alloc(65_536), () => setImmediate(more)));
        more();
      },
    ]);
    expect(await send(url)).toMatchObject({ status: 200, truncated: true });
  });

  it('comes early, with the connection closed while the body is still on its way', async () => {
    const port = await tcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => {
        socket.pause();
        socket.end('HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      });
    });
    const answer = await send(`http://127.0.0.1:${port}/`, { body: Buffer.alloc(30_000_000) });
    expect(answer).toMatchObject({ status: 413 });
  });
});

describe('a failure is a value', () => {
  it('refused: nobody listens', async () => {
    const port = await freePort();
    expect(await send(`http://localhost:${port}/`)).toEqual({
      failure: 'refused',
      detail: expect.stringMatching(/\S/),
      ms: expect.any(Number),
    });
  });

  it('dns: there is no such name', async () => {
    expect(await send('http://name.invalid:3000/')).toMatchObject({ failure: 'dns' });
  });

  it('tls: a certificate that nobody vouches for, unless any will do', async () => {
    const server = await serveHttps((_, response) => void response.writeHead(200).end('safe'));
    onTestFinished(server.close);
    const url = `https://localhost:${server.port}/`;
    expect(await send(url)).toMatchObject({ failure: 'tls' });
    expect(await send(url, {}, { insecure: true })).toMatchObject({ status: 200, body: Buffer.from('safe') });
  });

  it('timeout: no answer, or a part of one', async () => {
    const still = await receiver([silence]);
    expect(await send(still.url, {}, { timeoutMs: 50 })).toMatchObject({
      failure: 'timeout',
      detail: 'no answer within 50 ms',
    });
    const half = await receiver([
      (response) => void response.writeHead(200, { 'content-length': '10' }).write('abc'),
    ]);
    expect(await send(half.url, {}, { timeoutMs: 300 })).toMatchObject({ failure: 'timeout' });
  });

  it('timeout: a receiver that does not read', async () => {
    const port = await tcpServer((socket) => void socket.on('error', () => {}).pause());
    const answer = await send(
      `http://127.0.0.1:${port}/`,
      { body: Buffer.alloc(30_000_000) },
      { timeoutMs: 200 },
    );
    expect(answer).toMatchObject({ failure: 'timeout' });
  });

  const saying = (bytes: string) => tcpServer((socket) => void socket.once('data', () => socket.end(bytes)));

  it.each<[string, () => Promise<number>, RegExp]>([
    ['no answer at all', async () => (await receiver([hangUp])).port, /\S/],
    ['the end at once', () => tcpServer((socket) => void socket.destroy()), /\S/],
    ['half of the head', () => saying('HTTP/1.1 200 OK\r\ncontent-'), /\S/],
    ['no HTTP', () => saying('hello there\r\n\r\n'), /not HTTP/],
    ['an upgrade', () => saying('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'), /\S/],
    [
      'half of the body',
      () => saying('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'),
      /broke off: status 200, and 3 bytes/,
    ],
    ['a head that never ends', () => saying(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}`), /\S/],
  ])('reset: %s', async (_, start, detail) => {
    expect(await send(`http://127.0.0.1:${await start()}/`)).toMatchObject({
      failure: 'reset',
      detail: expect.stringMatching(detail),
    });
  });

  it.each(['whole', 'slow', 'split', 'chunked'] as const)('aborted: %s', async (pace) => {
    const { url, got } = await receiver([silence]);
    const stop = new AbortController();
    const answer = send(url, { pace }, { signal: stop.signal });
    await got(1);
    stop.abort();
    expect(await answer).toMatchObject({ failure: 'aborted', detail: 'interrupted' });
    expect(await send(url, { pace }, { signal: stop.signal })).toMatchObject({ failure: 'aborted' });
  });
});
