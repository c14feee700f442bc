import { spawn } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capturesInDocument } from '../../src/core/capture.ts';
import { curlLine, httpMessage } from '../../src/core/request-text.ts';
import type { Headers } from '../../src/core/types.ts';
import { receiver } from '../helpers/receiver.ts';

const delivery = (body: string | Uint8Array, headers: Headers = [], url = 'http://localhost:3000/') => ({
  provider: 'p',
  url,
  headers,
  body: Buffer.from(body),
});

/** Runs a line in bash, with nothing of this machine's curl configuration or proxies. */
function bash(line: string): Promise<{ code: number | null; err: string }> {
  const env = { PATH: process.env.PATH, CURL_HOME: '/nonexistent', HOME: '/nonexistent', LC_ALL: 'C.UTF-8' };
  const shell = spawn('bash', ['--norc', '-s'], { env, stdio: ['pipe', 'ignore', 'pipe'] });
  const chunks: Buffer[] = [];
  shell.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  shell.stdin.end(line);
  return new Promise((resolve) => {
    shell.once('close', (code) => resolve({ code, err: Buffer.concat(chunks).toString() }));
  });
}

/** The line is for bash; Windows has none that is sure to be there. */
const hasBash = process.platform !== 'win32';

describe.runIf(hasBash)('the curl line, run in bash', () => {
  const own = new Set(['host', 'content-length', 'expect']);

  /** What arrives when the line is run: the body, and the headers that are not the connection's. */
  async function arrive(body: string | Uint8Array, headers: Headers = [], path = '/') {
    const { url, requests } = await receiver();
    const { code, err } = await bash(curlLine(delivery(body, headers, new URL(path, url).href)));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(requests).toHaveLength(1);
    const [request] = requests;
    return { ...request!, headers: request!.headers.filter(([name]) => !own.has(name.toLowerCase())) };
  }

  const text = '{"a":1}';
  it.each<[string, string | Uint8Array]>([
    ['JSON', text],
    ['nothing', ''],
    ['quotes', `'"\\'$(id)\`id\`!!`],
    ['line ends', '\n\r\n\n'],
    ['an @ first', '@/etc/passwd'],
    ['a minus first', '-v'],
    ['a minus first and a NUL', '-v\0'],
    ['percent signs and a NUL', '%s %d %% \\n \\0 \0'],
    ['digits behind control characters', '\x001\x019\xff7'],
    ['only NUL', Buffer.alloc(3)],
    ['every byte', Buffer.from(Array.from({ length: 256 }, (_, i) => i))],
    ['every byte but NUL', Buffer.from(Array.from({ length: 255 }, (_, i) => i + 1))],
    ['no UTF-8', Buffer.of(0xff, 0xc3, 0x28)],
    ['umlauts', 'Zoë ☕ 😀'],
    ['100,000 bytes', 'x'.repeat(100_000)],
    ['200,000 quotes', "'".repeat(200_000)],
    ['1.1 MB', Buffer.alloc(1_100_000, 'some text ä\n')],
  ])('delivers %s', async (_, body) => {
    const arrived = await arrive(body, [['content-type', 'application/json']]);
    expect(arrived.method).toBe('POST');
    expect(arrived.headers).toEqual([['content-type', 'application/json']]);
    expect(Buffer.from(body).equals(arrived.body)).toBe(true);
  });

  it.each<[string, Headers]>([
    ['none at all', []],
    [
      'those of a delivery',
      [
        ['User-Agent', 'Svix/1'],
        ['Content-Type', 'text/plain'],
        ['accept', '*/*'],
      ],
    ],
    [
      'empty ones',
      [
        ['x-empty', ''],
        ['x-b', '1'],
      ],
    ],
    [
      'the same one twice',
      [
        ['x-a', '1'],
        ['x-a', '2'],
        ['X-A', '3'],
      ],
    ],
    ['quotes', [['x-a', `it's "so" \\ $HOME \`id\` !`]]],
    ['bytes beyond ASCII', [['x-a', 'Zo\xeb \xff']]],
    ['a tab', [['x-a', 'a\tb']]],
    ['@ and ;', [['x-a', '@/etc/passwd;']]],
  ])('delivers headers: %s', async (_, headers) => {
    expect((await arrive(text, headers)).headers).toEqual(headers);
  });

  it.each(['/hook?a=b&c=d', "/it's?q='x'", '/a[1-3]?b[]=c', '/?q={a,b}', '/%7B%0A%22'])(
    'delivers to %s',
    async (path) => {
      const { pathname, search } = new URL(path, 'http://localhost/');
      expect((await arrive(text, [], path)).path).toBe(pathname + search);
    },
  );

  it('delivers whatever bytes there are', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .string({
          unit: fc.constantFrom('\0', '\n', '\r', "'", '"', '\\', '@', '-', '%', '$', '!', '7', 'x', 'é'),
          maxLength: 30,
        })
        .map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (body) => {
        expect(Buffer.from(body).equals((await arrive(body)).body)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the HTTP message', () => {
  it('is the request as it goes over the wire', () => {
    const message = httpMessage(delivery('{"a":"ä"}', [['X-A', 'Zo\xeb']], 'http://localhost:3000/hook?a=b'));
    expect(Buffer.from(message).toString('latin1')).toBe(
      `POST /hook?a=b HTTP/1.1\r\nhost: localhost:3000\r\nX-A: Zo\xeb\r\ncontent-length: 10\r\n\r\n{"a":"\xc3\xa4"}`,
    );
  });

  it('has the host that a header gives', () => {
    const message = Buffer.from(httpMessage(delivery('', [['Host', 'example.com']]))).toString();
    expect(message.match(/^host:.*$/gim)).toEqual(['Host: example.com']);
  });

  it('shows what is masked as it is', () => {
    const masked = delivery('', [['authorization', '••••last']]);
    expect(Buffer.from(httpMessage(masked)).toString()).toContain('authorization: ••••last\r\n');
    expect(curlLine(masked)).toContain("-H $'authorization: \\342\\200\\242");
  });

  it('is read back as a capture', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (body) => {
        const [[capture] = []] = capturesInDocument(Buffer.from(httpMessage(delivery(body, [['a', 'b']]))));
        expect(capture?.received.body.length).toBe(body.length);
        expect(Buffer.from(body).equals(capture!.received.body)).toBe(true);
      }),
    );
  });
});
