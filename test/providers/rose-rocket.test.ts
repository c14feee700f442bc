import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeFake } from '../../src/core/fake.ts';
import type { Json, JsonObject } from '../../src/core/types.ts';
import { makeValidate } from '../../src/core/validate.ts';
import roseRocket from '../../src/providers/rose-rocket/index.ts';

const validate = makeValidate();
const now = Date.UTC(2026, 1, 28, 12);
const unnamed = [
  'order.pod_uploaded',
  'manifest.created',
  'manifest.carrier_details_updated',
  'manifest.cost_details_updated',
  'manifest.dispatched',
  'manifest.moving',
  'task.completed',
];

const payloadOf = (name: string, seed = 1): JsonObject =>
  roseRocket.events[name]!.payload(makeFake(seed, now));

/** What is wrong with an event's payload once it is changed: paths and what the broken rule rests on. */
const broken = (name: string, change: JsonObject) =>
  validate(roseRocket.events[name]!.schema, { ...payloadOf(name), ...change } as Json, 100).map(
    ({ path, basis }) => [path, basis],
  );

it('says of seven machine names that they are assumed, and of the fourteen others where they stand', () => {
  const assumed = Object.entries(roseRocket.events).filter(([, { basis }]) => basis === 'assumed');
  expect(assumed.map(([name]) => name)).toEqual(unnamed);
  for (const [, event] of assumed) expect(event.schema['x-basis']).toBe('assumed');
});

it('derives the machine names from the printed ones', () => {
  for (const [name, { title }] of Object.entries(roseRocket.events)) {
    expect(title.toLowerCase().replace(' ', '.').replaceAll(' ', '_')).toBe(name);
  }
});

it('carries the name, one id and the time, and nothing else but the statuses', () => {
  for (const name of Object.keys(roseRocket.events)) {
    const statuses = name === 'order.status_updated' ? ['previous_status', 'current_status'] : [];
    const expected = ['event', ...statuses, `${name.split('.')[0]}_id`, 'timestamp'];
    expect(Object.keys(payloadOf(name))).toEqual(expected);
  }
});

it('stamps the time in UTC with six digits of a second', () => {
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(...Object.keys(roseRocket.events)), (seed, name) => {
      expect(payloadOf(name, seed).timestamp).toMatch(/^2026-02-28T12:00:00\.000\d{3}Z$/);
    }),
  );
});

it('tells of a status that changes, to the status that the event before it is named for', () => {
  const previous = new Set<Json>();
  for (let seed = 0; seed < 50; seed += 1) {
    const payload = payloadOf('order.status_updated', seed);
    expect(payload.current_status).toBe('dispatched');
    previous.add(payload.previous_status as Json);
  }
  expect(previous.size).toBeGreaterThan(1);
  expect(previous).not.toContain('dispatched');
});

describe('its schemas', () => {
  it.each(['', 'no uuid', '172DFBFF-EBD9-4C9C-868C-CB79EF7775ED', 7])(
    'refuse the id %j, by the documentation',
    (id) => {
      expect(broken('order.created', { order_id: id })).toEqual([['order_id', 'documented']]);
      expect(broken('order.pod_uploaded', { order_id: id })).toEqual([['order_id', 'documented']]);
      expect(broken('task.completed', { task_id: id })).toEqual([['task_id', 'assumed']]);
    },
  );

  it.each(['2018-01-01T00:00:00+02:00', '2018-01-01', '2018-01-01 00:00:00Z'])(
    'refuse the time %s',
    (timestamp) => {
      expect(broken('leg.loaded', { timestamp })).toContainEqual(['timestamp', 'documented']);
    },
  );

  it('accept times without a fraction, statuses never heard of and further keys', () => {
    expect(broken('leg.loaded', { timestamp: '2018-01-01T00:00:00Z' })).toEqual([]);
    expect(broken('order.status_updated', { current_status: 'on-the-moon' })).toEqual([]);
    expect(broken('order.in_transit', { order_ids: ['172dfbff-ebd9-4c9c-868c-cb79ef7775ed'] })).toEqual([]);
  });
});

it('is never retried', () => {
  expect(roseRocket.policy.delaysMs).toMatchObject({ value: [], basis: 'documented' });
  expect(roseRocket.policy.timeoutMs.basis).toBe('assumed');
});
