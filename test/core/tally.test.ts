import { expect, it } from 'vitest';
import { Tally } from '../../src/core/tally.ts';
import type { Answer } from '../../src/core/types.ts';

const answered = (status: number, ms: number): Answer => ({
  status,
  headers: [],
  body: new Uint8Array(),
  ms,
});
const refused: Answer = { failure: 'refused', detail: '', ms: 1 };

function tallyOf(...attempts: [Answer, boolean][]): Tally {
  const tally = new Tally();
  for (const [answer, accepted] of attempts) tally.add(answer, accepted);
  return tally;
}

it('counts what came of deliveries', () => {
  const tally = tallyOf(
    [answered(200, 1), true],
    [answered(500, 1), false],
    [answered(200, 1), true],
    [refused, false],
  );
  expect(tally).toMatchObject({ sent: 4, accepted: 2, refused: 1, failed: 1 });
  expect(tally.statuses).toEqual({ 200: 2, 500: 1, refused: 1 });
});

it('knows how long answers took', () => {
  const times = Array.from({ length: 1000 }, (_, index): [Answer, boolean] => [
    answered(200, index + 1),
    true,
  ]);
  const { p50, p95, p99, max } = tallyOf(...times).latency() as {
    p50: number;
    p95: number;
    p99: number;
    max: number;
  };
  for (const [value, expected] of [
    [p50, 500],
    [p95, 950],
    [p99, 990],
    [max, 1000],
  ] as const) {
    expect(Math.abs(value - expected) / expected).toBeLessThan(0.01);
  }
});

it('knows how many answers took how long, in steps from the shortest to the longest', () => {
  const times = [0.3, 0.5, 0.6, 5, 5.1].map((ms): [Answer, boolean] => [answered(200, ms), true]);
  expect(tallyOf(...times).buckets()).toEqual([
    { upToMs: 0.5, count: 2 },
    { upToMs: 1, count: 1 },
    { upToMs: 2, count: 0 },
    { upToMs: 5, count: 1 },
    { upToMs: 10, count: 1 },
  ]);
  const longest = 2 ** 31;
  expect(tallyOf([answered(200, longest), true]).buckets()).toEqual([{ upToMs: 5e9, count: 1 }]);
});

it('knows no latency where nobody answered', () => {
  expect(tallyOf([refused, false]).latency()).toBeUndefined();
  expect(tallyOf([refused, false]).buckets()).toEqual([]);
});

it.each([
  ['all accepted', [[answered(200, 1), true]], 0],
  [
    'one refused',
    [
      [answered(200, 1), true],
      [answered(500, 1), false],
    ],
    1,
  ],
  [
    'one failed, one answered',
    [
      [answered(500, 1), false],
      [refused, false],
    ],
    1,
  ],
  [
    'one failed, one accepted',
    [
      [answered(200, 1), true],
      [refused, false],
    ],
    1,
  ],
  [
    'nothing answered',
    [
      [refused, false],
      [refused, false],
    ],
    3,
  ],
] as [string, [Answer, boolean][], number][])('%s gives its exit code', (_what, attempts, code) => {
  expect(tallyOf(...attempts).exitCode).toBe(code);
});
