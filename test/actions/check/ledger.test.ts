import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openLedger } from '../../../src/actions/check/ledger.ts';
import { rules } from '../../../src/core/check/rules.ts';

const ids = rules.map(({ id }) => id);

it('tells each rule once, in their order, whatever order they are judged in and wherever it is closed', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(ids), (judged) => {
      const told: [string, string][] = [];
      const ledger = openLedger(rules, (rule, { outcome }) => void told.push([rule.id, outcome]));
      for (const id of judged) ledger.judge(id, { outcome: 'passed' });
      const early = told.length;
      ledger.close(() => ({ outcome: 'skipped' }));
      // All that stand before the first one that is missing.
      expect(early).toBe([...ids, ''].findIndex((id) => !judged.includes(id)));
      expect(told).toEqual(ids.map((id) => [id, judged.includes(id) ? 'passed' : 'skipped']));
    }),
  );
});

it('what is held back is told when it is not held any more, and can be judged anew until then', () => {
  const [first = '', second = '', third = ''] = ids;
  const held = new Set([first]);
  const told: [string, string][] = [];
  const ledger = openLedger(
    rules,
    (rule, { outcome }) => void told.push([rule.id, outcome]),
    (id) => held.has(id),
  );
  for (const id of [first, second, third]) ledger.judge(id, { outcome: 'passed' });
  expect(told).toEqual([]);
  ledger.judge(first, { outcome: 'failed' });
  expect(ledger.withdraw(third)).toBe(true);
  held.clear();
  ledger.tell();
  expect(told).toEqual([
    [first, 'failed'],
    [second, 'passed'],
  ]);
  expect([first, third, 'no-such'].map(ledger.isOpen)).toEqual([false, true, false]);
  expect([first, third].map(ledger.withdraw)).toEqual([false, false]);
});
