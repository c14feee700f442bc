import { expect, it } from 'vitest';
import { type ReplayWatch, replay } from '../../src/actions/replay.ts';
import type { Plan } from '../../src/actions/replay-plan.ts';
import { header } from '../../src/core/headers.ts';
import { parseStatuses } from '../../src/core/status.ts';
import { parseTarget } from '../../src/core/target.ts';
import { openTransport } from '../../src/io/transport.ts';
import { providers } from '../../src/providers/index.ts';
import { fromRoastify, now } from '../helpers/deliveries.ts';
import { receiver } from '../helpers/receiver.ts';

/** A plan of deliveries that came so many seconds after the first; nothing where nothing says when. */
function planOf(times: readonly (number | undefined)[]): Plan {
  const captures = times.map((seconds, index) => ({
    received: fromRoastify({ id: `msg_${index}` }),
    came: true,
    ...(seconds === undefined ? {} : { at: now + seconds * 1000 }),
  }));
  return {
    total: times.length,
    found: times.length,
    timeless: 0,
    undated: 0,
    unposted: 0,
    method: undefined,
    senders: new Set(),
    capture: async (index) => captures[index],
  };
}

/**
 * Replays a plan to a receiver of its own, until the first wait; gives the ids in the order in which they came, and how
 * long that wait would be.
 */
async function replayed(plan: Plan, speed?: number, watch: Partial<ReplayWatch> = {}) {
  const { url, requests } = await receiver();
  const transport = openTransport({ timeoutMs: 20_000 });
  const interrupt = new AbortController();
  let wait = 0;
  const tally = await replay(
    plan,
    {
      providers,
      renewal: { asRecorded: false, newIds: false, edits: [], force: false },
      target: parseTarget(url),
      secretsOf: ({ exampleSecret }) => [exampleSecret],
      extra: [],
      transportOf: () => transport,
      accepts: () => parseStatuses('2xx'),
      now: () => now,
      signal: interrupt.signal,
      speed,
    },
    {
      attempt: () => undefined,
      unsent: () => undefined,
      gone: () => {},
      differs: () => {},
      waiting(ms) {
        wait = ms;
        interrupt.abort();
      },
      ...watch,
    },
  );
  await transport.close();
  return { tally, wait, ids: requests.map(({ headers }) => header(headers, 'svix-id')) };
}

const day = 86_400;

it.each([
  ['the second after a while', [0, day], 2, 1, 1],
  ['what is older at once', [day, 0], 1, 2, 0],
  ['nothing that was waited for once more', [day, 0, undefined, day, 0, day, 3 * day], 4, 6, 2],
])('sends %s', async (_what, times, speed, count, days) => {
  const { ids, wait } = await replayed(planOf(times), speed);
  expect(ids).toEqual(Array.from({ length: count }, (_, index) => `msg_${index}`));
  expect(Math.round((wait * speed) / 1000 / day)).toBe(days);
});

it('waits for nothing without a speed', async () => {
  expect(await replayed(planOf([0, day]))).toMatchObject({ wait: 0, ids: ['msg_0', 'msg_1'] });
});

it('what the file does not hold any more is not sent, and counted', async () => {
  const said: number[] = [];
  const plan = planOf([0, 1, 2, 3]);
  const { ids, tally } = await replayed(
    { ...plan, capture: async (index) => (index % 2 === 1 ? undefined : plan.capture(index)) },
    undefined,
    { gone: (count) => void said.push(count) },
  );
  expect([ids, tally.sent, said]).toEqual([['msg_0', 'msg_2'], 2, [2]]);
});
