import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bodyOf, hooks, linesOf, makeFolder, start, startListening } from '../helpers/command.ts';
import { post } from '../helpers/net.ts';
import { shoprocketHeaders, svixHeaders } from '../helpers/oracle.ts';
import { ask, talk } from '../helpers/wire.ts';

const created = await bodyOf('shoprocket', 'order.created');
const shipped = await bodyOf('roastify', 'fulfillment.shipped');

const sendOrder = (port: number) => ask(port, { headers: shoprocketHeaders(created), body: created });
const sendForged = (port: number) => ask(port, { headers: shoprocketHeaders(`${created} `), body: created });
const sendShipped = (port: number, id: string) =>
  ask(port, { headers: svixHeaders(shipped, { id }), body: shipped });

/** Delivers over a connection of its own, which stays open when all has been written. */
async function send(port: number) {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  const headers = shoprocketHeaders(created).map((pair) => `${pair.join(': ')}\r\n`);
  await new Promise((resolve) => socket.write(post(created, headers.join('')), resolve));
  return socket;
}

const overlong = `POST / HTTP/1.1\r\nx: ${'x'.repeat(70_000)}\r\n\r\n`;

const told = (stdout: string, code: string): string =>
  linesOf(stdout).find((line) => line.code === code)?.message ?? '';

describe.concurrent('--expect', () => {
  it('ends with 0 when what is expected has come, and the sender has its answer', async () => {
    await using listening = await startListening([
      '--expect',
      'order.created',
      '--expect',
      'fulfillment.*=2',
    ]);
    const answers = [
      await sendShipped(listening.port, 'msg_1'),
      await sendOrder(listening.port),
      await sendShipped(listening.port, 'msg_2'),
    ];
    const { code, stdout } = await listening.result;
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(code).toBe(0);
    expect(linesOf(stdout).at(-1)).toMatchObject({ kind: 'summary', received: 3, valid: 3 });
  });

  it('ends with 1 at an invalid delivery', async () => {
    await using listening = await startListening(['--expect', 'order.created']);
    await sendForged(listening.port);
    const { code, stdout } = await listening.result;
    expect([code, told(stdout, 'EXPECTATION_UNMET')]).toEqual([
      1,
      expect.stringContaining('SIGNATURE_MISMATCH'),
    ]);
  });

  it('ends with 1 at the deadline, and says what is missing', async () => {
    await using listening = await startListening(['--expect', 'order.created=2', '--within', '1200ms']);
    await sendOrder(listening.port);
    const { code, stdout } = await listening.result;
    expect([code, told(stdout, 'EXPECTATION_UNMET')]).toEqual([
      1,
      expect.stringContaining('order.created: 1 of 2'),
    ]);
  });

  it('-e leaves the others out', async () => {
    await using listening = await startListening(['-e', 'fulfillment.*', '--expect', 'fulfillment.shipped']);
    await sendForged(listening.port);
    await sendShipped(listening.port, 'msg_1');
    expect((await listening.result).code).toBe(0);
  });

  it('-e may leave out a part of what is expected', async () => {
    await using listening = await startListening(['-e', 'shoprocket:*', '--expect', 'order.*']);
    await sendOrder(listening.port);
    expect((await listening.result).code).toBe(0);
  });

  it('Ctrl-C in the middle of it is 130, and waits for no deadline', async () => {
    await using listening = await startListening(['--expect', 'order.created', '--within', '40d']);
    expect((await listening.stop('SIGINT')).code).toBe(process.platform === 'win32' ? null : 130);
  });
});

describe.concurrent('--once', () => {
  it.each([
    ['a valid one', sendOrder, 0],
    ['an invalid one', sendForged, 1],
  ] as const)('the first delivery decides: %s', async (_what, send, expected) => {
    await using listening = await startListening(['--once']);
    await send(listening.port);
    expect((await listening.result).code).toBe(expected);
  });

  it('nothing in time is 1', async () => {
    const { code } = await hooks(['listen', '--port', '0', '--once', '--within', '50ms']);
    expect(code).toBe(1);
  });
});

