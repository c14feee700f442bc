import type { CheckFact } from '../facts.ts';

/** Why a check is no success although no MUST failed: the rules that could not be told, by their reasons. */
export function openWords(open: readonly Pick<CheckFact, 'rule' | 'reason'>[]): string {
  const byReason = new Map<string, string[]>();
  for (const { rule, reason = '' } of open) {
    // Why it passed all the same stands at the rule.
    const why = reason.replace(/^by the answers alone; /, '');
    byReason.set(why, [...(byReason.get(why) ?? []), rule]);
  }
  const lists = [...byReason].map(([why, ids]) => `${ids.join(', ')}: ${why}`);
  const what = open.length === 1 ? 'a rule that must hold' : `${open.length} rules that must hold`;
  return `${what} could not be told, so this is no success: ${lists.join('; ')}`;
}
