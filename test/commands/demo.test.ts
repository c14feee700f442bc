import { describe, expect, it } from 'vitest';
import { hooks, linesOf } from '../helpers/command.ts';

const counts = {
  'rose-rocket': 21,
  roastify: 9,
  shoprocket: 6,
  'rose-rocket-platform': 1,
  'shoprocket-v3': 10,
};

describe.concurrent('hooks demo', () => {
  it('prints 47 valid verdicts and a table', async () => {
    const { code, stdout, stderr } = await hooks(['demo']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const valid = /<-- \[200\] valid, (?:signature fits|not signed) \((?:documented|assumed) scheme\)/g;
    expect(stdout.match(valid)).toHaveLength(47);
    expect(stdout.match(/valid, not signed/g)).toHaveLength(11);
    expect(stdout).not.toContain('invalid');
    for (const [name, count] of Object.entries(counts)) {
      expect(stdout).toMatch(
        new RegExp(`^✓ ${name} +${count} of ${count} +valid .*\\((documented|assumed)\\)$`, 'm'),
      );
    }
    expect(stdout).toMatch(/^seed \d+$/m);
  });

  it('--json: 47 verdicts without a finding, and a summary', async () => {
    const { code, stdout, stderr } = await hooks(['demo', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const facts = linesOf(stdout);
    const received = facts.filter(({ kind }) => kind === 'received');
    for (const { verdict, replied } of received) {
      const signed = !['rose-rocket-platform', 'shoprocket-v3'].includes(verdict.provider);
      expect(verdict).toMatchObject({ valid: true, signed, problems: [] });
      expect(replied.status).toBe(200);
    }
    const names = received.map(({ verdict }) => `${verdict.provider} ${verdict.event}`);
    expect(new Set(names).size).toBe(47);
    for (const [name, count] of Object.entries(counts))
      expect(names.filter((text) => text.startsWith(`${name} `))).toHaveLength(count);
    expect(facts.at(-1)).toMatchObject({ kind: 'summary', sent: 47, accepted: 47, received: 47, valid: 47 });
  });

  it('the seed printed makes the same payloads again', async () => {
    // The times in a payload are those of now; all else follows from the seed.
    const payloads = (text: string) =>
      linesOf(text)
        .filter(({ kind }) => kind === 'received')
        .map(({ received }) => received.body.replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?/g, ''));
    const first = await hooks(['demo', '--json']);
    const seed = linesOf(first.stdout).at(-1)?.seed;
    const [again, other] = await Promise.all([
      hooks(['demo', '--json', '--seed', `${seed}`]),
      hooks(['demo', '--json', '--seed', `${(seed + 1) % 1_000_000_000}`]),
    ]);
    expect(payloads(again.stdout)).toEqual(payloads(first.stdout));
    expect(payloads(other.stdout)).not.toEqual(payloads(first.stdout));
  });

  it('needs nothing: no secret of the environment changes it', async () => {
    const env = { HOOKS_SHOPROCKET_SECRET: 'mine', HOOKS_ROASTIFY_SECRET: 'malformed' };
    expect(await hooks(['demo', '--json'], { env })).toMatchObject({ code: 0 });
  });
});
