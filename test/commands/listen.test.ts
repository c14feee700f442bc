import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  bodyOf,
  hooks,
  type Line,
  linesOf,
  type Running,
  start,
  startListening,
} from '../helpers/command.ts';
import {
  examples,
  hexDigest,
  nowSeconds,
  otherWhsec,
  shoprocketHeaders,
  svixDigest,
  svixHeaders,
} from '../helpers/oracle.ts';
import { ask, hasIpv6, talk } from '../helpers/wire.ts';

const signals = process.platform !== 'win32';
const ipv6 = await hasIpv6();
const created = await bodyOf('shoprocket', 'order.created');
const shipped = await bodyOf('roastify', 'fulfillment.shipped');
const megabyte = 1024 * 1024;

const codesOf = (fact: Line | undefined): string[] => fact?.verdict.problems.map(({ code }: Line) => code);

/** Asserts that the listener still takes a good delivery, whatever came before; gives its fact. */
async function goesOn(listening: Awaited<ReturnType<typeof startListening>>): Promise<Line> {
  const id = `msg_${Math.random()}`;
  const { status } = await ask(listening.port, { headers: svixHeaders(shipped, { id }), body: shipped });
  expect(status).toBe(200);
  for (let count = 1; ; count++) {
    const facts = await listening.facts('received', count);
    const fact = facts.find(({ verdict }) => verdict.id === id);
    if (fact) return fact;
  }
}

type Pairs = ReadonlyArray<readonly [string, string]>;

/** A request as bytes, its head in latin1 as on the wire. */
function rawRequest(start: string, headers: Pairs, body: string, connection = 'close'): Buffer {
  const framing = [
    ['host', 'localhost'],
    ['connection', connection],
    ['content-length', `${Buffer.byteLength(body)}`],
  ];
  const lines = [...headers, ...framing].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`${start} HTTP/1.1\r\n${lines}\r\n`, 'latin1'), Buffer.from(body)]);
}

const post = (headers: Pairs, body: string) => rawRequest('POST /', headers, body);

describe.concurrent('ready', () => {
  it('is the first line, with address and process', async () => {
    await using listening = await startListening();
    const [first] = listening.lines;
    expect(first).toMatchObject({
      kind: 'ready',
      url: `http://localhost:${listening.port}/`,
      pid: listening.child.pid,
    });
    expect(listening.port).toBeGreaterThan(0);
  });

  it.each([['127.0.0.1'], ...(ipv6 ? [['::1']] : [])])('serves %s', async (host) => {
    await using listening = await startListening();
    expect(await ask(listening.port, { method: 'GET', host })).toEqual({
      status: 200,
      text: 'hooks is listening\n',
    });
  });

  it('says for people what it does, on stderr', async () => {
    await using listening = start(['listen', '--port', '0'], { env: { HOOKS_ROASTIFY_SECRET: otherWhsec } });
    await listening.says(/listening on http:\/\/localhost:\d+\//);
    await listening.says(/^shoprocket: .*assumed, the public example secret$/m);
    await listening.says(/^roastify: Svix.*, your secret$/m);
    const { stdout, stderr } = await listening.stop();
    expect(stdout).toBe('');
    expect(stderr).not.toContain(otherWhsec);
  });

  it('--host other than loopback is warned about, and serves', async () => {
    await using listening = await startListening(['--host', '0.0.0.0']);
    expect(await listening.facts('notice', 1)).toMatchObject([{ level: 'warning', code: 'NOT_LOOPBACK' }]);
    expect(await ask(listening.port, { method: 'GET' })).toMatchObject({ status: 200 });
  });

  it.runIf(ipv6)('--host ::1 is loopback, and its address is written as a URL', async () => {
    await using listening = await startListening(['--host', '::1']);
    expect(listening.url).toBe(`http://[::1]:${listening.port}/`);
    expect(await ask(listening.port, { method: 'GET', host: '::1' })).toMatchObject({ status: 200 });
    expect(listening.lines.map(({ kind }) => kind)).toEqual(['ready']);
  });
});

describe('the default port', () => {
  /** Listens on the default port; while somebody else on this machine has it, waits until that one closes it. */
  async function startOnDefault(): Promise<Running> {
    for (;;) {
      const running = start(['listen']);
      const ready = await running.says(/listening on http:\/\/localhost:4665\//).catch(() => undefined);
      if (ready) return running;
      const { stderr } = await running.result;
      expect(stderr).toContain('port 4665');
      const other = connect(4665, 'localhost').on('error', () => {});
      await once(other, 'close').catch(() => {});
    }
  }

  it('send and listen meet there with no other word; a second listener says whose port it is', async () => {
    await using listening = await startOnDefault();
    const sent = await hooks(['send', 'shoprocket', 'order.created', '--to', 'localhost']);
    expect(sent).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('[200] POST http://localhost:4665/ '),
    });
    await listening.says(/valid, signature fits/);
    const second = await hooks(['listen']);
    expect(second).toMatchObject({ code: 2, stdout: '' });
    expect(second.stderr).toContain('port 4665, the default of hooks listen, is taken');
    expect(second.stderr).toContain('--port 0');
  });
});

