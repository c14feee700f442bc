import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  captureForm,
  captureOf,
  capturesInDocument,
  capturesInLine,
  isBlank,
  isReceivedLine,
} from '../../src/core/capture.ts';
import { receivedFact } from '../../src/core/wire.ts';
import { fromRoastify, judged } from '../helpers/deliveries.ts';

const inLine = (text: string | Uint8Array) => capturesInLine(Buffer.from(text));
const inDocument = (text: string | Uint8Array) => capturesInDocument(Buffer.from(text));
const formOf = (text: string | Uint8Array, all = true) => captureForm(Buffer.from(text), all);
/** The bodies in a document, as text. */
const bodies = (text: string | Uint8Array) =>
  inDocument(text).map((captures) => captures?.map(({ received }) => Buffer.from(received.body).toString()));

describe('what a file is', () => {
  it.each([
    ['a raw request', 'POST / HTTP/1.1\nhost: a\n\nx', 'document'],
    ['a raw request after a blank line', '\r\nPOST / HTTP/1.1\r\n\r\n', 'document'],
    ['a fact over several lines', '{\n  "kind": "received"', 'document'],
    ['the same from Windows', '\ufeff{\r\n  "kind": "received"', 'document'],
    ['a HAR file on one line', '{"log":{"version":"1.2"', 'document'],
    ['a HAR file on one line, spaced', '{ "log" : {', 'document'],
    ['a fact', '{"kind":"received"}', 'lines'],
    ['half a fact', '{"kind":"rec', 'lines'],
    ['text', 'hello\nworld', 'lines'],
    ['nothing', '', 'lines'],
    ['curl', 'curl http://a.test/', 'curl'],
    ['curl in a script', '#!/bin/bash\n\n  # it\n$ curl http://a.test/', 'curl'],
    ['comments', '# curl http://a.test/', 'lines'],
    ['comments before what is no curl', '# it\nPOST / HTTP/1.1\n\n', 'lines'],
  ])('%s', (_, text, form) => expect(formOf(text)).toBe(form));

  it.each(['', '  \n\n', 'POST / HT', '{', '\ufeff', '{"kind":"re', '#!/bin/bash\n', '# a\n# b\ncurl'])(
    'is open after %j',
    (text) => expect(formOf(text, false)).toBeUndefined(),
  );

  it.each(['a', '\n'])('is told by 64 kB of %j', (text) =>
    expect(formOf(text.repeat(65_536), false)).toBe('lines'),
  );
});

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
    expect(inDocument([...lines, '', '{"a":1}'].join(end)).flat()).toEqual([
      {
        came: true,
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
    ['a length of nothing', 'POST / HTTP/1.1\ncontent-length: 0\n\n', ''],
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
  ])('with %s', (_, text, body) => expect(bodies(text)).toEqual([[body]]));

  it('is followed by others, each behind the body of the one before', () => {
    const one = 'POST / HTTP/1.1\ncontent-length: 3\n\nabc';
    const chunked = 'POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n2\r\nde\r\n0\r\nx: y\r\n\r\n';
    expect(bodies(`${one}${chunked}\r\n${one}\n`)).toEqual([['abc'], ['de'], ['abc']]);
    expect(bodies(`${chunked}${one}d`)).toEqual([['de'], ['abc'], undefined]);
  });

  it('keeps the bytes of a body', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom('\r\n', '\n'), (body, end) => {
        const head = ['POST / HTTP/1.1', `content-length: ${body.length}`, '', ''].join(end);
        const [captures] = inDocument(Buffer.concat([Buffer.from(head), body]));
        expect(Buffer.from(body).equals(captures![0]!.received.body)).toBe(true);
      }),
    );
  });
});

