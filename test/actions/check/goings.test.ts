import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { check } from '../../../src/actions/check.ts';
import type { Judgement, Message } from '../../../src/core/check/rule.ts';
import { selectRules } from '../../../src/core/check/rules.ts';
import { exchange } from '../../../src/io/exchange.ts';
import { listens } from '../../../src/io/listens.ts';
import { benchOf, probedRules } from '../../helpers/battery.ts';
import { type Death, supervised } from '../../helpers/supervised.ts';

/** Answers 502 where nobody is behind it, as nginx does. */
async function gateway({ port }: URL): Promise<URL & AsyncDisposable> {
  const server = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const passed = request({ port, host: '127.0.0.1', method, path, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.headersSent || outgoing.writeHead(502).end());
    incoming.on('error', () => passed.destroy()).pipe(passed);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return Object.assign(url, { [Symbol.asyncDispose]: async () => void server.close() });
}

/** Checks a receiver that is started again whenever it ends; gives the rules that failed, and what it went at. */
async function checked(death: Death, { proxied = false, repeatedMs = 2000 } = {}) {
  // Once it was seen that nobody is there; a gateway hides that.
  let noticed = () => {};
  const gone = () =>
    new Promise<void>((resolve) => {
      noticed = resolve;
    });
  await using receiver = await supervised(death, proxied ? () => setTimeout(500) : gone);
  await using proxy = proxied ? await gateway(receiver.url) : undefined;
  const url = proxy ?? receiver.url;
  const { signal } = new AbortController();
  const failures: Record<string, Judgement> = {};
  const came: string[] = [];
  const skipped: string[] = [];
  const sending = { timeoutMs: 20_000, insecure: false, signal };
  const end = await check(
    {
      bench: benchOf('roastify', { at: Date.now() }),
      rules: selectRules(undefined, undefined),
      send: ({ method = 'POST', pace = 'whole', headers, body, query }: Message) =>
        exchange({ host: url, method, path: query ? `/?${query}` : '/', headers, body, pace }, sending),
      async listens() {
        const listening = await listens(url, signal);
        if (!listening) noticed();
        return listening;
      },
      backMs: 20_000,
      // A process may take its time to end, on a machine that is busy.
      repeatedMs,
      effectWaitMs: 0,
      now: Date.now,
      signal,
    },
    {
      judged: ({ id }, judgement) => {
        if (judgement.outcome === 'failed') failures[id] = judgement;
        if (judgement.outcome === 'skipped') skipped.push(id);
      },
      refusedAndCame() {},
      watching() {},
      draining() {},
      wentAndCame: (suspects, found) =>
        void came.push(found ? suspects.map(({ rule, label }) => `${rule}: ${label}`).join() : 'not found'),
    },
  );
  expect([end, skipped]).toEqual([{ kind: 'done' }, probedRules.map(({ id }) => id)]);
  return { failures, came };
}

describe.concurrent('a receiver that ends and is started again is blamed where it ends', {
  timeout: 120_000,
}, () => {
  it.each<[string, Death, string, RegExp]>([
    [
      'before it answers',
      'at-null',
      'json-scalar: null, signed',
      /^null, signed: the connection was dropped/,
    ],
    ['when it has answered', 'answered-null', 'json-scalar: null, signed', /^null, signed: answered 202/],
    ['some time later', 'long-after-null', 'json-scalar: null, signed', /^null, signed: answered 204/],
    ['of a request that broke off', 'of-a-cut-body', 'truncated-body: half', /^half of the body, /],
  ])('%s', async (_, death, culprit, reason) => {
    const { failures, came } = await checked(death);
    expect(came).toEqual([expect.stringContaining(culprit)]);
    const [rule = ''] = culprit.split(':');
    expect(failures).toEqual({
      [rule]: expect.objectContaining({ level: 'MUST', reason: expect.stringMatching(reason) }),
    });
    expect(failures[rule]?.reason).toMatch(/, and then the receiver was gone$/);
  });

  it('behind a gateway that answers in its place', async () => {
    const { failures, came } = await checked('at-null', { proxied: true });
    expect(came).toEqual(['json-scalar: null, signed']);
    expect(Object.values(failures).map(({ reason }) => reason)).toEqual([
      'null, signed: answered 502, and then the receiver was gone',
    ]);
  });

  it('at each of its rules, however many', async () => {
    const { failures, came } = await checked('at-odd-json');
    const odd = [
      'not-json',
      'empty-body',
      'json-scalar',
      'deep-nesting',
      'invalid-utf8',
      'bom',
      'nul-bytes',
      'gzip-body',
    ];
    expect(Object.keys(failures)).toEqual(odd);
    expect(came.map((each) => each.split(':')[0])).toEqual(odd);
  });

  it('once, of nothing that is sent: nobody but "alive" fails', async () => {
    const { failures, came } = await checked('at-the-100th', { repeatedMs: 100 });
    expect(came).toEqual(['not found']);
    expect(Object.keys(failures)).toEqual(['alive']);
  });
});
