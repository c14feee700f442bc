import { describe, expect, it, onTestFinished } from 'vitest';
import type { Attempt } from '../../src/actions/deliver.ts';
import { type Course, deliverWithRetries, type RetryOptions } from '../../src/actions/retry.ts';
import { draft } from '../../src/core/craft.ts';
import { parseStatuses } from '../../src/core/status.ts';
import { openTransport } from '../../src/io/transport.ts';
import { now, roastify, roastifyBody } from '../helpers/deliveries.ts';
import { type Answering, receiver } from '../helpers/receiver.ts';
import { ask } from '../helpers/wire.ts';

const made = draft(roastify, Buffer.from(roastifyBody), { seed: 7, at: now }, { id: 'msg_1' });
const refusing: Answering = { status: 500 };
const taking: Answering = { status: 200 };
/** A schedule whose pauses are over at once. */
const schedule = { delaysMs: [1000, 2000], speed: 1e9 };

/** Delivers to a receiver that answers so; gives all that was told, and what came of it. */
async function run(
  answers: readonly Answering[],
  change: Partial<RetryOptions> = {},
  course: Partial<Course> = {},
) {
  const server = await receiver(answers);
  const transport = openTransport({ timeoutMs: 20_000 });
  onTestFinished(transport.close);
  const told: Attempt[] = [];
  const tell = (attempt: Attempt) => {
    told.push(attempt);
    return course.tell?.(attempt);
  };
  const retried = await deliverWithRetries(
    made,
    {
      transport,
      url: server.url,
      secrets: [roastify.exampleSecret],
      accepts: parseStatuses('2xx'),
      now: () => now,
      ...schedule,
      ...change,
    },
    { random: () => 0.5, cut: false, ...course, tell },
  );
  return { ...retried, told, server };
}

describe('a delivery', () => {
  it('without a schedule is tried once', async () => {
    const { last, stopped, told } = await run([refusing], { delaysMs: [] });
    expect(told).toEqual([last]);
    expect([last.number, last.nextInMs, last.virtualAt, stopped]).toEqual([
      1,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('that is accepted is not tried again', async () => {
    const { last, stopped, told } = await run([taking]);
    expect([told.length, last.accepted, last.nextInMs, stopped]).toEqual([1, true, undefined, undefined]);
  });

  it('is tried again after each pause; the time that is told is that of the schedule', async () => {
    const { told, last, stopped } = await run([refusing, refusing, taking]);
    expect(told.map(({ number, nextInMs }) => [number, nextInMs])).toEqual([
      [1, 1000],
      [2, 2000],
      [3, undefined],
    ]);
    const [first, second, third] = told.map(({ virtualAt }) => virtualAt!);
    expect(first).toBe(now);
    expect(second).toBeCloseTo(now + told[0]!.answer.ms + 1000, 3);
    expect(third).toBeCloseTo(second! + told[1]!.answer.ms + 2000, 3);
    expect([last, stopped]).toEqual([told[2], undefined]);
  });

  it('ends with its schedule, and says so', async () => {
    const { told, stopped } = await run([refusing]);
    expect([told.length, stopped]).toEqual([3, 'all 3 attempts are made']);
  });

  it('is cut off the first time alone', async () => {
    const { told, server } = await run([taking], {}, { cut: true });
    expect(told.map(({ answer }) => 'status' in answer)).toEqual([false, true]);
    expect(server.requests).toHaveLength(1);
  });

  it('waits for whoever is told', async () => {
    const counts: number[] = [];
    const { port } = await receiver();
    const { server } = await run(
      [refusing, taking],
      {},
      {
        async tell() {
          for (let time = 0; time < 3; time++) await ask(port);
          counts.push(counts.length);
        },
      },
    );
    expect([counts, server.requests.length]).toEqual([[0, 1], 2]);
  });

  it('is not waited for by who interrupts', async () => {
    const interrupt = new AbortController();
    const { told, stopped } = await run([refusing], {
      delaysMs: [1e9],
      speed: 1,
      signal: interrupt.signal,
      waiting: () => interrupt.abort(),
    });
    expect([told.length, told[0]?.nextInMs, stopped]).toEqual([1, 1e9, 'interrupted']);
  });
});
