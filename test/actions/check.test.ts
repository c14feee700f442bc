import { describe, expect, it } from 'vitest';
import { type CheckOptions, check } from '../../src/actions/check.ts';
import type { Judgement, Message } from '../../src/core/check/rule.ts';
import { rules, selectRules } from '../../src/core/check/rules.ts';
import { header } from '../../src/core/headers.ts';
import type { Answer } from '../../src/core/types.ts';
import { answered, benchOf, failed, madeBy, ruleOf } from '../helpers/battery.ts';
import { now } from '../helpers/deliveries.ts';

/** Whether a message is genuine, as `hooks listen` would have it. */
function isGenuine({ method = 'POST', headers, body }: Message): boolean {
  const { scheme, exampleSecret } = benchOf().provider;
  return (
    method === 'POST' &&
    scheme.verify({ method, path: '/', headers, body }, [exampleSecret], now).length === 0
  );
}

const right = (message: Message): Answer => answered(isGenuine(message) ? 204 : 401);

type Options = Partial<Omit<CheckOptions, 'rules'>> & { readonly only?: string[] };

async function run({ only, ...options }: Options = {}) {
  const told: [string, Judgement][] = [];
  const sent: Message[] = [];
  const send = options.send ?? (async (message: Message) => right(message));
  const end = await check(
    {
      bench: benchOf(),
      rules: selectRules(only, undefined),
      effectWaitMs: 20,
      now: () => now,
      signal: new AbortController().signal,
      ...options,
      send: (message) => {
        sent.push(message);
        return send(message);
      },
    },
    { judged: (rule, judgement) => void told.push([rule.id, judgement]) },
  );
  const outcomes = Object.fromEntries(told.map(([id, { outcome }]) => [id, outcome]));
  return { end, told, sent, outcomes, judgements: Object.fromEntries(told) };
}

describe('a whole check', () => {
  it('tells every rule once, in their order, and all pass for a receiver that does everything right', async () => {
    const { end, told } = await run();
    expect(end).toEqual({ kind: 'done' });
    expect(told.map(([id]) => id)).toEqual(rules.map(({ id }) => id));
    expect(told.filter(([, { outcome }]) => outcome !== 'passed')).toEqual([]);
  });

  it('tells in their order whatever order the answers come in', async () => {
    const send = async (message: Message) => {
      for (let turns = message.body.length % 7; turns > 0; turns--)
        await new Promise((resolve) => setImmediate(resolve));
      return right(message);
    };
    const { told } = await run({ send });
    expect(told.map(([id]) => id)).toEqual(rules.map(({ id }) => id));
  });

  it('sends the baseline first, and of the rules only those that were asked for', async () => {
    const { told, sent } = await run({ only: ['stale'] });
    expect(told.map(([id]) => id)).toEqual(['stale']);
    expect(sent.map(isGenuine)).toEqual([true, true, false]);
  });

  it('sends 20 at once, and what is no longer to be disturbed alone', async () => {
    let under = 0;
    const most = { prompt: 0, concurrent: 0 };
    const send = async (message: Message) => {
      under += 1;
      for (const id of ['prompt', 'concurrent'] as const)
        if (ids[id].has(message.id ?? '')) most[id] = Math.max(most[id], under);
      await new Promise((resolve) => setTimeout(resolve, 1));
      under -= 1;
      return right(message);
    };
    const idsOf = (id: string) => new Set(madeBy(benchOf(), id).map(({ message }) => message.id ?? ''));
    const ids = { prompt: idsOf('prompt'), concurrent: idsOf('concurrent') };
    await run({ send });
    expect(most.prompt).toBe(1);
    expect(most.concurrent).toBeGreaterThanOrEqual(20);
  });
});

describe('a baseline that is refused', () => {
  it.each([answered(401), answered(302), answered(500), failed('refused'), failed('timeout'), answered(429)])(
    'ends it: %o',
    async (answer) => {
      const { end, sent, told } = await run({ send: async () => answer });
      expect(end).toMatchObject({ kind: 'baseline', tried: { answer } });
      expect([sent.length, told]).toEqual([1, []]);
    },
  );
});

describe('a receiver that takes everything', () => {
  it('fails each rule of what must be refused, and passes what must be accepted', async () => {
    const { told } = await run({ send: async () => answered(200) });
    for (const [id, { outcome }] of told) {
      const { group } = ruleOf(id);
      if (group === 'refuse') expect([id, outcome]).toEqual([id, 'failed']);
      if (group === 'accept') expect([id, outcome]).toEqual([id, 'passed']);
    }
  });

  it('has refused nothing in any way', async () => {
    const { judgements } = await run({ only: ['refuses-*', 'stale'], send: async () => answered(200) });
    expect(judgements['refuses-with-4xx']).toMatchObject({ outcome: 'skipped' });
  });
});

it('a receiver that refuses everything after the first passes nothing', async () => {
  let count = 0;
  const { told } = await run({ send: async () => answered(count++ === 0 ? 200 : 401) });
  const passed = told.filter(([, { outcome }]) => outcome === 'passed').map(([id]) => id);
  expect(passed).toEqual(['valid', 'refuses-with-4xx']);
});