describe.concurrent('verdicts', () => {
  const unsigned = [['content-type', 'application/json']] as const;
  const changed = created.replace('{', '{"x":1,');
  const cases: Array<[string, Pairs, string | Uint8Array, number, string[]]> = [
    ['a good one', shoprocketHeaders(created), created, 200, []],
    ['a good one of Svix', svixHeaders(shipped), shipped, 200, []],
    [
      'the white-label headers',
      svixHeaders(shipped).map(([name, value]) => [name.replace('svix', 'webhook'), value] as const),
      shipped,
      200,
      [],
    ],
    ['no signature where the scheme is assumed', unsigned, created, 200, ['SIGNATURE_MISSING']],
    ['no signature where it is documented', unsigned, shipped, 400, ['SIGNATURE_MISSING']],
    ['a wrong signature', shoprocketHeaders(created, 'wrong'), created, 400, ['SIGNATURE_MISMATCH']],
    ['a body that was changed', shoprocketHeaders(created), changed, 400, ['SIGNATURE_MISMATCH']],
    ['an empty signature', [...unsigned, ['signature', '']], created, 400, ['SIGNATURE_MALFORMED']],
    [
      'no time',
      svixHeaders(shipped).filter(([name]) => name !== 'svix-timestamp'),
      shipped,
      400,
      ['SIGNATURE_MISMATCH', 'TIMESTAMP_MISSING'],
    ],
    [
      'an old time',
      svixHeaders(shipped, { time: String(Number(nowSeconds()) - 3600) }),
      shipped,
      400,
      ['TIMESTAMP_STALE'],
    ],
    [
      'a time to come',
      svixHeaders(shipped, { time: String(Number(nowSeconds()) + 3600) }),
      shipped,
      400,
      ['TIMESTAMP_FUTURE'],
    ],
    ['not JSON', shoprocketHeaders('type=order.created'), 'type=order.created', 400, ['BODY_NOT_JSON']],
    ['empty', shoprocketHeaders(''), '', 400, ['BODY_EMPTY']],
    [
      'invalid UTF-8',
      shoprocketHeaders(Buffer.from([0x22, 0xff, 0x22])),
      Buffer.from([0x22, 0xff, 0x22]),
      400,
      ['BODY_NOT_JSON'],
    ],
    [
      'compressed',
      [...shoprocketHeaders(gzipSync(created)), ['content-encoding', 'gzip']],
      gzipSync(created),
      400,
      ['BODY_NOT_JSON'],
    ],
    [
      'an unknown event',
      shoprocketHeaders('{"type":"order.eaten"}'),
      '{"type":"order.eaten"}',
      200,
      ['EVENT_UNKNOWN'],
    ],
    ['no event', shoprocketHeaders('{"data":1}'), '{"data":1}', 400, ['EVENT_MISSING']],
    ['JSON that is no object', shoprocketHeaders('[]'), '[]', 400, ['EVENT_MISSING']],
    ['nobody known', unsigned, '{"hello":"world"}', 400, ['PROVIDER_UNKNOWN']],
    [
      'a documented type that is broken',
      shoprocketHeaders('{"type":"order.created","data":{"id":12}}'),
      '{"type":"order.created","data":{"id":12}}',
      400,
      ['SCHEMA'],
    ],
    [
      'another content-type',
      [
        ['content-type', 'text/plain'],
        ['signature', hexDigest(created, examples.shoprocket)],
      ],
      created,
      200,
      ['CONTENT_TYPE'],
    ],
  ];

  it.each(cases)('%s', async (_name, headers, body, status, codes) => {
    await using listening = await startListening();
    const answered = await ask(listening.port, { headers, body });
    const [fact] = await listening.facts('received', 1);
    expect([...new Set(codesOf(fact))]).toEqual(codes);
    expect(fact?.replied.status).toBe(status);
    expect(fact?.verdict.valid).toBe(status === 200);
    expect(answered.status).toBe(status);
    const told = JSON.parse(answered.text).problems;
    expect(told).toEqual(fact?.verdict.problems.map(({ code, message }: Line) => ({ code, message })));
    await goesOn(listening);
  });

  it.each([
    ['shoprocket', [...shoprocketHeaders(created), ...shoprocketHeaders(created).slice(1)], created],
    ['svix', [...svixHeaders(shipped), ...svixHeaders(shipped).slice(3)], shipped],
  ] as const)('two signature headers of %s', async (_name, headers, body) => {
    await using listening = await startListening();
    const { status } = await ask(listening.port, { headers, body });
    expect(status).toBe(400);
    expect(codesOf((await listening.facts('received', 1))[0])).toEqual(['SIGNATURE_MALFORMED']);
    await goesOn(listening);
  });

  it('a duplicate is a note, and valid', async () => {
    await using listening = await startListening();
    for (let i = 0; i < 2; i++)
      await ask(listening.port, { headers: shoprocketHeaders(created), body: created });
    const [first, second] = await listening.facts('received', 2);
    expect(codesOf(first)).toEqual([]);
    expect(second?.verdict).toMatchObject({
      valid: true,
      problems: [{ code: 'DUPLICATE', severity: 'note' }],
    });
  });

  it('any of several signatures, any of several secrets', async () => {
    const other = `whsec_${Buffer.alloc(32, 'z').toString('base64')}`;
    await using listening = await startListening(['--secret-file', '-', '--provider', 'roastify'], {
      stdin: `${otherWhsec}\n${examples.roastify}\n`,
    });
    const time = nowSeconds();
    const value = [other, examples.roastify]
      .map((secret) => `v1,${svixDigest(shipped, 'msg_r', time, secret)}`)
      .join(' ');
    const headers = [
      ...svixHeaders(shipped, { id: 'msg_r', time }).slice(0, 3),
      ['svix-signature', value],
    ] as const;
    expect(await ask(listening.port, { headers, body: shipped })).toMatchObject({ status: 200 });
    const wrong = svixHeaders(shipped, { secret: other });
    expect(await ask(listening.port, { headers: wrong, body: shipped })).toMatchObject({ status: 400 });
  });

  it.each([
    ['PUT', 400],
    ['PATCH', 400],
    ['DELETE', 400],
    ['OPTIONS', 400],
  ])('%s is a finding', async (method, status) => {
    await using listening = await startListening();
    const answered = await ask(listening.port, {
      method,
      headers: shoprocketHeaders(created),
      body: created,
    });
    expect(answered.status).toBe(status);
    expect(codesOf((await listening.facts('received', 1))[0])).toEqual(['METHOD']);
    await goesOn(listening);
  });

  it('GET and HEAD are answered 200 and never counted', async () => {
    await using listening = await startListening();
    expect(await ask(listening.port, { method: 'GET', path: '/any?where=1' })).toEqual({
      status: 200,
      text: 'hooks is listening\n',
    });
    expect(await ask(listening.port, { method: 'HEAD' })).toEqual({ status: 200, text: '' });
    await goesOn(listening);
    const { stdout } = await listening.stop();
    expect(linesOf(stdout).map(({ kind }) => kind)).toEqual(['ready', 'received', 'summary']);
    expect(linesOf(stdout).at(-1)).toMatchObject({ received: 1, valid: 1, invalid: 0 });
  });

  it.each(['/', '/unknown/path', '/a?token=tok-1234567890', '//evil.example/x', '/%00%1b', '/../../etc'])(
    'takes any path: %s',
    async (path) => {
      await using listening = await startListening();
      const [fact, answered] = [
        listening.facts('received', 1),
        ask(listening.port, { path, headers: shoprocketHeaders(created), body: created }),
      ];
      expect((await answered).status).toBe(200);
      expect((await fact)[0]?.received.path).toBe(path.replace('tok-1234567890', '••••7890'));
    },
  );

  it('takes a path in absolute form', async () => {
    await using listening = await startListening();
    const answered = await talk(
      listening.port,
      rawRequest('POST http://evil.example/x', shoprocketHeaders(created), created),
    );
    expect(answered).toMatch(/^HTTP\/1\.1 200 /);
    await goesOn(listening);
  });
});

