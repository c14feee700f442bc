import type { Sent } from '../../core/check/suspects.ts';

/** What it takes to send suspects again. */
export interface Repeating {
  /** Sends what a rule sends, of other deliveries, or one message of it; less where the receiver is gone meanwhile. */
  readonly send: (rule: string, label?: string) => Promise<void>;
  /** Looks as long as a death may take; gives what may have made the receiver go, the likeliest first, or nothing where it stays. */
  readonly gone: () => Promise<readonly Sent[]>;
  /** Whether the receiver is there; one that is gone is waited for. */
  readonly back: () => Promise<boolean>;
}

/** A whole rule, or one message of it. */
interface Unit {
  readonly rule: string;
  readonly label?: string;
}

/** So many of the likeliest are tried first, each alone. */
const likeliest = 2;

/**
 * Finds what a receiver does not survive: the likeliest are sent again, each alone; then whole rules, of which those that
 * make it go are halved until one is left, and of that each message alone. Gives what was sent last before it was gone
 * again, or nothing where that did not come of anything, or the receiver did not come back.
 * @param suspects the likeliest first
 */
export async function findCulprit(
  suspects: readonly Sent[],
  { send, gone, back }: Repeating,
): Promise<Sent | undefined> {
  const goesAt = async (units: readonly Unit[]): Promise<readonly Sent[]> => {
    if (units.length === 0 || !(await back())) return [];
    for (const { rule, label } of units) await send(rule, label);
    return gone();
  };
  const oneOf = async (some: readonly Sent[]): Promise<Sent | undefined> => {
    for (const { rule, tried } of some) {
      const [found] = await goesAt([{ rule, label: tried.trial.label }]);
      if (found) return found;
    }
    return undefined;
  };
  const found = await oneOf(suspects.slice(0, likeliest));
  if (found) return found;
  let rules = rulesOf(await goesAt(rulesOf(suspects)));
  while (rules.length > 1) {
    const some = rules.slice(0, rules.length / 2);
    const left = rulesOf(await goesAt(some));
    rules = left.length > 0 ? left : rules.slice(some.length);
  }
  const again = await goesAt(rules);
  // What comes at once is one thing: alone it is another.
  return (await oneOf(again.filter(({ tried }) => !tried.trial.together))) ?? again[0];
}

const rulesOf = (sent: readonly Sent[]): Unit[] =>
  [...new Set(sent.map(({ rule }) => rule))].map((rule) => ({ rule }));
