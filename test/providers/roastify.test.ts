import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeFake } from '../../src/core/fake.ts';
import type { Json, JsonObject } from '../../src/core/types.ts';
import { makeValidate } from '../../src/core/validate.ts';
import roastify from '../../src/providers/roastify/index.ts';

const validate = makeValidate();
const birth = Date.UTC(2026, 1, 28, 12);
const tracked = ['fulfillment.shipped', 'tracking.updated'];

/** The payload as a story has it: that much later than the birth of the order. */
const told = (name: string, seed = 1): JsonObject => {
  const event = roastify.events[name]!;
  return event.payload(makeFake(seed, birth + event.age * 1000));
};

const problems = (name: string, change: (payload: JsonObject) => Json) =>
  validate(roastify.events[name]!.schema, change(told(name)), 100).map(({ path, basis }) => [path, basis]);

const without =
  (key: string) =>
  ({ [key]: _, ...rest }: JsonObject): JsonObject =>
    rest;

it('goes through fulfillment without skipping, the ways out last', () => {
  expect(Object.keys(roastify.events)).toEqual([
    'fulfillment.created',
    'fulfillment.picked',
    'fulfillment.printed',
    'fulfillment.packaged',
    'fulfillment.shipped',
    'tracking.updated',
    'fulfillment.cancelation_requested',
    'fulfillment.declined',
    'fulfillment.canceled',
  ]);
});

it('is retried seven times, by the documented schedule', () => {
  const { delaysMs, timeoutMs } = roastify.policy;
  expect(delaysMs.value.map((ms) => ms / 60_000)).toEqual([5 / 60, 5, 30, 120, 300, 600, 600]);
  expect([delaysMs.basis, timeoutMs.value, timeoutMs.basis]).toEqual(['documented', 15_000, 'documented']);
});

it('has the status that the event is named for', () => {
  for (const name of Object.keys(roastify.events)) expect(name.split('.')[1]).toBe(told(name).status);
});

it('tracks one parcel from shipping on, which is still to come', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const [shipped, updated] = tracked.map((name) => told(name, seed)) as [JsonObject, JsonObject];
      expect(String(shipped.trackingUrl)).toContain(shipped.trackingNumber as string);
      expect(updated).toMatchObject({
        trackingNumber: shipped.trackingNumber,
        estimatedDelivery: shipped.estimatedDelivery,
      });
      for (const { updatedAt, estimatedDelivery } of [shipped, updated]) {
        expect(Date.parse(String(estimatedDelivery))).toBeGreaterThan(Date.parse(String(updatedAt)));
      }
    }),
  );
});

it('has no parcel elsewhere', () => {
  const others = Object.keys(roastify.events).filter((name) => !tracked.includes(name));
  for (const name of others)
    expect(Object.keys(told(name))).toEqual(['eventType', 'orderId', 'status', 'updatedAt']);
});

it('is stamped with the clock it is given', () => {
  expect(told('fulfillment.created').updatedAt).toBe('2026-02-28T12:00:00.000Z');
});

it('leaves a missing event name to the judgement of events', () => {
  expect(problems('fulfillment.created', without('eventType'))).toEqual([]);
  expect(roastify.eventAt.basis).toBe('observed');
});

it('knows what is documented and what is a guess', () => {
  expect(problems('fulfillment.picked', without('orderId'))).toEqual([['orderId', 'documented']]);
  expect(problems('fulfillment.picked', without('updatedAt'))).toEqual([['updatedAt', 'assumed']]);
  expect(problems('fulfillment.shipped', without('trackingUrl'))).toEqual([['trackingUrl', 'assumed']]);
  expect(problems('fulfillment.created', (body) => ({ ...body, status: 'new' }))).toEqual([
    ['status', 'documented'],
  ]);
  expect(problems('fulfillment.picked', (body) => ({ ...body, status: 'Picked' }))).toEqual([]);
  expect(problems('fulfillment.picked', (body) => ({ ...body, orderId: 'ord_12345' }))).toEqual([]);
});
