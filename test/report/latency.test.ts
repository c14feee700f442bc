import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Tally } from '../../src/core/tally.ts';
import { latencyChart } from '../../src/report/latency.ts';

/** The buckets of answers that took so long. */
function bucketsOf(times: readonly number[]) {
  const tally = new Tally();
  for (const ms of times) tally.add({ status: 200, headers: [], body: new Uint8Array(), ms }, true);
  return tally.buckets();
}

const countOf = (line: string): number => Number(/(\d+)$/.exec(line)?.[1]);

it('draws a row for each step, the longest bar for the most', () => {
  expect(latencyChart(bucketsOf([0.4, 0.9, 0.9, 0.9, 0.9, 4]), 30)).toEqual([
    '≤ 0.5 ms █████ 1',
    `  ≤ 1 ms ${'█'.repeat(19)} 4`,
    '  ≤ 2 ms  0',
    '  ≤ 5 ms █████ 1',
  ]);
});

it('takes wider steps where there would be too many rows', () => {
  expect(
    latencyChart(bucketsOf([0.1, 0.3, 7, 10, 11, 900, 1000]), 80).map((line) => line.replace(/█+/, '*')),
  ).toEqual([' ≤ 0.1 ms * 1', '   ≤ 1 ms * 1', '  ≤ 10 ms * 2', ' ≤ 100 ms * 1', '≤ 1000 ms * 2']);
});

it('is nothing where nobody answered', () => {
  expect(latencyChart([], 80)).toEqual([]);
});

it('counts every answer in few rows, none wider than the terminal', () => {
  const times = fc.array(fc.double({ min: 0, max: 3_600_000, noNaN: true }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(times, fc.integer({ min: 30, max: 200 }), (times, columns) => {
      const lines = latencyChart(bucketsOf(times), columns);
      expect(lines.length).toBeLessThanOrEqual(9);
      expect(lines.reduce((sum, line) => sum + countOf(line), 0)).toBe(times.length);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    }),
  );
  expect(latencyChart(bucketsOf([1, 3]), 5).every((line) => line.length <= 5)).toBe(true);
});
