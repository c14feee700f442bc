import type { Bucket } from '../core/tally.ts';

const mostRows = 8;
const widestBar = 40;

/**
 * How long answers took, as a bar chart; a row a decade where finer ones would be more than eight. No line is wider than
 * that many columns. Nothing where there was no answer.
 */
export function latencyChart(buckets: readonly Bucket[], columns: number): string[] {
  const rows = buckets.length <= mostRows ? buckets : byDecade(buckets);
  const labels = rows.map(({ upToMs }) => `≤ ${upToMs} ms`);
  const labelWidth = longest(labels);
  const countWidth = longest(rows.map(({ count }) => String(count)));
  const barWidth = Math.max(1, Math.min(widestBar, columns - labelWidth - countWidth - 2));
  const most = Math.max(...rows.map(({ count }) => count));
  return rows.map(({ count }, index) => {
    // What is there is seen, however little it is beside the rest.
    const bar = '█'.repeat(Math.ceil((count / most) * barWidth));
    return `${(labels[index] as string).padStart(labelWidth)} ${bar} ${count}`.slice(0, columns);
  });
}

const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length));

/** The same counts in wider steps: 1, 10, 100 ms. */
function byDecade(buckets: readonly Bucket[]): Bucket[] {
  const counts = new Map<number, number>();
  for (const { upToMs, count } of buckets) {
    const decade = Number(`1e${Math.ceil(Math.log10(upToMs))}`);
    counts.set(decade, (counts.get(decade) ?? 0) + count);
  }
  return [...counts].map(([upToMs, count]) => ({ upToMs, count }));
}
