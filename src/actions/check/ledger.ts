import type { Judgement, Rule } from '../../core/check/rule.ts';

/** What was judged so far. */
export interface Ledger {
  /** @param ms how long the rule took */
  readonly judge: (id: string, judgement: Judgement, ms?: number) => void;
  readonly outcome: (id: string) => Judgement['outcome'] | undefined;
  /** Tells all that are left: those that were not judged as the function has it. */
  readonly close: (unjudged: (id: string) => Judgement) => void;
}

/**
 * Opens a ledger of rules.
 * @param tell told each judgement, in the rules' own order
 */
export function openLedger(
  rules: readonly Rule[],
  tell: (rule: Rule, judgement: Judgement, ms: number) => void,
): Ledger {
  const entries = new Map<string, { readonly judgement: Judgement; readonly ms: number }>();
  let told = 0;
  return {
    judge(id, judgement, ms = 0) {
      entries.set(id, { judgement, ms });
      for (;;) {
        const rule = rules[told];
        const entry = rule && entries.get(rule.id);
        if (!rule || !entry) return;
        told += 1;
        tell(rule, entry.judgement, entry.ms);
      }
    },
    outcome: (id) => entries.get(id)?.judgement.outcome,
    close(unjudged) {
      for (const rule of rules.slice(told)) {
        const { judgement, ms } = entries.get(rule.id) ?? { judgement: unjudged(rule.id), ms: 0 };
        tell(rule, judgement, ms);
      }
      told = rules.length;
    },
  };
}
