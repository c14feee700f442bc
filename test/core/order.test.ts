import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inOrder, shuffled } from '../../src/core/order.ts';

it('in order is in order', () => {
  expect([...inOrder(4)]).toEqual([0, 1, 2, 3]);
});

it('shuffled is each once, in an order that the seed alone decides', () => {
  fc.assert(
    fc.property(fc.nat({ max: 300 }), fc.nat(), (total, seed) => {
      const order = [...shuffled(total, seed)];
      expect([...order].sort((a, b) => a - b)).toEqual([...inOrder(total)]);
      expect([...shuffled(total, seed)]).toEqual(order);
    }),
  );
});

it('shuffled is out of order', () => {
  expect([...shuffled(50, 1)]).not.toEqual([...inOrder(50)]);
  expect([...shuffled(50, 1)]).not.toEqual([...shuffled(50, 2)]);
});

it('goes on over more than its window', () => {
  const order = [...shuffled(25_000, 3)];
  expect(new Set(order).size).toBe(25_000);
  expect(order[0]).toBeLessThan(10_000);
});
