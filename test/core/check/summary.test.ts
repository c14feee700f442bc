import { describe, expect, it } from 'vitest';
import { summaryOf, summaryWords } from '../../../src/core/check/summary.ts';
import type { CheckFact } from '../../../src/core/facts.ts';

describe('the summary', () => {
  const fact = (outcome: CheckFact['outcome'], level: CheckFact['level'], reason?: string) =>
    ({ outcome, level, ...(reason === undefined ? {} : { reason }) }) as CheckFact;
  const facts = [
    fact('passed', 'MUST'),
    fact('passed', 'SHOULD'),
    fact('failed', 'MUST', 'it did'),
    fact('failed', 'SHOULD', 'it did'),
    fact('reported', 'MUST', 'told'),
    fact('skipped', 'MUST', 'no time'),
    fact('skipped', 'MUST', 'no time'),
    fact('skipped', 'MUST', 'no id'),
  ];

  it('counts', () => {
    expect(summaryOf(facts, 9, 7, 'then')).toEqual({
      kind: 'summary',
      at: 'then',
      rules: 9,
      passed: 2,
      failed: 2,
      failed_must: 1,
      skipped: 3,
      reported: 1,
      skipped_because: { 'no time': 2, 'no id': 1 },
      seed: 7,
    });
  });

  it('says what was and was not tested', () => {
    expect(summaryWords(summaryOf(facts, 9, 7, ''))).toBe(
      '9 rules: 2 passed, 2 failed, 1 reported, 3 skipped (no time ×2; no id), 1 not tried',
    );
    expect(summaryWords(summaryOf(facts.slice(0, 1), 1, 7, ''))).toBe('1 rule: 1 passed');
    const long = summaryOf([fact('skipped', 'MUST', 'x'.repeat(9999))], 1, 7, '');
    expect(summaryWords(long)).toMatch(/^1 rule: 0 passed, 1 skipped \(x{119}…\)$/);
    expect(summaryWords(summaryOf([], 1, 7, ''))).toBe('1 rule: 0 passed, 1 not tried');
  });
});
