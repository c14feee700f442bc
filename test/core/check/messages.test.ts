import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'svix';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tampered } from '../../../src/core/check/bodies.ts';
import type { Bench } from '../../../src/core/check/kit.ts';
import type { Message } from '../../../src/core/check/rule.ts';
import { rules } from '../../../src/core/check/rules.ts';
import { header, headerValues } from '../../../src/core/headers.ts';
import type { Provider } from '../../../src/core/provider.ts';
import { none } from '../../../src/core/scheme.ts';
import { benchOf, githubLike, kitFor, madeBy, ruleOf, rulesFor, stripeLike } from '../../helpers/battery.ts';
import { now } from '../../helpers/deliveries.ts';
import { examples, hexDigest, svixDigest } from '../../helpers/oracle.ts';

const names = ['roastify', 'shoprocket', 'rose-rocket'] as const;

// Svix's own check reads the wall clock.
beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'], now }));
afterAll(() => void vi.useRealTimers());

/** What other people's code says of a message. */
const oracles: Record<string, (message: Message) => boolean> = {
  roastify({ headers, body }) {
    // As node:http hands on a header that comes twice.
    const joined = Object.fromEntries(
      headers.map(([name]) => [name.toLowerCase(), headerValues(headers, name).join(', ')]),
    );
    try {
      new Webhook(examples.roastify).verify(Buffer.from(body), joined);
      return true;
    } catch {
      return false;
    }
  },
  shoprocket: ({ headers, body }) =>
    headerValues(headers, 'Signature').join() === hexDigest(body, examples.shoprocket),
  'rose-rocket': ({ headers, body }) =>
    headerValues(headers, 'X-Rose-Rocket-Signature').join() ===
    `sha256=${hexDigest(body, examples['rose-rocket'])}`,
};

/** The body's bytes in few characters. */
const hash = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');

const everything = (bench: Bench, at = now) =>
  rulesFor(bench).map(({ id }) => {
    const sent = madeBy(bench, id, at).map(({ message }) => ({ ...message, body: hash(message.body) }));
    return [id, sent] as const;
  });

it('no two rules share an id, and each says all that is asked of it', () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  for (const { id, title, why, link, sends, expects, remedy } of rules) {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    for (const words of [title, why, sends, expects, remedy]) expect(words, id).toMatch(/\S/);
    expect(new URL(link).protocol, id).toBe('https:');
    expect(why.match(/[.?](?= |$)/g)?.length, `${id} says why in two sentences`).toBeGreaterThan(1);
  }
});

describe.each(names)('the battery of %s', (name) => {
  it('is the same for the same seed and clock', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1e12, max: 2e12 }), (seed, at) => {
        expect(everything(benchOf(name, { seed, at }))).toEqual(everything(benchOf(name, { seed, at })));
      }),
      { numRuns: 3 },
    );
  });

  it('is another for another seed', () => {
    const bodies = (seed: number) =>
      new Map(everything(benchOf(name, { seed })).map(([id, sent]) => [id, sent.map(({ body }) => body)]));
    const other = bodies(2);
    // A body that breaks off early, or is no delivery's, has nothing of a seed.
    for (const [id, sent] of bodies(1))
      if (sent.length > 0) expect([id, other.get(id)]).not.toEqual([id, sent]);
  });

  it('differs from what is sent at another time in time and signature alone', () => {
    const timed = /timestamp|signature|t=/i;
    const still = (at: number) =>
      everything(benchOf(name), at).map(([id, sent]) => [
        id,
        sent.map(({ headers, query: _query, ...rest }) => [
          rest,
          headers.filter(([key]) => !timed.test(key)),
        ]),
      ]);
    expect(still(now + 86_400_000)).toEqual(still(now));
  });

  it('has another id in each delivery, where identity is not the subject', () => {
    const own = ['duplicate', 'refused-id-not-burnt', 'replayed-body-new-id', 'known-id-forged'];
    const ids = everything(benchOf(name))
      .filter(([id]) => !own.includes(id))
      .flatMap(([, sent]) => sent.map(({ id }) => id));
    const known = ids.filter((id) => id !== undefined);
    expect(known.length).toBeGreaterThan(50);
    expect(known.filter((id, index) => known.indexOf(id) !== index)).toEqual([]);
  });

  const bench = benchOf(name);

  it.each(rulesFor(bench).map(({ id }) => id))('%s: what must be accepted is genuine', (id) => {
    for (const { trial, message } of madeBy(bench, id)) {
      const twin = { ...message, headers: message.headers };
      if (trial.expect === 'accept' && id !== 'white-label-headers')
        expect([trial.label, oracles[name]?.(twin)]).toEqual([trial.label, true]);
    }
  });

  it.each(rulesFor(bench).flatMap(({ id, group }) => (group === 'refuse' ? [id] : [])))(
    '%s: what must be refused is refused by others, and has its genuine twin',
    (id) => {
      const made = madeBy(bench, id);
      const forgeries = made.filter(({ trial }) => trial.expect === 'refuse');
      expect(forgeries).not.toEqual([]);
      for (const { trial, message } of forgeries) {
        expect(trial.bad).toBe(true);
        expect([trial.label, oracles[name]?.(message)]).toEqual([trial.label, false]);
      }
      const [twin, ...others] = made;
      expect(twin?.trial).toMatchObject({ role: 'twin', expect: 'accept' });
      for (const { message } of others) {
        expect(message.event).toBe(twin?.message.event);
        expect(Math.abs(message.body.length - twin!.message.body.length)).toBeLessThan(2048);
      }
    },
  );
});