describe.concurrent('an unreadable delivery', () => {
  const large = (port: number, method = 'POST') => ask(port, { method, body: 'x'.repeat(101) });
  const limit = ['--max-body', '100b'];

  it.each<[string, string[], (port: number) => Promise<unknown>, string]>([
    ['too large a body, --expect', ['--expect', 'order.created', ...limit], large, 'larger than 100 bytes'],
    ['too large a body, --once', ['--once', ...limit], large, 'answered 413'],
    ['too large headers', ['--once'], (port) => talk(port, overlong), 'answered 431'],
    ['TLS', ['--once'], (port) => talk(port, '\x16\x03\x01\x02'), 'not HTTP'],
  ])('is 1, as an invalid one: %s', async (_what, args, send, words) => {
    await using listening = await startListening(args);
    await send(listening.port);
    const { code, stdout } = await listening.result;
    const why = told(stdout, 'EXPECTATION_UNMET');
    expect([code, why]).toEqual([1, expect.stringContaining('an unreadable delivery came: ')]);
    expect(why).toContain(words);
  });

  it('is 1 where a command runs', async () => {
    const script = 'fetch(process.env.HOOKS_URL, { method: "POST", body: "x".repeat(101) })';
    const command = ['--', process.execPath, '-e', script];
    const { code, stdout } = await hooks(['listen', '--json', '--port', '0', ...limit, ...command]);
    expect([code, told(stdout, 'EXPECTATION_UNMET')]).toEqual([1, expect.stringContaining('answered 413')]);
  });

  it('is none that was cut off, nor a health probe, nor what -e leaves out', async () => {
    await using listening = await startListening(['--once', '--max-body', '8kb']);
    await ask(listening.port, { method: 'GET', body: 'x'.repeat(8 * 1024 + 1) });
    await talk(listening.port, 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nx', { hangUp: true });
    await listening.facts('notice', 2);
    await sendOrder(listening.port);
    expect((await listening.result).code).toBe(0);
    await using some = await startListening(['-e', 'fulfillment.*', '--once', '--max-body', '8kb']);
    await ask(some.port, { body: 'x'.repeat(8 * 1024 + 1) });
    await sendShipped(some.port, 'msg_1');
    expect((await some.result).code).toBe(0);
  });
});

describe.concurrent('the time is over', () => {
  it('while an answer is delayed: what came in time has come, and has its answer', async () => {
    await using listening = await startListening([
      '--expect',
      'order.created',
      '--within',
      '3s',
      '--delay',
      '4s',
    ]);
    const answered = await sendOrder(listening.port).then(
      ({ status }) => status === 200,
      () => false,
    );
    const { code, stdout } = await listening.result;
    expect([code, told(stdout, 'EXPECTATION_UNMET')]).toEqual(
      answered ? [0, ''] : [1, 'within 3 s there did not come order.created: 0 of 1'],
    );
  });

  it('before anything could come', async () => {
    const { code, stdout } = await hooks(['listen', '--json', '--port', '0', '--once', '--within', '1ms']);
    expect([code, told(stdout, 'EXPECTATION_UNMET')]).toEqual([
      1,
      'within 1 ms there did not come a delivery',
    ]);
  });

  it('before the command had begun', async () => {
    const flags = ['--json', '--port', '0', '--expect', 'order.created', '--within', '1ms'];
    const { code, stdout } = await hooks([
      'listen',
      ...flags,
      '--',
      process.execPath,
      '-e',
      'setInterval(() => {}, 1e9)',
    ]);
    expect([code, told(stdout, 'COMMAND_FAILED'), told(stdout, 'EXPECTATION_UNMET')]).toEqual([
      1,
      'the command did not end within 1 ms',
      'within 1 ms there did not come order.created: 0 of 1',
    ]);
  });
});

describe.concurrent('answers', () => {
  it('--respond scripts them, the last for good', async () => {
    await using listening = await startListening(['--respond', '500x2,204']);
    const statuses: number[] = [];
    for (let count = 0; count < 4; count++) statuses.push((await sendOrder(listening.port)).status ?? 0);
    expect(statuses).toEqual([500, 500, 204, 204]);
    const received = await listening.facts('received', 4);
    expect(received.map(({ replied, verdict }) => [replied.status, verdict.valid])).toEqual([
      [500, true],
      [500, true],
      [204, true],
      [204, true],
    ]);
  });

  it.each([204, 304])('--respond %i has no body, and says nothing of one', async (status) => {
    await using listening = await startListening(['--respond', `${status}`]);
    const text = await talk(listening.port, post('{}'));
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(text).not.toMatch(/content-|transfer-encoding/i);
    expect(text.endsWith('\r\n\r\n')).toBe(true);
  });

  it('--respond-header adds to them, after a --delay too', async () => {
    const flags = [
      '--respond-header',
      'Retry-After: 7',
      '--respond-header',
      'content-type: text/plain',
      '--delay',
      '50ms',
    ];
    await using listening = await startListening(flags);
    const headers = Object.fromEntries(shoprocketHeaders(created));
    const answer = await fetch(listening.url, { method: 'POST', headers, body: created });
    expect([answer.headers.get('retry-after'), answer.headers.get('content-type')]).toEqual([
      '7',
      'text/plain',
    ]);
  });

  it.runIf(process.platform !== 'win32')(
    'one that is postponed and never goes out is no answer, here and in the recording',
    async () => {
      using folder = makeFolder();
      const record = join(folder.path, 'r.jsonl');
      await using listening = start(['listen', '--port', '0', '--delay', '40d', '--record', record]);
      const [, port] = await listening.says(/localhost:(\d+)/);
      const leaving = await send(Number(port));
      leaving.destroy();
      await listening.says(/<-- no answer: the sender left; valid/);
      const waiting = await send(Number(port));
      // Who asks later is answered: what came before has been read.
      expect((await ask(Number(port), { method: 'GET' })).status).toBe(200);
      const { stdout } = await listening.stop('SIGINT');
      expect(stdout).toMatch(/<-- no answer: the listener ended; valid/);
      expect(stdout).not.toContain('[200]');
      const facts = linesOf(readFileSync(record, 'utf8')).filter(({ kind }) => kind === 'received');
      expect(facts.map((fact) => [fact.unanswered, 'replied' in fact])).toEqual([
        ['sender_left', false],
        ['listener_ended', false],
      ]);
      waiting.destroy();
    },
  );

  it('--delay postpones them, not those to health probes', async () => {
    await using listening = await startListening(['--delay', '40d']);
    let answered = false;
    const sending = sendOrder(listening.port).then(
      () => {
        answered = true;
      },
      () => {},
    );
    for (let probe = 0; probe < 10; probe++)
      expect((await ask(listening.port, { method: 'GET' })).status).toBe(200);
    expect(answered).toBe(false);
    await listening.stop('SIGKILL');
    await sending;
  });

  it('retries of a sender meet a receiver that fails twice', async () => {
    await using listening = await startListening(['--respond', '500x2,200']);
    const { code, stdout } = await hooks([
      'send',
      'roastify',
      'fulfillment.created',
      '--to',
      listening.url,
      '--retry',
      '--speed',
      '100000',
      '--json',
    ]);
    expect([code, linesOf(stdout).filter(({ kind }) => kind === 'attempt').length]).toEqual([0, 3]);
  });
});

it.each([
  ['--within alone', ['--within', '1s'], '--within goes with --expect, --once or a command'],
  ['an event that there is not', ['--expect', 'order.cretaed'], 'did you mean order.created?'],
  [
    'an event of another provider',
    ['--provider', 'roastify', '--expect', 'shoprocket:order.created'],
    'cannot come',
  ],
  [
    'what -e leaves out',
    ['-e', 'fulfillment.*', '--expect', 'order.created=2'],
    '--expect "order.created=2" can never be met: --events leaves out all that it names',
  ],
  [
    'what -e leaves out of another provider',
    ['-e', 'shoprocket:*', '--expect', 'rose-rocket:order.created'],
    'can never be met',
  ],
  [
    'a count where one decides',
    ['--once', '--expect', 'order.created=2'],
    '--expect "order.created=2" can never be met: with --once the first delivery decides',
  ],
  [
    'several where one decides',
    ['--once', '--expect', 'order.created', '--expect', 'order.deleted'],
    '--expect "order.created" and "order.deleted" can never be met',
  ],
  [
    'an event of others',
    ['--provider', 'roastify', '--expect', 'order.created'],
    'order.created is an event of rose-rocket, shoprocket',
  ],
  ['a glob of others', ['--expect', 'roastify:order.*'], 'order.* fits events of rose-rocket'],
  ['a status that is none', ['--respond', '20x'], 'is no status'],
  ['a header that is none', ['--respond-header', 'x y'], '--respond-header: "x…" is not a header'],
  [
    'a header of the connection',
    ['--respond-header', 'Content-Length: 7'],
    '--respond-header: the header Content-Length cannot be sent: it is set by the connection itself',
  ],
  ['a delay that is none', ['--delay', 'soon'], 'is not a length of time'],
  ['beside --print-secret', ['--print-secret', '--once'], '--once cannot apply'],
])('%s is refused', async (_what, args, words) => {
  const { code, stderr } = await hooks(['listen', '--port', '0', ...args]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
});