describe.concurrent('what is told to the sender', () => {
  const time = nowSeconds();
  const undecoded = svixDigest(
    shipped,
    'msg_1',
    time,
    examples.roastify,
    Buffer.from(examples.roastify.slice(6)),
  );
  const withSignature = (value: string) =>
    [...svixHeaders(shipped, { time }).slice(0, 3), ['svix-signature', value]] as const;
  const right = svixDigest(shipped, 'msg_1', time);

  it.each([
    ['a secret that was not decoded', withSignature(`v1,${undecoded}`), shipped, 'SECRET_NOT_DECODED'],
    [
      'hex instead of base64',
      withSignature(`v1,${Buffer.from(right, 'base64').toString('hex')}`),
      shipped,
      'ENCODING_HEX',
    ],
    [
      'a body that was pretty-printed',
      svixHeaders(shipped, { time }),
      JSON.stringify(JSON.parse(shipped), null, 2),
      'BODY_COMPACT',
    ],
    [
      'the secret of another provider',
      shoprocketHeaders(created, examples['rose-rocket']),
      created,
      'SECRET_OF_OTHER_PROVIDER',
    ],
    ['another digest', withSignature('v1,AAAA'), shipped, undefined],
  ])('%s: a code and words, never what would fit', async (_name, headers, body, likely) => {
    await using listening = await startListening();
    const { status, text } = await ask(listening.port, { headers, body });
    expect(status).toBe(400);
    const [fact] = await listening.facts('received', 1);
    const finding = fact?.verdict.problems.find(({ code }: Line) => code === 'SIGNATURE_MISMATCH');
    expect(finding.likely?.code).toBe(likely);
    if (likely) expect(finding.likely.remedy).not.toBe('');
    for (const problem of JSON.parse(text).problems)
      expect(Object.keys(problem)).toEqual(['code', 'message']);
    const secrets = Object.values(examples).flatMap((secret) => [secret, secret.replace('whsec_', '')]);
    const digests = [
      right,
      Buffer.from(right, 'base64').toString('hex'),
      hexDigest(body, examples.shoprocket),
      svixDigest(body, 'msg_1', time),
    ];
    for (const hidden of [...secrets, ...digests, 'likely', 'remedy', likely ?? 'likely'])
      expect(text).not.toContain(hidden);
  });
});

