import {
  array,
  based,
  document,
  integer,
  matching,
  nullable,
  object,
  type Properties,
  supposed,
  text,
} from '../../core/schema.ts';
import type { JsonSchema } from '../../core/types.ts';
import type { Change } from './life.ts';

const digits = matching(/^\d+$/);
const decimal = matching(/^\d+\.\d\d$/);
/** No zone is said. */
const time = matching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
const url = matching(/^https?:\/\//);
const flag = { enum: ['0', '1'] };
const currency = matching(/^[A-Z]{3}$/);

/** The documented sample has the key with null in it: what fills it is not published. */
const unseen = supposed(nullable(text));
/** The time of the very change that is told is not null; no sample of such an event is published. */
const happened = { ...nullable(time), ...supposed(text) };

const address = object({ city: text, country: text, line1: text, postal_code: text, state: text });
/** The published sample holds an obfuscated e-mail, so its form is not checked. */
const contact = object({ address, email: text, name: text, phone: text });

const payment = object({
  amount: decimal,
  currency,
  customerId: unseen,
  livemode: text,
  receipt_url: unseen,
  billing: contact,
  shipping: contact,
  payment_method: object({ type: text }),
});

const item = object({
  id: digits,
  order_id: digits,
  item_id: digits,
  item_name: text,
  item_sku: unseen,
  item_sku_id: unseen,
  item_sku_attachment: unseen,
  item_options: unseen,
  item_image: text,
  unit_price: decimal,
  quantity: digits,
  weight: decimal,
  discount_name: unseen,
  discount_amount: supposed(nullable(decimal)),
  item_license_key: unseen,
  item_source_url: url,
  status: digits,
  reviewed_at: nullable(time),
  deleted_at: nullable(time),
  created_at: time,
  updated_at: nullable(time),
  status_raw: text,
});

const order: Properties = {
  id: digits,
  order_id: matching(/^#\d+$/),
  raw_order_id: integer,
  is_unread: flag,
  store_id: digits,
  customer_id: digits,
  user_name: text,
  email: text,
  user_contact_number: text,
  automatic_discount: unseen,
  subtotal: decimal,
  shipping_name: text,
  shipping_amount: decimal,
  tax_amount: decimal,
  discount_name: unseen,
  discount_amount: decimal,
  total_amount: decimal,
  currency_paid_in: currency,
  currency_paid_in_symbol: text,
  payment_transaction_id: digits,
  payment_method_id: digits,
  payment_method_name: text,
  raw_payment_method_name: text,
  billing_address: text,
  shipping_address: text,
  order_notes: unseen,
  store_environment: text,
  payment_payload: payment,
  fulfillment_status: integer,
  fulfillment_status_raw: text,
  is_draft: flag,
  invoice_number: digits,
  invoice_link: matching(/^(?!https?:)/),
  source_url: url,
  customer_tax_id: unseen,
  status: digits,
  status_raw: text,
  v1_ref: unseen,
  review_email_at: nullable(time),
  cart_session: matching(/^sr_live_pk_[0-9a-f]{29}$/),
  deleted_at: nullable(time),
  created_at: time,
  updated_at: nullable(time),
  order_items: array(item),
};

/** Published nowhere: the keys that an order's record shares with it. */
const customer: Properties = {
  id: digits,
  store_id: digits,
  user_name: text,
  email: text,
  user_contact_number: text,
  billing_address: text,
  shipping_address: text,
  created_at: time,
  updated_at: nullable(time),
  deleted_at: nullable(time),
};

/** The schema of order.*: documented by the sample of order.created. */
export function orderSchema(type: string, change: Change): JsonSchema {
  const told = change === 'created' ? {} : { [`${change}_at`]: happened };
  return document(
    type,
    'documented',
    object({ data: object({ ...order, ...told }), type: { const: type }, webhook_environment: text }),
  );
}

/** The schema of customer.*: the documented envelope around an assumed record. */
export function customerSchema(type: string, change: Change): JsonSchema {
  const told = change === 'created' ? {} : { [`${change}_at`]: time };
  const envelope = {
    data: based('documented', { type: 'object', ...supposed(object({ ...customer, ...told })) }),
    type: based('documented', { const: type }),
    webhook_environment: based('documented', text),
  };
  return document(type, 'assumed', object(envelope));
}
