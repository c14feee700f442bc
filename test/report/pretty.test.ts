import { Chalk } from 'chalk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact, ReceivedFact } from '../../src/core/facts.ts';
import { clockTime, pretty } from '../../src/report/pretty.ts';
import { type Detail, detailLevels } from '../../src/report/reporter.ts';
import { testContext } from '../helpers/context.ts';
import { attemptFact, failedFact, hostile, noticeFact, receivedFact, unsafe } from '../helpers/facts.ts';

/** What is printed of a fact: stdout and stderr. */
function print(fact: Fact, { detail, color = false }: { detail?: Detail; color?: boolean } = {}) {
  const context = testContext();
  pretty(context, new Chalk({ level: color ? 1 : 0 }), detail).fact(fact);
  return { out: context.out.text(), err: context.err.text() };
}

const at = '2026-11-21T10:00:00.000Z';
const time = clockTime(at);
const accepted: Fact = {
  ...attemptFact('a'),
  answer: { status: 200, headers: [], body: 'ok', ms: 12.4 },
  accepted: true,
  number: 1,
};
const valid: ReceivedFact = {
  ...receivedFact('a'),
  received: { method: 'POST', path: '/hook?a=b', headers: [['X-A', '1']], body: '{"a":1}' },
  verdict: {
    valid: true,
    provider: 'rose-rocket',
    event: 'order.created',
    id: 'i',
    scheme: { label: 'l', basis: 'assumed' },
    signed: true,
    problems: [],
  },
  replied: { status: 200, ms: 1 },
};

it('prints an attempt and its answer in two lines', () => {
  expect(print(accepted).out).toBe(
    `${time}  --> a [a] seed 4821\n${time}  <-- [200] POST http://localhost:3000/ 12 ms\n`,
  );
});

it('prints what an answer that was not accepted says', () => {
  const { out } = print({
    ...attemptFact('a'),
    answer: { status: 400, headers: [], body: 'line 1\nline 2\n', ms: 1 },
  });
  expect(out.split('\n').slice(2)).toEqual([`${' '.repeat(21)}line 1`, `${' '.repeat(21)}line 2`, '']);
  expect(out).toContain('attempt 2');
  expect(print(failedFact('connection lost')).out).toMatch(/<-- reset POST .* 3 ms\n +connection lost\n$/);
});

it('prints a long answer in part', () => {
  const { out } = print({
    ...attemptFact('a'),
    answer: { status: 400, headers: [], body: 'x\n'.repeat(10_000), ms: 1 },
  });
  expect(out.split('\n').length).toBeLessThan(20);
  expect(
    print({ ...attemptFact('a'), answer: { status: 400, headers: [], body: 'x'.repeat(10_000), ms: 1 } }).out
      .length,
  ).toBeLessThan(1000);
});

it('prints a delivery received: provider, event, verdict, path and size', () => {
  expect(print(valid).out).toBe(
    `${time}  --> rose-rocket order.created [i]\n${time}  <-- [200] valid, signature fits (assumed scheme) /hook?a=b 7 B\n`,
  );
});

it('prints what is wrong, the mistake that explains it, and its remedy', () => {
  const { out } = print(receivedFact('words'));
  expect(out).toMatch(/<-- \[400\] invalid, no signature that fits \(documented scheme\)/);
  expect(out).toMatch(
    /✗ error SIGNATURE_MISMATCH words\n +likely BODY_CRLF: words\n +remedy: words\n +! warning SCHEMA words \(assumed\)\n$/,
  );
});

it('prints headers and body in full where asked to', () => {
  const { out } = print(valid, { detail: 'full' });
  expect(out).toMatch(/POST \/hook\?a=b\n +X-A: 1\n\s+\{\n +"a": 1\n +\}\n/);
});

it('prints nothing of a valid delivery where only problems are asked for', () => {
  expect(print(valid, { detail: 'quiet' }).out).toBe('');
  expect(print(receivedFact('x'), { detail: 'quiet' }).out).toContain('SIGNATURE_MISMATCH');
});

