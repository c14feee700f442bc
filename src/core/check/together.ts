import type { Trial } from './rule.ts';

/**
 * Trials that are sent at once, in one list.
 * @param takesSeveral the receiver takes several deliveries at once
 */
export function together(trials: readonly Trial[], takesSeveral: boolean): Trial[][] {
  const lists: Trial[][] = [];
  for (const trial of trials) {
    const joins = trial.together || (trial.beside && takesSeveral);
    if (joins && lists.length > 0) lists.at(-1)?.push(trial);
    else lists.push([trial]);
  }
  return lists;
}
