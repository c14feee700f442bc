import { describe, expect, it, onTestFinished } from 'vitest';
import { deliver as attempt, attemptFact, type DeliverOptions } from '../../src/actions/deliver.ts';
import { draft } from '../../src/core/craft.ts';
import { parseStatuses } from '../../src/core/status.ts';
import { openTransport } from '../../src/io/transport.ts';
import { found, judged, now, roastify, roastifyBody } from '../helpers/deliveries.ts';
import { freePort } from '../helpers/net.ts';
import { type Receiver, receiver, silence } from '../helpers/receiver.ts';

/** Delivers, and gives the fact. */
const deliver = async (...given: Parameters<typeof attempt>) => attemptFact(await attempt(...given));

const made = draft(roastify, Buffer.from(roastifyBody), { seed: 7, at: now }, { id: 'msg_1' });

function options(url: string, change: Partial<DeliverOptions> = {}): DeliverOptions {
  const transport = openTransport({ timeoutMs: 20_000 });
  onTestFinished(transport.close);
  return {
    transport,
    url,
    secrets: [roastify.exampleSecret],
    accepts: parseStatuses('2xx'),
    now: () => now,
    ...change,
  };
}

it('sends a sealed draft, and tells what came of it', async () => {
  const { url, requests } = await receiver([{ status: 202, headers: { 'x-a': '1' }, body: 'thanks' }]);
  const fact = await deliver(made, options(url, { extra: [['X-Extra', 'e']] }));
  expect(fact).toEqual({
    kind: 'attempt',
    at: '2026-11-21T10:00:00.000Z',
    delivery: {
      id: 'msg_1',
      provider: 'roastify',
      event: 'fulfillment.created',
      url,
      headers: expect.arrayContaining([
        ['svix-id', 'msg_1'],
        ['X-Extra', 'e'],
      ]),
      body: roastifyBody,
    },
    number: 1,
    answer: {
      status: 202,
      headers: expect.arrayContaining([['x-a', '1']]),
      body: 'thanks',
      ms: expect.any(Number),
    },
    accepted: true,
    seed: 7,
  });
  expect(requests).toHaveLength(1);
  expect(found(judged(requests[0]!))).toEqual([]);
  expect(judged(requests[0]!).signed).toBe(true);
});

it.each([
  ['2xx', 200, true],
  ['2xx', 302, false],
  ['2xx', 500, false],
  ['401', 401, true],
  ['401', 200, false],
  ['4xx,200', 200, true],
])('where %s counts as success, %i is accepted: %s', async (list, status, accepted) => {
  const { url } = await receiver([{ status }]);
  expect(await deliver(made, options(url, { accepts: parseStatuses(list) }))).toMatchObject({
    answer: { status },
    accepted,
  });
});

it('tells a failure as a value, never as accepted', async () => {
  const url = `http://localhost:${await freePort()}/`;
  const fact = await deliver(made, options(url, { accepts: () => true }));
  expect(fact).toMatchObject({ answer: { failure: 'refused' }, accepted: false });
});

it('stamps the signature with the time that was asked for, and the fact with its own', async () => {
  const { url, requests } = await receiver();
  const fact = await deliver(made, options(url, { signedAt: now - 301_000 }));
  expect(fact.at).toBe('2026-11-21T10:00:00.000Z');
  expect(found(judged(requests[0]!))).toEqual(['error TIMESTAMP_STALE']);
});

it('goes unsigned without a secret', async () => {
  const { url, requests } = await receiver();
  await deliver(made, options(url, { secrets: [] }));
  expect(found(judged(requests[0]!))).toEqual(['error SIGNATURE_MISSING']);
});

describe('patience', () => {
  const minute = 60_000;

  it('outlasts a receiver that comes up later; every try is sealed anew', async () => {
    const port = await freePort();
    let up: Promise<Receiver> | undefined;
    let tries = 0;
    // The clock is read for each try: at the third the receiver starts, after two that were refused.
    const clock = () => {
      tries += 1;
      if (tries === 3) up = receiver([{ status: 200 }], { port });
      return now + tries * 1000;
    };
    const fact = await deliver(made, options(`http://localhost:${port}/`, { waitMs: minute, now: clock }));
    expect(fact).toMatchObject({ answer: { status: 200 }, accepted: true });
    expect(tries).toBeGreaterThanOrEqual(3);
    const { requests } = (await up)!;
    expect(requests).toHaveLength(1);
    expect(found(judged(requests[0]!, { now: now + tries * 1000 }))).toEqual([]);
    const stamp = Object.fromEntries(requests[0]!.headers)['svix-timestamp'];
    expect(stamp).toBe(String(now / 1000 + tries));
    expect(fact.at).toBe(new Date(now + tries * 1000).toISOString());
    expect(Object.fromEntries(fact.delivery.headers)['svix-timestamp']).toBe(stamp);
  });

  it('is not for those who answered, whatever they said', async () => {
    const { url, requests } = await receiver([{ status: 503 }]);
    expect(await deliver(made, options(url, { waitMs: minute }))).toMatchObject({ answer: { status: 503 } });
    expect(requests).toHaveLength(1);
  });

  it('is not for those who took it and said nothing', async () => {
    const { url, requests } = await receiver([(response) => response.socket?.destroy()]);
    expect(await deliver(made, options(url, { waitMs: minute }))).toMatchObject({
      answer: { failure: 'reset' },
    });
    expect(requests).toHaveLength(1);
  });

  it('ends with an interruption', async () => {
    const abort = new AbortController();
    const url = `http://localhost:${await freePort()}/`;
    let tries = 0;
    const clock = () => {
      tries += 1;
      if (tries === 2) abort.abort();
      return now;
    };
    const fact = await deliver(made, options(url, { waitMs: minute, now: clock, signal: abort.signal }));
    expect(fact).toMatchObject({ answer: { failure: 'aborted' }, accepted: false });
  });

  it('without it one refusal is enough', async () => {
    let tries = 0;
    const clock = () => {
      tries += 1;
      return now;
    };
    await deliver(made, options(`http://localhost:${await freePort()}/`, { now: clock }));
    expect(tries).toBe(1);
  });
});

it('is interrupted while it waits for an answer', async () => {
  const abort = new AbortController();
  const { url, got } = await receiver([silence]);
  const fact = deliver(made, options(url, { signal: abort.signal }));
  await got(1);
  abort.abort();
  expect(await fact).toMatchObject({ answer: { failure: 'aborted' }, accepted: false });
});
