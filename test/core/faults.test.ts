import { expect, it } from 'vitest';
import { faultsOf } from '../../src/core/faults.ts';

const rates = { duplicate: 0.3, drop: 0.1 };
const all = (seed: number) => Array.from({ length: 5000 }, (_, index) => faultsOf(index, seed, rates));
const share = (flags: boolean[]) => flags.filter(Boolean).length / flags.length;

it('come as often as they are asked for', () => {
  expect(share(all(7).map(({ duplicate }) => duplicate))).toBeCloseTo(0.3, 1);
  expect(share(all(7).map(({ drop }) => drop))).toBeCloseTo(0.1, 1);
});

it('follow from the seed and the place', () => {
  expect(all(7)).toEqual(all(7));
  expect(all(7)).not.toEqual(all(8));
});

it('never come where they are not asked for, and always where they must', () => {
  for (let index = 0; index < 100; index++) {
    expect(faultsOf(index, 1, { duplicate: 0, drop: 1 })).toEqual({ duplicate: false, drop: true });
  }
});
