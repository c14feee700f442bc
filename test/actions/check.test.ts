import { describe, expect, it } from 'vitest';
import { type CheckOptions, check } from '../../src/actions/check.ts';
import type { Judgement, Message } from '../../src/core/check/rule.ts';
import { rules, selectRules } from '../../src/core/check/rules.ts';
import type { Refusing } from '../../src/core/check/words.ts';
import { header } from '../../src/core/headers.ts';
import type { Answer } from '../../src/core/types.ts';
import { answered, benchOf, failed, madeBy, probedRules, ruleOf } from '../helpers/battery.ts';
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
  const came: [boolean, ...string[]][] = [];
  const refusals: Refusing[] = [];
  const drained: number[] = [];
  const sent: Message[] = [];
  const send: CheckOptions['send'] = options.send ?? (async (message) => right(message));
  const end = await check(
    {
      bench: benchOf('roastify', { probed: options.probe !== undefined }),
      rules: selectRules(only, undefined),
      effectWaitMs: 20,
      now: () => now,
      signal: new AbortController().signal,
      listens: async () => true,
      backMs: 150,
      ...options,
      send: (message, expect) => {
        sent.push(message);
        return send(message, expect);
      },
    },
    {
      judged: (rule, judgement) => void told.push([rule.id, judgement]),
      wentAndCame: (suspects, found) => void came.push([found, ...suspects.map(({ rule }) => rule)]),
      refusedAndCame: (refusing) => void refusals.push(refusing),
      watching() {},
      draining: (ms) => void drained.push(ms),
    },
  );
  const outcomes = Object.fromEntries(told.map(([id, { outcome }]) => [id, outcome]));
  return { end, told, came, refusals, drained, sent, outcomes, judgements: Object.fromEntries(told) };
}

/** The rules that did not pass, but for those that no answer decides. */
const unpassed = (told: readonly [string, Judgement][]) =>
  told.filter(([id, { outcome }]) => outcome !== 'passed' && !probedRules.includes(ruleOf(id)));

