import type { Faker } from '@faker-js/faker';
import type { JsonObject } from '../../core/types.ts';
import { type Customer, oneLine, reachData } from './customer.ts';
import { drawCode, drawDigits, drawMaybe } from './draw.ts';
import { drawItems, type Item } from './items.ts';
import type { Life } from './life.ts';
import { type Bill, billData, decimal, drawBill } from './money.ts';
import { drawPayment, type Payment } from './payment.ts';
import { environment, later, notes, payments, placed } from './shop.ts';

/** What is drawn of an order. */
interface Order {
  readonly number: number;
  readonly id: string;
  readonly invoice: string;
  /** The page with the shop. */
  readonly source: string;
  readonly items: readonly Item[];
  readonly bill: Bill;
  readonly way: Payment;
  readonly methodId: string;
  readonly payload: JsonObject;
  /** Where it stands. */
  readonly stage: typeof placed | (typeof later)[number];
  readonly notes: string | null;
  readonly taxId: string | null;
  readonly v1Ref: string | null;
  /** The customer is asked for a review at this part of the way to the update. */
  readonly asked: number | null;
  readonly session: string;
}

/** Draws an order of a customer. No draw may hang on its life: all events of a seed make the same calls. */
export function drawOrder(faker: Faker, customer: Customer, life: Life): Order {
  const number = faker.number.int({ min: 100, max: 9_999 });
  // So wide that of the orders of a burst, which all happen in the same second, no two are taken for one.
  const id = String(faker.number.int({ min: 10_000_000, max: 999_999_999 }));
  const source = `https://store-${customer.storeId}.example.com/`;
  const items = drawItems(faker, { orderId: id, source, life });
  const bill = drawBill(faker, customer.place, items);
  const way = faker.helpers.arrayElement(payments);
  const afterwards = faker.helpers.arrayElement(later);
  const stage = life.updated ? afterwards : placed;
  const due = { way, amount: decimal(bill.total), paid: stage !== placed };
  return {
    number,
    id,
    invoice: String(number - faker.number.int({ min: 0, max: 9 })),
    source,
    items,
    bill,
    way,
    methodId: drawDigits(faker, 3),
    payload: drawPayment(faker, customer, due),
    stage,
    notes: drawMaybe(faker, () => faker.helpers.arrayElement(notes)),
    taxId: drawMaybe(faker, () => drawDigits(faker, 9)),
    v1Ref: drawMaybe(faker, () => drawDigits(faker, 5)),
    asked: drawMaybe(faker, () => faker.number.float({ min: 0.1, max: 0.4 })),
    session: `sr_live_pk_${drawCode(faker, 16, 29)}`,
  };
}

/** The record of order.*, keys in the documented order. */
export const orderData = (order: Order, customer: Customer, life: Life): JsonObject => ({
  id: order.id,
  order_id: `#${order.number}`,
  raw_order_id: order.number,
  is_unread: life.updated ? '0' : '1',
  store_id: customer.storeId,
  customer_id: customer.id,
  ...reachData(customer),
  ...billData(order.bill),
  currency_paid_in: customer.place.currency,
  currency_paid_in_symbol: customer.place.symbol,
  payment_transaction_id: order.id,
  payment_method_id: order.methodId,
  payment_method_name: order.way.name,
  raw_payment_method_name: order.way.raw,
  billing_address: oneLine(customer.billing, customer.place),
  shipping_address: oneLine(customer.shipping, customer.place),
  order_notes: order.notes,
  store_environment: environment,
  payment_payload: order.payload,
  fulfillment_status: order.stage.fulfillment_status,
  fulfillment_status_raw: order.stage.fulfillment_status_raw,
  is_draft: '0',
  invoice_number: order.invoice,
  invoice_link: `cdn.shoprocket.io/users/${customer.storeId}/orders/${order.id}/${order.invoice}.pdf`,
  source_url: order.source,
  customer_tax_id: order.taxId,
  status: order.stage.status,
  status_raw: order.stage.status_raw,
  v1_ref: order.v1Ref,
  review_email_at: order.asked && life.between(order.asked),
  cart_session: order.session,
  deleted_at: life.deleted,
  created_at: life.created,
  updated_at: life.updated,
  order_items: order.items.map(({ data }) => data),
});
