import type { CheckFact, SummaryFact } from '../facts.ts';
import { clip } from '../printable.ts';

/** The counts of a check. */
export function summaryOf(facts: readonly CheckFact[], rules: number, seed: number, at: string): SummaryFact {
  const count = (outcome: CheckFact['outcome']) => facts.filter((fact) => fact.outcome === outcome).length;
  const because: Record<string, number> = {};
  for (const { outcome, reason = '' } of facts)
    if (outcome === 'skipped') because[reason] = (because[reason] ?? 0) + 1;
  return {
    kind: 'summary',
    at,
    rules,
    passed: count('passed'),
    failed: count('failed'),
    failed_must: facts.filter(({ outcome, level }) => outcome === 'failed' && level === 'MUST').length,
    skipped: count('skipped'),
    reported: count('reported'),
    skipped_because: because,
    seed,
  };
}

/** A reason may hold what others said; of more than so many characters the summary has a part. */
const longestReason = 120;

/** The counts in a sentence: `23 rules: 19 passed, 2 failed, 2 skipped (the scheme has no timestamp)`. */
export function summaryWords(summary: SummaryFact): string {
  const counts = (['passed', 'failed', 'reported', 'skipped'] as const)
    .filter((name) => name === 'passed' || Number(summary[name]) > 0)
    .map((name) => `${summary[name]} ${name}`);
  const reasons = Object.entries((summary.skipped_because ?? {}) as Record<string, number>);
  const why = reasons
    .map(([reason, count]) => {
      const short = clip(reason, longestReason);
      return count > 1 && reasons.length > 1 ? `${short} ×${count}` : short;
    })
    .join('; ');
  const untested =
    Number(summary.rules) -
    ['passed', 'failed', 'reported', 'skipped'].reduce((sum, name) => sum + Number(summary[name]), 0);
  return [
    `${summary.rules} ${summary.rules === 1 ? 'rule' : 'rules'}: ${counts.join(', ')}`,
    why === '' ? '' : ` (${why})`,
    untested > 0 ? `, ${untested} not tried` : '',
  ].join('');
}
