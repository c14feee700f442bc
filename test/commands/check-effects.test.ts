import { describe, expect, it } from 'vitest';
import { check, to } from '../helpers/checking.ts';
import { hooks, makeFolder } from '../helpers/command.ts';
import { receiver } from '../helpers/receiver.ts';
import { shop } from '../helpers/shop.ts';

describe('effects', () => {
  const ids = ['duplicate', 'same-body-new-id', 'known-id-forged'];
  const words = ['--only', ids.join(), '--effect-wait', '400ms'];

  /** A shop that writes a line for each thing that it does. */
  async function working({ twice = false, afterMs = 0 } = {}) {
    const done = new Set<string>();
    let count = 0;
    const target = await shop(({ genuine, id }) => {
      if (genuine && (twice || !done.has(id))) setTimeout(() => count++, afterMs);
      if (genuine) done.add(id);
      return undefined;
    });
    const counter = await receiver([(response) => void response.end(String(count))]);
    return { ...target, effect: ['--effect-url', `${counter.port}/count`] };
  }

  it.each([0, 100])('of a receiver that does everything right, after %i ms', async (afterMs) => {
    const { effect, ...target } = await working({ afterMs });
    const { code, outcomes } = await check(target, ...words, ...effect);
    expect([code, outcomes]).toEqual([
      0,
      { duplicate: 'passed', 'same-body-new-id': 'reported', 'known-id-forged': 'passed' },
    ]);
  });

  it('of one that does a repetition again fail, and pass unseen', async () => {
    const { effect, ...target } = await working({ twice: true });
    expect((await check(target, '--only', 'duplicate')).rule('duplicate')).toMatchObject({
      outcome: 'passed',
      reason: expect.stringMatching(/by the answers alone/),
    });
    const seen = await check(target, ...words, ...effect);
    expect([seen.code, seen.rule('duplicate')]).toMatchObject([
      1,
      { outcome: 'failed', reason: expect.stringMatching(/there was a second effect: "\d+" → "\d+"/) },
    ]);
  });

  it.each<[string, string, RegExp]>([
    ['fails', 'echo "no such table" >&2; exit 3', /it ended with 3: no such table/],
    ['never moves', 'echo 7', /does not move it: it shows "7"[\s\S]*--effect-wait[\s\S]*--event/],
    ['changes by itself', 'date +%s%N', /it changes by itself/],
    ['changes by itself, each second', 'date +%s', /it changes by itself/],
  ])('are not judged with a command that %s', async (_, command, said) => {
    const { code, stderr } = await hooks([
      'check',
      'roastify',
      ...to(await shop()),
      '--effect-cmd',
      command,
      '--effect-wait',
      command === 'date +%s' ? '1100ms' : '100ms',
    ]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(said)]);
  });

  it('that cannot be told any more are no success, and that is said once', async () => {
    const seen = new Set<string>();
    let [count, repeated] = [0, false];
    const target = await shop(({ genuine, id }) => {
      repeated ||= seen.has(id);
      seen.add(id);
      if (genuine) count += 1;
      return undefined;
    });
    const counter = await receiver([
      (response) => void response.writeHead(repeated ? 503 : 200).end(String(count)),
    ]);
    const { code, notices, rule } = await check(
      target,
      ...['--only', 'duplicate,duplicate-at-once,same-body-new-id', '--effect-wait', '100ms'],
      ...['--effect-url', String(counter.port)],
    );
    expect([code, rule('duplicate'), rule('duplicate-at-once')]).toMatchObject([
      1,
      {
        outcome: 'passed',
        reason: 'by the answers alone; the effect cannot be told: it answered 503',
      },
      { outcome: 'skipped', reason: 'the effect cannot be told: it answered 503' },
    ]);
    expect(notices).toEqual([
      'UNDECIDED: 2 rules that must hold could not be told, so this is no success: duplicate, duplicate-at-once: the effect cannot be told: it answered 503',
    ]);
  });

  it('that were had by an earlier run with the same ids are a hint', async () => {
    const { effect, ...target } = await working();
    const same = ['--seed', '7', '--at', '2026-11-21T10:00:00Z', ...effect, '--effect-wait', '100ms'];
    expect((await check(target, '--only', 'duplicate', ...same)).code).toBe(0);
    const again = await check(target, '--only', 'duplicate', ...same);
    expect(again).toMatchObject({
      code: 2,
      notices: expect.arrayContaining([expect.stringMatching(/HINT: .*use another seed, or leave --at out/)]),
    });
  });

  it('are seen by a command', async () => {
    using folder = makeFolder();
    const { appendFileSync } = await import('node:fs');
    const log = folder.file('orders', '');
    const target = await shop(({ genuine }) => {
      if (genuine) appendFileSync(log, 'x');
      return undefined;
    });
    const { code, outcomes } = await check(
      target,
      '--only',
      'duplicate',
      '--effect-wait',
      '100ms',
      '--effect-cmd',
      `wc -c < ${log}`,
    );
    expect([code, outcomes]).toEqual([1, { duplicate: 'failed' }]);
  });
});
