import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bodyOf, hooks, type Line, linesOf, makeFolder, start, startListening } from '../helpers/command.ts';
import { post } from '../helpers/net.ts';
import { shoprocketHeaders, svixHeaders } from '../helpers/oracle.ts';
import { ask, catchAll, deadPort, serveHttp, serveHttps, serveSockets, talk } from '../helpers/wire.ts';

const created = await bodyOf('shoprocket', 'order.created');
const shipped = await bodyOf('roastify', 'fulfillment.shipped');
const megabyte = 1024 * 1024;

const deliverShipped = (port: number, path = '/') =>
  ask(port, { path, headers: svixHeaders(shipped), body: shipped });
const deliverCreated = (port: number) => ask(port, { headers: shoprocketHeaders(created), body: created });

/** A receiver that answers by a function. */
const answering = (answer: (response: ServerResponse) => void) =>
  serveHttp((request, response) => request.resume().on('end', () => answer(response)));

/** Starts a listener that passes on to a port, delivers, and gives the answer and the fact. */
async function passOn(to: number | string, ...more: string[]) {
  await using listening = await startListening(['--forward-to', String(to), ...more]);
  const answer = await deliverShipped(listening.port, '/in?a=b');
  const [fact] = (await listening.facts('received', 1)) as [Line];
  return { answer, fact, forwarded: fact.forwarded };
}

describe.concurrent('what is passed on', () => {
  it('has the same bytes and headers, but those of the connection and the host', async () => {
    const message = [
      'POST /in?a=b HTTP/1.1',
      'X-Twice: 1',
      'Host: evil.example',
      'x-twice: 2',
      'Content-Type: application/json',
      'Connection: X-Mine',
      'X-Mine: not for you',
      'TE: trailers',
      'Transfer-Encoding: chunked',
      'X-Latin: Zo\xeb',
    ];
    let got = '';
    await using receiver = await serveSockets((socket) => {
      socket.on('data', (chunk) => {
        got += chunk.toString('latin1');
        if (got.endsWith('{ "a" :1}')) socket.end('HTTP/1.1 204 No Content\r\n\r\n');
      });
    });
    await using listening = await startListening(['-f', String(receiver.port)]);
    const sent = talk(listening.port, `${message.join('\r\n')}\r\n\r\n9\r\n{ "a" :1}\r\n0\r\n\r\n`, {
      until: '\r\n\r\n',
    });
    expect(await sent).toMatch(/^HTTP\/1\.1 204 No Content\r\n/);
    expect(got).toBe(
      [
        'POST /in?a=b HTTP/1.1',
        'X-Twice: 1',
        `Host: localhost:${receiver.port}`,
        'x-twice: 2',
        'Content-Type: application/json',
        'X-Latin: Zo\xeb',
        'content-length: 9',
        'Connection: close',
        '',
        '{ "a" :1}',
      ].join('\r\n'),
    );
  });

  it.each<[string, (port: number) => string, string, string]>([
    ['a target without a path takes the incoming one', (port) => `${port}`, '/in?a=b', '/in?a=b'],
    ['a target with a path keeps its own', (port) => `${port}/own?x=y`, '/in?a=b', '/own?x=y'],
    ['a path that looks like a host is a path', (port) => `${port}`, '//evil.example/x', '//evil.example/x'],
    ['an absolute form names no host', (port) => `${port}`, 'http://evil.example/x?y', '/x?y'],
    ['not even with another port', (port) => `${port}`, 'http://evil.example:1', '/'],
  ])('%s', async (_, to, path, expected) => {
    await using receiver = await catchAll(200);
    await using listening = await startListening(['--forward-to', to(receiver.port)]);
    expect((await deliverShipped(listening.port, path)).status).toBe(200);
    expect(receiver.caught.map((caught) => caught.path)).toEqual([expected]);
    const [fact] = await listening.facts('received', 1);
    expect(fact?.forwarded.url).toBe(`http://localhost:${receiver.port}${expected}`);
  });

  it('is invalid too: the receiver decides', async () => {
    await using receiver = await catchAll(202);
    await using listening = await startListening(['--forward-to', `${receiver.port}`]);
    const { status } = await ask(listening.port, { body: 'no JSON' });
    expect([status, receiver.caught[0]?.body.toString()]).toEqual([202, 'no JSON']);
    const [fact] = await listening.facts('received', 1);
    expect([fact?.verdict.valid, fact?.replied.status]).toEqual([false, 202]);
  });

  it('goes with the credentials of the target, which nobody sees', async () => {
    await using receiver = await catchAll(200);
    const { fact } = await passOn(`http://user:hunter2secret@localhost:${receiver.port}/`);
    expect(receiver.caught[0]?.headers.authorization).toBe(`Basic ${btoa('user:hunter2secret')}`);
    expect(JSON.stringify(fact)).not.toContain('hunter2');
  });

  it('is recorded without the token of the target', async () => {
    using folder = makeFolder();
    const record = join(folder.path, 'r.jsonl');
    await using receiver = await catchAll(200);
    await passOn(`${receiver.port}/own?token=hunter2hunter2`, '--record', record);
    expect(receiver.caught[0]?.path).toBe('/own?token=hunter2hunter2');
    expect(readFileSync(record, 'utf8')).not.toContain('hunter2hunter2');
  });

  it('GET is answered by us', async () => {
    await using receiver = await catchAll(200);
    await using listening = await startListening(['--forward-to', `${receiver.port}`]);
    expect((await ask(listening.port, { method: 'GET' })).text).toBe('hooks is listening\n');
    expect(receiver.caught).toEqual([]);
  });

  it('over TLS only with --insecure', async () => {
    await using receiver = await serveHttps((request, response) =>
      request.resume().on('end', () => response.end()),
    );
    const to = `https://localhost:${receiver.port}/`;
    expect((await passOn(to)).forwarded.answer.failure).toBe('tls');
    expect((await passOn(to, '--insecure')).forwarded.answer.status).toBe(200);
  });
});