describe('a receiver that is gone in the middle', () => {
  /** Answers well until this many requests have come, then nobody is there. */
  const dying = (after: number) => {
    let count = 0;
    return async (message: Message) => (++count > after ? failed('refused') : right(message));
  };

  it.each([1, 2, 5, 30, 100, 150])(
    'after %i requests: nothing passes that was not tried whole',
    async (after) => {
      const { end, told, sent } = await run({ send: dying(after) });
      expect(end).toEqual({ kind: 'gone' });
      expect(told.map(([id]) => id)).toEqual(rules.map(({ id }) => id));
      expect(sent.length).toBeLessThanOrEqual(after + 30);
      const reached = new Set(sent.slice(0, after).map(({ id }) => id));
      for (const [id, { outcome, reason }] of told) {
        const all = madeBy(benchOf(), id).every(({ message }) => reached.has(message.id));
        if (outcome === 'passed') expect([id, all]).toEqual([id, true]);
        if (outcome === 'skipped') expect(reason).toBe('the receiver is gone');
        if (outcome === 'failed') expect(ruleOf(id).group).toBe('survive');
      }
    },
  );

  it('fails what it did not survive', async () => {
    let over = false;
    const send = async (message: Message) => {
      if (over) return failed('refused');
      over = `${message.body}` === 'hello';
      return over ? failed('reset') : right(message);
    };
    const { outcomes, end } = await run({ only: ['valid', 'not-json', 'bom', 'alive'], send });
    expect(end).toEqual({ kind: 'gone' });
    expect(outcomes).toEqual({ valid: 'passed', 'not-json': 'failed', bom: 'skipped', alive: 'skipped' });
  });
});

it('a limit of the rate ends it, and proves nothing', async () => {
  let count = 0;
  const send = async (message: Message) => (++count > 40 ? answered(429) : right(message));
  const { end, told } = await run({ send });
  expect(end).toEqual({ kind: 'limited' });
  expect(told.filter(([, { outcome }]) => outcome === 'failed')).toEqual([]);
  expect(told.at(-1)?.[1]).toEqual({
    outcome: 'skipped',
    reason: 'the receiver goes on limiting the rate (429)',
  });
});

it('an interruption tells what was learnt, and of the rest nothing', async () => {
  const stop = new AbortController();
  let count = 0;
  const send = async (message: Message) => {
    if (++count === 60) stop.abort();
    return stop.signal.aborted ? failed('aborted') : right(message);
  };
  const { told } = await run({ send, signal: stop.signal });
  expect(told.length).toBeGreaterThan(2);
  expect(told.length).toBeLessThan(rules.length);
  expect(told.filter(([, { outcome }]) => outcome !== 'passed')).toEqual([]);
});

describe('effects', () => {
  const only = ['duplicate', 'same-body-new-id', 'known-id-forged'];

  /** A receiver whose effects can be counted. */
  function counting({ twice = false, forged = false, after = 0 } = {}) {
    const seen = new Set<string>();
    let count = 0;
    const send = async (message: Message) => {
      const id = header(message.headers, 'svix-id') ?? '';
      const known = seen.has(id);
      if (isGenuine(message)) seen.add(id);
      if (isGenuine(message) ? twice || !known : forged && known) setTimeout(() => count++, after);
      return right(message);
    };
    return { send, probe: async () => String(count) };
  }

  it.each([0, 15])('of a receiver that does everything right, after %i ms', async (after) => {
    const { judgements, end } = await run({ only, effectWaitMs: 300, ...counting({ after }) });
    expect(end).toEqual({ kind: 'done' });
    expect(judgements).toMatchObject({
      duplicate: { outcome: 'passed', reason: 'no second effect' },
      'same-body-new-id': { outcome: 'reported', reason: 'it had a second effect: "3" → "4"' },
      'known-id-forged': { outcome: 'passed' },
    });
  });

  it('of a receiver that does things twice are seen only with a probe', async () => {
    const { send, probe } = counting({ twice: true });
    expect((await run({ only, send })).outcomes.duplicate).toBe('passed');
    expect((await run({ only, send, probe })).judgements.duplicate).toMatchObject({
      outcome: 'failed',
      level: 'MUST',
    });
  });

  it('of a forged delivery break a MUST', async () => {
    const { judgements } = await run({ only, ...counting({ forged: true }) });
    expect(judgements['known-id-forged']).toMatchObject({ outcome: 'failed', level: 'MUST' });
  });

  it.each<[string, () => Promise<string>, RegExp, number]>([
    ['never move', async () => '7', /does not move it: it shows "7" before and after/, 1],
    [
      'cannot be read',
      async () => {
        throw new Error('it ended with 3: no such table');
      },
      /^it ended with 3: no such table$/,
      0,
    ],
  ])('that %s end it', async (_, probe, why, requests) => {
    const { end, told, sent } = await run({ only, probe });
    expect(end).toEqual({ kind: 'probe', why: expect.stringMatching(why) });
    expect([told, sent.length]).toEqual([[], requests]);
  });

  it('that change by themselves end it', async () => {
    let count = 0;
    const { end } = await run({ only, probe: async () => String(count++) });
    expect(end).toEqual({
      kind: 'probe',
      why: expect.stringMatching(/it changes by itself: "\d+", then "\d+"/),
    });
  });

  it('that cannot be read any more are not judged', async () => {
    const { send, probe } = counting();
    let ends = false;
    const { judgements } = await run({
      only: ['alive', ...only],
      send: async (message) => {
        // What is sent under an id that is known comes with the rules of effects only.
        const answer = await send(message);
        ends ||= sentIds.has(message.id ?? '');
        sentIds.add(message.id ?? '');
        return answer;
      },
      probe: async () => {
        if (ends) throw new Error('the database is gone');
        return probe();
      },
    });
    expect(judgements.duplicate).toEqual({
      outcome: 'skipped',
      reason: 'the effect cannot be told: the database is gone',
      open: true,
    });
    expect(judgements.alive?.outcome).toBe('passed');
  });
  const sentIds = new Set<string>();
});
