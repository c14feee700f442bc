import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type BatchOptions, sendBatch, type Watch } from '../../src/actions/send.ts';
import { draft } from '../../src/core/craft.ts';
import { header } from '../../src/core/headers.ts';
import { parseStatuses } from '../../src/core/status.ts';
import type { Received } from '../../src/core/types.ts';
import { openTransport } from '../../src/io/transport.ts';
import { now, roastify, roastifyBody } from '../helpers/deliveries.ts';
import { type Answering, type Receiver, receiver } from '../helpers/receiver.ts';
import { ask } from '../helpers/wire.ts';

const batchOf = (total: number) => ({
  total,
  draft: (index: number) =>
    draft(roastify, Buffer.from(roastifyBody), { seed: index, at: now }, { id: `msg_${index}` }),
});

function options({ url }: Pick<Receiver, 'url'>, change: Partial<BatchOptions> = {}): BatchOptions {
  const transport = openTransport({ timeoutMs: 20_000, connections: change.concurrency ?? 1 });
  onTestFinished(transport.close);
  return {
    transport,
    url,
    secrets: [roastify.exampleSecret],
    accepts: parseStatuses('2xx'),
    now: () => now,
    delaysMs: [],
    speed: 1,
    seed: 1,
    concurrency: 1,
    faults: { duplicate: 0, drop: 0 },
    ...change,
  };
}

const silent: Watch = { attempt: () => undefined };
const idsOf = (requests: readonly Received[]) => requests.map(({ headers }) => header(headers, 'svix-id'));
const refusing: Answering = { status: 500 };

it('sends each once, however many at a time and in whatever order', async () => {
  const total = fc.integer({ min: 0, max: 12 });
  const concurrency = fc.integer({ min: 1, max: 5 });
  const server = await receiver([refusing, { status: 200 }]);
  await fc.assert(
    fc.asyncProperty(total, concurrency, fc.boolean(), async (total, concurrency, shuffle) => {
      const before = server.requests.length;
      const done: number[] = [];
      const { tally } = await sendBatch(batchOf(total), options(server, { concurrency, shuffle }), {
        ...silent,
        progress: (count) => done.push(count),
      });
      const ids = idsOf(server.requests.slice(before));
      expect(ids.sort()).toEqual(Array.from({ length: total }, (_, index) => `msg_${index}`).sort());
      expect([tally.sent, tally.accepted + tally.refused]).toEqual([total, total]);
      expect(done).toEqual(Array.from({ length: total }, (_, index) => index + 1));
    }),
    { numRuns: 20 },
  );
});

it('the order of a seed is the same again', async () => {
  const orders = [];
  for (const seed of [3, 3, 4]) {
    const server = await receiver();
    await sendBatch(batchOf(20), options(server, { seed, shuffle: true }), silent);
    orders.push(idsOf(server.requests));
  }
  expect(orders[1]).toEqual(orders[0]);
  expect(orders[2]).not.toEqual(orders[0]);
});

it('who is told keeps the next delivery waiting', async () => {
  const server = await receiver();
  const counts: number[] = [];
  await sendBatch(batchOf(4), options(server), {
    async attempt() {
      for (let time = 0; time < 3; time++) await ask(server.port);
      counts.push(server.requests.length);
    },
  });
  expect(counts).toEqual([4, 8, 12, 16]);
});

describe('faults', () => {
  it('send a delivery twice, each counted', async () => {
    const server = await receiver();
    const { tally } = await sendBatch(
      batchOf(3),
      options(server, { faults: { duplicate: 1, drop: 0 } }),
      silent,
    );
    expect([tally.sent, idsOf(server.requests)]).toEqual([
      6,
      ['msg_0', 'msg_0', 'msg_1', 'msg_1', 'msg_2', 'msg_2'],
    ]);
  });

  it('break a request off, which is not counted as sent', async () => {
    const server = await receiver();
    const { tally } = await sendBatch(
      batchOf(3),
      options(server, { faults: { duplicate: 0, drop: 1 } }),
      silent,
    );
    expect([tally.sent, tally.dropped, tally.failed]).toEqual([0, 3, 0]);
  });
});

describe('what cannot go on', () => {
  const lost = new Error('lost');

  it('to make a draft says why, beside what was sent before', async () => {
    const server = await receiver();
    const batch = batchOf(5);
    const { tally, broken } = await sendBatch(
      {
        ...batch,
        draft(index) {
          if (index === 2) throw lost;
          return batch.draft(index);
        },
      },
      options(server),
      silent,
    );
    expect([tally.sent, broken]).toEqual([2, lost]);
  });

  it('because whoever is told fails says why', async () => {
    const server = await receiver();
    const { broken } = await sendBatch(batchOf(5), options(server), { attempt: () => Promise.reject(lost) });
    expect([broken, server.requests.length]).toEqual([lost, 1]);
  });

  it('when interrupted is over', async () => {
    const server = await receiver();
    const interrupt = new AbortController();
    const { tally, untried, broken } = await sendBatch(
      batchOf(5),
      options(server, { signal: interrupt.signal }),
      {
        ...silent,
        progress: (done) => done === 2 && interrupt.abort(),
      },
    );
    expect([tally.sent, untried, broken]).toEqual([2, 3, undefined]);
  });
});
