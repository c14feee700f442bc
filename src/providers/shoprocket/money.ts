import type { Faker } from '@faker-js/faker';
import type { Item } from './items.ts';
import { discounts, type Place, shippings } from './shop.ts';

/** What an order costs, in cents: whole numbers, so that it adds up. */
export interface Bill {
  readonly subtotal: number;
  readonly shippingName: string;
  readonly shipping: number;
  readonly tax: number;
  readonly discountName: string | null;
  /** The name of the discount, where it came by itself. */
  readonly automatic: string | null;
  readonly discount: number;
  readonly total: number;
}

/** Cents as the decimal strings of the wire: `995` → `9.95`. */
export const decimal = (cents: number): string =>
  `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;

/** Draws what comes on top of the items and what goes off. Where nothing is taxed, prices hold the tax already. */
export function drawBill(faker: Faker, { taxRate }: Place, items: readonly Item[]): Bill {
  const subtotal = items.reduce((sum, { cents, quantity }) => sum + cents * quantity, 0);
  const shipping = faker.helpers.arrayElement(shippings);
  const offer = faker.helpers.maybe(() => faker.helpers.arrayElement(discounts));
  const taxed = faker.datatype.boolean();
  const discount = offer ? Math.round((subtotal * offer.percent) / 100) : 0;
  const tax = taxed ? Math.round(((subtotal - discount) * taxRate) / 10_000) : 0;
  return {
    subtotal,
    shippingName: shipping.name,
    shipping: shipping.cents,
    tax,
    discountName: offer?.name ?? null,
    automatic: offer?.automatic ? offer.name : null,
    discount,
    total: subtotal + shipping.cents + tax - discount,
  };
}

/** What an order costs, as its record carries it. */
export const billData = (bill: Bill) => ({
  automatic_discount: bill.automatic,
  subtotal: decimal(bill.subtotal),
  shipping_name: bill.shippingName,
  shipping_amount: decimal(bill.shipping),
  tax_amount: decimal(bill.tax),
  discount_name: bill.discountName,
  discount_amount: decimal(bill.discount),
  total_amount: decimal(bill.total),
});
