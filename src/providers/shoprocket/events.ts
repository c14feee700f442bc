import type { EventType, Fake } from '../../core/provider.ts';
import type { JsonObject, JsonSchema } from '../../core/types.ts';
import { customerData, drawCustomer } from './customer.ts';
import { type Ages, type Change, lifeOf } from './life.ts';
import { drawOrder, orderData } from './order.ts';
import { customerSchema, orderSchema } from './schema.ts';
import { environment } from './shop.ts';

/** The only page on webhooks: event names and the body of order.created. */
export const guide = 'https://shoprocket.io/help/notifications/webhooks-t4tlw';

const day = 24 * 3600;

interface Subject {
  readonly ages: Ages;
  readonly schema: (type: string, change: Change) => JsonSchema;
  readonly data: (fake: Fake, change: Change) => JsonObject;
}

const orderAges: Ages = { created: 0, updated: 7 * day, deleted: 30 * day };
const customerAges: Ages = { created: 0, updated: 2 * day, deleted: 90 * day };

/** The customer is drawn first for both, so that a seed's orders belong to the seed's customer. */
const subjects = {
  order: {
    ages: orderAges,
    schema: orderSchema,
    data: ({ faker, now }, change) => {
      const customer = drawCustomer(faker);
      const life = lifeOf(change, orderAges, now);
      return orderData(drawOrder(faker, customer, life), customer, life);
    },
  },
  customer: {
    ages: customerAges,
    schema: customerSchema,
    data: ({ faker, now }, change) => customerData(drawCustomer(faker), lifeOf(change, customerAges, now)),
  },
} satisfies Record<string, Subject>;

function eventOf(name: keyof typeof subjects, change: Change): [string, EventType] {
  const type = `${name}.${change}`;
  const { ages, schema, data }: Subject = subjects[name];
  const event: EventType = {
    title: type,
    summary: `${name === 'order' ? 'An order' : 'A customer'} was ${change}.`,
    basis: 'documented',
    source: guide,
    schema: schema(type, change),
    age: ages[change],
    payload: (fake) => ({ data: data(fake, change), type, webhook_environment: environment }),
  };
  return [type, event];
}

/** Orders, then customers, each in the order of its life. */
export const events: Readonly<Record<string, EventType>> = Object.fromEntries([
  eventOf('order', 'created'),
  eventOf('order', 'updated'),
  eventOf('order', 'deleted'),
  eventOf('customer', 'created'),
  eventOf('customer', 'updated'),
  eventOf('customer', 'deleted'),
]);
