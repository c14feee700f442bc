import type { CheckFact } from '../../src/core/facts.ts';
import type { CheckResult } from '../../src/report/check-result.ts';

/** What a rule found; text stands wherever it can come from outside. */
export const checkFact = (text: string, more: Partial<CheckFact> = {}): CheckFact => ({
  kind: 'check',
  at: '2026-11-21T10:00:00.000Z',
  rule: 'stale',
  group: 'refuse',
  level: 'MUST',
  title: 'refuses what is older than the tolerance',
  outcome: 'failed',
  passed: false,
  reason: text,
  expected: 'any answer but success',
  why: 'It can be sent again. For ever.',
  link: 'https://example.com/why',
  remedy: 'look at the time',
  ms: 24.6,
  trial: 'a minute too old',
  delivery: {
    provider: 'roastify',
    event: 'order.created',
    url: 'http://localhost:3000/',
    headers: [
      ['content-type', 'application/json'],
      ['x-a', text],
    ],
    body: text,
  },
  answer: { status: 200, headers: [['x-a', text]], body: text, ms: 12.4 },
  ...more,
});

/** What reports in other forms are made of. */
export const checkResult = (facts: readonly CheckFact[], more: Partial<CheckResult> = {}): CheckResult => ({
  provider: 'roastify',
  url: 'http://localhost:3000/hook',
  seed: 4821,
  at: '2026-11-21T10:00:00.000Z',
  ms: 1234,
  facts,
  diagnoses: [],
  strict: false,
  ...more,
});
