import type { Faker } from '@faker-js/faker';
import type { JsonObject } from '../../core/types.ts';
import { type Customer, oneLine } from './customer.ts';
import { drawItems } from './items.ts';
import type { Life } from './life.ts';
import { decimal, drawBill } from './money.ts';
import { environment, later, notes, payments, placed } from './shop.ts';

type Payment = (typeof payments)[number];

/**
 * Draws an order of a customer as order.* carries it, keys in the documented order. No draw may hang on its
 * life: all events of a seed make the same calls.
 */
export function drawOrder(faker: Faker, customer: Customer, life: Life): JsonObject {
  const maybe = <T>(make: () => T) => faker.helpers.maybe(make) ?? null;
  const { place, storeId } = customer;
  const number = faker.number.int({ min: 100, max: 9_999 });
  const id = String(number + faker.number.int({ min: 500, max: 50_000 }));
  const invoice = String(number - faker.number.int({ min: 0, max: 9 }));
  const source = `https://${faker.internet.domainWord()}.example.com/`;
  const items = drawItems(faker, { orderId: id, source, life });
  const bill = drawBill(faker, place, items);
  const payment = faker.helpers.arrayElement(payments);
  const afterwards = faker.helpers.arrayElement(later);
  const stage = life.updated ? afterwards : placed;
  const asked = maybe(() => faker.number.float({ min: 0.1, max: 0.4 }));
  return {
    id,
    order_id: `#${number}`,
    raw_order_id: number,
    is_unread: life.updated ? '0' : '1',
    store_id: storeId,
    customer_id: customer.id,
    user_name: customer.name,
    email: customer.email,
    user_contact_number: customer.phone,
    automatic_discount: bill.automatic,
    subtotal: decimal(bill.subtotal),
    shipping_name: bill.shippingName,
    shipping_amount: decimal(bill.shipping),
    tax_amount: decimal(bill.tax),
    discount_name: bill.discountName,
    discount_amount: decimal(bill.discount),
    total_amount: decimal(bill.total),
    currency_paid_in: place.currency,
    currency_paid_in_symbol: place.symbol,
    payment_transaction_id: id,
    payment_method_id: faker.string.numeric({ length: 3, allowLeadingZeros: false }),
    payment_method_name: payment.name,
    raw_payment_method_name: payment.raw,
    billing_address: oneLine(customer.billing, place),
    shipping_address: oneLine(customer.shipping, place),
    order_notes: maybe(() => faker.helpers.arrayElement(notes)),
    store_environment: environment,
    payment_payload: drawPayment(faker, customer, payment, decimal(bill.total), stage !== placed),
    fulfillment_status: stage.fulfillment_status,
    fulfillment_status_raw: stage.fulfillment_status_raw,
    is_draft: '0',
    invoice_number: invoice,
    invoice_link: `cdn.shoprocket.io/users/${storeId}/orders/${id}/${invoice}.pdf`,
    source_url: source,
    customer_tax_id: maybe(() => faker.string.numeric(9)),
    status: stage.status,
    status_raw: stage.status_raw,
    v1_ref: maybe(() => faker.string.numeric({ length: 5, allowLeadingZeros: false })),
    review_email_at: asked && life.between(asked),
    cart_session: `sr_live_pk_${faker.string.hexadecimal({ length: 29, casing: 'lower', prefix: '' })}`,
    deleted_at: life.deleted,
    created_at: life.created,
    updated_at: life.updated,
    order_items: items.map(({ data }) => data),
  };
}

/** Only a payment that was made, and online, leaves a receipt; one online knows the customer who has paid before. */
function drawPayment(
  faker: Faker,
  customer: Customer,
  payment: Payment,
  amount: string,
  paid: boolean,
): JsonObject {
  const known = faker.datatype.boolean();
  const code = (length: number) => faker.string.alphanumeric(length);
  const receipt = `https://receipts.example.com/${code(24)}`;
  return {
    amount,
    currency: customer.place.currency,
    customerId: payment.online && known ? `cus_${code(14)}` : null,
    livemode: environment,
    receipt_url: payment.online && paid ? receipt : null,
    billing: contact(customer, customer.billing),
    shipping: contact(customer, customer.shipping),
    payment_method: { type: payment.type },
  };
}

const contact = ({ place, email, name, phone }: Customer, line1: string): JsonObject => ({
  address: {
    city: place.city,
    country: place.country,
    line1,
    postal_code: place.postalCode,
    state: place.state,
  },
  email,
  name,
  phone,
});