describe('facts', () => {
  const at = '2026-11-21T10:00:00.000Z';
  const message = { headers: [['a', 'b']], body: '{}' };
  const received = { kind: 'received', at, received: { method: 'PUT', path: '/x', ...message } };
  const attempt = { kind: 'attempt', at, delivery: { url: 'http://localhost:3000/x?y=z', ...message } };
  const lineOf = (fact: unknown) => inLine(JSON.stringify(fact));

  it('of a delivery received', () => {
    expect(lineOf(received)).toEqual([
      {
        received: { method: 'PUT', path: '/x', headers: [['a', 'b']], body: Buffer.from('{}') },
        at: Date.parse(at),
        came: true,
      },
    ]);
  });

  it('of an attempt: as its receiver saw it', () => {
    expect(lineOf(attempt)).toMatchObject([
      {
        received: { method: 'POST', path: '/x?y=z', headers: [['a', 'b']] },
        at: Date.parse(at),
        came: false,
      },
    ]);
  });

  it('say whose they are', () => {
    const verdict = { valid: true, provider: 'roastify', event: 'e', id: 'msg_1' };
    const said = { provider: 'roastify', event: 'e', id: 'msg_1' };
    expect(lineOf({ ...received, verdict })).toMatchObject([{ said }]);
    expect(lineOf({ ...attempt, delivery: { ...attempt.delivery, ...said } })).toMatchObject([{ said }]);
    expect(lineOf({ ...received, verdict: { provider: 7 } })?.[0]).not.toHaveProperty('said');
    expect(lineOf({ ...received, verdict: { ...verdict, event: {}, id: 5 } })).toMatchObject([
      { said: { provider: 'roastify', event: undefined, id: undefined } },
    ]);
  });

  it('printed over several lines, one or many', () => {
    const text = JSON.stringify(received, null, 2);
    expect(bodies(text)).toEqual([['{}']]);
    expect(bodies(`\ufeff${text}\n${text}\r\n{\n  "kind": 5\n}\n`)).toEqual([['{}'], ['{}'], undefined]);
  });

  it('with bytes that are no text', () => {
    const { body: _body, ...rest } = received.received;
    const fact = { ...received, received: { ...rest, body_base64: '//4=' } };
    expect(lineOf(fact)?.[0]?.received.body).toEqual(Buffer.of(0xff, 0xfe));
  });

  it('with a byte order mark, or the line end of Windows', () => {
    expect(inLine(`\ufeff${JSON.stringify(received)}\r`)).toHaveLength(1);
  });

  it.each([
    '{"kind":"received","at":"2026',
    'null',
    '17',
    '{"a":1}',
    '[]',
    '',
    Buffer.from('{"kind":"a\xff"}', 'latin1'),
  ])('%j is none', (text) => expect(inLine(text)).toBeUndefined());

  it('of something else hold nothing', () => {
    expect(lineOf({ kind: 'ready', at, url: 'http://localhost:1/', pid: 1 })).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['no headers', { ...received, received: { body: '{}' } }],
    ['headers of another form', { ...received, received: { headers: { a: 'b' }, body: '{}' } }],
    ['headers of one part', { ...received, received: { headers: [['a']], body: '{}' } }],
    ['no body', { ...received, received: { headers: [] } }],
    ['a body that is no text', { ...received, received: { headers: [], body: {} } }],
    ['nothing', { kind: 'received', at }],
  ])('with %s are damaged', (_, fact) => expect(lineOf(fact)).toBeUndefined());

  it('without a time or an address that can be read have none', () => {
    const { at: _at, ...timeless } = { ...attempt, delivery: { ...attempt.delivery, url: 'somewhere' } };
    expect(lineOf(timeless)).toEqual([{ received: expect.objectContaining({ path: '/' }), came: false }]);
  });

  it('are judged as the delivery itself was', () => {
    const delivery = fromRoastify();
    const [capture] = lineOf({ kind: 'received', at, received: receivedFact(delivery) })!;
    expect(judged(capture!.received)).toEqual(judged(delivery));
  });

  it('of what was received are known by their first bytes', () => {
    expect([received, attempt].map((fact) => isReceivedLine(Buffer.from(JSON.stringify(fact))))).toEqual([
      true,
      false,
    ]);
  });
});

