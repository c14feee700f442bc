import { describe, expect, it } from 'vitest';
import { hooks, type Line, linesOf } from '../helpers/command.ts';

const order = ['events', 'shoprocket', 'order.created'];
const seeded = ['--seed', '7', '--at', '2026-03-01T12:00:00Z'];

async function jsonOf(args: readonly string[]): Promise<Line> {
  const { code, stdout } = await hooks(args);
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

describe.concurrent('the catalogue', () => {
  it('names every event, by provider', async () => {
    const { code, stdout, stderr } = await hooks(['events']);
    const facts = linesOf((await hooks(['events', '--json'])).stdout);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const { event, summary } of facts) {
      const line = stdout
        .split('\n')
        .find((text) => text.startsWith(`  ${event} `) && text.includes(summary));
      expect(line, event).toMatch(/ (documented|observed|assumed)\b/);
    }
    const names = ['rose-rocket', 'roastify', 'shoprocket', 'rose-rocket-platform', 'shoprocket-v3'];
    const counts = names.map((name) => facts.filter(({ provider }) => provider === name).length);
    expect(counts).toEqual([21, 9, 6, 1, 10]);
    expect(stdout.match(/^ {2}signing: (documented|assumed), .+$/gm)).toHaveLength(5);
    expect(stdout.match(/^ {2}retries: (documented|assumed), .+$/gm)).toHaveLength(5);
    expect(stdout).toMatch(/8 attempts: at once, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h/);
  });

  it.each([
    ['rose-rocket', 21],
    ['roastify', 9],
    ['shoprocket', 6],
    ['rose-rocket-platform', 1],
    ['shoprocket-v3', 10],
  ])('of %s alone', async (provider, count) => {
    const { stdout } = await hooks(['events', provider]);
    expect(stdout.match(/^\S.* \d+ events?, /gm)).toHaveLength(1);
    expect(stdout.match(/^ {2}[a-z_]+\.[a-z_]+ /gm)).toHaveLength(count);
  });

  it('a row says what it rests on, and how it is signed and repeated', async () => {
    for (const row of linesOf((await hooks(['events', '--json'])).stdout)) {
      expect(row).toMatchObject({
        kind: 'event',
        title: expect.stringMatching(/./),
        summary: expect.stringMatching(/./),
        basis: expect.stringMatching(/^(documented|observed|assumed)$/),
        source: expect.stringMatching(/https:\/\//),
        signing: {
          label: expect.stringMatching(/./),
          basis: ['roastify', 'rose-rocket-platform'].includes(row.provider) ? 'documented' : 'assumed',
        },
        retries: { delays_ms: expect.any(Array), basis: expect.stringMatching(/./) },
      });
      expect(row).not.toHaveProperty('payload');
      expect(row).not.toHaveProperty('schema');
    }
  });
});

describe.concurrent('one event', () => {
  it('is a sample payload on stdout, its words on stderr', async () => {
    const { stdout, stderr } = await hooks(order);
    expect(JSON.parse(stdout)).toMatchObject({
      type: 'order.created',
      data: { id: expect.stringMatching(/^\d+$/) },
    });
    expect(stderr).toMatch(/^event: documented /m);
    expect(stderr).toMatch(/^signing: assumed, /m);
  });

  it('is the payload that send makes of the same seed', async () => {
    const sample = await jsonOf([...order, ...seeded]);
    const { stdout } = await hooks(['send', 'shoprocket', 'order.created', ...seeded, '--dry-run', '--json']);
    const delivery = linesOf(stdout).find(({ kind }) => kind === 'delivery')?.delivery;
    expect(JSON.parse(delivery.body)).toEqual(sample);
    expect(await jsonOf([...order, '--seed', '8', '--at', '2026-03-01T12:00:00Z'])).not.toEqual(sample);
  });

  it.each([
    ['a printed name', ['rose-rocket', 'order pod UPLOADED'], 'order.pod_uploaded'],
    ['its provider before it', ['shoprocket', 'shoprocket:order.created'], 'order.created'],
    ['a glob that is one', ['roastify', 'tracking.*'], 'tracking.updated'],
  ])('by %s', async (_name, words, event) => {
    expect(await jsonOf(['events', ...words, '--json'])).toMatchObject({
      kind: 'event',
      event,
      payload: expect.any(Object),
    });
  });

  it('--schema is its JSON Schema', async () => {
    const schema = await jsonOf([...order, '--schema']);
    expect(schema).toMatchObject({ type: 'object', properties: { data: expect.any(Object) } });
    expect(await jsonOf([...order, '--schema', '--json'])).toMatchObject({ kind: 'event', schema });
  });

  it.each([
    ['a glob that is several', ['shoprocket', 'order.*'], 'order.created'],
    ['--schema without an event', ['shoprocket', '--schema'], '--schema'],
    ['--seed without an event', ['--seed', '1'], '--seed'],
    ['--at without an event', ['shoprocket', '--at', '2026-01-01'], '--at'],
    ['--seed and --schema', [...order.slice(1), '--schema', '--seed', '1'], '--seed'],
    ['--at and --schema', [...order.slice(1), '--schema', '--at', '2026-01-01'], '--at'],
    ['an event in place of the provider', ['order.created'], 'provider'],
  ])('refused: %s', async (_name, args, words) => {
    const { code, stdout, stderr } = await hooks(['events', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
  });
});
