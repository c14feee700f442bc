import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeFake } from '../../src/core/fake.ts';
import type { JsonObject } from '../../src/core/types.ts';
import shoprocket from '../../src/providers/shoprocket/index.ts';
import { discounts, payments, places } from '../../src/providers/shoprocket/shop.ts';

const now = Date.UTC(2026, 1, 28, 23, 59, 58, 987);

type Row = Record<string, string | null>;

/** Any seed, any of the named events: its payload, with the record read as strings. */
function each(names: readonly string[], law: (data: Row, items: Row[], payload: JsonObject) => void): void {
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(...names), (seed, name) => {
      const payload = shoprocket.events[name]!.payload(makeFake(seed, now));
      const data = payload.data as JsonObject;
      law(data as Row, (data.order_items ?? []) as Row[], payload);
    }),
    { numRuns: 300 },
  );
}

const orders = ['order.created', 'order.updated', 'order.deleted'];
const customers = ['customer.created', 'customer.updated', 'customer.deleted'];

/** `12.50` → 1250, without going through a fraction. */
const cents = (text: string | null | undefined): number => Number(String(text).replace('.', ''));

describe('an order', () => {
  it('adds up to the cent', () => {
    each(orders, (data, items) => {
      const sum = items.reduce((total, item) => total + cents(item.unit_price) * Number(item.quantity), 0);
      expect(items.length).toBeGreaterThan(0);
      expect(cents(data.subtotal)).toBe(sum);
      const [shipping, tax, discount] = [data.shipping_amount, data.tax_amount, data.discount_amount].map(
        cents,
      );
      expect(cents(data.total_amount)).toBe(sum + shipping! + tax! - discount!);
      expect(discount).toBeLessThan(sum);
    });
  });

  it('names a discount where there is one, and only there', () => {
    each(orders, ({ discount_name, discount_amount, automatic_discount }) => {
      expect(discount_name === null).toBe(discount_amount === '0.00');
      const automatic = discounts.find(({ name }) => name === discount_name)?.automatic ?? false;
      expect(automatic_discount).toBe(automatic ? discount_name : null);
    });
  });

  it('is paid as it costs, in the way it says', () => {
    each(orders, (data, _, payload) => {
      const paid = (payload.data as JsonObject).payment_payload as JsonObject;
      expect([paid.amount, paid.currency]).toEqual([data.total_amount, data.currency_paid_in]);
      const way = payments.find(({ name }) => name === data.payment_method_name)!;
      expect([data.raw_payment_method_name, paid.payment_method]).toEqual([way.raw, { type: way.type }]);
      // Nothing is received for what is still to be paid.
      const received = way.online && data.status_raw !== 'payment_pending';
      expect(paid.receipt_url !== null).toBe(received);
      if (!way.online) expect(paid.customerId).toBeNull();
      expect(new Set([paid.livemode, data.store_environment, payload.webhook_environment])).toEqual(
        new Set(['test']),
      );
    });
  });

  it('has one set of ids', () => {
    each(orders, (data, items) => {
      expect(data.order_id).toBe(`#${data.raw_order_id}`);
      expect(data.payment_transaction_id).toBe(data.id);
      for (const item of items) expect(item.order_id).toBe(data.id);
      expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
      const path = `users/${data.store_id}/orders/${data.id}/${data.invoice_number}.pdf`;
      expect(data.invoice_link).toBe(`cdn.shoprocket.io/${path}`);
    });
  });

  it('belongs to a customer who can be reached nowhere', () => {
    each(orders, (data, _, payload) => {
      const [, domain] = data.email!.split('@');
      expect(['example.com', 'example.org', 'example.net']).toContain(domain);
      const [first] = data.user_name!.toLowerCase().split(' ');
      expect(data.email).toContain(first!.replace(/[^a-z]/g, ''));
      const { billing, shipping } = (payload.data as JsonObject).payment_payload as Record<
        string,
        JsonObject
      >;
      const contact = { email: data.email, name: data.user_name, phone: data.user_contact_number };
      expect([billing, shipping]).toMatchObject([contact, contact]);
    });
  });

  it('goes to a real place, whose currency it is paid in', () => {
    each(orders, (data, _, payload) => {
      const paid = (payload.data as JsonObject).payment_payload as Record<string, { address: Row }>;
      for (const side of ['billing', 'shipping']) {
        const { city, country, line1, postal_code, state } = paid[side]!.address;
        const place = places.find((one) => one.city === city)!;
        expect([place.state, place.country, place.postalCode]).toEqual([state, country, postal_code]);
        expect([place.currency, place.symbol]).toEqual([data.currency_paid_in, data.currency_paid_in_symbol]);
        expect(data[`${side}_address`]).toBe([line1, city, state, postal_code, country].join(', '));
        expect(data.user_contact_number?.replace(/\d/g, '#')).toBe(place.phone.replace(/\d/g, '#'));
      }
    });
  });

  it('is most often of one item, and no larger than such orders are', () => {
    const bodies = Array.from({ length: 400 }, (_, seed) =>
      shoprocket.events['order.created']!.payload(makeFake(seed, now)),
    );
    const sizes = bodies.map((body) => ((body.data as JsonObject).order_items as Row[]).length);
    expect(new Set(sizes)).toEqual(new Set([1, 2, 3]));
    expect(sizes.filter((size) => size === 1).length).toBeGreaterThan(200);
    // The documented sample of one item has 2.3 kB.
    expect(JSON.stringify(bodies).length / bodies.length).toBeLessThan(3000);
  });

  it('links to its items under its own page', () => {
    each(orders, ({ source_url, store_id }, items) => {
      expect(source_url).toBe(`https://store-${store_id}.example.com/`);
      for (const item of items)
        expect(item.item_source_url).toMatch(new RegExp(`^${source_url}#!/[a-z0-9-]+$`));
    });
  });

  it('goes from the documented status to a later one', () => {
    const statusOf = ({ status, status_raw, fulfillment_status, fulfillment_status_raw }: Row) =>
      [status, status_raw, fulfillment_status, fulfillment_status_raw].join(' ');
    each(['order.created'], (data) => expect(statusOf(data)).toBe('1 payment_pending 1 awaiting_processing'));
    const known = ['2 payment_received 1 awaiting_processing', '2 payment_received 2 dispatched'];
    each(['order.updated', 'order.deleted'], (data) => expect(known).toContain(statusOf(data)));
  });
});

