import type { Judgement, Rule } from '../../core/check/rule.ts';

/** What was judged so far. */
export interface Ledger {
  /** @param ms how long the rule took */
  readonly judge: (id: string, judgement: Judgement, ms?: number) => void;
  readonly outcome: (id: string) => Judgement['outcome'] | undefined;
  /** Whether a rule is wanted, and nothing was told of it. */
  readonly isOpen: (id: string) => boolean;
  /** Takes a judgement back; says whether there was one that was not told. */
  readonly withdraw: (id: string) => boolean;
  /** Tells what need not be held back any more. */
  readonly tell: () => void;
  /** Tells all that are left: those that were not judged as the function has it. */
  readonly close: (unjudged: (id: string) => Judgement) => void;
}

/**
 * Opens a ledger of rules.
 * @param tell told each judgement, in the rules' own order
 * @param isHeld whether a judgement may still be taken back
 */
export function openLedger(
  rules: readonly Rule[],
  tell: (rule: Rule, judgement: Judgement, ms: number) => void,
  isHeld: (id: string) => boolean = () => false,
): Ledger {
  const entries = new Map<string, { readonly judgement: Judgement; readonly ms: number }>();
  let told = 0;
  const tellOn = () => {
    for (;;) {
      const rule = rules[told];
      const entry = rule && entries.get(rule.id);
      if (!rule || !entry || isHeld(rule.id)) return;
      told += 1;
      tell(rule, entry.judgement, entry.ms);
    }
  };
  const isOpen = (id: string) => rules.findIndex((rule) => rule.id === id) >= told;
  return {
    judge(id, judgement, ms = 0) {
      entries.set(id, { judgement, ms });
      tellOn();
    },
    outcome: (id) => entries.get(id)?.judgement.outcome,
    isOpen,
    withdraw: (id) => isOpen(id) && entries.delete(id),
    tell: tellOn,
    close(unjudged) {
      for (const rule of rules.slice(told)) {
        const { judgement, ms } = entries.get(rule.id) ?? { judgement: unjudged(rule.id), ms: 0 };
        tell(rule, judgement, ms);
      }
      told = rules.length;
    },
  };
}
