import { describe, expect, it } from 'vitest';
import { eventOf, identityOf, recognise } from '../../src/core/identity.ts';
import type { Headers, Json } from '../../src/core/types.ts';
import { providers } from '../../src/providers/index.ts';
import { roastify, roseRocket, shoprocket } from '../helpers/deliveries.ts';

describe('what makes a delivery the same one again', () => {
  const svixId: Headers = [['Svix-Id', 'msg_1']];
  const order = { event: 'order.created', order_id: 'o', timestamp: 't' };
  const shop = { type: 'order.updated', data: { id: '1', created_at: 'c', updated_at: 'u' } };

  it.each<[string, typeof roastify, Headers, Json | undefined, string | undefined]>([
    ['Roastify: svix-id', roastify, svixId, {}, 'msg_1'],
    ['Roastify: webhook-id', roastify, [['webhook-id', 'msg_2']], {}, 'msg_2'],
    ['Roastify: no id', roastify, [], {}, undefined],
    ['Roastify: no body', roastify, svixId, undefined, 'msg_1'],
    ['Rose Rocket: an order', roseRocket, [], order, 'order.created+o+t'],
    [
      'Rose Rocket: a leg',
      roseRocket,
      [],
      { event: 'leg.loaded', leg_id: 'l', timestamp: 't' },
      'leg.loaded+l+t',
    ],
    ['Rose Rocket: no id', roseRocket, [], { event: 'order.created', timestamp: 't' }, undefined],
    ['Rose Rocket: an id that is no text', roseRocket, [], { ...order, order_id: 7 }, undefined],
    ['Rose Rocket: no body', roseRocket, [], undefined, undefined],
    ['Shoprocket: updated', shoprocket, [], shop, 'order.updated+1+u'],
    [
      'Shoprocket: created',
      shoprocket,
      [],
      { ...shop, data: { ...shop.data, updated_at: null } },
      'order.updated+1+c',
    ],
  ])('%s', (_, provider, headers, value, id) => expect(identityOf(provider, headers, value)).toBe(id));
});

it.each<[typeof roastify, Json | undefined, string | undefined]>([
  [roastify, { eventType: 'a' }, 'a'],
  [roastify, { type: 'a' }, undefined],
  [shoprocket, { type: 'a' }, 'a'],
  [roseRocket, { event: 5 }, undefined],
  [roseRocket, [], undefined],
  [roseRocket, undefined, undefined],
])('the event of %o', (provider, value, event) => expect(eventOf(provider, [], value)).toBe(event));

it('recognises none among none', () => {
  expect(recognise([], { event: 'order.created' }, [])).toEqual({ fault: expect.stringMatching(/no known/) });
  expect(recognise([], { event: 'order.created' }, providers)).toBe(roseRocket);
});