describe('a HAR file', () => {
  const entry = (request: object) => ({
    startedDateTime: '2026-11-21T11:00:00.000+01:00',
    request: { method: 'POST', url: 'https://example.com/in?a=b#c', headers: [], ...request },
    response: { status: 200 },
  });
  const har = (...entries: unknown[]) => inDocument(JSON.stringify({ log: { version: '1.2', entries } }));

  it('as browsers write it', () => {
    const headers = [
      { name: ':authority', value: 'example.com' },
      { name: 'Svix-Id', value: 'msg_1' },
    ];
    const postData = { mimeType: 'application/json', text: '{"a":"ž"}' };
    expect(har(entry({ headers, postData })).flat()).toEqual([
      {
        received: {
          method: 'POST',
          path: '/in?a=b',
          headers: [['Svix-Id', 'msg_1']],
          body: Buffer.from('{"a":"ž"}'),
        },
        at: Date.parse('2026-11-21T10:00:00.000Z'),
        came: true,
        url: 'https://example.com/in?a=b',
      },
    ]);
  });

  it.each([
    ['encoding', { encoding: 'base64' }],
    ['_encoding', { _encoding: 'base64' }],
    ['a comment', { comment: 'base64' }],
  ])('with bytes, said by %s', (_, said) => {
    const [captures] = har(entry({ postData: { mimeType: 'x', text: '//4=', ...said } }));
    expect(captures?.[0]?.received.body).toEqual(Buffer.of(0xff, 0xfe));
  });

  it('holds what can be a delivery, and says what is not whole', () => {
    const found = har(
      entry({ method: 'GET' }),
      entry({ method: 'options' }),
      entry({}),
      entry({ postData: { mimeType: 'x', params: [{ name: 'a', value: 'b' }] } }),
      entry({ headers: 5 }),
      { request: { method: 'POST' } },
      {},
      null,
    );
    expect(found.map((captures) => captures?.map(({ received }) => received.body.length))).toEqual([
      [],
      [],
      [0],
      ...Array.from({ length: 5 }, () => undefined),
    ]);
  });

  it('leaves out a header that is no text, and says which', () => {
    const headers = [
      { name: 'a', value: 1 },
      { name: 'b', value: 'c' },
      { name: 'd', value: null },
      { name: { toString: 1, valueOf: 1 }, value: '' },
      null,
    ];
    const [capture] = har(entry({ headers })).flat();
    expect([capture?.received.headers, capture?.lacks]).toEqual([[['b', 'c']], ['a', 'd', '', '']]);
  });

  it('of nothing holds nothing', () => expect(har()).toEqual([]));
});

it('nothing throws', () => {
  const start = fc.constantFrom(
    '',
    'POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n',
    '{"kind":"received",',
  );
  fc.assert(
    fc.property(start, fc.uint8Array(), (start, bytes) => {
      const text = Buffer.concat([Buffer.from(start), bytes]);
      expect(inDocument(text).length).toBeLessThan(2);
      expect(inLine(text)?.length ?? 0).toBeLessThan(2);
    }),
  );
  const json = fc.oneof(fc.json(), fc.constant('{"toString":1,"valueOf":1}'));
  fc.assert(
    fc.property(json, json, (json, other) => {
      const postData = `{"text":"e30=","encoding":${json},"comment":${other}}`;
      const requests = [
        json,
        `{"method":${json},"headers":${other}}`,
        `{"method":"POST","headers":[${json}]}`,
        `{"method":"POST","headers":[{"name":${json},"value":${other}}]}`,
        `{"method":"POST","url":${json},"headers":[],"postData":${postData}}`,
      ];
      const entries = [json, ...requests.map((request) => `{"request":${request}}`)];
      expect(inDocument(`{"log":{"entries":[${entries}]}}`)).toHaveLength(entries.length);
    }),
  );
});

it.each([
  ['', true],
  [' \t\r', true],
  ['\ufeff', true],
  [' '.repeat(10_000), true],
  ['\0', false],
  ['  {', false],
])('%j is blank: %s', (line, blank) => expect(isBlank(Buffer.from(line))).toBe(blank));

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
