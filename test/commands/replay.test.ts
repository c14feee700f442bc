import { truncateSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { replay as replayFile } from '../../src/commands/replay.ts';
import { header } from '../../src/core/headers.ts';
import type { Headers, Received } from '../../src/core/types.ts';
import {
  bash,
  bodyOf,
  hooks,
  type Line,
  linesOf,
  makeFolder,
  type RunOptions,
  start,
  startListening,
} from '../helpers/command.ts';
import { testContext } from '../helpers/context.ts';
import { judged } from '../helpers/deliveries.ts';
import { examples, otherWhsec, shoprocketHeaders, svixHeaders } from '../helpers/oracle.ts';
import { receiver, silence } from '../helpers/receiver.ts';
import { deadPort, serveHttps } from '../helpers/wire.ts';

const shipped = await bodyOf('roastify', 'fulfillment.shipped');
const created = await bodyOf('shoprocket', 'order.created');
const unix = process.platform !== 'win32';

interface Recorded {
  readonly at?: string | undefined;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Headers;
  readonly body?: string;
}

/** A line of a recording: a delivery that came in, long ago. */
const came = ({ at = '2026-01-01T00:00:00Z', path = '/', method = 'POST', ...rest }: Recorded = {}) => {
  const { body = shipped, headers = svixHeaders(body, { time: '1767225600' }) } = rest;
  return JSON.stringify({ kind: 'received', at, received: { method, path, headers, body } });
};

/** A line of a recording: a try at a delivery. */
const tried = (id: string, body = shipped, more: object = {}) =>
  JSON.stringify({
    kind: 'attempt',
    at: '2026-01-01T00:00:00Z',
    delivery: {
      id,
      provider: 'roastify',
      event: 'fulfillment.shipped',
      url: 'http://localhost:1/',
      headers: svixHeaders(body, { id }),
      body,
    },
    number: 1,
    answer: { failure: 'refused', detail: 'x', ms: 1 },
    accepted: false,
    ...more,
  });

const ids = (...names: string[]) =>
  names.map((id) => came({ headers: svixHeaders(shipped, { id, time: '1767225600' }) })).join('\n');

/** Replays a recording given on stdin, to a receiver of its own that takes everything. */
async function replay(
  recording: string | Uint8Array,
  args: readonly string[] = [],
  options: RunOptions = {},
) {
  const { url, requests } = await receiver();
  const result = await hooks(['replay', '-', '--json', '--to', url, ...args], {
    ...options,
    stdin: recording,
  });
  return { ...told(result), requests };
}

function told({ code, stdout, stderr }: { code: number | null; stdout: string; stderr: string }) {
  const lines = linesOf(stdout);
  const of = (kind: string): Line[] => lines.filter((line) => line.kind === kind);
  return { code, stderr, attempts: of('attempt'), notices: of('notice'), summary: of('summary')[0] };
}

const svixIds = (requests: readonly Received[]) => requests.map(({ headers }) => header(headers, 'svix-id'));
const texts = (requests: readonly Received[]) => requests.map(({ body }) => Buffer.from(body).toString());
const codes = (notices: readonly Line[]) => notices.map(({ code }) => code);
const fits = (received: Received) => judged(received, { now: Date.now() }).signed;

describe('what is sent', () => {
  it('what was received, freshly signed: same id, same bytes', async () => {
    const { code, requests, attempts, summary } = await replay(
      `${came()}\n${came({ body: created, headers: shoprocketHeaders(created) })}\n`,
    );
    expect(code).toBe(0);
    expect(texts(requests)).toEqual([shipped, created]);
    expect(requests.map(fits)).toEqual([true, true]);
    expect(header(requests[0]!.headers, 'svix-id')).toBe('msg_1');
    expect(header(requests[0]!.headers, 'svix-timestamp')).not.toBe('1767225600');
    expect(attempts.map(({ delivery }) => [delivery.provider, delivery.event])).toEqual([
      ['roastify', 'fulfillment.shipped'],
      ['shoprocket', 'order.created'],
    ]);
    expect(summary).toMatchObject({ sent: 2, accepted: 2, statuses: { 200: 2 } });
  });

  it.each([
    ['first', true],
    ['last', false],
  ])('each delivery of a run once, though both sides recorded it; the sender’s %s', async (_, first) => {
    await using listening = await startListening();
    const to = ['--to', `${listening.port}`, '--json'];
    const sent = await hooks(['send', 'roastify', '--all', ...to]);
    const other = await hooks(['send', 'shoprocket', '--all', ...to]);
    await listening.facts('received', 15);
    const heard = (await listening.stop()).stdout;
    const lost = await hooks([
      'send',
      'roastify',
      'tracking.updated',
      '--to',
      `${await deadPort()}`,
      '--json',
    ]);
    const all = sent.stdout + other.stdout + lost.stdout;
    const { code, requests } = await replay(first ? all + heard : heard + all);
    expect([code, requests.length]).toEqual([0, 16]);
    expect(new Set(requests.map((each) => judged(each, { now: Date.now() }).id)).size).toBe(16);
    expect(requests.every(fits)).toBe(true);
  });

  it('of several attempts the last, of a dry run all, and twice what came twice', async () => {
    const dry = await hooks(['send', 'roastify', '--all', '--dry-run', '--json']);
    const other = shipped.replace('}', ',"again":true}');
    const lines = [tried('msg_a'), tried('msg_b'), tried('msg_a', other), ids('msg_c', 'msg_d', 'msg_c')];
    const { requests } = await replay([...lines, dry.stdout].join('\n'));
    expect(svixIds(requests).slice(0, 5)).toEqual(['msg_b', 'msg_a', 'msg_c', 'msg_d', 'msg_c']);
    expect(texts(requests)[1]).toBe(other);
    expect(requests).toHaveLength(14);
  });

  it('a file is read as stdin is', async () => {
    using folder = makeFolder();
    const path = folder.file('a.jsonl', `\ufeff${tried('msg_a')}\r\n${ids('msg_a', 'msg_b')}\r\n`);
    const { url, requests } = await receiver();
    const { code, stdout } = await hooks(['replay', path, '--to', url]);
    expect([code, svixIds(requests)]).toEqual([0, ['msg_a', 'msg_b']]);
    expect(stdout).toMatch(/--> fulfillment\.shipped \[msg_a\]\n.*<-- \[200\] POST http:/);
  });

  it('the requests of a HAR file', async () => {
    const headers = svixHeaders(shipped).map(([name, value]) => ({ name, value }));
    const request = {
      method: 'POST',
      url: 'https://example.com/in?a=b',
      headers,
      postData: { text: shipped },
    };
    const har = {
      log: { entries: [{ request }, { request: { ...request, method: 'GET' } }, { request: 5 }] },
    };
    const { code, requests, notices } = await replay(JSON.stringify(har, null, 2));
    expect([code, requests.length, requests[0]?.path, fits(requests[0]!)]).toEqual([0, 1, '/in?a=b', true]);
    expect(notices[0]).toMatchObject({
      code: 'LINES_SKIPPED',
      message: 'entry 3 is no whole request and was skipped',
    });
  });

  it('a raw request', async () => {
    const raw = [
      'POST /in HTTP/1.1',
      'Host: example.com',
      ...svixHeaders(shipped).map((pair) => pair.join(': ')),
      '',
      shipped,
    ];
    const { code, requests } = await replay(raw.join('\r\n'));
    expect([code, requests[0]?.path, texts(requests), fits(requests[0]!)]).toEqual([
      0,
      '/in',
      [shipped],
      true,
    ]);
    expect(header(requests[0]!.headers, 'host')).not.toBe('example.com');
  });

  it('what is not sent is said: other methods, lines that are no facts, a torn end', async () => {
    const put = came({ method: 'PUT' });
    const { code, requests, notices } = await replay(
      `${put}\nx\n${ids('msg_a')}\n${ids('msg_b').slice(0, -9)}`,
    );
    expect([code, svixIds(requests)]).toEqual([0, ['msg_a']]);
    expect(notices.map(({ message }) => message)).toEqual([
      '2 lines are no facts and were skipped, the first is line 2',
      '1 delivery left out: only POST is sent, and not PUT',
    ]);
  });

  it('a secret that signs nothing of what is sent is said', async () => {
    const { code, notices } = await replay(ids('msg_a'), ['--secret', 'shoprocket=idle']);
    expect(code).toBe(0);
    expect(notices.map(({ message }) => message)).toContain(
      'the secret given for shoprocket is used for nothing: no delivery of shoprocket is sent',
    );
  });

  it('what nobody we know sent goes as it was recorded', async () => {
    const headers = [['X-Signature', 'abc']] as const;
    const { code, requests, notices, attempts } = await replay(came({ headers, body: 'hello' }));
    expect([code, texts(requests), header(requests[0]!.headers, 'x-signature')]).toEqual([
      0,
      ['hello'],
      'abc',
    ]);
    expect(notices[0]?.message).toContain('--provider names it');
    expect(attempts[0]?.delivery.provider).toBe('unknown');
  });

  it('what a recording masks is not sent, and that is said', async () => {
    const headers = [...svixHeaders(shipped), ['authorization', 'Bearer ••••1234']] as const;
    const { code, requests, notices } = await replay(came({ headers, path: '/in?token=••••1234' }));
    expect([code, header(requests[0]!.headers, 'authorization')]).toEqual([0, undefined]);
    expect(notices.map(({ message }) => message).join('\n')).toMatch(/token .* masked.*authorization/s);
  });
});

describe('where to', () => {
  it.each([
    ['', '/in?a=b', '/in?a=b'],
    ['own?c=d', '/in?a=b', '/own?c=d'],
    ['', '//127.0.0.1:1/in', '//127.0.0.1:1/in'],
    ['', 'http://127.0.0.1:1/in', '/in'],
  ])('at "/%s" what went to %s goes to %s', async (own, path, expected) => {
    const { url, requests } = await receiver();
    const { code } = await hooks(['replay', '-', '--to', url + own], { stdin: came({ path }) });
    expect([code, requests.map((each) => each.path)]).toEqual([0, [expected]]);
  });

  it('a remote host is refused, and the public example secret there', async () => {
    const { port, requests } = await receiver();
    const words = ['replay', '-', '--to', `http://0.0.0.0:${port}/`];
    const given = { stdin: came() };
    const refused = await hooks(words, given);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--allow-remote')]);
    const example = await hooks([...words, '--allow-remote'], given);
    expect([example.code, example.stderr]).toEqual([2, expect.stringContaining('HOOKS_ROASTIFY_SECRET')]);
    expect(requests).toHaveLength(0);
    const env = { HOOKS_ROASTIFY_SECRET: otherWhsec };
    expect((await hooks([...words, '--allow-remote'], { ...given, env })).code).toBe(0);
    expect((await hooks([...words, '--allow-remote', '--as-recorded'], given)).code).toBe(0);
    expect(requests).toHaveLength(2);
  });

  it('with headers of our own', async () => {
    const { requests } = await replay(came(), ['-H', 'X-Own: 1', '-H', 'content-type: text/plain']);
    expect(['x-own', 'content-type'].map((name) => header(requests[0]!.headers, name))).toEqual([
      '1',
      'text/plain',
    ]);
  });
});

describe('how it is signed', () => {
  it('--as-recorded keeps the old headers', async () => {
    const headers = svixHeaders(shipped, { time: '1767225600' });
    const { requests } = await replay(came({ headers }), ['--as-recorded']);
    expect(requests[0]!.headers.filter(([name]) => /^(?:svix-|content-type)/.test(name))).toEqual(headers);
  });

  it('--new-ids gives fresh ids, where there are any', async () => {
    const shop = came({ body: created, headers: shoprocketHeaders(created) });
    const { code, requests, notices } = await replay(`${ids('msg_a', 'msg_b')}\n${shop}`, ['--new-ids']);
    expect([code, requests.every(fits)]).toEqual([0, true]);
    const fresh = svixIds(requests).slice(0, 2);
    expect(new Set(fresh).size).toBe(2);
    for (const id of fresh) expect(id).toMatch(/^msg_\w{27}$/);
    expect(notices.map(({ message }) => message).join('\n')).toContain('Shoprocket deliveries carry no id');
  });

  it.each([
    ['a flag', ['-s', `roastify=${otherWhsec}`], {}],
    ['a flag, the provider fixed', ['--provider', 'roastify', '-s', otherWhsec], {}],
    ['a file', ['--secret-file', 'FILE'], {}],
    ['the environment', [], { HOOKS_ROASTIFY_SECRET: otherWhsec }],
  ] as [string, string[], Record<string, string>][])('secrets come from %s', async (_, args, env) => {
    using folder = makeFolder();
    const file = folder.file('secrets', `roastify=${otherWhsec}\n`);
    const { requests } = await replay(
      came(),
      args.map((word) => (word === 'FILE' ? file : word)),
      { env },
    );
    const secretsOf = () => [otherWhsec];
    expect(judged(requests[0]!, { now: Date.now(), secretsOf }).signed).toBe(true);
  });

  it('--provider says whose it is', async () => {
    const body = created.replace('order.created', 'order.unknown');
    const { requests } = await replay(came({ headers: [], body }), ['--provider', 'shoprocket']);
    expect(header(requests[0]!.headers, 'signature')).toBe(shoprocketHeaders(body)[1]![1]);
  });
});

describe('which', () => {
  const shop = came({ body: created, headers: shoprocketHeaders(created), at: '2026-01-03T00:00:00Z' });
  const timeless = came().replace('"at":"2026-01-01T00:00:00Z",', '');
  const all = [came(), came({ at: '2026-01-02T00:00:00Z' }), shop, timeless].join('\n');

  it.each<[string[], number, number[]]>([
    [['-e', 'order.*'], 1, [3]],
    [['-e', 'roastify:fulfillment.shipped,order.created'], 4, [1, 2, 3, 4]],
    [['--since', '2026-01-02'], 2, [2, 3]],
    [['--until', '2026-01-02T00:00:00Z'], 2, [1, 2]],
    [['--since', '2026-01-02', '--until', '2026-01-02', '-e', 'fulfillment.*'], 1, [2]],
  ])('%s', async (args, count) => {
    const { code, requests, notices } = await replay(all, args);
    expect([code, requests.length]).toEqual([0, count]);
    const asksTime = args.includes('--since') || args.includes('--until');
    expect(codes(notices).includes('TIME_MISSING')).toBe(asksTime);
  });

  it('none of them is no success', async () => {
    const { code, requests, notices, summary } = await replay(all, ['-e', 'leg.loaded']);
    expect([code, requests.length, codes(notices), summary?.sent]).toEqual([1, 0, ['NOTHING_SENT'], 0]);
  });

  it('by the events of --provider', async () => {
    const { requests } = await replay(all, ['-e', 'order.*', '--provider', 'shoprocket']);
    expect(requests).toHaveLength(1);
  });
});

describe('a change to each', () => {
  it('--set and --unset, signed as it is then', async () => {
    const args = ['--set', 'orderId=mine', '--unset', 'updatedAt', '--set', 'own.id:=1.0', '--force'];
    const { code, requests } = await replay(came(), args);
    const body = texts(requests)[0] as string;
    expect([code, fits(requests[0]!)]).toEqual([0, true]);
    expect(body).toContain('"orderId":"mine"');
    expect(body).toContain('"own":{"id":1.0}');
    expect(body).not.toContain('updatedAt');
  });

  it('that does not fit is said and counted; the others are sent', async () => {
    const text = came({ headers: svixHeaders('hello', { id: 'msg_x' }), body: 'hello' });
    const { code, requests, notices, summary } = await replay(`${text}\n${came()}`, [
      '--set',
      'orderId=mine',
    ]);
    expect([code, requests.length]).toEqual([1, 1]);
    expect(notices).toMatchObject([
      {
        level: 'error',
        code: 'NOT_SENT',
        message: expect.stringMatching(/^\[msg_x\] is not sent: .*not JSON/),
      },
    ]);
    expect(summary).toMatchObject({ sent: 1, skipped: 1 });
  });
});

describe('order and time', () => {
  const names = Array.from({ length: 12 }, (_, index) => `msg_${index}`);

  it('--shuffle sends all of them out of order, and the same seed in the same one', async () => {
    using folder = makeFolder();
    const path = folder.file('a.jsonl', ids(...names));
    const order = async (...args: string[]) => {
      const { url, requests } = await receiver();
      const { summary } = told(await hooks(['replay', path, '--json', '--to', url, '--shuffle', ...args]));
      return { order: svixIds(requests), seed: summary?.seed };
    };
    const first = await order('--seed', '7');
    expect(first.seed).toBe(7);
    expect(first.order).not.toEqual(names);
    expect([...first.order].sort()).toEqual([...names].sort());
    expect(await order('--seed', '7')).toEqual(first);
    const drawn = await order();
    expect((await order('--seed', `${drawn.seed}`)).order).toEqual(drawn.order);
  });

  it('--speed makes an hour short; backwards is no pause', async () => {
    const times = ['2026-01-01T00:00:00Z', '2026-01-01T01:00:00Z', '2025-01-01T00:00:00Z'];
    const { code, requests } = await replay(times.map((at) => came({ at })).join('\n'), ['--speed', '36000']);
    expect([code, requests.length]).toEqual([0, 3]);
  });

  it('what says no time follows at once, and that is said', async () => {
    const timeless = came().replace('"at":"2026-01-01T00:00:00Z",', '');
    const { requests, notices } = await replay(`${came()}\n${timeless}\n${came()}`, ['--speed', '1']);
    expect([requests.length, codes(notices)]).toEqual([3, ['TIME_MISSING']]);
  });

  it.runIf(unix)('an interruption ends a wait at once, with the summary', async () => {
    using folder = makeFolder();
    const lines = [came(), came({ at: '2026-01-01T01:00:00Z' })].join('\n');
    const { url } = await receiver();
    await using running = start(['replay', folder.file('a', lines), '--json', '--to', url, '--speed', '1']);
    await running.says(/"kind":"attempt"/);
    const result = await running.stop('SIGINT');
    expect(told(result)).toMatchObject({ code: 130, summary: { sent: 1, accepted: 1 } });
  });
});

describe('the answer', () => {
  it('a refusal is 1, nobody there 3', async () => {
    const { url } = await receiver([{ status: 500 }]);
    const given = { stdin: came() };
    const refused = told(await hooks(['replay', '-', '--json', '--to', url], given));
    expect(refused).toMatchObject({ code: 1, summary: { sent: 1, refused: 1 } });
    const nobody = told(await hooks(['replay', '-', '--json', '--to', `${await deadPort()}`], given));
    expect(nobody).toMatchObject({ code: 3, summary: { failed: 1 } });
    expect(codes(nobody.notices)).toEqual(['HINT']);
  });

  it('over TLS that nobody vouches for only with --insecure', async () => {
    await using secure = await serveHttps((request, response) =>
      request.resume().on('end', () => response.end()),
    );
    const words = ['replay', '-', '--json', '--to', `https://localhost:${secure.port}/`];
    const plain = told(await hooks(words, { stdin: came() }));
    expect([plain.code, plain.attempts[0]?.answer.failure]).toEqual([3, 'tls']);
    expect((await hooks([...words, '--insecure'], { stdin: came() })).code).toBe(0);
  });

  it('--insecure towards http is said to change nothing', async () => {
    const { notices } = await replay(came(), ['--insecure']);
    expect(notices.map(({ message }) => message)).toEqual([
      '--insecure changes nothing: the target is not https',
    ]);
  });

  it('the line on a terminal is taken away before an error', async () => {
    using folder = makeFolder();
    const path = folder.file('a.har', '{\n');
    truncateSync(path, 101 * 1024 * 1024);
    const context = testContext({ isTTY: true });
    await expect(replayFile(path, { to: '9' }, context)).rejects.toThrow('larger than 100 MB');
    expect(context.err.text()).toMatch(/reading the recording\r\x1b\[2K$/);
  });

  it('--expect-status says what is a success', async () => {
    const { url } = await receiver([{ status: 401 }]);
    const words = ['replay', '-', '--to', url, '--as-recorded', '--expect-status', '4xx'];
    expect((await hooks(words, { stdin: came() })).code).toBe(0);
  });

  it.runIf(unix)('a reader that leaves is no failure', async () => {
    using folder = makeFolder();
    const path = folder.file('a.jsonl', `${ids('msg_a')}\n`.repeat(5000));
    const { url } = await receiver();
    const { stdout } = await bash(
      `hooks replay ${path} --json --to ${url} | head -1 | wc -l; echo "\${PIPESTATUS[0]}"`,
    );
    expect(stdout.split(/\s+/).filter(Boolean)).toEqual(['1', '0']);
  });

  it('--timeout ends the wait for it', async () => {
    const { url } = await receiver([silence]);
    const { code, stdout } = await hooks(['replay', '-', '--to', url, '--timeout', '50ms'], {
      stdin: came(),
    });
    expect([code, stdout]).toEqual([3, expect.stringContaining('timeout')]);
  });

  it('--wait waits for the receiver', async () => {
    const port = await deadPort();
    const running = hooks(['replay', '-', '--to', `${port}`, '--wait', '30s'], { stdin: came() });
    const { requests } = await receiver([{ status: 200 }], { port });
    expect([(await running).code, requests.length]).toEqual([0, 1]);
  });
});

describe('a file', () => {
  it('of which an end is cut off meanwhile: what was sent counts', async () => {
    using folder = makeFolder();
    const path = folder.file('a.jsonl', `${ids('msg_a', 'msg_b', 'msg_c')}\n`);
    const { url, requests } = await receiver([
      (response) => {
        truncateSync(path, came().length + 10);
        response.end();
      },
    ]);
    const { code, notices, summary } = told(await hooks(['replay', path, '--json', '--to', url]));
    expect([code, svixIds(requests)]).toEqual([1, ['msg_a']]);
    expect(notices).toMatchObject([
      { code: 'NOT_SENT', message: '2 deliveries not sent: the file does not hold them any more' },
    ]);
    expect(summary).toMatchObject({ sent: 1, skipped: 2 });
  });

  it('with a line of 50 MB', async () => {
    const body = JSON.stringify({ eventType: 'a', text: 'a'.repeat(50_000_000) });
    const { code, requests } = await replay(`${came({ headers: svixHeaders(body), body })}\n${came()}\n`);
    expect([code, requests.map((each) => each.body.length)]).toEqual([0, [body.length, shipped.length]]);
    expect(fits(requests[0]!)).toBe(true);
  });

  it('of a recording without a delivery sends nothing, and says so', async () => {
    const { code, notices, requests } = await replay('{"kind":"ready","at":"2026-01-01T00:00:00Z"}\n');
    expect([code, requests.length, notices.at(-1)?.message]).toEqual([
      1,
      0,
      'nothing is sent: no delivery was found in the recording',
    ]);
  });

  it.each([
    ['nothing', '', 'holds no delivery'],
    ['a body', '{"a":1}', 'holds no delivery'],
    ['facts that are none', '{"kind":"ready","at":"x"}', 'holds no delivery'],
  ])('with %s is refused', async (_, text, words) => {
    const { code, stderr, requests } = await replay(text);
    expect([code, stderr, requests.length]).toEqual([2, expect.stringContaining(words), 0]);
  });

  it.each<[string, string[], string]>([
    ['a missing file', ['nothing-of-this-name', '--to', '9'], 'there is no such file'],
    ['a directory', ['.', '--to', '9'], 'it is a directory'],
    ['no target', ['-'], 'there is no target'],
    ['two inputs from stdin', ['-', '--to', '9', '--secret-file', '-'], 'cannot both read stdin'],
    ['a secret of nobody', ['-', '--to', '9', '-s', 'abc'], 'PROVIDER=VALUE'],
    ['an unknown provider', ['-', '--to', '9', '--provider', 'nobody'], 'there is no provider'],
    ['an unknown event', ['-', '--to', '9', '-e', 'order.creatd'], 'order.created'],
    ['a seed for nothing', ['-', '--to', '9', '--seed', '1'], '--shuffle'],
    ['--force for nothing', ['-', '--to', '9', '--force'], '--set'],
    ['--speed 0', ['-', '--to', '9', '--speed', '0'], 'not a number above 0'],
    ['two orders', ['-', '--to', '9', '--speed', '1', '--shuffle'], 'leave one of them out'],
    ['no time between', ['-', '--to', '9', '--since', '2026-01-02', '--until', '2026-01-01'], '--until'],
    ['a time that is none', ['-', '--to', '9', '--since', 'soon'], 'is not a time'],
    ['ids where there are none', ['-', '--to', '9', '--new-ids', '--provider', 'shoprocket'], 'carry no id'],
    ...['--new-ids', '--set=a=b', '--unset=a', '-sroastify=x', '--secret-file=x'].map(
      (option): [string, string[], string] => [
        `--as-recorded with ${option}`,
        ['-', '--to', '9', '--as-recorded', option],
        'cannot be used with',
      ],
    ),
  ])('%s is refused', async (_, args, words) => {
    const { code, stdout, stderr } = await hooks(['replay', ...args], { stdin: came() });
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(words)]);
    expect(stderr).not.toMatch(/^\s+at .+:\d+/m);
    expect(stderr).not.toContain(examples.roastify.slice(6));
  });
});
