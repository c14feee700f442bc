import type { Faker } from '@faker-js/faker';
import type { JsonObject } from '../../core/types.ts';
import type { Customer } from './customer.ts';
import { drawCode } from './draw.ts';
import { environment, type payments } from './shop.ts';

/** A way to pay. */
export type Payment = (typeof payments)[number];

/** What is paid, and whether it was. */
export interface Due {
  readonly way: Payment;
  /** As a decimal string. */
  readonly amount: string;
  readonly paid: boolean;
}

/** Only a payment that was made, and online, leaves a receipt; one online knows the customer who has paid before. */
export function drawPayment(faker: Faker, customer: Customer, { way, amount, paid }: Due): JsonObject {
  const known = faker.datatype.boolean();
  const receipt = `https://receipts.example.com/${drawCode(faker, 36, 12)}`;
  const id = `cus_${drawCode(faker, 36, 12)}`;
  return {
    amount,
    currency: customer.place.currency,
    customerId: way.online && known ? id : null,
    livemode: environment,
    receipt_url: way.online && paid ? receipt : null,
    billing: contact(customer, customer.billing),
    shipping: contact(customer, customer.shipping),
    payment_method: { type: way.type },
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