it('what is accepted under other header names is genuine too', () => {
  const [made] = madeBy(benchOf(), 'white-label-headers');
  expect(made?.message.headers.map(([name]) => name)).toContain('webhook-signature');
  expect(oracles.roastify?.(made!.message)).toBe(true);
});

describe('a forgery differs in the one thing that its rule is about', () => {
  const bench = benchOf();
  const second = String(Math.floor(now / 1000));
  const absent = ['', 'undefined', 'null', 'None'];

  /** Which of id, time and query differ from what they should be, and what the signature is right for. */
  function difference({ id = '', headers, body, query }: Message): string {
    const [wireId, wireTime, value] = ['svix-id', 'svix-timestamp', 'svix-signature'].map((key) =>
      header(headers, key),
    );
    const fits = (ids: string[], times: string[]) =>
      ids.some((each) => times.some((time) => value === `v1,${svixDigest(body, each, time)}`));
    const changed = [
      wireId === id ? [] : ['id'],
      wireTime === second ? [] : ['timestamp'],
      query === undefined ? [] : ['query'],
    ].flat();
    const signature =
      value === undefined
        ? 'no signature'
        : fits([id], [second])
          ? 'its own signature'
          : fits(wireId === undefined ? absent : [wireId], wireTime === undefined ? absent : [wireTime])
            ? 'a signature over what is sent'
            : 'another signature';
    return [...changed, signature].join(', ');
  }

  const over = (part: string) => `${part}, a signature over what is sent`;
  const table: Record<string, readonly string[]> = {
    'no-signature': ['no signature', 'id, timestamp, no signature'],
    'tampered-id': ['id, its own signature'],
    'tampered-timestamp': ['timestamp, its own signature'],
    stale: [over('timestamp')],
    'stale-by-a-day': [over('timestamp')],
    future: [over('timestamp'), over('timestamp')],
    'timestamp-missing': absent.map(() => over('timestamp')),
    'id-missing': absent.map(() => over('id')),
    'timestamp-garbage': Array.from({ length: 5 }, () => over('timestamp')),
    'timestamp-ms': [over('timestamp')],
    'timestamp-negative': [over('timestamp')],
    'signature-in-query': ['query, no signature'],
    'replayed-body-new-id': ['id, its own signature'],
  };

  it.each(rules.flatMap(({ id, group }) => (group === 'refuse' ? [id] : [])))('%s', (id) => {
    const made = madeBy(bench, id);
    const forgeries = made.filter(({ trial }) => trial.expect === 'refuse');
    const found = forgeries.map(({ message }) => difference(message));
    // All other rules change the signature alone, or the body behind it.
    expect(found).toEqual(table[id] ?? forgeries.map(() => 'another signature'));
    const others = (message: Message) => message.headers.filter(([key]) => !key.startsWith('svix-'));
    for (const { message } of forgeries) {
      expect(others(message)).toEqual(others(made[0]!.message));
      expect(message.method ?? 'POST').toBe('POST');
    }
  });

  it.each(['tampered-body', 'tampered-whitespace'])('%s is signed as it was before', (id) => {
    const kit = kitFor(bench, id);
    kit.fresh();
    const before = kit.fresh();
    const [, forged] = madeBy(bench, id);
    const { headers, body } = forged!.message;
    expect(Buffer.compare(body, before.body)).not.toBe(0);
    expect(header(headers, 'svix-signature')).toBe(`v1,${svixDigest(before.body, before.id!, second)}`);
    if (id === 'tampered-whitespace') expect(JSON.parse(`${body}`)).toEqual(JSON.parse(`${before.body}`));
    else expect(`${body}`).toBe(tampered(`${before.body}`, Object.keys(bench.provider.events)));
  });
});

