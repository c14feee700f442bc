import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Fact } from '../../src/core/facts.ts';
import { bodyFact } from '../../src/core/wire.ts';
import { ndjson } from '../../src/report/ndjson.ts';
import { testContext } from '../helpers/context.ts';
import { attemptFact, hostile, noticeFact, receivedFact, unsafe } from '../helpers/facts.ts';

const report = (facts: readonly Fact[]) => {
  const context = testContext();
  const { fact } = ndjson(context);
  for (const each of facts) fact(each);
  return { out: context.out.text(), err: context.err.text() };
};

it('writes one fact a line on stdout, notices too, and nothing elsewhere', () => {
  const facts = [noticeFact('hello'), attemptFact('x'), receivedFact('y')];
  const { out, err } = report(facts);
  expect(err).toBe('');
  expect(out.endsWith('\n')).toBe(true);
  expect(
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(facts);
});

it('has every line parse to the fact itself, whatever came, and nothing on it that steers a terminal', () => {
  fc.assert(
    fc.property(hostile, fc.uint8Array(), (text, bytes) => {
      for (const fact of [
        attemptFact(text),
        noticeFact(text),
        { ...receivedFact(text), received: { ...receivedFact(text).received, ...bodyFact(bytes) } },
      ]) {
        const { out } = report([fact as Fact]);
        expect(out.match(/\n/g)).toHaveLength(1);
        expect(out.trimEnd()).not.toMatch(unsafe);
        expect(JSON.stringify(JSON.parse(out))).toBe(JSON.stringify(fact));
      }
    }),
  );
});

it('writes escape sequences as \\u escapes', () => {
  expect(report([noticeFact('\x1b[31m\u202e\x9b')]).out).toContain('\\u001b[31m\\u202e\\u009b');
});

it('masks credentials', () => {
  const fact = attemptFact('x');
  const { out } = report([
    {
      ...fact,
      delivery: {
        ...fact.delivery,
        url: 'http://localhost/?token=hunter2hunter2!',
        headers: [['authorization', 'Bearer hunter2hunter2!']],
      },
    },
  ]);
  expect(out).not.toContain('hunter2h');
  expect(out).toContain('••••er2!');
});