describe('the times', () => {
  const stamp = '2026-02-28 23:59:58';

  it('are those of what happened', () => {
    each([...orders, ...customers], (data, _, { type }) => {
      const change = String(type).split('.')[1];
      expect(data[`${change}_at`]).toBe(stamp);
      expect(data.updated_at !== null).toBe(change !== 'created');
      expect(data.deleted_at !== null).toBe(change === 'deleted');
    });
  });

  it('come in order', () => {
    each([...orders, ...customers], (data, items) => {
      for (const row of [data, ...items]) {
        const times = [
          row.created_at,
          row.review_email_at ?? row.reviewed_at,
          row.updated_at,
          row.deleted_at,
          stamp,
        ];
        const known = times.filter((time) => typeof time === 'string');
        expect(known).toEqual(known.toSorted());
        expect(row.created_at).toBe(data.created_at);
      }
    });
  });

  it('agree in a story: born once, updated before deleted', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom('order', 'customer'), (seed, subject) => {
        const [created, updated, deleted] = ['created', 'updated', 'deleted'].map((change) => {
          const event = shoprocket.events[`${subject}.${change}`]!;
          return event.payload(makeFake(seed, now + event.age * 1000)).data as Row;
        }) as [Row, Row, Row];
        expect([updated.created_at, deleted.created_at]).toEqual([created.created_at, created.created_at]);
        expect(deleted.updated_at).toBe(updated.updated_at);
      }),
    );
  });
});

it('has the customer of the order, by the same seed', () => {
  const shared = [
    'store_id',
    'user_name',
    'email',
    'user_contact_number',
    'billing_address',
    'shipping_address',
  ];
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const [order, customer] = ['order.created', 'customer.created'].map(
        (name) => shoprocket.events[name]!.payload(makeFake(seed, now)).data as Row,
      ) as [Row, Row];
      expect(customer.id).toBe(order.customer_id);
      for (const key of shared) expect(customer[key]).toBe(order[key]);
    }),
  );
});

it('lives in more than one place, and in words beyond ASCII', () => {
  const texts = Array.from({ length: 60 }, (_, seed) =>
    JSON.stringify(shoprocket.events['order.created']!.payload(makeFake(seed, now))),
  );
  for (const { city } of places) expect(texts.some((text) => text.includes(`"${city}"`))).toBe(true);
  expect(texts.some((text) => /[^\0-\x7f]/.test(text))).toBe(true);
});

it('changes nothing by an event but its times, its status, its receipt and whether it was read', () => {
  const changing = /^(is_unread|receipt_url|.*status.*|.*_at)$/;
  const fixed = (key: string, value: unknown) => (changing.test(key) ? undefined : value);
  for (const subject of [orders, customers]) {
    for (let seed = 0; seed < 50; seed += 1) {
      const texts = subject.map((name) =>
        JSON.stringify(shoprocket.events[name]!.payload(makeFake(seed, now)).data, fixed),
      );
      expect(new Set(texts).size).toBe(1);
    }
  }
});
