import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bench, kitOf } from '../../../src/core/check/kit.ts';
import type { Message, Rule, Trial } from '../../../src/core/check/rule.ts';
import { rules } from '../../../src/core/check/rules.ts';
import { payloadMaker } from '../../../src/core/fake.ts';
import { hmac } from '../../../src/core/hmac.ts';
import type { Scheme } from '../../../src/core/provider.ts';
import { type SchemeData, type SchemeName, schemeNames } from '../../../src/core/scheme-data.ts';
import { schemeOf } from '../../../src/core/schemes.ts';
import { parseStatuses } from '../../../src/core/status.ts';
import type { Received } from '../../../src/core/types.ts';
import { now, shoprocket } from '../../helpers/deliveries.ts';
import { keys, records, secretOf } from '../../helpers/records.ts';

const payload = payloadMaker();
const target = 'http://localhost:3000/hook?tenant=1';

const benchOf = (scheme: Scheme, secret: string): Bench => ({
  provider: { ...shoprocket, scheme, exampleSecret: secret },
  secret,
  signing: true,
  event: 'order.created',
  seed: 1,
  at: now,
  accepts: parseStatuses('2xx'),
  timeoutMs: 15_000,
  url: target,
  payload,
});

/** What a receiver at the target gets. */
function received({ url = target, query, headers, body, method = 'POST' }: Message): Received {
  const { host, pathname, search } = new URL(url);
  const own = pathname + search;
  return {
    method,
    path: query === undefined ? own : `${own}&${query}`,
    headers: [['host', host], ...headers],
    body,
  };
}

/** What a receiver that checks the scheme, and nothing else, answers otherwise than a rule expects. */
function wrongs(scheme: Scheme, secret: string, some: readonly Rule[], more: Partial<Bench> = {}): string[] {
  const bench = { ...benchOf(scheme, secret), ...more };
  return some.flatMap((rule) => {
    const kit = kitOf(bench, rule.id);
    if (rule.skip?.(kit) !== undefined) return [];
    const wrong = ({ expect, make }: Trial) => {
      const accepted = scheme.verify(received(make(now)), [secret], now).length === 0;
      return accepted ? expect === 'refuse' : expect === 'accept';
    };
    return rule
      .trials(kit)
      .filter(wrong)
      .map(({ label }) => `${rule.id}: ${label}`);
  });
}

const run = (scheme: Scheme, secret: string): string[] =>
  rules
    .filter(({ id, skip }) => id !== 'valid' && skip?.(kitOf(benchOf(scheme, secret), id)) === undefined)
    .map(({ id }) => id);

const secrets: Partial<Record<SchemeName, string>> = {
  svix: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  'standard-webhooks': 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  basic: 'user:password-of-theirs',
};

const judged = rules.filter(({ group }) => group !== 'survive');
const forgedRules = rules.filter(({ group }) => group === 'refuse');

