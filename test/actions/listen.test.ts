import { describe, expect, it, onTestFinished } from 'vitest';
import { type ListenOptions, startListener } from '../../src/actions/listen.ts';
import type { Fact, ReceivedFact } from '../../src/core/facts.ts';
import { httpMessage } from '../../src/core/request-text.ts';
import type { Received } from '../../src/core/types.ts';
import { defaultLimits } from '../../src/io/server.ts';
import { providers } from '../../src/providers/index.ts';
import {
  fromRoastify,
  fromRoseRocket,
  judged,
  now,
  roastify,
  roastifyBody,
  roseRocketBody,
} from '../helpers/deliveries.ts';
import { makeLog } from '../helpers/log.ts';
import { exchange, post, statuses, wire } from '../helpers/net.ts';

/** A listener on a free port that ends with the test; its facts are kept. */
async function start(change: Partial<ListenOptions> = {}) {
  const facts = makeLog<Fact>();
  const { port, close } = await startListener(
    {
      providers,
      secretsOf: ({ exampleSecret }) => [exampleSecret],
      port: 0,
      limits: defaultLimits,
      now: () => now,
      ...change,
    },
    facts.add,
  );
  onTestFinished(() => close());
  /** Delivers, and gives the answer's status and body. */
  const send = async (received: Received) => {
    const headers = [...received.headers, ['connection', 'close'] as const];
    const message = httpMessage({
      url: `http://localhost:${port}${received.path}`,
      headers,
      body: received.body,
    });
    const text = await exchange(port, message);
    return { status: statuses(text)[0], body: text.slice(text.indexOf('\r\n\r\n') + 4) };
  };
  return { port, send, facts };
}

/** What a JSON answer says, its chunks put together. */
const problems = (body: string) =>
  JSON.parse(body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1)).problems;

it('judges what comes, answers, and tells it as a fact', async () => {
  const { send, facts } = await start();
  const received = fromRoastify();
  const { status, body } = await send({ ...received, path: '/hook?a=b' });
  expect([status, problems(body)]).toEqual([200, []]);
  const [fact] = (await facts.reaches(1)) as [ReceivedFact];
  expect(fact).toEqual({
    kind: 'received',
    at: '2026-11-21T10:00:00.000Z',
    received: {
      method: 'POST',
      path: '/hook?a=b',
      headers: expect.arrayContaining(received.headers.map((pair) => [...pair])),
      body: roastifyBody,
    },
    verdict: judged(received),
    replied: { status: 200, ms: expect.any(Number) },
  });
});

it.each<[string, Received, number, string[]]>([
  ['a wrong signature', fromRoastify({ key: 'wrong' }), 400, ['SIGNATURE_MISMATCH']],
  ['a warning only', fromRoseRocket({ body: '{"event":"order.exploded"}' }), 200, ['EVENT_UNKNOWN']],
  ['no JSON', fromRoastify({ body: 'x' }), 400, ['BODY_NOT_JSON']],
  ['a PUT', { ...fromRoastify(), method: 'PUT' }, 400, ['METHOD']],
])('%s', async (_, received, status, codes) => {
  const { port, facts } = await start();
  const head = received.headers.map((pair) => `${pair.join(': ')}\r\n`).join('');
  const message = post(received.body, head).toString('latin1').replace('POST', received.method);
  const text = await exchange(port, Buffer.from(message, 'latin1'));
  expect(statuses(text)).toEqual([status]);
  expect(problems(text).map(({ code }: { code: string }) => code)).toEqual(codes);
  const [fact] = (await facts.reaches(1)) as [ReceivedFact];
  expect(fact.verdict.problems.map(({ code }) => code)).toEqual(codes);
  expect(fact.replied?.status).toBe(status);
});

it('tells a sender codes and messages only, never what would have fitted', async () => {
  const { send, facts } = await start();
  const bare = roastify.exampleSecret.slice(6);
  const { body } = await send(fromRoastify({ key: bare }));
  const right = Object.fromEntries(fromRoastify().headers)['svix-signature']!.slice(3);
  for (const text of [right, bare, 'likely', 'remedy', 'SECRET']) expect(body).not.toContain(text);
  for (const problem of problems(body)) expect(Object.keys(problem)).toEqual(['code', 'message']);
  const [fact] = (await facts.reaches(1)) as [ReceivedFact];
  expect(fact.verdict.problems[0]?.likely?.code).toBe('SECRET_NOT_DECODED');
});

