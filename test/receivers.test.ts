import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, sign } from '../src/index.ts';
import { provider } from './helpers/deliveries.ts';
import { examples } from './helpers/oracle.ts';
import { broken, correct } from './receivers/index.ts';
import type { Listed, Running } from './receivers/serve.ts';

const eventsOf = ({ provider: name }: Listed): string[] => Object.keys(provider(name).events);
const [firstOf, secret] = [(each: Listed) => eventsOf(each)[0]!, (each: Listed) => examples[each.provider]];

it('every receiver has a name of its own', () => {
  const names = [...correct, ...broken].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(broken.length).toBeGreaterThanOrEqual(36);
});

/** The rules of what must be accepted and what must be refused; each is worth nothing that no mistake fails. */
const rules = `
  valid every-event reformatted-body big-numbers unicode unknown-field unknown-event large-body very-large-body chunked
  header-case content-type-charset rotated-secret-first rotated-secret-last unknown-version-first clock-skew duplicate
  same-body-new-id out-of-order concurrent prompt refused-id-not-burnt white-label-headers
  no-signature empty-signature tampered-body tampered-whitespace tampered-id tampered-timestamp wrong-secret
  other-body-signature truncated-signature prefix-signature extended-signature case-changed-signature wrong-encoding
  no-version wrong-version unsigned-content undecoded-secret empty-key stale stale-by-a-day future timestamp-missing
  id-missing timestamp-garbage timestamp-ms timestamp-negative duplicate-headers algorithm-confusion signature-in-query
  replayed-body-new-id known-id-forged`.match(/\S+/g)!;

it.each(rules)('a receiver is listed that fails %s', (rule) => {
  expect(broken.filter(({ fails }) => fails.includes(rule)).map(({ name }) => name)).not.toEqual([]);
});

describe.each(correct)('$name is right', (listed) => {
  let running: Running;
  beforeAll(async () => {
    running = await listed.start({ secret: secret(listed) });
  });
  afterAll(() => running.close());

  const statusOf = async (options: object, event = firstOf(listed)) => {
    const { answer } = await send(listed.provider, event, { to: running.url, ...options });
    return 'status' in answer ? answer.status : answer.failure;
  };
  const refused = [400, 401, 405, 413, 415];

  it('takes every event, and acts once on each', async () => {
    const before = running.effects();
    for (const event of eventsOf(listed))
      expect(await statusOf({ seed: 1 }, event)).toBeOneOf([200, 202, 204]);
    await expect.poll(running.effects).toBe(before + eventsOf(listed).length);
  });

  it('refuses what is unsigned, tampered with or not JSON', async () => {
    const before = running.effects();
    const headers = sign(listed.provider, '{"a":1}');
    expect(await statusOf({ unsigned: true })).toBeOneOf(refused);
    expect(await statusOf({ headers, body: '{"a":2}' })).toBeOneOf(refused);
    expect(await statusOf({ unsigned: true, body: '' })).toBeOneOf(refused);
    expect(running.effects()).toBe(before);
  });

  it('takes a megabyte, and survives what is no event', async () => {
    const bodies = [
      JSON.stringify({ text: 'é'.repeat(500_000) }),
      '{"a":1',
      '',
      '0',
      'null',
      '\u0000',
      '\ufeff{}',
    ];
    const statuses = [];
    for (const body of bodies) statuses.push(await statusOf({ body }));
    expect(statuses[0]).toBeOneOf([200, 202, 204]);
    for (const status of statuses) expect(status).toBeOneOf([200, 202, 204, ...refused]);
    const got = await fetch(running.url);
    expect(got.status).toBeOneOf([404, 405]);
  });

  it('prints its effects', async () => {
    const response = await fetch(`${running.url}effects`);
    expect(Number(await response.text())).toBe(running.effects());
  });
});

describe.each(broken)('$name: it $mistake', (listed) => {
  it('takes a plain delivery, unless that is its mistake', async () => {
    const running = await listed.start({ secret: secret(listed) });
    const { accepted } = await send(listed.provider, firstOf(listed), { to: running.url });
    await running.close();
    expect(accepted).toBe(!listed.fails.includes('valid'));
  });
});