it.each([
  ['sender_left', 'the sender left'],
  ['listener_ended', 'the listener ended'],
] as const)('says that there was no answer: %s', (unanswered, words) => {
  const { replied: _, ...rest } = valid;
  for (const detail of ['compact', 'quiet'] as const)
    expect(print({ ...rest, unanswered }, { detail }).out).toContain(`<-- no answer: ${words}; valid`);
});

it('prints a delivery of nobody', () => {
  const { verdict, replied: _, ...rest } = receivedFact('x');
  const { out } = print({ ...rest, verdict: { valid: false, signed: false, problems: verdict.problems } });
  expect(out).toMatch(/--> unknown provider unknown event\n.* invalid \/x 1 B\n/);
});

it('prints notices and the summary on stderr', () => {
  expect(print(noticeFact('mind the gap'))).toEqual({ out: '', err: 'warning: mind the gap\n' });
  expect(print({ ...noticeFact('by the way'), level: 'info' }).err).toBe('by the way\n');
  const summary: Fact = { kind: 'summary', at, accepted: 2, refused: 1, statuses: { 200: 2 } };
  expect(print(summary)).toEqual({ out: '', err: '2 accepted, 1 refused\nanswers: 200 ×2\n' });
  // Where all were dropped on purpose there is no answer.
  const dropped: Fact = { kind: 'summary', at, sent: 0, dropped: 3, statuses: {}, per_second: 0, seed: 7 };
  expect(print(dropped).err).toBe('0 sent, 3 dropped\n0 in a second, seed 7\n');
});

it('prints colour only where it is on', () => {
  expect(print(accepted, { color: true }).out).toContain('\x1b[');
  expect(print(accepted).out).not.toContain('\x1b');
});

describe('whatever comes', () => {
  const facts = [attemptFact, failedFact, receivedFact, noticeFact];

  it.each(detailLevels)('%s: no control, no escape, no mark that turns text', (detail) => {
    fc.assert(
      fc.property(hostile, fc.constantFrom(...facts), (text, make) => {
        const { out, err } = print(make(text), { detail });
        expect(out + err).not.toMatch(unsafe);
      }),
      { numRuns: 200 },
    );
  });

  it('with colour on, the only escapes are those of colour', () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom(...facts), (text, make) => {
        const { out, err } = print(make(text), { detail: 'full', color: true });
        expect((out + err).replace(/\x1b\[\d+m/g, '')).not.toMatch(unsafe);
      }),
    );
    expect(print(attemptFact('\x1b[31m'), { color: true }).out).toContain('\\x1b[31m');
  });

  it('a body of 10,000 levels, of bytes, of one long line', () => {
    const { received } = receivedFact('x');
    const bodies = [
      { body: '['.repeat(10_000) + ']'.repeat(10_000) },
      { body_base64: '//8bAA==' },
      { body: 'x'.repeat(100_000) },
    ];
    for (const body of bodies) {
      const { method, path, headers } = received;
      const { out } = print(
        { ...receivedFact('x'), received: { method, path, headers, ...body } },
        { detail: 'full' },
      );
      expect(out).not.toMatch(unsafe);
    }
  });

  it('secrets are masked', () => {
    const secret = 'hunter2hunter2!';
    const headers = [
      ['authorization', `Bearer ${secret}`],
      ['cookie', secret],
      ['x-api-key', secret],
    ] as const;
    const attempt = attemptFact('x');
    const printed = [
      print({
        ...attempt,
        delivery: { ...attempt.delivery, url: `http://user:${secret}@localhost/?token=${secret}`, headers },
      }),
      print(
        { ...valid, received: { method: 'POST', path: `/?token=${secret}`, headers, body: '' } },
        { detail: 'full' },
      ),
    ];
    for (const { out } of printed) {
      expect(out).not.toContain('hunter2h');
      expect(out).toContain('••••er2!');
    }
  });
});

it('the time is that of the wall clock', () => {
  const noon = new Date(2026, 10, 1, 12, 3, 4);
  expect(clockTime(noon.toISOString())).toBe('2026-11-01 12:03:04');
});
