import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { captureOf, readCaptures } from '../../src/core/capture.ts';
import { receivedFact } from '../../src/core/wire.ts';
import { fromRoastify, judged } from '../helpers/deliveries.ts';

const read = (text: string | Uint8Array) => readCaptures(Buffer.from(text));
/** The bodies in a text, as text. */
const bodies = (text: string | Uint8Array) =>
  read(text).captures.map(({ received }) => Buffer.from(received.body).toString());

describe('a raw request', () => {
  const lines = [
    'POST /hook?a=b HTTP/1.1',
    'Host: localhost',
    'X-Empty:',
    'x-a:  1  ',
    'X-A: 2',
    'no header',
    ': none',
  ];

  it.each(['\r\n', '\n'])('with line ends %j', (end) => {
    const { captures, skipped } = read([...lines, '', '{"a":1}'].join(end));
    expect(skipped).toEqual([]);
    expect(captures).toEqual([
      {
        received: {
          method: 'POST',
          path: '/hook?a=b',
          headers: [
            ['Host', 'localhost'],
            ['X-Empty', ''],
            ['x-a', '1'],
            ['X-A', '2'],
          ],
          body: Buffer.from('{"a":1}'),
        },
      },
    ]);
  });

  it.each([
    ['no body and no blank line', 'POST / HTTP/1.1\nHost: a', ''],
    ['a blank line in the body', 'POST / HTTP/1.1\nHost: a\n\na\n\nb', 'a\n\nb'],
    ['a Windows blank line in the body', 'POST / HTTP/1.1\nHost: a\n\na\r\n\r\nb', 'a\r\n\r\nb'],
    ['LF twice in a body after CRLF', 'POST / HTTP/1.1\r\nHost: a\r\n\r\na\n\nb', 'a\n\nb'],
    ['HTTP/2', 'POST / HTTP/2\nHost: a\n\nx', 'x'],
    ['what an editor added', 'POST / HTTP/1.1\ncontent-length: 3\n\nabc\n', 'abc'],
    ['a length that is longer than the body', 'POST / HTTP/1.1\ncontent-length: 9\n\nabc', 'abc'],
    ['a length of nothing', 'POST / HTTP/1.1\ncontent-length: 0\n\nabc', ''],
    ['a length that is none', 'POST / HTTP/1.1\ncontent-length: x\n\nabc', 'abc'],
    [
      'chunks',
      'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n',
      'abc0123456789',
    ],
    ['chunks with LF', 'POST / HTTP/1.1\ntransfer-encoding: Chunked\n\n3\nabc\n2\nde\n0\n\n', 'abcde'],
    [
      'chunks with line ends inside',
      'POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n4\r\n\r\n\r\n\r\n0\r\n\r\n',
      '\r\n\r\n',
    ],
    ['chunks that are cut off', 'POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n9\r\nabc', 'abc'],
    ['chunks that are none', 'POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nabc', ''],
  ])('with %s', (_, text, body) => expect(bodies(text)).toEqual([body]));

  it('keeps the bytes of a body', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom('\r\n', '\n'), (body, end) => {
        const head = ['POST / HTTP/1.1', `content-length: ${body.length}`, '', ''].join(end);
        const { captures } = read(Buffer.concat([Buffer.from(head), body]));
        expect(Buffer.from(body).equals(captures[0]!.received.body)).toBe(true);
      }),
    );
  });
});

