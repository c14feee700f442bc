import { expect, it } from 'vitest';
import { didYouMean, nearest } from '../../src/core/nearest.ts';

const names = ['order.created', 'order.updated', 'customer.created', 'leg.loaded', 'Order POD Uploaded'];

it.each([
  ['order.crated', 'order.created'],
  ['order.creatd', 'order.created'],
  ['ORDER.CREATED', 'order.created'],
  ['order pod uploadd', 'Order POD Uploaded'],
  ['order.up', 'order.updated'],
  ['custmer.created', 'customer.created'],
  ['leg.laded', 'leg.loaded'],
  ['invoice.paid', undefined],
  ['x', undefined],
  ['', undefined],
])('%s → %s', (word, expected) => expect(nearest(word, names)).toBe(expected));

it('has nothing to offer where there is nothing', () => expect(nearest('order', [])).toBeUndefined());

it('words it, or says something else', () => {
  expect(didYouMean('order.crated', names)).toBe('did you mean order.created?');
  expect(didYouMean('zzz', names, 'see the list')).toBe('see the list');
  expect(didYouMean('zzz', names)).toBeUndefined();
});
