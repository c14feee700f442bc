import type { Turn } from './contents.ts';
import type { Explain } from './explain.ts';
import type { Findings } from './findings.ts';
import type { Sample } from './sample.ts';
import { type Progress, type Searching, takeTime, type Work } from './work.ts';

/** So many deliveries that nothing fits are searched, and no more. */
const mostSearched = 20;

/** A search that is not at its end. */
interface Open {
  readonly sample: Sample;
  readonly steps: ReturnType<Explain>;
  progress: Progress;
}

/** The deliveries that nothing fits, and those that fit nothing that was found for others: they were too many. */
export interface Unexplained {
  readonly searched: Sample[];
  readonly unsearched: Sample[];
}

/**
 * Searches deliveries side by side, a step of each in turn, so that none waits for another; what is found for one is
 * held against all others.
 * @param enough what is found for one ends the others
 */
export function* inTurns(
  samples: readonly Sample[],
  explain: Explain,
  { found, work, enough }: { readonly found: Findings; readonly work: Work; readonly enough: boolean },
): Searching<Unexplained> {
  const waiting = [...samples.entries()];
  const of = Math.min(samples.length, mostSearched);
  let searched: Sample[] = [];
  let open: Open[] = [];
  for (;;) {
    while (waiting.length > 0 && open.length + searched.length < mostSearched) {
      const [index, sample] = waiting.shift() as [number, Sample];
      if (!found.takes(sample)) open.push(begun(sample, explain, work, { index: index % of, of }));
    }
    const next = open.shift();
    if (next === undefined) break;
    const step = next.steps.next(work.clock.over !== undefined);
    if (!step.done) {
      open.push({ ...next, progress: step.value });
      takeTime(work, yield sumOf(open));
    } else if (step.value === undefined) searched.push(next.sample);
    else {
      const finding = step.value;
      found.add(finding, next.sample);
      const isOpen = (sample: Sample) => !found.takes(sample, [finding]);
      searched = searched.filter(isOpen);
      const left = open.filter(({ sample }) => isOpen(sample));
      for (const each of open) if (!left.includes(each)) each.steps.return(undefined);
      open = left;
      if (enough) work.clock.over ??= 'a scheme was found for another one';
    }
  }
  const unsearched = waiting.map(([, sample]) => sample).filter((sample) => !found.takes(sample));
  return { searched, unsearched };
}

const begun = (sample: Sample, explain: Explain, work: Work, turn: Turn): Open => ({
  sample,
  steps: explain(sample, work, turn),
  progress: { done: 0, total: 0 },
});

/** How far all searches are together. */
const sumOf = (open: readonly Open[]): Progress => ({
  done: open.reduce((sum, { progress }) => sum + progress.done, 0),
  total: open.reduce((sum, { progress }) => sum + progress.total, 0),
});