describe('facts', () => {
  const at = '2026-11-21T10:00:00.000Z';
  const message = { headers: [['a', 'b']], body: '{}' };
  const received = { kind: 'received', at, received: { method: 'PUT', path: '/x', ...message } };
  const attempt = { kind: 'attempt', at, delivery: { url: 'http://localhost:3000/x?y=z', ...message } };
  const lines = (...facts: unknown[]) => facts.map((fact) => JSON.stringify(fact)).join('\n');

  it('of a delivery received', () => {
    expect(read(JSON.stringify(received)).captures).toEqual([
      {
        received: { method: 'PUT', path: '/x', headers: [['a', 'b']], body: Buffer.from('{}') },
        at: Date.parse(at),
      },
    ]);
  });

  it('of an attempt: as its receiver saw it', () => {
    expect(read(JSON.stringify(attempt)).captures[0]).toMatchObject({
      received: { method: 'POST', path: '/x?y=z', headers: [['a', 'b']] },
      at: Date.parse(at),
    });
  });

  it('printed over several lines', () => {
    expect(bodies(JSON.stringify(received, null, 2))).toEqual(['{}']);
  });

  it('with bytes that are no text', () => {
    const { body, ...rest } = received.received;
    const fact = { ...received, received: { ...rest, body_base64: '//4=' } };
    expect(read(JSON.stringify(fact)).captures[0]?.received.body).toEqual(Buffer.of(0xff, 0xfe));
  });

  it('in a recording, of which torn lines are told and others passed over', () => {
    const ready = { kind: 'ready', at, url: 'http://localhost:1/', pid: 1 };
    const text = [
      lines(ready, received, attempt),
      '',
      '{"kind":"received","at":"2026',
      'null',
      '17',
      '{"a":1}',
      lines(received),
      '',
    ].join('\n');
    const { captures, skipped } = read(text);
    expect(captures).toHaveLength(3);
    expect(skipped).toEqual([5, 6, 7, 8]);
  });

  it('in a recording with Windows line ends', () => {
    expect(read(`${lines(received)}\r\n${lines(attempt)}\r\n`)).toMatchObject({
      captures: { length: 2 },
      skipped: [],
    });
  });

  it.each<[string, unknown]>([
    ['no headers', { ...received, received: { body: '{}' } }],
    ['headers of another form', { ...received, received: { headers: { a: 'b' }, body: '{}' } }],
    ['headers of one part', { ...received, received: { headers: [['a']], body: '{}' } }],
    ['no body', { ...received, received: { headers: [] } }],
    ['a body that is no text', { ...received, received: { headers: [], body: {} } }],
    ['nothing', { kind: 'received', at }],
  ])('with %s are no deliveries', (_, fact) => {
    expect(read(JSON.stringify(fact))).toEqual({ captures: [], skipped: [] });
  });

  it('without a time or an address that can be read have none', () => {
    const { at: _at, ...timeless } = { ...attempt, delivery: { ...attempt.delivery, url: 'somewhere' } };
    expect(read(JSON.stringify(timeless)).captures).toEqual([
      { received: expect.objectContaining({ path: '/' }) },
    ]);
  });

  it('are judged as the delivery itself was', () => {
    const delivery = fromRoastify();
    const fact = { kind: 'received', at, received: receivedFact(delivery) };
    const { captures } = read(JSON.stringify(fact));
    expect(judged(captures[0]!.received)).toEqual(judged(delivery));
  });
});

it.each([
  ['', []],
  ['\n\n', []],
  ['hello', [1]],
  ['{"a":1}\n\nx', [1, 3]],
  ['post / HTTP/1.1\nhost: a\n\nx', [1, 2, 4]],
])('nothing is found in %j', (text, skipped) => expect(read(text)).toEqual({ captures: [], skipped }));

it('nothing throws', () => {
  const start = fc.constantFrom(
    '',
    'POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n',
    '{"kind":"received",',
  );
  fc.assert(
    fc.property(start, fc.uint8Array(), (start, bytes) => {
      expect(read(Buffer.concat([Buffer.from(start), bytes])).captures.length).toBeLessThan(2);
    }),
  );
});

describe('a body and its headers', () => {
  it('are JSON unless something else is said', () => {
    expect(captureOf(Buffer.from('x'), [['A', 'b']]).received.headers).toEqual([
      ['content-type', 'application/json'],
      ['A', 'b'],
    ]);
    expect(captureOf(Buffer.from('x'), [['Content-Type', 'text/plain']]).received.headers).toEqual([
      ['Content-Type', 'text/plain'],
    ]);
  });
});