describe.concurrent('limits', () => {
  const padded = (size: number) => created.replace(/}$/, `,"x":"${'y'.repeat(size - created.length - 7)}"}`);

  it('1 MB is taken, one byte more is answered 413', async () => {
    await using listening = await startListening();
    const [exact, more] = [padded(megabyte), padded(megabyte + 1)];
    expect([exact.length, more.length]).toEqual([megabyte, megabyte + 1]);
    expect(await ask(listening.port, { headers: shoprocketHeaders(exact), body: exact })).toMatchObject({
      status: 200,
    });
    const { status, text } = await ask(listening.port, { headers: shoprocketHeaders(more), body: more });
    expect(status).toBe(413);
    expect(JSON.parse(text).problems[0].code).toBe('BODY_TOO_LARGE');
    expect(await listening.facts('notice', 1)).toMatchObject([{ level: 'warning', code: 'BODY_TOO_LARGE' }]);
    await goesOn(listening);
    expect(await listening.facts('received', 2)).toHaveLength(2);
  });

  it('the same where the length is not announced', async () => {
    await using listening = await startListening();
    const chunk = 'y'.repeat(0x8000);
    const chunks = `8000\r\n${chunk}\r\n`.repeat(megabyte / 0x8000);
    const head = 'POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n';
    expect(await talk(listening.port, `${head}${chunks}1\r\ny\r\n0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413 /);
    expect(await listening.facts('notice', 1)).toMatchObject([{ code: 'BODY_TOO_LARGE' }]);
    await goesOn(listening);
  });

  it('--max-body moves the limit', async () => {
    await using listening = await startListening(['--max-body', '64b']);
    const at = async (size: number) => (await ask(listening.port, { body: 'x'.repeat(size) })).status;
    expect([await at(64), await at(65)]).toEqual([400, 413]);
  });

  it('100 kB of headers are answered 431', async () => {
    await using listening = await startListening();
    const answered = await talk(listening.port, post([['x-large', 'y'.repeat(100_000)]], created));
    expect(answered).toMatch(/^HTTP\/1\.1 431 /);
    expect(await listening.facts('notice', 1)).toMatchObject([
      { level: 'warning', code: 'HEADERS_TOO_LARGE' },
    ]);
    await goesOn(listening);
  });

  it('50 kB of headers are taken', async () => {
    await using listening = await startListening();
    const headers = [...shoprocketHeaders(created), ['x-large', 'y'.repeat(50_000)]] as const;
    expect(await ask(listening.port, { headers, body: created })).toMatchObject({ status: 200 });
  });
});

describe.concurrent('on the wire', () => {
  it('a chunked body is a body', async () => {
    await using listening = await startListening();
    const [one, two] = [created.slice(0, 10), created.slice(10)].map((part) => Buffer.from(part));
    const chunked = [one, two]
      .map((part) => `${part?.length.toString(16)}\r\n${part?.toString('latin1')}\r\n`)
      .join('');
    const head = shoprocketHeaders(created)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');
    const request = `POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n${head}transfer-encoding: chunked\r\n\r\n${chunked}0\r\n\r\n`;
    expect(await talk(listening.port, request)).toMatch(/^HTTP\/1\.1 200 /);
    expect((await listening.facts('received', 1))[0]?.verdict).toMatchObject({ valid: true, signed: true });
  });

  it('a sender that leaves in the middle is told of, not counted', async () => {
    await using listening = await startListening();
    await talk(listening.port, 'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n{"type":', {
      hangUp: true,
    });
    expect(await listening.facts('notice', 1)).toMatchObject([{ level: 'warning', code: 'REQUEST_ABORTED' }]);
    await goesOn(listening);
    expect(linesOf((await listening.stop()).stdout).at(-1)).toMatchObject({ kind: 'summary', received: 1 });
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['a TLS handshake', Buffer.from('16030100c8010000c40303', 'hex')],
    ['two lengths', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx'],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a chunk that is none', 'POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
    [
      'a control character in a header',
      'POST / HTTP/1.1\r\nhost: x\r\nx-a: \u0001\u001b[31m\r\ncontent-length: 0\r\n\r\n',
    ],
  ])('%s is answered 400, with a notice', async (_name, bytes) => {
    await using listening = await startListening();
    expect(await talk(listening.port, bytes)).toMatch(/^HTTP\/1\.1 400 /);
    expect((await listening.facts('notice', 1))[0]?.level).toBe('warning');
    await goesOn(listening);
  });

  it.each([
    ['HTTP/1.0', 'HTTP/1.0', ['host: localhost']],
    ['no host', 'HTTP/1.1', ['connection: close']],
    ['a wish to upgrade', 'HTTP/1.1', ['host: localhost', 'connection: upgrade', 'upgrade: websocket']],
    ['100-continue', 'HTTP/1.1', ['host: localhost', 'connection: close', 'expect: 100-continue']],
  ])('%s is a delivery like any other', async (_name, version, more) => {
    await using listening = await startListening();
    const own = shoprocketHeaders(created).map(([name, value]) => `${name}: ${value}`);
    const head = [
      `POST / ${version}`,
      ...own,
      ...more,
      `content-length: ${Buffer.byteLength(created)}`,
      '',
      '',
    ];
    const bytes = Buffer.concat([Buffer.from(head.join('\r\n')), Buffer.from(created)]);
    expect(await talk(listening.port, bytes, { until: '"problems":[]' })).toMatch(/HTTP\/1\.1 200 /);
    expect((await listening.facts('received', 1))[0]?.verdict).toMatchObject({ valid: true, signed: true });
  });

  it('CONNECT is no delivery', async () => {
    await using listening = await startListening();
    await talk(listening.port, 'CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example\r\n\r\n');
    await goesOn(listening);
    expect(await listening.facts('received', 1)).toHaveLength(1);
  });

  it('a sender that resets in the middle is told of once', async () => {
    await using listening = await startListening();
    const socket = connect(listening.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n{"type":', () =>
      socket.resetAndDestroy(),
    );
    expect(await listening.facts('notice', 1)).toMatchObject([{ code: 'REQUEST_ABORTED' }]);
    await goesOn(listening);
  });

  it('several requests on one connection', async () => {
    await using listening = await startListening();
    const one = rawRequest('POST /', shoprocketHeaders(created), created, 'keep-alive');
    const answered = await talk(listening.port, Buffer.concat([one, one, one, post([], '{}')]));
    expect(answered.match(/HTTP\/1\.1 \d+/g)).toEqual([
      'HTTP/1.1 200',
      'HTTP/1.1 200',
      'HTTP/1.1 200',
      'HTTP/1.1 400',
    ]);
    expect(await listening.facts('received', 4)).toHaveLength(4);
  });

  it('requests of one connection whose sender leaves are all told', async () => {
    await using listening = await startListening(['--delay', '30s']);
    const socket = connect(listening.port, '127.0.0.1');
    const one = rawRequest('POST /', svixHeaders(shipped), shipped, 'keep-alive');
    socket.write(Buffer.concat([one, one, one]));
    // Somebody else is answered at once: all three have come by then.
    await ask(listening.port, { method: 'GET' });
    socket.destroy();
    expect(await listening.facts('received', 3)).toHaveLength(3);
  });

  it('1,000 connections', async () => {
    await using listening = await startListening();
    const [headers, sockets] = [shoprocketHeaders(created), 1000];
    const held = await Promise.all(
      Array.from({ length: sockets }, async () => {
        const socket = connect(listening.port, '127.0.0.1');
        await once(socket, 'connect');
        return socket;
      }),
    );
    const answers = held.map(async (socket) => {
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.write(post(headers, created));
      await once(socket, 'close');
      return text.slice(0, 12);
    });
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['HTTP/1.1 200']));
    expect(await listening.facts('received', sockets)).toHaveLength(sockets);
    await goesOn(listening);
  });
});

describe.concurrent('what would steer the terminal', () => {
  // An escape sequence, the 8-bit one, a title, an override of the direction, a line break, DEL.
  const nasty = '\u001b[31m\u009b31m\u001b]0;owned\u0007\u202e\u2028\r\n\u007f';
  const c1 = '\u009b31mred\u0085';
  const body = JSON.stringify({ type: nasty });
  const unknown = JSON.stringify({ event: nasty, [nasty]: 1 });
  const broken = JSON.stringify({ type: 'order.created', data: { id: { [nasty]: nasty }, email: nasty } });
  const cases: Array<[string, Buffer]> = [
    ['the event', post(shoprocketHeaders(body), body)],
    ['the body of nobody known', post([['content-type', 'application/json']], unknown)],
    ['a field', post(shoprocketHeaders(broken), broken)],
    ['a JSON error', post(shoprocketHeaders(`{"type":${c1}`), `{"type":${c1}`)],
    ['the path', rawRequest(`POST /${c1}?a=${c1}`, shoprocketHeaders(created), created)],
    ['the value of a header', post([...shoprocketHeaders(created), ['x-a', c1]], created)],
    [
      'the content-type',
      post(
        [
          ['content-type', c1],
          ['signature', c1],
        ],
        created,
      ),
    ],
    [
      'an id',
      post(
        [
          ...svixHeaders(shipped).slice(0, 1),
          ['svix-id', c1],
          ['svix-timestamp', c1],
          ['svix-signature', c1],
        ],
        shipped,
      ),
    ],
    ['the method', Buffer.from('POST\u001b[31m / HTTP/1.1\r\n\r\n')],
  ];
  const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029]/;

  it.each(cases)('%s', async (_name, request) => {
    await using facts = await startListening();
    await using people = start(['listen', '--port', '0', '--output', 'full', '--color', 'off']);
    const [, port] = await people.says(/listening on http:\/\/localhost:(\d+)\//);
    for (const to of [facts.port, Number(port)])
      expect(await talk(to, request)).toMatch(/^HTTP\/1\.1 [24]00 /);
    for (const running of [facts, people]) {
      const { stdout, stderr } = await running.stop();
      expect(stdout + stderr).not.toMatch(controls);
      expect(stdout + stderr).toMatch(/\\u|\\x|NOT_HTTP|not HTTP/);
    }
  });
});

describe.concurrent('options', () => {
  const strictly = (args: string[], headers: Pairs, body: string) => async () => {
    await using listening = await startListening(args);
    const { status } = await ask(listening.port, { headers, body });
    const [fact] = await listening.facts('received', 1);
    return { status, severities: fact?.verdict.problems.map(({ severity }: Line) => severity) };
  };

  it('--strict turns warnings into errors', async () => {
    const unsigned = [['content-type', 'application/json']] as const;
    expect(await strictly([], unsigned, created)()).toEqual({ status: 200, severities: ['warning'] });
    expect(await strictly(['--strict'], unsigned, created)()).toEqual({ status: 400, severities: ['error'] });
  });

  it('--provider fixes whose deliveries these are', async () => {
    await using listening = await startListening(['--provider', 'roastify', '-s', otherWhsec]);
    await ask(listening.port, { headers: shoprocketHeaders(created), body: created });
    await ask(listening.port, { headers: svixHeaders(shipped, { secret: otherWhsec }), body: shipped });
    const [foreign, own] = await listening.facts('received', 2);
    expect(foreign?.verdict).toMatchObject({ valid: false, provider: 'roastify' });
    expect(own?.verdict).toMatchObject({ valid: true, signed: true });
  });

  it('--secret takes PROVIDER=VALUE where there is no single provider', async () => {
    await using listening = await startListening([
      '-s',
      `roastify=${otherWhsec}`,
      '-s',
      'shoprocket=mine=and=more',
    ]);
    await ask(listening.port, { headers: svixHeaders(shipped, { secret: otherWhsec }), body: shipped });
    await ask(listening.port, { headers: shoprocketHeaders(created, 'mine=and=more'), body: created });
    expect((await listening.facts('received', 2)).map(({ verdict }) => verdict.signed)).toEqual([true, true]);
    expect(await listening.facts('notice', 1)).toMatchObject([{ code: 'SECRET_ON_COMMAND_LINE' }]);
    expect((await listening.stop()).stdout).not.toContain(otherWhsec);
  });

  it.each([
    ['order.*', ['order.created']],
    ['fulfillment.shipped,customer.created', ['fulfillment.shipped']],
    ['shoprocket:order.created', ['order.created']],
    ['rose-rocket:order.created', []],
  ])('-e %s shows only those', async (globs, expected) => {
    await using listening = await startListening(['-e', globs]);
    await ask(listening.port, { headers: shoprocketHeaders(created), body: created });
    await ask(listening.port, { headers: svixHeaders(shipped), body: shipped });
    const lines = linesOf((await listening.stop()).stdout);
    expect(lines.filter(({ kind }) => kind === 'received').map(({ verdict }) => verdict.event)).toEqual(
      expected,
    );
    expect(lines.at(-1)).toMatchObject({ kind: 'summary', received: expected.length });
  });

  it.each([
    ['full', true, true],
    ['compact', true, false],
    ['quiet', false, false],
  ] as const)('--output %s', async (detail, good, body) => {
    await using listening = start(['listen', '--port', '0', '--output', detail]);
    const [, port] = await listening.says(/listening on http:\/\/localhost:(\d+)\//);
    await ask(Number(port), {
      headers: [...shoprocketHeaders(created), ['cookie', 'session=s3cr3t-abcdef']],
      body: created,
    });
    await ask(Number(port), { headers: shoprocketHeaders('{'), body: '{' });
    const { stdout, stderr } = await listening.stop();
    expect(stdout.includes('shoprocket order.created')).toBe(good);
    expect(stdout.includes('"type": "order.created"')).toBe(body);
    expect(/^ *Signature: /m.test(stdout)).toBe(body);
    expect(stdout).toContain('✗ error BODY_NOT_JSON');
    expect(stdout).not.toContain('s3cr3t-abcdef');
    expect(stderr).toContain('2 received, 1 valid, 1 invalid');
  });

  it('prints a verdict that says what the scheme rests on', async () => {
    await using listening = start(['listen', '--port', '0']);
    const [, port] = await listening.says(/listening on http:\/\/localhost:(\d+)\//);
    await ask(Number(port), { headers: shoprocketHeaders(created), body: created });
    await ask(Number(port), { headers: svixHeaders(shipped, { id: 'msg_mine' }), body: shipped });
    await ask(Number(port), {
      headers: shoprocketHeaders(JSON.stringify(JSON.parse(created), null, 2)),
      body: created,
    });
    const { stdout } = await listening.stop();
    expect(stdout).toMatch(/--> shoprocket order\.created/);
    expect(stdout).toMatch(/<-- \[200\] valid, signature fits \(assumed scheme\)/);
    expect(stdout).toMatch(/--> roastify fulfillment\.shipped \[msg_mine\]/);
    expect(stdout).toMatch(/<-- \[200\] valid, signature fits \(documented scheme\)/);
    expect(stdout).toMatch(/<-- \[400\] invalid, no signature that fits \(assumed scheme\)/);
    expect(stdout).toMatch(/likely BODY_PRETTY: .*\n.*remedy: /);
  });

  it('--print-secret prints the secret in use and ends', async () => {
    const env = { HOOKS_SHOPROCKET_SECRET: 'mine-of-the-environment' };
    const [one, all, several] = await Promise.all([
      hooks(['listen', '--provider', 'shoprocket', '--print-secret'], { env }),
      hooks(['listen', '--print-secret'], { env }),
      hooks(['listen', '--provider', 'roastify', '--print-secret', '--secret-file', '-'], {
        stdin: `${otherWhsec}\n${examples.roastify}`,
      }),
    ]);
    expect(one).toMatchObject({ code: 0, stdout: 'mine-of-the-environment\n', stderr: '' });
    expect(all.stdout.split('\n').sort()).toEqual([
      '',
      `roastify=${examples.roastify}`,
      `rose-rocket=${examples['rose-rocket']}`,
      'shoprocket=mine-of-the-environment',
    ]);
    expect(several.stdout).toBe(`${otherWhsec}\n${examples.roastify}\n`);
  });

  it.each([
    ['--output and --json', ['--output', 'full', '--json'], '--output'],
    ['--print-secret and --json', ['--print-secret', '--json'], '--json'],
    ['--print-secret and --strict', ['--print-secret', '--strict'], '--strict'],
    ['--print-secret and --events', ['--print-secret', '-e', 'order.*'], '--events'],
    ['an event of another provider', ['--provider', 'roastify', '-e', 'order.created'], 'order.created'],
    ['an empty event', ['-e', 'order.created,'], 'no event'],
    ['a secret without its provider', ['-s', 'some-secret-of-mine'], 'PROVIDER=VALUE'],
    ['a secret of a misspelt provider', ['-s', 'shoprokcet=some-secret-of-mine'], 'did you mean shoprocket?'],
    ['a malformed secret', ['-s', 'roastify=whsec_some-secret-of-mine'], 'roastify'],
  ])('refused: %s', async (_name, args, words) => {
    const { code, stdout, stderr } = await hooks(['listen', '--port', '0', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('some-secret-of-mine');
  });

  it('a malformed secret of the environment is refused', async () => {
    const { code, stderr } = await hooks(['listen', '--port', '0'], {
      env: { HOOKS_ROASTIFY_SECRET: 'not-a-whsec' },
    });
    expect(code).toBe(2);
    expect(stderr).toContain('HOOKS_ROASTIFY_SECRET');
    expect(stderr).not.toContain('not-a-whsec');
  });
});

describe.runIf(signals).concurrent('its end', () => {
  it.each([
    ['SIGINT', 0],
    ['SIGTERM', 143],
  ] as const)(
    '%s ends it with %i, after a summary, with senders still connected',
    async (signal, expected) => {
      await using listening = await startListening();
      const idle = connect(listening.port, '127.0.0.1');
      await once(idle, 'connect');
      await goesOn(listening);
      const { code, signal: by, stdout } = await listening.stop(signal);
      expect({ code, by }).toEqual({ code: expected, by: null });
      expect(linesOf(stdout).at(-1)).toMatchObject({ kind: 'summary', received: 1, valid: 1, invalid: 0 });
      idle.destroy();
    },
  );

  it('frees the port', async () => {
    await using first = await startListening();
    await first.stop('SIGINT');
    await using second = await startListening(['--port', `${first.port}`]);
    expect(second.port).toBe(first.port);
  });
});

it('who sends waits for a reader that reads nothing, and nothing is lost', async () => {
  const count = 40;
  await using running = start(['listen', '--port', '0', '--json']);
  const port = Number((await running.says(/localhost:(\d+)/))[1]);
  running.child.stdout?.pause();
  const body = JSON.stringify('x'.repeat(megabyte - 2));
  let answered = 0;
  const sending = (async () => {
    for (; answered < count; answered++) await ask(port, { body });
  })();
  for (let still = 0, before = -1; still < 50; before = answered) {
    await ask(port, { method: 'GET' });
    still = answered === before ? still + 1 : 0;
  }
  expect(answered).toBeLessThan(count);
  running.child.stdout?.resume();
  await sending;
  const { stdout } = await running.stop('SIGINT');
  expect(linesOf(stdout).filter(({ kind }) => kind === 'received')).toHaveLength(count);
});

it('says once that a signature was held against the public example secret', async () => {
  const listening = await startListening();
  const forged = [
    ['content-type', 'application/json'],
    ['Signature', 'a'.repeat(64)],
  ] as const;
  for (let count = 0; count < 2; count++) await ask(listening.port, { headers: forged, body: created });
  await listening.facts('received', 2);
  const hints = linesOf((await listening.stop()).stdout).filter(({ code }) => code === 'HINT');
  expect(hints.map(({ message }) => message)).toEqual([expect.stringContaining('HOOKS_SHOPROCKET_SECRET')]);
});
