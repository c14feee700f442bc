import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bash, hooks, linesOf, makeFolder } from '../helpers/command.ts';

const unix = process.platform !== 'win32';

describe.runIf(existsSync('/dev/full'))('output that cannot be written', () => {
  it.each([
    ['events'],
    ['send roastify fulfillment.created --dry-run'],
    ['listen --print-secret'],
    ['completion bash'],
    ['demo'],
    ['listen --port 0 --json'],
  ])('hooks %s says so, and is no success', async (words) => {
    const { code, stderr } = await bash(`hooks ${words} > /dev/full`);
    expect([code, stderr]).toEqual([1, expect.stringContaining('stdout cannot be written, output is lost')]);
  });
});

describe.runIf(unix)('a reader that leaves', () => {
  it('does not turn a failure into a success', async () => {
    const script = `hooks send roastify --all --to 9 --json | head -1 > /dev/null; echo "\${PIPESTATUS[0]}"`;
    expect((await bash(script)).stdout.trim()).toBe('3');
  });

  it.each(['events', 'demo'])('is no failure by itself: hooks %s', async (words) => {
    expect((await bash(`hooks ${words} | head -1 > /dev/null; echo "\${PIPESTATUS[0]}"`)).stdout.trim()).toBe(
      '0',
    );
  });
});

describe('what is too much, or nothing', () => {
  it.runIf(existsSync('/dev/zero'))('a file that never ends is refused', async () => {
    const { code, stderr } = await hooks(['verify', '/dev/zero']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('larger than 100 MB')]);
  });

  it.each([
    ['--host', ['listen', '--host', '']],
    ['--to', ['send', 'roastify', '--all', '--to', '']],
    ['--data', ['send', 'roastify', '--all', '--to', '9', '--data', ' ']],
  ])('an empty %s is refused', async (_option, args) => {
    const { code, stderr } = await hooks(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining('It is empty.')]);
  });

  it('an empty secret in the environment is said', async () => {
    const { stderr } = await hooks(['send', 'roastify', 'fulfillment.created', '--dry-run'], {
      env: { HOOKS_ROASTIFY_SECRET: '' },
    });
    expect(stderr).toContain('HOOKS_ROASTIFY_SECRET is empty: the public example secret is used');
  });
});

describe('times', () => {
  const dryRun = (at: string, zone = 'UTC') =>
    hooks(
      [
        'send',
        'roastify',
        'fulfillment.created',
        '--dry-run',
        '--json',
        '--seed',
        '1',
        '--signed-at',
        '2026-11-21',
        '--at',
        at,
      ],
      { env: { TZ: zone } },
    );

  it.each(['2026-02-30', '2026-13-01', '2026-11-21T25:00:00Z', '1969-12-31', 'soon'])(
    '%s is none',
    async (at) => {
      const { code, stderr } = await dryRun(at);
      expect([code, stderr]).toEqual([2, expect.stringContaining(`"${at}" is not a time`)]);
    },
  );

  it.each(['2026-11-21', '2026-11-21T10:00', '2026-11-21 10:00:00'])(
    '%s means the same in every zone',
    async (at) => {
      const [here, there] = await Promise.all([dryRun(at), dryRun(at, 'Asia/Tokyo')]);
      expect(there.stdout).toBe(here.stdout);
    },
  );
});

describe('--data', () => {
  const send = (path: string) =>
    hooks(['send', 'roastify', 'fulfillment.created', '--dry-run', '--json', '--data', path]);

  it('that is not UTF-8 is refused, not repaired', async () => {
    using folder = makeFolder();
    const { code, stderr } = await send(
      folder.file('data.json', Buffer.from('{"orderId":"\xff\xfe"}', 'latin1')),
    );
    expect([code, stderr]).toEqual([2, expect.stringContaining('is not valid UTF-8')]);
  });

  it('may begin with a byte order mark', async () => {
    using folder = makeFolder();
    const { stdout } = await send(folder.file('data.json', '\ufeff{"orderId":"ord_1"}'));
    expect(linesOf(stdout)[0]?.delivery.body).toContain('"orderId":"ord_1"');
  });
});

it('--invalid leaves what was set as it was set', async () => {
  for (let seed = 0; seed < 8; seed++) {
    const { stdout } = await hooks([
      'send',
      'roastify',
      'fulfillment.created',
      '--dry-run',
      '--json',
      '--invalid',
      '--set',
      'orderId=mine',
      '--seed',
      `${seed}`,
    ]);
    const made = linesOf(stdout).find(({ kind }) => kind === 'delivery');
    expect(made?.delivery.body).toContain('"orderId":"mine"');
  }
});

it('a secret may carry the name of its provider, whether that is known already or not', async () => {
  using folder = makeFolder();
  const file = folder.file('secret.txt', 'roastify=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n');
  expect(
    (await hooks(['send', 'roastify', 'fulfillment.created', '--dry-run', '--secret-file', file])).code,
  ).toBe(0);
});
