import { createHmac } from 'node:crypto';
import { appendFileSync, truncateSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  bash,
  bodyOf,
  hooks,
  type Line,
  linesOf,
  makeFolder,
  type Result,
  type RunOptions,
  start,
  startListening,
} from '../helpers/command.ts';
import {
  examples,
  hexDigest,
  nowSeconds,
  otherWhsec,
  shoprocketHeaders,
  svixDigest,
  svixHeaders,
} from '../helpers/oracle.ts';
import { ask } from '../helpers/wire.ts';

type Pairs = ReadonlyArray<readonly [string, string]>;

const created = await bodyOf('shoprocket', 'order.created');
const shipped = await bodyOf('roastify', 'fulfillment.shipped');
const deleted = await bodyOf('rose-rocket', 'order.deleted');
const time = nowSeconds();

/** A delivery as it stood on the wire. */
const message = (headers: Pairs, body: string | Uint8Array, end = '\r\n'): Buffer =>
  Buffer.concat([
    Buffer.from(
      ['POST /in HTTP/1.1', ...headers.map(([name, value]) => `${name}: ${value}`), '', ''].join(end),
      'latin1',
    ),
    Buffer.from(body),
  ]);

/** Judges a capture given on stdin. */
const judged = (
  capture: string | Uint8Array,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<Result> => hooks(['verify', '-', '--json', ...args], { ...options, stdin: capture });

/** A line of a recording. */
const received = (body = created, headers: Pairs = shoprocketHeaders(created)): string =>
  JSON.stringify({
    kind: 'received',
    at: '2026-01-01T00:00:00Z',
    received: { method: 'POST', path: '/', headers, body },
  });

const verdictsOf = ({ stdout }: Result): Line[] =>
  linesOf(stdout)
    .filter(({ kind }) => kind === 'received')
    .map(({ verdict }) => verdict);

const codesOf = (result: Result): string[] => [
  ...new Set<string>(verdictsOf(result)[0]?.problems.map(({ code }: Line) => code)),
];

it('judges a recording with a large line whose signature does not fit, and what stands behind it', async () => {
  using folder = makeFolder();
  const items = `"ü/é",`.repeat(3_000_000);
  const large = `{"event":"order.created","items":[${items}1]}`;
  const lines = [received(), received(large, shoprocketHeaders(created)), received()];
  const result = await hooks(['verify', folder.file('large.jsonl', `${lines.join('\n')}\n`), '--json']);
  expect(result).toMatchObject({ code: 1, stderr: '' });
  const verdicts = verdictsOf(result);
  expect(verdicts.map(({ valid }) => valid)).toEqual([true, false, true]);
  expect(verdicts[1]?.problems[0]).toMatchObject({
    code: 'SIGNATURE_MISMATCH',
    unsearched: expect.stringMatching(/^a body of \d+(?:\.\d)? MB is not searched for rewriting/),
  });
});

describe.concurrent('what it takes', () => {
  it.each([
    ['Roastify', message(svixHeaders(shipped), shipped), 'roastify', 'fulfillment.shipped'],
    ['Shoprocket', message(shoprocketHeaders(created), created), 'shoprocket', 'order.created'],
    [
      'Rose Rocket',
      message(
        [
          ['content-type', 'application/json'],
          ['X-Rose-Rocket-Signature', `sha256=${hexDigest(deleted, examples['rose-rocket'])}`],
        ],
        deleted,
      ),
      'rose-rocket',
      'order.deleted',
    ],
    ['line feeds alone', message(shoprocketHeaders(created), created, '\n'), 'shoprocket', 'order.created'],
    [
      'what an editor added after the body',
      message(
        [...shoprocketHeaders(created), ['content-length', `${Buffer.byteLength(created)}`]],
        `${created}\n`,
      ),
      'shoprocket',
      'order.created',
    ],
  ])('a raw request: %s', async (_name, capture, provider, event) => {
    using folder = makeFolder();
    const [fromStdin, fromFile] = await Promise.all([
      judged(capture),
      hooks(['verify', folder.file('delivery.http', capture), '--json']),
    ]);
    for (const result of [fromStdin, fromFile]) {
      expect(result).toMatchObject({ code: 0, stderr: '' });
      expect(verdictsOf(result)).toMatchObject([
        { valid: true, signed: true, provider, event, problems: [] },
      ]);
    }
  });

  it('a body, and its headers by -H', async () => {
    using folder = makeFolder();
    const headers = svixHeaders(shipped)
      .slice(1)
      .flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
    const [fromFile, fromStdin] = await Promise.all([
      hooks(['verify', '--body', folder.file('body.json', shipped), ...headers, '--json']),
      hooks(['verify', '--body', '-', ...headers, '--json'], { stdin: shipped }),
    ]);
    for (const result of [fromFile, fromStdin]) {
      expect(result.code).toBe(0);
      expect(verdictsOf(result)).toMatchObject([{ valid: true, signed: true, event: 'fulfillment.shipped' }]);
    }
  });

  it('the lines of listen --json, valid as of when they were received', async () => {
    await using listening = await startListening();
    const long = String(Number(time) - 250);
    await ask(listening.port, { headers: svixHeaders(shipped, { id: 'msg_a' }), body: shipped });
    await ask(listening.port, { headers: svixHeaders(shipped, { id: 'msg_b', time: long }), body: shipped });
    await ask(listening.port, {
      path: '/in?token=tok-1234567890',
      headers: shoprocketHeaders(created),
      body: created,
    });
    await ask(listening.port, {
      headers: svixHeaders(Buffer.from([34, 255, 34])),
      body: Buffer.from([34, 255, 34]),
    });
    const facts = await listening.facts('received', 4);
    const { stdout } = await listening.stop();
    const all = await judged(stdout);
    expect(verdictsOf(all)).toEqual(facts.map(({ verdict }) => verdict));
    expect(verdictsOf(all).map(({ valid, signed }) => [valid, signed])).toEqual([
      [true, true],
      [true, true],
      [true, true],
      [false, true],
    ]);
    expect(all.code).toBe(1);
    // Long after: what counts is when it came.
    const [first] = facts;
    const old = {
      ...first,
      at: '2026-01-01T00:00:00.000Z',
      received: {
        ...first?.received,
        headers: svixHeaders(shipped, { time: String(Date.UTC(2026, 0, 1) / 1000 - 60) }),
      },
    };
    const asOfThen = await judged(JSON.stringify(old));
    expect(asOfThen.code).toBe(0);
    expect(linesOf(asOfThen.stdout)[0]?.at).toBe('2026-01-01T00:00:00.000Z');
    expect(codesOf(await judged(JSON.stringify(old), ['--at', '2026-01-02T00:00:00Z']))).toEqual([
      'TIMESTAMP_STALE',
    ]);
  });

  it('what send --json printed', async () => {
    await using listening = await startListening();
    const { stdout } = await hooks(['send', 'roastify', '--all', '--json', '--to', `${listening.port}`]);
    const result = await judged(stdout);
    expect(result.code).toBe(0);
    expect(verdictsOf(result)).toHaveLength(9);
    expect(verdictsOf(result).every(({ valid, signed }) => valid && signed)).toBe(true);
  });

  it('a fact over several lines, as jq prints it', async () => {
    const fact = {
      kind: 'received',
      at: '2026-01-01T00:00:00Z',
      received: { method: 'POST', path: '/', headers: shoprocketHeaders(created), body: created },
    };
    expect(await judged(JSON.stringify(fact, null, 2))).toMatchObject({ code: 0 });
  });

  it('lines that are no facts are skipped, and that is said', async () => {
    const fact = JSON.stringify({
      kind: 'received',
      at: '2026-01-01T00:00:00Z',
      received: { method: 'POST', path: '/', headers: shoprocketHeaders(created), body: created },
    });
    const result = await judged(`${fact}\n\nnot json\n{"kind":5}\n${fact}`);
    expect(verdictsOf(result)).toHaveLength(2);
    expect(linesOf(result.stdout).find(({ kind }) => kind === 'notice')).toMatchObject({
      code: 'LINES_SKIPPED',
      level: 'warning',
      message: expect.stringMatching(/^2 lines .* line 3$/),
    });
  });

  it('a torn last line costs nothing before it, nor does a byte order mark, or the line ends of Windows', async () => {
    const fact = received();
    const result = await judged(`\ufeff${fact}\r\n${fact}\r\n\r\n${fact.slice(0, -100)}`);
    expect(verdictsOf(result)).toHaveLength(2);
    expect(result.code).toBe(0);
    expect(linesOf(result.stdout).at(-1)).toMatchObject({
      code: 'LINES_SKIPPED',
      message: 'line 4 is no fact and was skipped',
    });
  });

  it('a HAR file', async () => {
    const entry = (body: string | undefined) => ({
      startedDateTime: '2026-01-01T00:00:00Z',
      request: {
        method: body === undefined ? 'GET' : 'POST',
        url: 'http://localhost:3000/in',
        headers: shoprocketHeaders(created).map(([name, value]) => ({ name, value })),
        ...(body === undefined ? {} : { postData: { mimeType: 'application/json', text: body } }),
      },
    });
    const har = JSON.stringify(
      { log: { entries: [entry(undefined), entry(created), entry('{}')] } },
      null,
      2,
    );
    const result = await judged(har);
    expect(result.code).toBe(1);
    expect(verdictsOf(result).map(({ signed }) => signed)).toEqual([true, false]);
  });

  it('a HAR file with headers that are no text: they are left out, and said', async () => {
    const entry = (...odd: object[]) => ({
      request: {
        method: 'POST',
        url: 'http://localhost:3000/in',
        headers: [...shoprocketHeaders(created).map(([name, value]) => ({ name, value })), ...odd],
        postData: { mimeType: 'application/json', text: created },
      },
    });
    const judgedOf = async (...entries: object[]) => {
      const result = await judged(JSON.stringify({ log: { entries } }, null, 2));
      return [result.code, verdictsOf(result).length, linesOf(result.stdout).at(-1)?.message];
    };
    expect(await judgedOf(entry(), entry({ name: 'x-count', value: 3 }))).toEqual([
      0,
      2,
      'a header is no name and value of text and was left out: "x-count" in entry 2',
    ]);
    expect(await judgedOf(entry({ value: '' }, { name: 'x-none', value: null }))).toEqual([
      0,
      1,
      '2 headers are no names and values of text and were left out, the first is one without a name in entry 1',
    ]);
  });

  it('a line of 50 MB', async () => {
    using folder = makeFolder();
    const body = `"${'a'.repeat(50_000_000)}"`;
    const path = folder.file('a.jsonl', `${received(body, shoprocketHeaders(body))}\n${received()}\n`);
    const result = await hooks(['verify', path, '--provider', 'shoprocket']);
    // It names no event, so it is not valid.
    expect(result.code).toBe(1);
    expect(result.stdout.match(/valid, signature fits/g)).toHaveLength(2);
  });

  it('a line of more than 100 MB is skipped', async () => {
    using folder = makeFolder();
    const path = folder.file('a.jsonl', `${received()}\n`);
    for (let part = 0; part < 11; part++) appendFileSync(path, Buffer.alloc(10_000_000, 'a'));
    appendFileSync(path, `\n${received()}\n`);
    const result = await hooks(['verify', path, '--json']);
    expect(result.code).toBe(1);
    expect(verdictsOf(result)).toHaveLength(2);
    expect(linesOf(result.stdout).at(-1)?.message).toBe('line 2 is longer than 100 MB and was skipped');
  });

  it('a recording without a delivery is one, and there is nothing to judge', async () => {
    const ready = '{"kind":"ready","at":"2026-01-01T00:00:00Z","url":"http://localhost:1/","pid":1}\n';
    const { code, stdout } = await judged(ready);
    expect([code, linesOf(stdout).map(({ message }) => message)]).toEqual([
      1,
      ['the recording holds no delivery'],
    ]);
  });

  it('each of several requests is judged, and what follows them and is none is said', async () => {
    const length = ['content-length', String(Buffer.byteLength(created))] as const;
    const one = message([...shoprocketHeaders(created), length], created);
    const two = Buffer.concat([one, Buffer.from('\r\n'), one]);
    const whole = await judged(two);
    expect([whole.code, verdictsOf(whole).map(({ valid }) => valid)]).toEqual([0, [true, true]]);
    const torn = await judged(Buffer.concat([two, Buffer.from('POST')]));
    expect(linesOf(torn.stdout).at(-1)?.message).toBe('entry 3 is no whole request and was skipped');
  });

  it('a document of more than 100 MB is refused', async () => {
    using folder = makeFolder();
    const path = folder.file('a.har', '{\n');
    truncateSync(path, 101 * 1024 * 1024);
    const { code, stderr } = await hooks(['verify', path]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^error: FILE .* is larger than 100 MB\n/)]);
  });

  it.runIf(process.platform !== 'win32')('what comes bit by bit, until it is interrupted', async () => {
    await using verifying = start(['verify', '-', '--json'], { stdin: `${received()}\n`, open: true });
    await verifying.says(/"kind":"received"/);
    verifying.child.stdin?.write(`${received('{}')}\n`);
    await verifying.says(/SIGNATURE_MISMATCH/);
    expect(await verifying.stop('SIGINT')).toMatchObject({ code: 130, signal: null });
  });

  it.runIf(process.platform !== 'win32')('a large recording, until its reader leaves', async () => {
    using folder = makeFolder();
    const path = folder.file('a.jsonl', `${received()}\n`.repeat(20_000));
    const { stdout } = await bash(
      `hooks verify '${path}' --json | head -1 | wc -l; echo "\${PIPESTATUS[0]}"`,
    );
    expect(stdout.split(/\s+/).filter(Boolean)).toEqual(['1', '0']);
  });

  it.each([
    ['nothing', ''],
    ['a body alone', '{"type":"order.created"}'],
    ['text', 'hello\nworld\n'],
    ['facts that are none', '{"kind":"Pod","apiVersion":"v1"}'],
    ['bytes', Buffer.from([0, 255, 10, 13])],
    ['a JSON list', '[{"kind":"received"}]'],
    ['a fact without its delivery', '{"kind":"received","received":{"headers":5}}'],
  ])('%s is refused', async (_name, capture) => {
    const { code, stdout, stderr } = await judged(capture);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('holds no delivery');
    expect(stderr).not.toMatch(/^\s+at .+:\d+/m);
  });

  it.each([
    ['a missing file', ['nothing-of-this-name.http'], 'there is no such file'],
    ['a directory', ['.'], 'it is a directory'],
    ['neither file nor body', [], '--body'],
    ['file and body', ['-', '--body', 'x'], '--body'],
    ['both from stdin', ['-', '--body', '-'], 'stdin'],
    ['capture and secrets from stdin', ['-', '--secret-file', '-'], 'stdin'],
    ['headers of a capture', ['-', '-H', 'a: b'], '--body'],
    ['a secret without its provider', ['-', '-s', 'some-secret-of-mine'], 'PROVIDER=VALUE'],
    ['a malformed secret', ['-', '--provider', 'roastify', '-s', 'some-secret-of-mine'], 'whsec_'],
  ])('refused: %s', async (_name, args, words) => {
    const { code, stdout, stderr } = await hooks(['verify', ...args], {
      stdin: message(shoprocketHeaders(created), created),
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('some-secret-of-mine');
  });
});

describe.concurrent('what it explains', () => {
  const svixKey = examples.roastify.slice(6);
  const right = svixDigest(shipped, 'msg_1', time);
  const signed = (signature: string, more: { id?: string; time?: string } = {}) =>
    [...svixHeaders(shipped, { time, ...more }).slice(0, 3), ['svix-signature', signature]] as const;
  const keyed = (key: string | Uint8Array) =>
    `v1,${svixDigest(shipped, 'msg_1', time, '', Buffer.from(key))}`;
  const pretty = JSON.stringify(JSON.parse(shipped), null, 2);
  const spaced = JSON.stringify({ type: 'order.created', note: 'a/b – ž' });
  const milliseconds = `${time}000`;
  const cases: Array<[string, Pairs, string | Uint8Array, string]> = [
    ['the secret not decoded', signed(keyed(svixKey)), shipped, 'SECRET_NOT_DECODED'],
    ['the prefix of the secret kept', signed(keyed(examples.roastify)), shipped, 'SECRET_PREFIX'],
    ['the newline of a secret file', signed(keyed(`${examples.roastify}\n`)), shipped, 'SECRET_WHITESPACE'],
    [
      'a secret decoded that should not be',
      shoprocketHeaders(created, Buffer.from(examples.shoprocket, 'base64') as unknown as string),
      created,
      'SECRET_DECODED',
    ],
    [
      'the newline of a secret file, as text',
      shoprocketHeaders(created, `${examples.shoprocket}\n`),
      created,
      'SECRET_WHITESPACE',
    ],
    [
      'the secret of another provider',
      shoprocketHeaders(created, examples['rose-rocket']),
      created,
      'SECRET_OF_OTHER_PROVIDER',
    ],
    ['hex for base64', signed(`v1,${Buffer.from(right, 'base64').toString('hex')}`), shipped, 'ENCODING_HEX'],
    [
      'base64url for base64',
      signed(`v1,${Buffer.from(right, 'base64').toString('base64url')}`),
      shipped,
      'ENCODING_BASE64URL|ENCODING_UNPADDED',
    ],
    [
      'base64 for hex',
      [['signature', Buffer.from(hexDigest(created, examples.shoprocket), 'hex').toString('base64')]],
      created,
      'ENCODING_BASE64',
    ],
    [
      'capitals',
      [['signature', hexDigest(created, examples.shoprocket).toUpperCase()]],
      created,
      'ENCODING_UPPERCASE',
    ],
    [
      'another hash',
      [['signature', createHmac('sha1', examples.shoprocket).update(created).digest('hex')]],
      created,
      'DIGEST_ALGORITHM',
    ],
    [
      'the time in milliseconds',
      svixHeaders(shipped, { time: milliseconds }),
      shipped,
      'TIMESTAMP_MILLISECONDS',
    ],
    [
      'the body alone',
      signed(`v1,${createHmac('sha256', Buffer.from(svixKey, 'base64')).update(shipped).digest('base64')}`),
      shipped,
      'CONTENT_INCOMPLETE',
    ],
    [
      'another attempt',
      signed(`v1,${svixDigest(shipped, 'msg_1', String(Number(time) - 5))}`),
      shipped,
      'SIGNATURE_OF_OTHER_ATTEMPT',
    ],
    ['pretty-printed on the way', svixHeaders(shipped), pretty, 'BODY_COMPACT'],
    ['made compact on the way', svixHeaders(pretty), shipped, 'BODY_PRETTY'],
    ['a newline at the end', svixHeaders(shipped), `${shipped}\n`, 'BODY_TRAILING_NEWLINE'],
    ['a newline cut off', svixHeaders(`${shipped}\n`), shipped, 'BODY_TRAILING_NEWLINE'],
    ['a byte order mark', svixHeaders(shipped), `\ufeff${shipped}`, 'BODY_BOM'],
    ['CRLF', svixHeaders(pretty), pretty.replaceAll('\n', '\r\n'), 'BODY_CRLF'],
    [
      'the escapes of PHP',
      shoprocketHeaders('{"type":"order.created","note":"a\\/b \\u2013 \\u017e"}'),
      spaced,
      'BODY_SLASH_ESCAPES|BODY_UNICODE_ESCAPES',
    ],
    [
      'sorted keys',
      shoprocketHeaders('{"note":"a/b – ž","type":"order.created"}'),
      spaced,
      'BODY_SORTED_KEYS',
    ],
    [
      'the spaces of Python',
      shoprocketHeaders('{"type": "order.created", "note": "a/b – ž"}'),
      spaced,
      'BODY_SPACED',
    ],
    [
      'two mistakes at once',
      svixHeaders(pretty, { secret: `whsec_${Buffer.from(svixKey).toString('base64')}` }),
      shipped,
      'SECRET_NOT_DECODED|BODY_PRETTY',
    ],
  ];

  it.each(cases)('%s', async (_name, headers, body, expected) => {
    const capture = message(
      [['content-type', 'application/json'], ...headers.filter(([name]) => name !== 'content-type')],
      body,
    );
    const [result, people] = await Promise.all([judged(capture), hooks(['verify', '-'], { stdin: capture })]);
    expect([result.code, people.code]).toEqual([1, 1]);
    const likely = verdictsOf(result)[0]
      ?.problems.map((problem: Line) => problem.likely?.code)
      .filter(Boolean);
    expect(expected.split('|')).toContain(likely[0]);
    expect(likely).toHaveLength(1);
    expect(people.stdout).toMatch(new RegExp(`likely ${likely[0]}: .+\\n +remedy: .+`));
    for (const text of [result.stdout, people.stdout, people.stderr]) expect(text).not.toContain(svixKey);
  });

  it('nothing, where nothing fits', async () => {
    const result = await judged(message(signed(`v1,${Buffer.alloc(32).toString('base64')}`), shipped));
    expect(result.code).toBe(1);
    expect(result.stdout).not.toContain('"likely"');
    expect(linesOf(result.stdout).at(-1)).toMatchObject({
      kind: 'notice',
      code: 'HINT',
      message: expect.stringContaining('public example secret'),
    });
  });

  it('that a capture is old, and how to judge it as of its time', async () => {
    const old = message(svixHeaders(shipped, { time: '1767225600' }), shipped);
    const now = await judged(old);
    expect(now.code).toBe(1);
    expect(codesOf(now)).toEqual(['TIMESTAMP_STALE']);
    expect(linesOf(now.stdout).at(-1)?.message).toContain('--at');
    const codes = async (at: string) => {
      const result = await judged(old, ['--at', at]);
      return [result.code, ...codesOf(result)];
    };
    expect(await codes('2026-01-01T00:00:00Z')).toEqual([0]);
    expect(await codes('2026-01-01T00:05:00Z')).toEqual([0]);
    expect(await codes('2026-01-01T00:05:01Z')).toEqual([1, 'TIMESTAMP_STALE']);
    expect(await codes('2025-12-31T23:55:00Z')).toEqual([0]);
    expect(await codes('2025-12-31T23:54:59Z')).toEqual([1, 'TIMESTAMP_FUTURE']);
  });
});

describe.concurrent('whose delivery it is, and how strict', () => {
  it('--strict turns warnings into errors', async () => {
    const unsigned = message([['content-type', 'application/json']], created);
    const [lax, strict] = await Promise.all([judged(unsigned), judged(unsigned, ['--strict'])]);
    expect([lax.code, ...codesOf(lax)]).toEqual([0, 'SIGNATURE_MISSING']);
    expect([strict.code, ...codesOf(strict)]).toEqual([1, 'SIGNATURE_MISSING']);
  });

  it('--provider decides what cannot be told', async () => {
    const unknown = message([['content-type', 'application/json']], '{"type":"some.thing"}');
    expect(codesOf(await judged(unknown))).toEqual(['PROVIDER_UNKNOWN']);
    expect(codesOf(await judged(unknown, ['--provider', 'shoprocket']))).toEqual([
      'SIGNATURE_MISSING',
      'EVENT_UNKNOWN',
    ]);
  });

  it.each([
    ['a file', ['--provider', 'roastify', '--secret-file', 'SECRETS'], {}],
    ['a file for all', ['--secret-file', 'NAMED'], {}],
    ['a flag', ['--provider', 'roastify', '-s', otherWhsec], {}],
    ['a flag with its provider', ['-s', `roastify=${otherWhsec}`], {}],
    ['the environment', [], { HOOKS_ROASTIFY_SECRET: otherWhsec }],
  ] as Array<[string, string[], Record<string, string>]>)('secrets from %s', async (_name, args, env) => {
    using folder = makeFolder();
    const files = {
      SECRETS: `${examples.roastify}\n${otherWhsec}\n`,
      NAMED: `roastify=${otherWhsec}\nshoprocket=mine`,
    };
    const words = args.map((word) =>
      word in files ? folder.file(word, files[word as keyof typeof files]) : word,
    );
    const capture = message(svixHeaders(shipped, { secret: otherWhsec }), shipped);
    expect(await judged(capture, words, { env })).toMatchObject({ code: 0 });
    expect(await judged(capture)).toMatchObject({ code: 1 });
  });

  it('what would steer the terminal is made visible', async () => {
    const nasty = JSON.stringify({ type: '\u001b[31m\u009b31m\u202e' });
    const capture = message(shoprocketHeaders(nasty), nasty);
    const [facts, people] = await Promise.all([judged(capture), hooks(['verify', '-'], { stdin: capture })]);
    for (const { stdout, stderr } of [facts, people])
      expect(stdout + stderr).not.toMatch(/[\u001b\u0080-\u009f\u202e]/);
    expect(people.stdout).toContain('\\x1b[31m\\x9b31m\\u202e');
  });
});