describe.concurrent('the answer', () => {
  it('is the receiver’s: status, words, headers and body', async () => {
    await using receiver = await answering((response) => {
      response.sendDate = false;
      response.writeHead(418, 'Short and Stout', ['X-A', '1', 'x-a', '2', 'Content-Length', '3']).end('tea');
    });
    await using listening = await startListening(['--forward-to', `${receiver.port}`]);
    const message = 'POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}';
    const text = await talk(listening.port, message);
    expect(text).toBe(
      'HTTP/1.1 418 Short and Stout\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 3\r\nConnection: close\r\n\r\ntea',
    );
    const [fact] = await listening.facts('received', 1);
    expect(fact?.forwarded.answer).toMatchObject({ status: 418, body: 'tea', ms: expect.any(Number) });
    expect(fact?.replied.status).toBe(418);
  });

  it.each([
    [204, 'HTTP/1.1 204 x\r\nContent-Type: a/b\r\nContent-Length: 0\r\nX-A: 1\r\n\r\n'],
    [304, 'HTTP/1.1 304 x\r\nContent-Type: a/b\r\nContent-Length: 5\r\nX-A: 1\r\n\r\n'],
  ])('of status %i says nothing of a body', async (status, bytes) => {
    await using receiver = await serveSockets((socket) => socket.once('data', () => socket.end(bytes)));
    await using listening = await startListening(['--forward-to', String(receiver.port)]);
    const text = await talk(listening.port, post('{}'));
    expect(text).toBe(`HTTP/1.1 ${status} x\r\nX-A: 1\r\nConnection: close\r\n\r\n`);
  });

  it('is not followed when it redirects', async () => {
    await using elsewhere = await catchAll(200);
    await using receiver = await answering((response) =>
      response.writeHead(302, { location: `http://localhost:${elsewhere.port}/` }).end(),
    );
    const { answer } = await passOn(receiver.port);
    expect([answer.status, elsewhere.caught]).toEqual([302, []]);
  });

  it.each([
    [301, true],
    [308, true],
    [304, false],
    [300, false],
  ])('of status %i is told to be a redirect: %s', async (status, told) => {
    await using receiver = await answering((response) => response.writeHead(status).end());
    await using listening = await startListening(['--forward-to', `${receiver.port}`]);
    await deliverShipped(listening.port);
    const { stdout } = await listening.stop('SIGINT');
    expect(stdout.includes('redirects are not followed')).toBe(told);
  });

  it('of 100 MB flows through, of which a part is kept', async () => {
    const chunk = Buffer.alloc(megabyte, 'x');
    await using receiver = await answering(async (response) => {
      for (let i = 0; i < 100; i++) if (!response.write(chunk)) await once(response, 'drain');
      response.end();
    });
    const { answer, forwarded } = await passOn(receiver.port);
    expect(answer.text.length).toBe(100 * megabyte);
    expect(forwarded.answer).toMatchObject({ status: 200, truncated: true });
    expect(forwarded.answer.body.length).toBe(megabyte);
  });

  it('that breaks off breaks off for the sender too', async () => {
    await using receiver = await answering((response) => {
      response.writeHead(200, { 'content-length': 100 }).write('abc', () => response.destroy());
    });
    await using listening = await startListening(['--forward-to', `${receiver.port}`]);
    await expect(deliverShipped(listening.port)).rejects.toThrow();
    const [fact] = await listening.facts('received', 1);
    expect(fact?.forwarded.answer).toMatchObject({
      failure: 'reset',
      detail: 'the answer broke off: status 200, and 3 bytes of the body',
    });
  });

  it('of a receiver that is down is 502, and a fact', async () => {
    const port = await deadPort();
    const { answer, fact } = await passOn(port);
    expect(answer.status).toBe(502);
    expect(JSON.parse(answer.text).problems).toEqual([
      { code: 'FORWARD_FAILED', message: expect.stringContaining('refused') },
    ]);
    expect(fact).toMatchObject({
      replied: { status: 502 },
      forwarded: { url: `http://localhost:${port}/in?a=b`, answer: { failure: 'refused' } },
    });
  });

  it('that does not come in time is 504', async () => {
    using folder = makeFolder();
    const config = folder.file('hooks.config.json', '{"policies":{"roastify":{"timeoutMs":200}}}');
    await using receiver = await answering(() => {});
    const { answer, fact } = await passOn(receiver.port, '--config', config);
    expect([answer.status, JSON.parse(answer.text).problems[0].message]).toEqual([
      504,
      'the receiver did not answer: timeout, nothing came for 200 ms',
    ]);
    expect(fact).toMatchObject({ replied: { status: 504 }, forwarded: { answer: { failure: 'timeout' } } });
  });

  it.each<[string, string, number | undefined]>([
    ['is no HTTP', 'SSH-2.0-x\r\n', 502],
    ['has a status that there is not', 'HTTP/1.1 099 x\r\ncontent-length: 0\r\n\r\n', 502],
    ['has words that no answer may have', 'HTTP/1.1 202 a\x01b\r\ncontent-length: 0\r\n\r\n', 202],
    ['changes the protocol', 'HTTP/1.1 101 x\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n', 502],
    ['has headers without end', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`, 502],
  ])('that %s harms nobody', async (_, bytes, expected) => {
    await using receiver = await serveSockets((socket) => socket.once('data', () => socket.end(bytes)));
    await using listening = await startListening(['--forward-to', `${receiver.port}`]);
    const status = await deliverShipped(listening.port).then(
      (answer) => answer.status,
      () => undefined,
    );
    expect(status).toBe(expected);
    await listening.facts('received', 1);
    expect((await ask(listening.port, { method: 'GET' })).status).toBe(200);
  });

  it('that never comes ends with the listener, is told and is recorded', async () => {
    using folder = makeFolder();
    const record = join(folder.path, 'r.jsonl');
    let asked: () => void = () => {};
    const here = new Promise<void>((resolve) => {
      asked = resolve;
    });
    await using receiver = await answering(() => asked());
    const words = ['--forward-to', `${receiver.port}`, '--record', record];
    await using listening = await startListening(words);
    const sent = deliverShipped(listening.port).catch(() => 'no answer');
    await here;
    const { code, stdout } = await listening.stop('SIGINT');
    expect([code, await sent]).toEqual([0, 'no answer']);
    for (const text of [stdout, readFileSync(record, 'utf8')]) {
      const [, fact, summary] = linesOf(text) as [Line, Line, Line];
      expect(fact.forwarded.answer).toMatchObject({
        failure: 'aborted',
        detail: 'the listener ended before the answer came',
      });
      expect([fact.unanswered, 'replied' in fact]).toEqual(['listener_ended', false]);
      expect(summary).toMatchObject({ kind: 'summary', received: 1 });
    }
  });

  it.runIf(process.platform !== 'win32')('is in the recording before the sender has all of it', async () => {
    using folder = makeFolder();
    const record = join(folder.path, 'r.jsonl');
    await using receiver = await answering((response) =>
      response.writeHead(200, { 'content-length': 2 }).end('ok'),
    );
    await using listening = await startListening(['--forward-to', `${receiver.port}`, '--record', record]);
    const socket = connect(listening.port, '127.0.0.1');
    socket.write(post('{}'));
    let text = '';
    for await (const chunk of socket) {
      text += chunk;
      if (text.endsWith('ok')) break;
    }
    listening.child.kill('SIGKILL');
    await listening.result;
    expect(linesOf(readFileSync(record, 'utf8')).map(({ kind }) => kind)).toEqual(['ready', 'received']);
  });

  it('meets expectations when the sender has it', async () => {
    await using receiver = await catchAll(202);
    await using listening = await startListening([
      '--forward-to',
      `${receiver.port}`,
      '--expect',
      'fulfillment.shipped',
    ]);
    expect((await deliverShipped(listening.port)).status).toBe(202);
    expect((await listening.result).code).toBe(0);
  });
});

describe.concurrent('listeners that pass on to each other', () => {
  /** Two of them, and what the second has seen when the first has answered a delivery. */
  async function circle(...more: string[]) {
    const port = await deadPort();
    await using first = await startListening(['--forward-to', String(port)]);
    await using second = await startListening([
      '--port',
      String(port),
      '--forward-to',
      String(first.port),
      ...more,
    ]);
    const answer = await deliverShipped(first.port);
    const results = [await first.stop('SIGINT'), await second.stop('SIGINT')];
    return { answer, facts: results.flatMap(({ stdout }) => linesOf(stdout)) };
  }

  it('come to an end: 508, and words', async () => {
    const { answer, facts } = await circle();
    expect(answer.status).toBe(508);
    expect(JSON.parse(answer.text).problems).toEqual([
      { code: 'FORWARD_LOOP', message: expect.stringContaining('in a circle') },
    ]);
    const received = facts.filter(({ kind }) => kind === 'received');
    expect(received.length).toBeLessThan(50);
    expect(received.every(({ replied }) => replied.status === 508)).toBe(true);
    expect(received.filter(({ forwarded }) => forwarded.answer.failure === 'aborted')).toHaveLength(1);
    expect(facts.filter(({ code }) => code === 'HINT').map(({ message }) => message)).toContainEqual(
      expect.stringContaining('passes on in a circle'),
    );
  });

  it('come to an end though each changes the path', async () => {
    const port = await deadPort();
    await using first = await startListening(['--forward-to', `${port}/a`]);
    await using _second = await startListening(['--port', String(port), '--forward-to', `${first.port}/b`]);
    expect((await deliverShipped(first.port)).status).toBe(508);
  });
});

describe.concurrent('a burst of the same delivery is no circle', () => {
  /** A receiver that answers none of so many before all have come, and what headers they had. */
  async function patient(count: number) {
    const open: ServerResponse[] = [];
    const marked: boolean[] = [];
    const receiver = await serveHttp((request, response) => {
      marked.push('via' in request.headers);
      request.resume().on('end', () => {
        open.push(response);
        if (open.length === count) for (const each of open) each.writeHead(204).end();
      });
    });
    return { receiver, marked };
  }
  const burst = (count: number, port: number) =>
    Promise.all(Array.from({ length: count }, () => deliverShipped(port)));

  it('the ninth at a time is marked, so that it would be known', async () => {
    const { receiver, marked } = await patient(12);
    await using _receiver = receiver;
    await using listening = await startListening(['--forward-to', `${receiver.port}`]);
    const answers = await burst(12, listening.port);
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(204));
    expect(marked.filter(Boolean)).toHaveLength(4);
  });

  it('nor where it goes through several listeners', async () => {
    const { receiver } = await patient(12);
    await using _receiver = receiver;
    await using outer = await startListening(['--forward-to', `${receiver.port}`]);
    await using inner = await startListening(['--forward-to', `${outer.port}`]);
    const answers = await burst(12, inner.port);
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(204));
  });
});

describe.concurrent('--route', () => {
  it('takes the first that fits; what fits none goes to --forward-to', async () => {
    await using orders = await catchAll(201);
    await using shop = await catchAll(202);
    await using rest = await catchAll(203);
    await using listening = await startListening([
      '--route',
      `order.*=${orders.port}/orders`,
      '--route',
      `shoprocket:*=${shop.port}`,
      '--forward-to',
      `${rest.port}`,
    ]);
    expect((await deliverCreated(listening.port)).status).toBe(201);
    expect((await deliverShipped(listening.port)).status).toBe(203);
    const { status } = await ask(listening.port, { body: '{"event":"what.ever"}' });
    expect(status).toBe(203);
    expect([orders.caught.length, shop.caught.length, rest.caught.length]).toEqual([1, 0, 2]);
    expect(orders.caught[0]?.path).toBe('/orders');
  });

  it('without --forward-to leaves the rest to us, by --respond if that is given', async () => {
    await using orders = await catchAll(201);
    await using listening = await startListening(['--route', `order.*=${orders.port}`, '--respond', '503']);
    expect((await deliverCreated(listening.port)).status).toBe(201);
    expect((await deliverShipped(listening.port)).status).toBe(503);
    const facts = await listening.facts('received', 2);
    expect(facts.map((fact) => 'forwarded' in fact)).toEqual([true, false]);
  });
});

it('a sender that waits no longer is not waited for', async () => {
  const ends: string[] = [];
  await using receiver = await serveHttp((request) => {
    request.resume().on('end', () => request.socket.once('close', () => ends.push('closed')));
  });
  await using listening = await startListening(['--forward-to', `${receiver.port}`]);
  const body = shipped;
  const headers = svixHeaders(body);
  const lines = headers.map((pair) => `${pair.join(': ')}\r\n`).join('');
  await talk(
    listening.port,
    `POST / HTTP/1.1\r\nhost: x\r\n${lines}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    { hangUp: true },
  );
  const [fact] = await listening.facts('received', 1);
  expect(fact?.forwarded.answer).toMatchObject({
    failure: 'aborted',
    detail: 'the sender did not wait for the answer',
  });
  expect([fact?.unanswered, fact && 'replied' in fact]).toEqual(['sender_left', false]);
});

describe.concurrent('refused at the start', () => {
  it.each<[string, string[], string]>([
    ['a target that is none', ['--forward-to', 'ftp://x'], 'not a target'],
    ['a host that is not this machine', ['--forward-to', 'http://example.com'], '--allow-remote'],
    ['a route to one', ['--route', 'order.*=http://example.com'], '--allow-remote'],
    ['itself', ['--port', '4999', '--forward-to', '4999/x'], 'is this listener itself'],
    ['a route without a target', ['--route', 'order.created'], "write 'order.*=3000/orders'"],
    ['a route that no event takes', ['--route', 'ordr.*=3000'], 'no event fits'],
    ['an answer where the application answers', ['-f', '3000', '--respond', '500'], '--respond cannot apply'],
    ['--insecure alone', ['--insecure'], 'goes with --forward-to'],
    ['--allow-remote alone', ['--allow-remote'], 'goes with --forward-to'],
  ])('%s', async (_, args, words) => {
    const { code, stderr, stdout } = await hooks(['listen', ...args]);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(words)]);
  });
});