describe('a scheme whose time stands in the header', () => {
  const bench = benchOf(stripeLike);
  const second = Math.floor(now / 1000);
  const values = (id: string) =>
    madeBy(bench, id).map(({ message }) => header(message.headers, 'Stripe-Signature'));
  const mac = (time: string | number, body: Uint8Array, secret = bench.secret) =>
    createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex');

  it('is signed as it is described', () => {
    for (const { message } of madeBy(bench, 'valid'))
      expect(header(message.headers, 'Stripe-Signature')).toBe(`t=${second},v1=${mac(second, message.body)}`);
  });

  it('loses its time where it is to be missing', () => {
    const [twin, ...forged] = madeBy(bench, 'timestamp-missing');
    expect(header(twin!.message.headers, 'Stripe-Signature')).toMatch(/^t=\d+,v1=/);
    expect(forged.map(({ message }) => header(message.headers, 'Stripe-Signature'))).toEqual(
      forged.map(
        ({ message }, index) => `v1=${mac(['', 'undefined', 'null', 'None'][index]!, message.body)}`,
      ),
    );
  });

  it('keeps its time before the signatures where there are two', () => {
    for (const id of ['rotated-secret-first', 'rotated-secret-last'])
      expect(values(id)).toEqual([expect.stringMatching(/^t=\d+,v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/)]);
    expect(values('unknown-version-first')).toEqual([
      expect.stringMatching(/^t=\d+,v9=[0-9a-f]{64},v1=[0-9a-f]{64}$/),
      expect.stringMatching(/^t=\d+,v1a=[0-9a-f]{64},v1=[0-9a-f]{64}$/),
    ]);
    const [first] = madeBy(bench, 'rotated-secret-first');
    const [last] = madeBy(bench, 'rotated-secret-last');
    expect(values('rotated-secret-first')[0]).toContain(`,v1=${mac(second, first!.message.body)},`);
    expect(values('rotated-secret-last')[0]).toMatch(new RegExp(`v1=${mac(second, last!.message.body)}$`));
  });

  it('has a version that can be left out or changed', () => {
    expect(values('no-version')[1]).toMatch(/^t=\d+,[0-9a-f]{64}$/);
    expect(values('wrong-version').slice(1)).toEqual([
      expect.stringMatching(/^t=\d+,v0=[0-9a-f]{64}$/),
      expect.stringMatching(/^t=\d+,v9=[0-9a-f]{64}$/),
    ]);
  });

  it.each(['stale', 'future', 'tampered-timestamp', 'timestamp-garbage', 'timestamp-ms'])(
    '%s changes it',
    (id) => {
      const [twin, ...forged] = values(id);
      expect(twin).toContain(`t=${second},`);
      for (const value of forged) expect(value).not.toContain(`t=${second},`);
    },
  );

  it('signs parts of its own content only', () => {
    expect(madeBy(bench, 'unsigned-content').map(({ trial }) => trial.label)).toEqual([
      'genuine',
      'signed over {body}',
      'signed over {timestamp}{body}',
    ]);
  });
});

