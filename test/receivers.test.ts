import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../src/core/check/rules.ts';
import { send, sign } from '../src/index.ts';
import { probedRules } from './helpers/battery.ts';
import { checked } from './helpers/check.ts';
import { provider } from './helpers/deliveries.ts';
import { examples } from './helpers/oracle.ts';
import { broken, correct } from './receivers/index.ts';
import type { Broken, Listed, Running } from './receivers/serve.ts';

const eventsOf = ({ provider: name }: Listed): string[] => Object.keys(provider(name).events);
const [firstOf, secret] = [(each: Listed) => eventsOf(each)[0]!, (each: Listed) => examples[each.provider]];

const unseen = 'no answer shows it: --effect-cmd or --effect-url would';
const slowness = ({ timeoutMs = 0, policyMs = 0 }: Broken): number => timeoutMs + policyMs;
/** So that nobody waits for them at the end. */
const slowestFirst = [...broken].sort((one, other) => slowness(other) - slowness(one));

it('every receiver has a name of its own', () => {
  const names = [...correct, ...broken].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(broken.length).toBeGreaterThanOrEqual(36);
});

const [anything, rewritten, old, twice] = [
  'everything is accepted, also without a signature',
  'the signature is checked over JSON that was parsed and written again',
  'what was seen once can be sent again for days',
  'what comes again is handled again',
];
const [optional, part] = [
  'a signature is checked only where there is one',
  'a part of the right digest is enough',
];
/** What the failures of a receiver prove together: how the words begin. Those of the others prove nothing together. */
const proved: Readonly<Record<string, readonly string[]>> = {
  unchecked: [anything],
  'body-hmac-unchecked': [anything],
  'signature-present-only': ['any signature is accepted, as long as there is one'],
  'signature-optional': [optional],
  'body-hmac-optional': [optional],
  'headers-missing-next': [optional],
  'expected-starts-with-given': [part],
  'first-eight-characters': [part],
  'as-long-as-the-shorter': [part],
  'json-again': [rewritten],
  'body-hmac-of-json-again': [rewritten],
  'express-json': [rewritten],
  'fastify-json': [rewritten],
  'time-unchecked': [old],
  'tolerance-in-milliseconds': [old],
  'windmill-GHSA-q9g3-q6fj-hc2x': [old, twice],
  'duplicate-handled-twice': [twice],
  'acts-before-check': [twice],
  'remembers-ids-per-worker': [twice],
  'chunks-as-text': ['the body is put together as text, chunk by chunk'],
};

/** Effects take their time, more of it where much goes on beside. */
const patientMs = 120_000;

describe('hooks check', () => {
  it.concurrent.each(correct)('finds no fault with $name', async (listed) => {
    const { code, failed, facts, diagnoses } = await checked(listed);
    expect([code, failed, diagnoses]).toEqual([0, [], []]);
    expect(facts.map(({ rule }) => rule)).toEqual(rules.map(({ id }) => id));
    const skipped = facts.filter(({ outcome }) => outcome === 'skipped').map(({ reason }) => reason);
    if (listed.provider === 'roastify') expect(skipped).toEqual(probedRules.map(() => unseen));
    else expect(skipped).toContain('the scheme has no timestamp');
  });

  it.concurrent.each(correct)(
    'finds no fault with $name when it sees the effects',
    async (listed) => {
      const { code, failed, facts } = await checked(listed, { probed: true });
      expect([code, failed]).toEqual([0, []]);
      for (const { id } of probedRules)
        expect(facts.find(({ rule }) => rule === id)).toMatchObject(
          id === 'duplicate-unsigned-id' && listed.provider === 'shoprocket'
            ? { outcome: 'skipped', reason: 'the scheme signs no id' }
            : { outcome: 'passed' },
        );
    },
    patientMs,
  );

  it.concurrent.each(slowestFirst)(
    '$name: $mistake',
    async (listed) => {
      const { code, facts, failed, diagnoses } = await checked(listed, listed);
      expect([...failed].sort()).toEqual([...listed.fails].sort());
      expect(diagnoses).toEqual(
        (proved[listed.name] ?? []).map((words) => expect.stringMatching(new RegExp(`^${words}`))),
      );
      // Where the genuine delivery that a forged one is held against was refused, nothing is proved.
      const open = facts.some(({ reason }) => /so nothing can be concluded/.test(reason ?? ''));
      const must = facts.some(({ outcome, level }) => outcome === 'failed' && level === 'MUST');
      expect(code).toBe(listed.dies ? 3 : must || open ? 1 : 0);
    },
    patientMs,
  );

  const judged = rules.filter(({ group }) => group === 'accept' || group === 'refuse');
  it.each(judged)('a receiver is listed that fails $id', ({ id }) => {
    expect(broken.filter((listed) => listed.fails.includes(id)).map(({ name }) => name)).not.toEqual([]);
  });

  it('the lists name rules that there are', () => {
    const ids = rules.map(({ id }) => id);
    expect(broken.flatMap(({ fails }) => fails).filter((id) => !ids.includes(id))).toEqual([]);
  });
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

describe('a receiver with one mistake', () => {
  it.each(broken)('$name takes a plain delivery, unless that is its mistake', async (listed) => {
    const running = await listed.start({ secret: secret(listed) });
    const { accepted } = await send(listed.provider, firstOf(listed), { to: running.url });
    await running.close();
    expect(accepted).toBe(!listed.fails.includes('valid'));
  });
});