const outside = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

it.runIf(outside !== undefined)(
  'itself is refused by its other address too, and another address is not',
  async () => {
    const to = ['--forward-to', `http://${outside}:4999`, '--allow-remote', '--port', '4999'];
    const { code, stderr } = await hooks(['listen', '--host', '0.0.0.0', ...to]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('is this listener itself')]);
    await using running = start(['listen', ...to]);
    await running.says(/listening on/);
  },
);

it('a host that somebody allowed is taken', async () => {
  await using listening = await startListening(['--forward-to', 'http://web.invalid:80', '--allow-remote']);
  const { status } = await deliverShipped(listening.port);
  const [fact] = await listening.facts('received', 1);
  expect([status, fact?.forwarded.answer.failure]).toEqual([502, 'dns']);
});

it('is told to people with the receiver’s answer, and once what to do', async () => {
  await using running = start(['listen', '--port', '0', '--forward-to', String(await deadPort())]);
  const port = Number((await running.says(/localhost:(\d+)/))[1]);
  await deliverShipped(port);
  await deliverShipped(port);
  const { stdout, stderr } = await running.stop('SIGINT');
  expect(stdout).toMatch(
    /<-- \[502\] valid.*\n +refused from http:\/\/localhost:\d+\/ \d+ ms\n +connect ECONNREFUSED/,
  );
  expect(stderr.match(/is the receiver running on/g)).toHaveLength(1);
});
