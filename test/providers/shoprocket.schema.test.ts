import { expect, it } from 'vitest';
import { makeFake } from '../../src/core/fake.ts';
import type { Json, JsonObject } from '../../src/core/types.ts';
import { makeValidate } from '../../src/core/validate.ts';
import shoprocket from '../../src/providers/shoprocket/index.ts';

const validate = makeValidate();
const now = Date.UTC(2026, 1, 28, 23, 59, 58, 987);

const problems = (name: string, change: (data: JsonObject) => JsonObject) => {
  const payload = shoprocket.events[name]!.payload(makeFake(1, now));
  const value = { ...payload, data: change(payload.data as JsonObject) } as Json;
  return validate(shoprocket.events[name]!.schema, value, 100).map(({ path, basis }) => [path, basis]);
};
const set = (change: JsonObject) => (data: JsonObject) => ({ ...data, ...change });

it.each([
  ['id', 716],
  ['raw_order_id', '186'],
  ['order_id', '186'],
  ['is_unread', '2'],
  ['is_draft', 0],
  ['subtotal', 12],
  ['total_amount', '21.9'],
  ['currency_paid_in', 'usd'],
  ['status', 1],
  ['fulfillment_status', '1'],
  ['invoice_link', 'https://cdn.shoprocket.io/users/5/orders/716/183.pdf'],
  ['cart_session', 'sr_live_pk_cc6ff81f22ccb52ed7f6de0f0734'],
  ['created_at', '2022-05-23T14:37:24Z'],
  ['review_email_at', 0],
  ['order_items', {}],
])('hold %s to the documented form, not %j', (key, value) => {
  expect(problems('order.created', set({ [key]: value }))).toEqual([[`data.${key}`, 'documented']]);
});

it.each(['order_notes', 'discount_name', 'v1_ref', 'deleted_at'])('want the key %s, even for null', (key) => {
  const drop = ({ [key]: _, ...rest }: JsonObject): JsonObject => rest;
  expect(problems('order.created', drop)).toEqual([[`data.${key}`, 'documented']]);
});

it('only suppose what fills a field that no sample fills', () => {
  expect(problems('order.created', set({ order_notes: 5 }))).toEqual([['data.order_notes', 'assumed']]);
  expect(problems('order.updated', set({ updated_at: null }))).toEqual([['data.updated_at', 'assumed']]);
  expect(problems('order.deleted', set({ deleted_at: null }))).toEqual([['data.deleted_at', 'assumed']]);
});

it('only suppose the customer, but know the envelope', () => {
  expect(problems('customer.created', set({ email: 5 }))).toEqual([['data.email', 'assumed']]);
  expect(problems('customer.created', () => ({})).every(([, basis]) => basis === 'assumed')).toBe(true);
  const { data: _, ...rest } = shoprocket.events['customer.created']!.payload(makeFake(1, now));
  const found = validate(shoprocket.events['customer.created']!.schema, rest, 100);
  expect(found.map(({ path, basis }) => [path, basis])).toEqual([['data', 'documented']]);
});

it('accept an e-mail address of any form, and further keys', () => {
  expect(problems('order.created', set({ email: '[email protected]', new_key: 1 }))).toEqual([]);
});