it('is strict where asked to be', async () => {
  const { send } = await start({ strict: true });
  expect((await send(fromRoseRocket({ body: '{"event":"order.exploded"}' }))).status).toBe(400);
});

it('takes every delivery for one provider’s where asked to', async () => {
  const { send, facts } = await start({ provider: roastify });
  expect((await send(fromRoseRocket())).status).toBe(400);
  expect((await facts.reaches(1))[0]).toMatchObject({ verdict: { provider: 'roastify' } });
});

it('accepts any of several secrets', async () => {
  const { send } = await start({ secretsOf: () => ['other', roastify.exampleSecret] });
  expect((await send(fromRoastify())).status).toBe(200);
});

it.each(['GET', 'HEAD'])('answers the health probe %s, and tells nothing', async (method) => {
  const { port, send, facts } = await start();
  const text = await exchange(port, `${method} /any HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`);
  expect(statuses(text)).toEqual([200]);
  expect(text.includes('hooks is listening')).toBe(method === 'GET');
  await send(fromRoastify());
  expect(await facts.reaches(1)).toHaveLength(1);
});

describe('remembers', () => {
  const codesOf = (fact: Fact | undefined) => (fact as ReceivedFact).verdict.problems.map(({ code }) => code);

  it('a delivery that came before: a note, and no error', async () => {
    const { send, facts } = await start();
    for (const received of [fromRoastify(), fromRoastify(), fromRoseRocket(), fromRoseRocket()])
      expect((await send(received)).status).toBe(200);
    expect((await facts.reaches(4)).map(codesOf)).toEqual([[], ['DUPLICATE'], [], ['DUPLICATE']]);
  });

  it('no forged one: the real one is no duplicate of it', async () => {
    const { send, facts } = await start();
    expect((await send(fromRoastify({ key: 'forged' }))).status).toBe(400);
    expect((await send(fromRoastify())).status).toBe(200);
    expect(codesOf((await facts.reaches(2))[1])).toEqual([]);
  });

  it('the signatures of others, to say where one belongs', async () => {
    const { send, facts } = await start();
    await send(fromRoastify({ id: 'msg_other' }));
    await send(fromRoastify({ signedId: 'msg_other' }));
    const [, fact] = (await facts.reaches(2)) as [Fact, ReceivedFact];
    expect(fact.verdict.problems[0]?.likely?.code).toBe('SIGNATURE_OF_OTHER_ID');
  });
});

describe('survives', () => {
  it.each<[string, string | Buffer, string]>([
    ['what is not HTTP', 'hello\r\n\r\n', 'NOT_HTTP'],
    ['a body that is too large', post('x'.repeat(1025)), 'BODY_TOO_LARGE'],
    ['headers that are too large', post('', `x: ${'y'.repeat(5000)}\r\n`), 'HEADERS_TOO_LARGE'],
    ['a request that never ends', 'POST / HTTP/1.1\r\n', 'REQUEST_TIMEOUT'],
  ])('%s, and tells it', async (_, bytes, code) => {
    const limits = { bodyBytes: 1024, headerBytes: 4096, headersMs: 100, requestMs: 100 };
    const { port, send, facts } = await start({ limits });
    await exchange(port, bytes);
    const [fact] = await facts.reaches(1);
    expect(fact).toEqual({
      kind: 'notice',
      at: '2026-11-21T10:00:00.000Z',
      level: 'warning',
      code,
      message: expect.stringMatching(/\S/),
    });
    expect((await send(fromRoastify())).status).toBe(200);
  });

  it.each([
    ['10,000 levels', `{"event":"order.created","order_id":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ['a megabyte of line ends', `${'\n'.repeat(1_000_000)}x`],
    ['__proto__', '{"__proto__":{"event":"order.created"}}'],
    ['bytes', Buffer.from([0, 255, 254])],
  ])('a body of %s', async (_, body) => {
    const { send, facts } = await start();
    expect((await send(fromRoseRocket({ body, key: 'wrong' }))).status).toBe(400);
    expect((await send(fromRoseRocket())).status).toBe(200);
    expect((await facts.reaches(2)).map(({ kind }) => kind)).toEqual(['received', 'received']);
  });

  it('a sender that leaves, and tells what it sent', async () => {
    const { port, facts } = await start();
    const { send, socket } = await wire(port);
    await send(post(roseRocketBody));
    socket.destroy();
    const [fact] = await facts.reaches(1);
    expect(fact).toMatchObject({ received: { body: roseRocketBody } });
  });
});
