import { existsSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { parseBytes } from '../../src/core/json.ts';
import { bash, hooks, type Line, linesOf, start, startListening } from '../helpers/command.ts';
import { freePort } from '../helpers/net.ts';
import { type Answering, receiver, silence } from '../helpers/receiver.ts';

const unix = process.platform !== 'win32';
const refusing: Answering = { status: 500 };
const taking: Answering = { status: 200 };

/** Runs `hooks send … --json` and parts its facts. */
async function send(...args: string[]) {
  const { code, stdout, stderr } = await hooks(['send', ...args, '--json']);
  const lines = linesOf(stdout);
  const of = (kind: string) => lines.filter((line) => line.kind === kind);
  return { code, stderr, attempts: of('attempt'), notices: of('notice'), summary: of('summary')[0] };
}

/** The same to an address; words stand in one text, what has spaces behind it. */
const sendTo = (url: string, words: string, ...more: string[]) =>
  send('--to', url, ...words.split(' '), ...more);

const headerOf = (attempt: Line, name: string): string =>
  attempt.delivery.headers.find(([key]: [string, string]) => key === name)[1];

const seconds = (attempt: Line): number => Date.parse(attempt.virtual_at) / 1000;

describe('--retry', () => {
  it('tries again by the schedule of Roastify: same id and bytes, time compressed', async () => {
    const { url, requests } = await receiver([refusing, refusing, taking]);
    const { code, attempts } = await sendTo(
      url,
      'roastify fulfillment.created --retry --speed 100000 --seed 4',
    );
    expect(code).toBe(0);
    expect(attempts.map(({ number, accepted }) => [number, accepted])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    expect(new Set(attempts.map((attempt) => headerOf(attempt, 'svix-id'))).size).toBe(1);
    expect(new Set(requests.map(({ body }) => String(body))).size).toBe(1);
    const [first, second, third] = attempts as [Line, Line, Line];
    expect(first.next_in_ms).toBeGreaterThanOrEqual(4000);
    expect(first.next_in_ms).toBeLessThanOrEqual(6000);
    expect(seconds(third) - seconds(second)).toBeGreaterThanOrEqual(240);
    expect(third).not.toHaveProperty('next_in_ms');
  });

  it('counts the attempts beside the deliveries, of one and of many', async () => {
    const words = ['--retry', '--speed', '1000000000', '--seed', '4'];
    const one = await receiver([refusing, refusing, taking]);
    const single = await sendTo(one.url, 'roastify fulfillment.created', ...words);
    expect(single.summary).toMatchObject({ sent: 1, attempts: 3, accepted: 1, statuses: { 200: 1 } });
    const many = await receiver([refusing, taking]);
    const all = await sendTo(many.url, 'roastify --all', ...words);
    expect(all.summary).toMatchObject({ sent: 9, attempts: 10, accepted: 9 });
    expect(all.attempts).toHaveLength(10);
    const burst = await receiver([refusing, refusing, taking]);
    const { stderr } = await hooks([
      'send',
      'roastify',
      'fulfillment.created',
      '--to',
      burst.url,
      '--count',
      '3',
      ...words,
    ]);
    expect(stderr).toContain('3 sent, 5 attempts, 3 accepted, 0 refused, 0 failed');
  });

  it('counts no attempts where each delivery has but one', async () => {
    const { url } = await receiver();
    const { summary } = await sendTo(url, 'roastify --all');
    expect(summary).not.toHaveProperty('attempts');
  });

  it('waits as long again with the same seed', async () => {
    const pauses = async () => {
      const { url } = await receiver([refusing]);
      const { attempts } = await sendTo(url, 'roastify tracking.updated --retry --speed 1000000000 --seed 9');
      return attempts.map((attempt) => attempt.next_in_ms);
    };
    const [one, other] = [await pauses(), await pauses()];
    expect(one).toHaveLength(8);
    expect(one).toEqual(other);
  });

  it('ends where the receiver says so', async () => {
    const { url } = await receiver([{ status: 500, headers: { 'webhook-delivery': 'abort-message' } }]);
    const { code, attempts, notices } = await sendTo(
      url,
      'roastify fulfillment.created --retry --speed 100000',
    );
    expect([code, attempts.length]).toEqual([1, 1]);
    expect(notices.map(({ message }) => message).join()).toContain('webhook-delivery: abort-message');
  });

  it('is one attempt for Rose Rocket, and says so', async () => {
    const { url } = await receiver([refusing]);
    const { code, attempts, notices } = await sendTo(url, 'rose-rocket order.created --retry');
    expect([code, attempts.length]).toEqual([1, 1]);
    expect(notices.map(({ message }) => message).join()).toContain('does not try again (documented)');
  });

  it('--schedule gives the pauses', async () => {
    const { url } = await receiver([refusing]);
    const { attempts } = await sendTo(url, 'shoprocket order.created --schedule 10s,100s --speed 100000');
    expect(attempts.map((attempt) => attempt.next_in_ms)).toEqual([10_000, 100_000, undefined]);
  });

  it('--schedule is exact, though the provider varies its own; a Retry-After is heard', async () => {
    const { url } = await receiver([
      refusing,
      { status: 429 },
      { status: 503, headers: { 'retry-after': '15' } },
    ]);
    const schedule = ['--retry', '--schedule', '7s,8s,9s', '--speed', '100000'];
    const { attempts } = await sendTo(url, 'roastify fulfillment.created', ...schedule);
    expect(attempts.map((attempt) => attempt.next_in_ms)).toEqual([7000, 8000, 15_000, undefined]);
  });

  it('Ctrl-C during a wait ends it at once, with a summary', async () => {
    const { url } = await receiver([refusing]);
    await using running = start([
      'send',
      'roastify',
      'fulfillment.created',
      '--to',
      url,
      '--retry',
      '--json',
    ]);
    await running.says(/"next_in_ms"/);
    const { code, stdout } = await running.stop('SIGINT');
    expect(code).toBe(130);
    expect(linesOf(stdout).at(-1)).toMatchObject({ kind: 'summary', sent: 1, attempts: 1, refused: 1 });
  });

  it('what was tried before Ctrl-C counts by its last attempt, and the rest is counted too', async () => {
    const words = ['send', 'roastify', '--all', '--to', String(await freePort()), '--retry', '--json'];
    await using running = start(words);
    await running.says(/"next_in_ms"/);
    const { code, stdout } = await running.stop('SIGINT');
    expect(code).toBe(130);
    expect(linesOf(stdout).at(-1)).toMatchObject({
      sent: 1,
      attempts: 1,
      failed: 1,
      statuses: { refused: 1 },
      untried: 8,
    });
  });

  it.each([
    ['--speed without retries', ['--speed', '2'], '--retry or --schedule'],
    ['--speed 0', ['--retry', '--speed', '0'], '"0" is not a number above 0'],
    ['a schedule that is none', ['--schedule', 'soon'], '"soon" is not a length of time'],
  ])('%s is refused', async (_what, args, words) => {
    const { code, stderr } = await hooks(['send', 'roastify', 'fulfillment.created', '--to', '9', ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
  });
});

describe('a burst', () => {
  it('sends as many, each with its own seed and id, all valid', async () => {
    await using listening = await startListening();
    const { code, attempts, summary } = await sendTo(
      listening.url,
      'roastify fulfillment.shipped --count 50 --concurrency 8 --seed 100',
    );
    expect(code).toBe(0);
    expect(attempts).toEqual([]);
    expect(summary).toMatchObject({
      sent: 50,
      accepted: 50,
      refused: 0,
      failed: 0,
      statuses: { 200: 50 },
      seed: 100,
    });
    expect(Object.keys(summary?.latency_ms)).toEqual(['p50', 'p95', 'p99', 'max']);
    const received = await listening.facts('received', 50);
    expect(received.every(({ verdict }) => verdict.valid && verdict.problems.length === 0)).toBe(true);
    expect(new Set(received.map(({ verdict }) => verdict.id)).size).toBe(50);
  });

  it('gives each delivery a seed that makes it again', async () => {
    const { url, requests } = await receiver();
    const at = ['--at', '2026-11-21T10:00:00Z'];
    const { attempts } = await sendTo(url, 'shoprocket order.created --count 3 --each --seed 7', ...at);
    expect(attempts.map(({ seed }) => seed)).toEqual([7, 8, 9]);
    await sendTo(url, 'shoprocket order.created --seed 9', ...at);
    expect(String(requests.at(-1)?.body)).toBe(attempts[2]?.delivery.body);
  });

  it('adds up in every one of them', async () => {
    const { url, requests } = await receiver();
    await sendTo(url, 'shoprocket order.created --count 200 --concurrency 8');
    for (const { body } of requests) {
      const { data } = (parseBytes(body) as { value: Line }).value as Line;
      const cents = (text: string) => Math.round(Number(text) * 100);
      const items = data.order_items.reduce(
        (sum: number, item: Line) => sum + cents(item.unit_price) * Number(item.quantity),
        0,
      );
      expect(cents(data.subtotal)).toBe(items);
      expect(cents(data.total_amount)).toBe(
        items + cents(data.shipping_amount) + cents(data.tax_amount) - cents(data.discount_amount),
      );
    }
    expect(new Set(requests.map(({ body }) => String(body))).size).toBe(200);
  });

  it.each<[string, number, string[]]>([
    ['--concurrency', 5, ['--concurrency', '5']],
    ['--rate alone', 12, ['--rate', '1000']],
  ])('%s has several on their way at once', async (_what, count, flags) => {
    const open: ServerResponse[] = [];
    const { url } = await receiver([
      (response) => {
        // None is answered before all are there.
        open.push(response);
        if (open.length === count) for (const each of open) each.end();
      },
    ]);
    const { summary } = await sendTo(url, 'shoprocket order.created --count', `${count}`, ...flags);
    expect(summary).toMatchObject({ sent: count, accepted: count });
  });

  it('one after the other without them', async () => {
    let most = 0;
    let open = 0;
    const { url } = await receiver([
      (response) => {
        open += 1;
        most = Math.max(most, open);
        setImmediate(() => {
          open -= 1;
          response.end();
        });
      },
    ]);
    await sendTo(url, 'shoprocket order.created --count 5');
    expect(most).toBe(1);
  });

  it('--same repeats one delivery', async () => {
    const { url, requests } = await receiver();
    await sendTo(url, 'roastify fulfillment.shipped --count 5 --same');
    expect(new Set(requests.map(({ body }) => String(body))).size).toBe(1);
    expect(
      new Set(requests.map(({ headers }) => headers.find(([name]) => name === 'svix-id')?.[1])).size,
    ).toBe(1);
  });

  it('prints the failures, and 1 is the exit code', async () => {
    const { url } = await receiver([taking, refusing, taking]);
    const { code, attempts, summary } = await sendTo(url, 'shoprocket order.created --count 4');
    expect(code).toBe(1);
    expect(attempts.map(({ answer }) => answer.status)).toEqual([500]);
    expect(summary).toMatchObject({ sent: 4, accepted: 3, refused: 1, statuses: { 200: 3, 500: 1 } });
  });

  it('prints no more than twenty failures for people', async () => {
    const { url } = await receiver([refusing]);
    const { stdout, stderr } = await hooks([
      'send',
      'shoprocket',
      'order.created',
      '--to',
      url,
      '--count',
      '30',
    ]);
    expect(stdout.match(/<-- \[500\]/g)).toHaveLength(20);
    expect(stderr).toContain('further failures are only counted');
    expect(stderr).toContain('30 sent, 0 accepted, 30 refused');
  });

  it('nothing that answers is exit code 3', async () => {
    const { code, summary } = await sendTo('9', 'shoprocket order.created --count 3');
    expect([code, summary?.failed]).toEqual([3, 3]);
  });

  it('Ctrl-C ends it at once, with what was done', async () => {
    const { url } = await receiver([taking, silence]);
    await using running = start([
      'send',
      'shoprocket',
      'order.created',
      '--to',
      url,
      '--count',
      '9',
      '--each',
      '--json',
    ]);
    await running.says(/"status":200/);
    const { code, stdout } = await running.stop('SIGINT');
    expect(code).toBe(130);
    expect(linesOf(stdout).at(-1)).toMatchObject({ kind: 'summary', accepted: 1 });
  });

  it('several events go in the order of their lives, whatever the order of the words', async () => {
    const { url } = await receiver();
    const { attempts } = await sendTo(url, 'roastify fulfillment.shipped fulfillment.created');
    expect(attempts.map(({ delivery }) => delivery.event)).toEqual([
      'fulfillment.created',
      'fulfillment.shipped',
    ]);
  });
});

describe('faults', () => {
  it('--duplicate sends the same delivery twice', async () => {
    await using listening = await startListening();
    const { summary } = await sendTo(listening.url, 'roastify fulfillment.shipped --count 4 --duplicate 1');
    expect(summary).toMatchObject({ sent: 8, accepted: 8 });
    const received = await listening.facts('received', 8);
    expect(
      received.filter(({ verdict }) => verdict.problems.some(({ code }: Line) => code === 'DUPLICATE')),
    ).toHaveLength(4);
  });

  it('--drop closes the connection half-way through the body', async () => {
    await using listening = await startListening();
    const { code, attempts, summary } = await sendTo(
      listening.url,
      'roastify fulfillment.shipped --count 3 --drop 1',
    );
    expect(attempts.map(({ answer }) => answer.detail)).toEqual(
      Array(3).fill(expect.stringContaining('closed on purpose')),
    );
    expect([code, summary]).toEqual([1, expect.objectContaining({ sent: 0, dropped: 3 })]);
    const notices = await listening.facts('notice', 3);
    expect(notices.filter((notice) => notice.code === 'REQUEST_ABORTED')).toHaveLength(3);
  });

  it('a delivery that was dropped is tried again by the schedule, whole', async () => {
    await using listening = await startListening();
    const faults = ['--count', '3', '--drop', '1', '--retry', '--speed', '1000000', '--each'];
    const { code, attempts, summary } = await sendTo(
      listening.url,
      'roastify fulfillment.shipped',
      ...faults,
    );
    expect(attempts.map(({ number, accepted }) => [number, accepted])).toEqual(
      Array(3)
        .fill([
          [1, false],
          [2, true],
        ])
        .flat(),
    );
    expect([code, summary]).toEqual([0, expect.objectContaining({ sent: 3, accepted: 3, dropped: 3 })]);
    const received = await listening.facts('received', 3);
    expect(received.map(({ verdict }) => verdict.valid)).toEqual([true, true, true]);
  });

  it('a delivery to be dropped waits for its receiver too', async () => {
    const port = await freePort();
    await using running = start([
      'send',
      'roastify',
      'fulfillment.shipped',
      '--to',
      String(port),
      '--drop',
      '1',
      '--wait',
      '60s',
      '--json',
    ]);
    await using listening = await startListening(['--port', String(port)]);
    const { code, stdout } = await running.result;
    expect([code, linesOf(stdout).at(-1)]).toEqual([
      1,
      expect.objectContaining({
        kind: 'attempt',
        answer: expect.objectContaining({ detail: expect.stringContaining('closed on purpose') }),
      }),
    ]);
    await listening.facts('notice', 1);
  });

  it('says nothing of answers where every delivery was dropped', async () => {
    await using listening = await startListening();
    const words = [
      'send',
      'shoprocket',
      'order.created',
      '--to',
      listening.url,
      '--count',
      '3',
      '--drop',
      '1',
    ];
    const { stderr } = await hooks(words);
    expect(stderr).toContain('0 sent, 0 accepted, 0 refused, 0 failed, 3 dropped');
    expect(stderr).not.toContain('answers');
  });

  it('a rate that cannot be held is said, where there are enough to tell', async () => {
    const { url } = await receiver();
    const notices = async (count: string) => {
      const told = await sendTo(url, 'shoprocket order.created --count', count, '--rate', '1e9');
      return told.notices.flatMap(({ code, message }) => (code === 'RATE_NOT_HELD' ? message : []));
    };
    expect(await notices('40')).toEqual([
      expect.stringMatching(
        /^1000000000 a second was asked for, [\d.]+ were begun: all 64 connections waited for answers; /,
      ),
    ]);
    expect(await notices('19')).toEqual([]);
  });

  it('numbers may have an exponent', async () => {
    const { url } = await receiver();
    const words = [
      'shoprocket',
      'order.created',
      '--to',
      url,
      '--count',
      '2',
      '--rate',
      '1e9',
      '--drop',
      '1e-9',
    ];
    expect((await send(...words)).summary).toMatchObject({ sent: 2, accepted: 2 });
  });

  it('--shuffle sends out of order, by the seed', async () => {
    const order = async () => {
      const { url } = await receiver();
      const { attempts } = await sendTo(url, 'roastify --all --shuffle --seed 5');
      return attempts.map(({ delivery }) => delivery.event);
    };
    const { url } = await receiver();
    const plain = (await sendTo(url, 'roastify --all')).attempts.map(({ delivery }) => delivery.event);
    const [one, other] = [await order(), await order()];
    expect(one).toEqual(other);
    expect(one).not.toEqual(plain);
    expect([...one].sort()).toEqual([...plain].sort());
  });

  it.each([
    ['--rate 0', ['--count', '2', '--rate', '0'], '"0" is not a number above 0'],
    ['--count -1', ['--count', '-1'], '"-1" is not a whole number'],
    ['--count 0', ['--count', '0'], '"0" is not a whole number'],
    ['--drop 2', ['--drop', '2'], '"2" is not a probability'],
    ['--concurrency for one', ['--concurrency', '4'], '--concurrency goes with'],
    ['--same for one', ['--same'], '--same goes with --count'],
    ['--same for one, printed', ['--same', '--dry-run'], '--same goes with --count'],
    ['--shuffle of equal ones', ['--count', '3', '--same', '--shuffle'], '--shuffle changes nothing'],
    ['--rate 1e', ['--count', '2', '--rate', '1e'], '"1e" is not a number above 0'],
    ['--each for one', ['--each'], '--each goes with --count'],
    ['--id for many', ['--count', '2', '--id', 'msg_1'], 'the same id'],
    [
      '--rate with --dry-run',
      ['--count', '2', '--rate', '5', '--dry-run'],
      '--rate cannot apply to --dry-run',
    ],
  ])('%s is refused', async (_what, args, words) => {
    const { code, stderr } = await hooks(['send', 'roastify', 'fulfillment.created', '--to', '9', ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
  });
});

describe('the requests of a burst, printed', () => {
  const endless = ['send', 'shoprocket', 'order.created', '--dry-run', '--count', '1000000000'];

  it('end with Ctrl-C', async () => {
    await using running = start(endless);
    await running.says(/POST/);
    expect((await running.stop('SIGINT')).code).toBe(130);
  });

  it.runIf(unix)('end when their reader leaves', async () => {
    const { stdout } = await bash(
      `hooks ${endless.join(' ')} | head -1 > /dev/null; echo "\${PIPESTATUS[0]}"`,
    );
    expect(stdout.trim()).toBe('0');
  });
});

describe('the chart of a burst', () => {
  const words = ['send', 'shoprocket', 'order.created', '--count', '20', '--concurrency', '4'];
  const bar = /≤ [\d.]+ ms █+ \d+/;

  it.runIf(existsSync('/usr/bin/script'))('stands under the summary on a terminal', async () => {
    const { url } = await receiver();
    const onTerminal = (...more: string[]) =>
      bash(`script -qec '"$NODE" "$BIN" ${[...words, '--to', url, ...more].join(' ')}' /dev/null`);
    const { stdout } = await onTerminal();
    expect(stdout).toMatch(/20 sent, 20 accepted/);
    expect(stdout.slice(stdout.indexOf('20 sent'))).toMatch(bar);
    expect((await onTerminal('--json')).stdout).not.toMatch(bar);
  });

  it('is not for a file', async () => {
    const { url } = await receiver();
    const { stderr } = await hooks([...words, '--to', url]);
    expect(stderr).toContain('20 sent, 20 accepted');
    expect(stderr).not.toMatch(bar);
  });
});

describe('what a burst may meet', () => {
  it('a receiver that is not there was not dropped', async () => {
    const { code, summary } = await sendTo('9', 'shoprocket order.created --count 2 --drop 1');
    expect([code, summary?.failed, summary?.dropped]).toEqual([3, 2, undefined]);
  });

  it('a payload that cannot be made ends it, with the sum of what was sent', async () => {
    const { url, requests } = await receiver();
    const set = ['--set', 'data.order_items[2].quantity=3'];
    const words = ['shoprocket', 'order.created', '--to', url, ...set];
    // A seed whose order takes the edit, before one whose order has too few items for it.
    const codeOf = async (seed: number) => (await send(...words, '--dry-run', '--seed', String(seed))).code;
    let seed = 0;
    while ((await codeOf(seed)) !== 0 || (await codeOf(seed + 1)) === 0) seed += 1;
    const burst = [...words, '--count', '40', '--seed', String(seed)];
    const { code, stderr, attempts, summary } = await send(...burst);
    expect([code, attempts]).toEqual([2, []]);
    expect(stderr).toMatch(
      new RegExp(
        `^error: the payload of seed ${seed + 1} cannot be made: "data.order_items\\[2\\]" would leave a gap`,
      ),
    );
    expect(summary).toMatchObject({ sent: 1, accepted: 1 });
    expect(requests).toHaveLength(1);
    const many = await send(...burst, '--concurrency', '4');
    expect([many.code, many.attempts, many.stderr]).toEqual([2, [], stderr]);
  }, 60_000);

  it('--same keeps the clock it was given', async () => {
    const flags = ['--count', '2', '--same', '--at', '2020-01-01T00:00:00Z', '--each'];
    const { url } = await receiver();
    const { attempts } = await sendTo(url, 'shoprocket order.created', ...flags);
    expect(attempts.map(({ delivery }) => delivery.body)).toEqual(
      Array(2).fill(expect.stringContaining('2020-01-01 00:00:00')),
    );
  });

  it('--rate goes on when the first is not answered', async () => {
    const { url, got } = await receiver([silence, taking]);
    await using _running = start([
      'send',
      'shoprocket',
      'order.created',
      '--to',
      url,
      '--count',
      '4',
      '--rate',
      '100',
    ]);
    expect(await got(4)).toHaveLength(4);
  });

  it('Ctrl-C between two of a rate begins no more', async () => {
    const { url } = await receiver();
    await using running = start([
      'send',
      'shoprocket',
      'order.created',
      '--to',
      url,
      '--count',
      '50',
      '--rate',
      '0.01',
      '--each',
      '--json',
    ]);
    await running.says(/"status":200/);
    const { code, stdout } = await running.stop('SIGINT');
    expect([code, linesOf(stdout).filter(({ kind }) => kind === 'attempt').length]).toEqual([130, 1]);
  });
});