describe('a rule that cannot be tried says why', () => {
  /** The rules by the reason for which they are skipped; all others make their messages. */
  function skipped(provider: Provider): Record<string, string[]> {
    const bench = benchOf(provider);
    const reasons: Record<string, string[]> = {};
    for (const { id, skip } of rules) {
      const reason = skip?.(kitFor(bench, id));
      if (reason === undefined)
        for (const { message } of madeBy(bench, id)) expect(message.provider).toBe(provider.name);
      else reasons[reason] = [...(reasons[reason] ?? []), id];
    }
    return reasons;
  }

  const unseen = 'no answer shows it: --effect-cmd or --effect-url would';
  const unseenOfAny = ['duplicate-at-once', 'duplicate-behind-another', 'refused-no-effect'];
  const ofHmacs = {
    [unseen]: unseenOfAny,
    'deliveries carry no id of their own': ['same-body-new-id', 'known-id-forged'],
    'in hex, letter case means nothing': ['case-changed-signature'],
    'the scheme has one set of header names only': ['white-label-headers'],
    'the scheme signs no id': ['tampered-id', 'id-missing', 'replayed-body-new-id', 'duplicate-unsigned-id'],
    'the text of the secret is the key': ['undecoded-secret'],
  };
  const aboutTime = [
    'clock-skew',
    'tampered-timestamp',
    'stale',
    'stale-by-a-day',
    'future',
    'timestamp-missing',
    'timestamp-garbage',
    'timestamp-ms',
    'timestamp-negative',
  ];

  it('with a scheme like GitHub’s', () => {
    expect(skipped(githubLike)).toEqual({
      ...ofHmacs,
      'the header holds one signature only': [
        'rotated-secret-first',
        'rotated-secret-last',
        'unknown-version-first',
      ],
      'the scheme has no timestamp': aboutTime,
      'the scheme has no versions': ['no-version', 'wrong-version'],
      'the scheme signs the body alone': ['unsigned-content'],
    });
  });

  it('with a scheme like Stripe’s', () => {
    expect(skipped(stripeLike)).toEqual(ofHmacs);
  });

  it('with Svix’s it can', () => {
    expect(skipped(benchOf().provider)).toEqual({ [unseen]: [...unseenOfAny, 'duplicate-unsigned-id'] });
  });
});

describe('an unsigned id beside the signed one', () => {
  const made = madeBy(benchOf('roastify', { probed: true }), 'duplicate-unsigned-id');

  it('comes with each name, and the signature holds', () => {
    const [first, ...others] = made.map(({ message }) => message);
    const ids = ({ headers }: Message) => ['svix-id', 'webhook-id'].map((name) => header(headers, name));
    expect(others.map(({ id }) => id)).toEqual([first!.id, first!.id]);
    expect(others.map(ids)).toEqual([
      [first!.id, expect.stringMatching(/^msg_/)],
      [expect.stringMatching(/^msg_/), first!.id],
    ]);
    const { scheme, exampleSecret } = benchOf().provider;
    for (const message of others) {
      expect(new Set(ids(message)).size).toBe(2);
      expect(scheme.verify({ method: 'POST', path: '/', ...message }, [exampleSecret], now)).toEqual([]);
    }
  });
});

it.each<[string, Partial<Bench>, string]>([
  ['the scheme is only assumed', { signing: { not: 'it is assumed' } }, 'it is assumed'],
  [
    'there is no signature',
    { provider: { ...benchOf().provider, scheme: none('assumed', 'a test') } },
    'the provider does not sign',
  ],
])('where %s, every rule about it is skipped with that reason', (_, more, reason) => {
  const bench = benchOf('roastify', more);
  for (const { id, group, skip } of rules)
    if (group === 'refuse') expect([id, skip?.(kitFor(bench, id))]).toEqual([id, reason]);
  expect(ruleOf('valid').skip).toBeUndefined();
});