describe('a receiver that checks the scheme passes every rule', () => {
  const named = schemeNames.map((use) => [use, { use }, secrets[use] ?? 'the-secret-of-a-test'] as const);
  const told = ['assumed', 'a test'] as const;
  const [basis, source] = told;
  const own: [string, SchemeData, string][] = [
    ['a token in the query', { kind: 'token', in: 'query', name: 'token', basis, source }, 'a-token'],
    [
      'a query that is not there',
      {
        kind: 'hmac',
        label: 'any',
        names: { signature: 'x-sig' },
        over: '{body}{query}',
        url: 'http://10.0.0.1:8080/',
        digest: 'sha256',
        encoding: 'hex',
        key: 'utf8',
        value: '{signature}',
        basis,
        source,
      },
      'a-secret-of-a-test',
    ],
    [
      'Ed25519',
      { use: 'standard-webhooks' },
      'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==',
    ],
  ];

  it.each([...named, ...own])('%s', (_, data, secret) => {
    expect(wrongs(schemeOf(data), secret, judged)).toEqual([]);
  });

  it('whatever the seed, where payloads are all the same and ids few', () => {
    const scheme = hmac({
      ...shoprocket.scheme.record!,
      names: { signature: 'x-sig', id: 'x-id' },
      over: '{id}.{body}',
      newId: { prefix: '', length: 1 },
    });
    for (const same of [{ event: 'order.created', data: 'x' }, { event: 'order.created', id: 1 }, {}])
      for (let seed = 1; seed <= 60; seed++)
        expect(wrongs(scheme, 'a-secret-of-a-test', forgedRules, { seed, payload: () => same })).toEqual([]);
  });

  it('any record, in a header, in the query or in the body', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(records, keys, (record, bytes) => {
        expect(wrongs(hmac(record), secretOf(record, bytes).secret, judged)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the rules that can be judged', () => {
  const always = ['no-signature', 'empty-signature', 'wrong-secret', 'refused-id-not-burnt'];

  it.each<[string, SchemeData]>([
    ['a token', { use: 'token' }],
    ['basic auth', { use: 'basic' }],
    ['a token in the query', { use: 'token', with: { in: 'query' } }],
  ])('of %s are those about the secret, and each other says why it cannot', (_, data) => {
    const scheme = schemeOf(data);
    const able = run(scheme, 'user:password');
    expect(able).toEqual(expect.arrayContaining(always));
    expect(able).not.toEqual(expect.arrayContaining(['tampered-body']));
    for (const rule of ['tampered-body', 'truncated-signature', 'stale', 'unsigned-content'])
      expect(
        rules.find(({ id }) => id === rule)?.skip?.(kitOf(benchOf(scheme, 'user:password'), rule)),
      ).toMatch(/secret is sent as it is|no timestamp/);
  });

  it('of a scheme that is code are those that let it sign', () => {
    const { record: _, form: __, ...code } = schemeOf({ use: 'github' });
    const able = run(code, 'secret');
    expect(able).toEqual(expect.arrayContaining(always));
    expect(able).not.toContain('truncated-signature');
    expect(wrongs(code, 'secret', judged)).toEqual([]);
  });

  it('of an observed scheme ask for several signatures only where they were seen', () => {
    const lists = ['rotated-secret-first', 'rotated-secret-last', 'unknown-version-first'];
    const stripe = schemeOf({ use: 'stripe' }).record!;
    const { several: _, ...single } = stripe;
    const observed = { ...single, basis: 'observed' } as const;
    const able = (record: typeof stripe) => run(hmac(record), 'secret').filter((id) => lists.includes(id));
    expect(able(observed)).toEqual([]);
    expect(able({ ...observed, several: true })).toEqual(lists);
    expect(able({ ...observed, basis: 'documented' })).toEqual(lists);
    expect(able(stripe)).toEqual(lists);
    const [first] = rules.filter(({ id }) => id === lists[0]);
    expect(first!.skip?.(kitOf(benchOf(hmac(observed), 'secret'), lists[0]!))).toBe(
      'the scheme is observed, and no delivery with several signatures was seen',
    );
  });

  it('of no scheme at all are none', () => {
    const able = run(schemeOf({ use: 'none' }), '');
    expect(able.filter((id) => rules.find((rule) => rule.id === id)?.group === 'refuse')).toEqual([]);
  });

  it('of a scheme that signs no body leave that out', () => {
    const record = {
      ...(schemeOf({ use: 'slack' }).record as NonNullable<Scheme['record']>),
      over: '{timestamp}',
    };
    const able = run(hmac(record), 'secret');
    expect(able).not.toContain('tampered-body');
    expect(able).toEqual(expect.arrayContaining([...always, 'tampered-timestamp', 'truncated-signature']));
  });
});

it('a message says the address only where signing changed it', () => {
  const made = (data: SchemeData, secret: string) => {
    const kit = kitOf(benchOf(schemeOf(data), secret), 'valid');
    return rules
      .find(({ id }) => id === 'valid')!
      .trials(kit)[0]!
      .make(now);
  };
  expect(made({ use: 'github' }, 'secret')).not.toHaveProperty('url');
  expect(made({ use: 'token', with: { in: 'query' } }, 'abc').url).toBe(`${target}&token=abc`);
});