describe('a whole check', () => {
  it('tells every rule once, in their order, and all pass for a receiver that does everything right', async () => {
    const { end, told } = await run();
    expect(end).toEqual({ kind: 'done' });
    expect(told.map(([id]) => id)).toEqual(rules.map(({ id }) => id));
    expect(unpassed(told)).toEqual([]);
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

it.each<[string, string[], number, number]>([
  ['goes side by side where 20 at once were taken', ['concurrent', 'json-scalar'], 204, 8],
  ['goes one after the other where they were not', ['concurrent', 'json-scalar'], 500, 1],
  ['goes one after the other where that was not tried', ['json-scalar'], 204, 1],
])('what is odd %s', async (_, only, busy, expected) => {
  let [under, most] = [0, 0];
  const scalars = ['null', '1', '"x"', '[]'];
  await run({
    only,
    send: async (message) => {
      under += 1;
      if (scalars.includes(`${message.body}`)) most = Math.max(most, under);
      await new Promise((resolve) => setImmediate(resolve));
      const answer = under > 8 ? answered(busy) : right(message);
      under -= 1;
      return answer;
    },
  });
  expect(most).toBe(expected);
});

describe('a baseline that is refused', () => {
  const refused = 'the genuine delivery was refused';
  it.each<[Answer, string]>([
    [answered(401), refused],
    [answered(302), refused],
    [answered(500), refused],
    [failed('refused'), 'nothing listens there'],
    [failed('timeout'), 'the genuine delivery was not answered'],
  ])('ends it: %o', async (answer, reason) => {
    const { end, sent, told } = await run({ send: async () => answer });
    expect(end).toMatchObject({ kind: 'baseline', tried: { answer } });
    expect([sent.length, told.length]).toEqual([1, rules.length]);
    expect(told[0]).toEqual(['valid', expect.objectContaining({ outcome: 'failed' })]);
    for (const [, judgement] of told.slice(1))
      expect(judgement).toEqual({
        outcome: 'skipped',
        reason,
        unfinished: true,
      });
  });

  it('is told although other rules were asked for', async () => {
    const { told } = await run({ only: ['stale'], send: async () => answered(401) });
    expect(told.map(([id, { outcome }]) => [id, outcome])).toEqual([
      ['valid', 'failed'],
      ['stale', 'skipped'],
    ]);
  });

  it('for its rate proves nothing', async () => {
    const { end, told } = await run({ send: async () => answered(429) });
    expect(end).toEqual({ kind: 'limited', why: 'the receiver goes on limiting the rate (429)' });
    expect(told.map(([, { outcome }]) => outcome)).toEqual(rules.map(() => 'skipped'));
  });
});

describe('a receiver that takes everything', () => {
  it('fails each rule of what must be refused, and passes what must be accepted', async () => {
    const { told } = await run({ send: async () => answered(200) });
    for (const [id, { outcome }] of told) {
      const { group } = ruleOf(id);
      if (probedRules.includes(ruleOf(id))) continue;
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
  expect(passed).toEqual(['valid']);
});

describe.concurrent('a receiver that is gone in the middle', () => {
  /** Answers well until this many requests have come, then nobody is there. */
  const dying = (after: number) => {
    let count = 0;
    return {
      send: async (message: Message) => (++count > after ? failed('refused') : right(message)),
      listens: async () => count <= after,
    };
  };

  it.each([1, 2, 5, 30, 100, 150])(
    'after %i requests: nothing passes that was not tried whole, and nobody is blamed',
    async (after) => {
      const { end, told, sent } = await run(dying(after));
      expect(end).toEqual({ kind: 'gone', suspects: expect.arrayContaining([expect.anything()]) });
      expect(told.map(([id]) => id)).toEqual(rules.map(({ id }) => id));
      expect(sent.length).toBeLessThanOrEqual(after + 30);
      const reached = new Set(sent.slice(0, after).map(({ id }) => id));
      for (const [id, { outcome, reason }] of told) {
        const all = madeBy(benchOf(), id).every(({ message }) => reached.has(message.id));
        if (outcome === 'passed') expect([id, all]).toEqual([id, true]);
        if (outcome === 'skipped' && !probedRules.includes(ruleOf(id)))
          expect(reason).toMatch(/when the receiver went|the receiver was gone/);
        expect([id, outcome]).not.toEqual([id, 'failed']);
      }
    },
  );

  /** Goes, with all that is under way, at what the test says; is back as often as the test says. */
  function going(goesAt: (message: Message) => boolean, times = 99) {
    let down = false;
    return {
      send: async (message: Message) => {
        if (down) return failed('refused');
        if (goesAt(message)) down = true;
        await new Promise((resolve) => setImmediate(resolve));
        return down ? failed('reset') : right(message);
      },
      listens: async () => {
        const was = down;
        // Nobody is there when it is asked first.
        if (was && times-- > 0)
          setImmediate(() => {
            down = false;
          });
        return !was;
      },
    };
  }
  const isHello = ({ body }: Message) => `${body}` === 'hello';
  const hasEmptySignature = ({ headers }: Message) =>
    ['svix-signature', 'webhook-signature'].some((name) => header(headers, name) === '');
  const failuresOf = (told: readonly [string, Judgement][]) =>
    told.filter(([, { outcome }]) => outcome === 'failed').map(([id]) => id);

  it('for good: what it went at is named first, and fails not, for it may be another', async () => {
    const only = ['valid', 'not-json', 'bom', 'alive'];
    const { outcomes, end, judgements } = await run({ only, ...going(isHello, 0) });
    expect(end).toMatchObject({ kind: 'gone' });
    const [first, ...others] = end.kind === 'gone' ? end.suspects : [];
    expect(first).toEqual({ rule: 'not-json', label: 'hello, unsigned' });
    expect(others.map(({ rule }) => rule)).toEqual(['valid']);
    expect(outcomes).toEqual({ valid: 'passed', 'not-json': 'skipped', bom: 'skipped', alive: 'skipped' });
    expect(judgements['not-json']?.reason).toBe('it was under way, or just over, when the receiver went');
    expect(judgements.bom?.reason).toBe('the receiver was gone');
  });

  it('while rules are under way: they are named, and none of them is judged', async () => {
    const { end, told } = await run(going(hasEmptySignature, 0));
    const suspects = end.kind === 'gone' ? end.suspects : [];
    expect(suspects.map(({ rule }) => rule)).toContain('empty-signature');
    expect(failuresOf(told)).toEqual([]);
    expect(told.find(([id]) => id === 'empty-signature')?.[1].reason).toMatch(/when the receiver went$/);
  });

  it('and comes back: what made it go is found by sending it again, and nothing else fails', async () => {
    const { end, judgements, came, told } = await run(going(hasEmptySignature));
    expect(end).toEqual({ kind: 'done' });
    expect(came).toEqual([[true, 'empty-signature']]);
    expect(failuresOf(told)).toEqual(['empty-signature']);
    expect(judgements['empty-signature']).toMatchObject({
      level: 'MUST',
      reason: 'an empty header: the connection was dropped, and then the receiver was gone',
    });
    expect(unpassed(told).map(([id]) => id)).toEqual(['empty-signature']);
  });

  it('and comes back, once for no reason that is found: it was not alive all the time', async () => {
    let times = 0;
    const { came, judgements, told } = await run(
      going((message) => hasEmptySignature(message) && ++times === 1),
    );
    const [[found, ...suspects] = [], ...more] = came;
    expect([found, suspects, more]).toEqual([false, expect.arrayContaining(['empty-signature']), []]);
    expect(failuresOf(told)).toEqual(['alive']);
    expect(judgements.alive?.reason).toMatch(
      /^the receiver went, and came back, .*; it went at, or shortly after: /,
    );
  });

  it('and limits the rate when it is back: nothing is said of what was not sent again', async () => {
    const { listens, send } = going(hasEmptySignature);
    let back = false;
    const { end, came, told } = await run({
      send: async (message) => (back ? answered(429) : send(message)),
      listens: async () => {
        const there = await listens();
        back ||= there;
        return there;
      },
    });
    expect([end.kind, came, failuresOf(told)]).toEqual(['limited', [], []]);
  });

  it('comes back as often as it is known why it went', async () => {
    const only = ['valid', 'no-signature', 'empty-signature', 'wrong-secret', 'stale', 'bom', 'alive'];
    const { end, came, told } = await run({ only, ...going((message) => !isGenuine(message)) });
    expect([end.kind, came.length]).toEqual(['done', 5]);
    expect(failuresOf(told)).toEqual(only.slice(1, -1));
  });

  it('three times for no reason that is found is given up', async () => {
    const ids = ['not-json', 'json-scalar', 'bom'].map((id) => madeBy(benchOf(), id)[1]?.message.id);
    const { end, came, told } = await run(going(({ id }) => ids.includes(id)));
    expect(end).toMatchObject({ kind: 'gone', times: 3 });
    expect(came.map(([found]) => found)).toEqual([false, false]);
    expect(failuresOf(told)).toEqual([]);
  });

  it.each([502, 503, 504])('is none that answers %i to what is bad', async (status) => {
    const send = async (message: Message) => answered(isGenuine(message) ? 204 : status);
    const { end, came } = await run({ send });
    expect([end, came]).toEqual([{ kind: 'done' }, []]);
  });

  it('is none that answers 503 to a plain genuine one, and takes the next', async () => {
    const twin = madeBy(benchOf(), 'stale')[0]?.message.id;
    const send = async (message: Message) => (message.id === twin ? answered(503) : right(message));
    const { end, came, told } = await run({ send });
    expect([end, came]).toEqual([{ kind: 'done' }, []]);
    expect(unpassed(told)).toMatchObject([['stale', { outcome: 'skipped', open: true }]]);
  });

  it('behind a gateway, for good, is said to be', async () => {
    let count = 0;
    const { end } = await run({
      send: async (message) => (++count > 120 ? answered(502) : right(message)),
    });
    expect(end).toMatchObject({ kind: 'gone', gateway: true });
  });

  it('drops connections and stays: what was dropped beside others is sent again, alone', async () => {
    let dropped = 0;
    const send = async (message: Message) => (dropped++ === 60 ? failed('reset') : right(message));
    const { end, told } = await run({ send });
    expect(end).toEqual({ kind: 'done' });
    expect(unpassed(told)).toEqual([]);
  });
});

describe.concurrent('a receiver that refuses genuine deliveries after something that was sent', () => {
  /** Is broken by what the test says, and mended when it is looked for, if it ever is. */
  function breaking(breaks: (message: Message) => boolean, { status = 500, mends = false } = {}) {
    let broken = false;
    return {
      send: async (message: Message) => {
        const answer = broken && isGenuine(message) ? answered(status) : right(message);
        broken ||= breaks(message);
        await new Promise((resolve) => setImmediate(resolve));
        return answer;
      },
      listens: async () => {
        if (mends) broken = false;
        return true;
      },
    };
  }
  const hasText = (text: string) => (message: Message) => isGenuine(message) && `${message.body}` === text;
  const failuresOf = (told: readonly [string, Judgement][]) =>
    told.filter(([, { outcome }]) => outcome === 'failed').map(([id]) => id);

  it('is broken: the rule at which it is seen fails, and what comes then is not judged', async () => {
    const { end, told, judgements } = await run(breaking(hasText('null')));
    expect(end).toEqual({
      kind: 'broken',
      answer: 'answered 500',
      suspects: expect.arrayContaining([{ rule: 'json-scalar', label: 'null, signed' }]),
    });
    expect(failuresOf(told)).toEqual(['json-scalar']);
    expect(judgements['json-scalar']).toMatchObject({
      tried: { trial: { role: 'after' } },
      reason: expect.stringMatching(
        /^the next genuine delivery was refused \(answered 500\), and so were all/,
      ),
    });
    for (const id of ['deep-nesting', 'bom', 'alive'])
      expect(judgements[id]).toEqual({
        outcome: 'skipped',
        reason: 'genuine deliveries were refused',
        unfinished: true,
      });
    expect(judgements['not-json']?.outcome).toBe('passed');
  });

  it('where several rules are under way: they are named, and none of them is judged', async () => {
    const isUnsigned = ({ headers }: Message) => header(headers, 'svix-signature') === '';
    const { end, told, judgements } = await run(breaking(isUnsigned));
    const suspects = end.kind === 'broken' ? end.suspects : [];
    expect(suspects.map(({ rule }) => rule)).toContain('empty-signature');
    expect(failuresOf(told)).toEqual([]);
    expect(judgements.alive?.outcome).toBe('skipped');
  });

  it('keeps what it accepted and must refuse', async () => {
    const only = ['valid', 'no-signature', 'stale', 'alive'];
    const isUnsigned = ({ headers }: Message) => header(headers, 'svix-signature') === undefined;
    const { send } = breaking((message) => isUnsigned(message) && message.body.length > 0);
    const { end, told } = await run({
      only,
      send: async (message) => {
        const answer = await send(message);
        return isUnsigned(message) ? answered(200) : answer;
      },
    });
    expect([end.kind, failuresOf(told)]).toEqual(['broken', ['no-signature']]);
  });

  it('and is mended: the rule fails, and all others are judged', async () => {
    const { end, told, refusals } = await run(breaking(hasText('null'), { mends: true }));
    expect([end.kind, failuresOf(told), refusals.length]).toEqual(['done', ['json-scalar'], 1]);
    expect(unpassed(told).map(([id]) => id)).toEqual(['json-scalar']);
  });

  it('and then ends, is gone', async () => {
    const { send } = breaking(hasText('null'));
    const { end, told } = await run({ send, listens: async () => false });
    expect(end).toMatchObject({
      kind: 'gone',
      suspects: [{ rule: 'json-scalar' }, {}, {}, {}, {}, {}, {}, {}],
    });
    expect(failuresOf(told)).toEqual(['json-scalar']);
  });

  it('under an id that it knows proves nothing, as with few ids', async () => {
    const { scheme, ...provider } = benchOf().provider;
    const form = { ...scheme.form!, newId: { prefix: 'msg_one', length: 0 } };
    const bench = benchOf({ ...provider, scheme: { ...scheme, form } });
    let seen = false;
    const send = async (message: Message) => {
      if (!isGenuine(message)) return answered(401);
      const again = seen;
      seen = true;
      return answered(again ? 409 : 204);
    };
    const { end, sent } = await run({ bench, only: ['stale', 'alive'], send });
    expect([end.kind, new Set(sent.map(({ id }) => id)).size]).toEqual(['done', 1]);
  });

  it('twice, and then takes them, was only busy', async () => {
    const twin = madeBy(benchOf(), 'stale')[0]?.message.id;
    let refused = 0;
    const send = async (message: Message) => {
      const busy = message.id === twin || (refused === 1 && isGenuine(message));
      if (busy && refused < 2) refused += 1;
      else return right(message);
      return answered(500);
    };
    const { end, told, refusals } = await run({ only: ['stale', 'alive'], send });
    expect([end.kind, refusals, refused]).toEqual(['done', [], 2]);
    expect(told.map(([id]) => id)).toEqual(['stale', 'alive']);
    expect(failuresOf(told)).toEqual([]);
  });

  it('of a sender that it bans for what is forged: no rule fails for that, and it is said', {
    timeout: 60_000,
  }, async () => {
    let forged = 0;
    const isEnough = (message: Message) => !isGenuine(message) && ++forged % 30 === 0;
    const forGood = await run(breaking(isEnough, { status: 403 }));
    expect(forGood.end).toMatchObject({ kind: 'broken', answer: 'answered 403', banned: true });
    expect(failuresOf(forGood.told)).toEqual([]);
    const forAWhile = await run(breaking(isEnough, { status: 403, mends: true }));
    expect(failuresOf(forAWhile.told)).toEqual([]);
    expect(forAWhile.refusals.length).toBeGreaterThan(0);
  });

  it('time and again for no rule that is found is given up', { timeout: 60_000 }, async () => {
    const isForged = (message: Message) => !isGenuine(message);
    const { end, told, refusals } = await run(breaking(isForged, { status: 401, mends: true }));
    expect(end).toMatchObject({ kind: 'broken', times: 8 });
    expect([refusals.length, failuresOf(told)]).toEqual([7, []]);
  });
});

it('a limit of the rate ends it, and proves nothing', async () => {
  let count = 0;
  const send = async (message: Message) => (++count > 40 ? answered(429) : right(message));
  const { end, told } = await run({ send });
  expect(end).toMatchObject({ kind: 'limited' });
  expect(told.filter(([, { outcome }]) => outcome === 'failed')).toEqual([]);
  expect(told.at(-1)?.[1]).toEqual({
    outcome: 'skipped',
    reason: 'the receiver goes on limiting the rate (429)',
    unfinished: true,
  });
});

it('an interruption tells what was learnt, and of the rest that it was interrupted', async () => {
  const stop = new AbortController();
  let count = 0;
  const send = async (message: Message) => {
    if (++count === 60) stop.abort();
    return stop.signal.aborted ? failed('aborted') : right(message);
  };
  const { told } = await run({ send, signal: stop.signal });
  expect(told.map(([id]) => id)).toEqual(rules.map(({ id }) => id));
  const others = unpassed(told);
  expect(told.length - others.length).toBeGreaterThan(2);
  expect(new Set(others.map(([, judgement]) => JSON.stringify(judgement)))).toEqual(
    new Set([JSON.stringify({ outcome: 'skipped', reason: 'interrupted', unfinished: true })]),
  );
});

describe.concurrent('effects', () => {
  const only = ['duplicate', 'same-body-new-id', 'known-id-forged'];

  /** A receiver whose effects can be counted. */
  function counting({ twice = false, forged = false, after = 0 } = {}) {
    const seen = new Set<string>();
    let count = 0;
    const send = async (message: Message) => {
      const { id = '' } = message;
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
      'same-body-new-id': { outcome: 'reported', reason: 'it had a second effect: "2" → "3"' },
      'known-id-forged': { outcome: 'passed' },
    });
  });

  it('of genuine deliveries are not asked for where none has one, as with few ids', async () => {
    let count = 0;
    const send = async (message: Message) => {
      if (isGenuine(message) && count < 1) count++;
      return right(message);
    };
    const burnt = ['refused-id-not-burnt'];
    const { judgements } = await run({ only: burnt, send, probe: async () => String(count) });
    expect(judgements).toMatchObject({
      'refused-id-not-burnt': {
        outcome: 'passed',
        reason: expect.stringMatching(
          /had no effect within --effect-wait, as the first of all had: "1" stayed/,
        ),
      },
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

  it('of a repetition are asked for in one way, where it has some in any case', async () => {
    const names = ['duplicate', 'duplicate-behind-another', 'duplicate-unsigned-id'];
    const { judgements } = await run({ only: names, ...counting({ twice: true }) });
    expect(names.map((name) => judgements[name]?.outcome)).toEqual(['failed', 'skipped', 'skipped']);
    expect(judgements['duplicate-unsigned-id']).toEqual({
      outcome: 'skipped',
      reason: 'it is tried where duplicate finds no second effect',
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
    expect(end).toMatchObject({ kind: 'probe', why: expect.stringMatching(why) });
    const untried = { outcome: 'skipped', reason: 'the effect cannot be judged', unfinished: true };
    expect(told.filter(([id]) => id !== 'valid')).toEqual(only.map((id) => [id, untried]));
    expect(sent.length).toBe(requests);
  });

  it('of five at once are more than of one, and need a number', async () => {
    const only = ['duplicate-at-once'];
    expect((await run({ only, ...counting() })).outcomes).toEqual({ 'duplicate-at-once': 'passed' });
    const { judgements } = await run({ only, ...counting({ twice: true }) });
    expect(judgements['duplicate-at-once']).toMatchObject({
      outcome: 'failed',
      level: 'MUST',
      reason: 'one delivery alone changes it by 1, one that comes five times at once by 5',
    });
    const { send, probe } = counting();
    const words = { send, probe: async () => `orders: ${await probe()}` };
    expect((await run({ only, ...words })).judgements['duplicate-at-once']?.reason).toMatch(/takes a number/);
  });

  it('of what is refused are found', async () => {
    let count = 0;
    const send = async (message: Message) => {
      count += 1;
      return right(message);
    };
    const { judgements, end } = await run({
      only: ['refused-no-effect'],
      send,
      probe: async () => `${count}`,
    });
    expect(end).toEqual({ kind: 'done' });
    expect(judgements['refused-no-effect']).toMatchObject({
      outcome: 'failed',
      reason: 'a forged delivery had an effect: "2" → "4"',
    });
  });

  it('that are a fault once, and not again, are none', async () => {
    const { send, probe } = counting();
    const seen = new Set<string | undefined>();
    let [again, byItself] = [false, 0];
    const { judgements } = await run({
      only: ['duplicate', 'known-id-forged'],
      send: async (message) => {
        const answer = await send(message);
        // It moves once, by itself, when the first delivery has come again.
        if (seen.has(message.id) && !again) [again, byItself] = [true, 1];
        seen.add(message.id);
        return answer;
      },
      probe: async () => String(Number(await probe()) + byItself),
    });
    for (const id of ['duplicate', 'known-id-forged'])
      expect(judgements[id]).toMatchObject({
        outcome: 'passed',
        open: true,
        reason: expect.stringMatching(
          /a fault was seen once \(.*: "\d" → "\d", at one of duplicate, known-id-forged\), and not when the same was sent again/,
        ),
      });
  });

  /** What one that handles some deliveries only says; a genuine one under a new id is asked for. */
  const handling = (isHandled: (index: number, ids: number) => boolean) => {
    const seen = new Set<string | undefined>();
    let [index, count] = [0, 0];
    const send = async (message: Message) => {
      index += 1;
      const isNew = isGenuine(message) && !seen.has(message.id);
      if (isNew) seen.add(message.id);
      if (isNew && isHandled(index, seen.size)) count += 1;
      return right(message);
    };
    return { send, probe: async () => String(count) };
  };
  const none =
    'a genuine delivery was accepted and had no effect within --effect-wait, as the first of all had';

  it('that stop for good fail the last rule, and leave the others open', async () => {
    const { judgements, sent } = await run({
      only: ['duplicate', 'refused-no-effect', 'refused-id-not-burnt', 'same-body-new-id', 'alive'],
      ...handling((_, ids) => ids <= 2),
    });
    expect(judgements.alive).toMatchObject({
      outcome: 'failed',
      reason:
        'genuine deliveries are accepted and have no effect any more, as they had at the start: "2" stayed',
      remedy: expect.stringMatching(/worker/),
      tried: { message: { id: sent.at(-2)?.id } },
    });
    const why = `${none}: "2" stayed`;
    const byAnswers = { outcome: 'passed', reason: `by the answers alone; ${why}` };
    expect(judgements.duplicate).toEqual({ ...byAnswers, open: true });
    expect(judgements['refused-id-not-burnt']).toEqual({ ...byAnswers, open: true });
    expect(judgements['refused-no-effect']).toEqual({ outcome: 'skipped', reason: why, open: true });
    expect(judgements['same-body-new-id']).toEqual(byAnswers);
  });

  it('that only the first delivery of all had accuse nobody', async () => {
    const { judgements } = await run({ only: ['alive'], ...handling((index) => index === 1) });
    expect(judgements.alive).toEqual({
      outcome: 'passed',
      reason: `by the answers alone; ${none}: "1" stayed`,
      open: true,
    });
  });

  it('that are there at the end as at the start are asked for once', async () => {
    const { judgements, sent } = await run({ only: ['alive'], ...handling(() => true) });
    expect(judgements.alive).toEqual({ outcome: 'passed', reason: 'it had its effect' });
    expect(sent.length).toBe(3);
  });

  it('that fail once at the end, and not again, leave that open', async () => {
    const { judgements } = await run({ only: ['alive'], ...handling((index) => index !== 3) });
    expect(judgements.alive).toMatchObject({
      outcome: 'passed',
      open: true,
      reason: expect.stringMatching(
        /a fault was seen once \(alive: genuine .*"2" stayed\), and not when the same was sent again/,
      ),
    });
  });

  it('are not asked for of a provider that has one delivery only', async () => {
    const body = Buffer.from('{"eventType":"order.created","id":"evt_1"}');
    const { provider } = benchOf();
    const one = benchOf('shoprocket', { probed: true, payload: () => JSON.parse(`${body}`) });
    expect(provider.name).not.toBe(one.provider.name);
    const seen = new Set<string>();
    const { judgements } = await run({
      bench: one,
      only: ['duplicate', 'alive'],
      send: async (message) => {
        seen.add(`${message.body}`);
        return answered(204);
      },
      probe: async () => String(seen.size),
    });
    for (const id of ['duplicate', 'alive'])
      expect(judgements[id]).toEqual({
        outcome: 'passed',
        reason:
          'by the answers alone; no effect of a genuine delivery with nothing before it was seen: "1" stayed',
      });
  });

  it('that go back again cannot be told', async () => {
    const { send, probe } = handling(() => true);
    let [last, looks] = ['0', 0];
    const { judgements } = await run({
      only: ['duplicate', 'duplicate-at-once'],
      send,
      // Each effect is seen for the first three looks.
      probe: async () => {
        const now = await probe();
        looks = now === last ? looks + 1 : 1;
        last = now;
        return now !== '0' && looks <= 3 ? 'at work' : 'idle';
      },
    });
    const why =
      'the effect cannot be told: it went back to "idle" after a delivery had moved it, and an effect must stay to be seen';
    expect(judgements).toMatchObject({
      duplicate: { outcome: 'passed', reason: `by the answers alone; ${why}`, open: true },
      'duplicate-at-once': { outcome: 'skipped', reason: why, open: true },
    });
  });

  it('that cannot be told leave open what was passed over, too', async () => {
    const { send, probe } = counting({ twice: true });
    let sent = 0;
    const names = ['duplicate', 'duplicate-behind-another'];
    const { judgements } = await run({
      only: [...names, 'known-id-forged'],
      send: (message) => {
        sent += 1;
        return send(message);
      },
      // After all of them together, and twice those of the first rule, comes the last one.
      probe: async () => {
        if (sent > 1 + (4 + 5 + 2) + 2 * 4) throw new Error('the database is gone');
        return probe();
      },
    });
    const why = 'the effect cannot be told: the database is gone';
    expect(judgements).toMatchObject({
      duplicate: { outcome: 'passed', reason: `by the answers alone; ${why}`, open: true },
      'duplicate-behind-another': { outcome: 'skipped', reason: why, open: true },
    });
  });

  it('that change by themselves at the end are not judged', async () => {
    const { send, probe } = counting();
    let [reads, sent] = [0, 0];
    const { judgements } = await run({
      only: ['duplicate', 'alive'],
      effectWaitMs: 20,
      send: (message) => {
        sent += 1;
        return send(message);
      },
      // It had its effect, is looked at three times at most for a second one, and then stands still.
      probe: async () => ((await probe()) === '3' && sent === 6 && ++reads > 3 ? 'other' : probe()),
    });
    expect(judgements.duplicate).toMatchObject({
      outcome: 'passed',
      open: true,
      reason: expect.stringMatching(/^by the answers alone; the effect cannot be told: it change/),
    });
    expect(judgements.alive?.outcome).toBe('passed');
  });

  /** A receiver that queues what it takes; each look at its effects finds another job done, until there are no more. */
  function queueing({ endless = false } = {}) {
    const seen = new Set<string>();
    let [queued, done] = [0, 0];
    const send = async (message: Message) => {
      const { id = '' } = message;
      if (isGenuine(message) && !seen.has(id)) queued += 1;
      seen.add(id);
      return right(message);
    };
    const probe = async () => {
      if (queued > done || (endless && done > 1)) done += 1;
      return String(done);
    };
    return { send, probe };
  }

  it('of a receiver that is still at work on what came before are waited for, and that is told', async () => {
    const { judgements, drained, end } = await run({ only: ['concurrent', ...only], ...queueing() });
    expect(end).toEqual({ kind: 'done' });
    expect(drained).toEqual([expect.any(Number)]);
    expect(judgements).toMatchObject({
      duplicate: { outcome: 'passed', reason: 'no second effect' },
      'known-id-forged': { outcome: 'passed', reason: 'no second effect' },
    });
  });

  it('that go on without end after what came before are not judged', async () => {
    const { judgements } = await run({ only: ['concurrent', ...only], ...queueing({ endless: true }) });
    expect(judgements.duplicate).toEqual({
      outcome: 'passed',
      reason:
        'by the answers alone; the effect cannot be told: it goes on changing: 43 times after 21 messages, so by itself',
      open: true,
    });
    expect(judgements['same-body-new-id']).toMatchObject({ outcome: 'passed' });
  });

  it('that nothing may have are waited for together', async () => {
    const names = ['duplicate', 'duplicate-behind-another', 'duplicate-unsigned-id', 'known-id-forged'];
    const { sent, judgements } = await run({ only: names, ...counting() });
    for (const name of names)
      expect(judgements[name]).toMatchObject({ outcome: 'passed', reason: 'no second effect' });
    // The second message of the first rule comes behind the first of the last.
    const ids = sent.map(({ id }) => id);
    const [{ message: first }, { message: last }] = [
      madeBy(benchOf(), names[0]!)[0]!,
      madeBy(benchOf(), names[3]!)[0]!,
    ];
    expect(ids.lastIndexOf(first.id)).toBeGreaterThan(ids.indexOf(last.id));
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
      outcome: 'passed',
      reason: 'by the answers alone; the effect cannot be told: the database is gone',
      open: true,
    });
    expect(judgements.alive?.outcome).toBe('passed');
  });
  const sentIds = new Set<string>();
});
