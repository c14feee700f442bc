import type { Faker } from '@faker-js/faker';
import type { JsonObject } from '../../core/types.ts';
import type { Life } from './life.ts';
import { type Place, places } from './shop.ts';

/** A customer of a shop, with all that orders repeat of them. */
export interface Customer {
  readonly id: string;
  readonly storeId: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly place: Place;
  /** Street and number of the two addresses; often the same. */
  readonly billing: string;
  readonly shipping: string;
}

const reserved = ['example.com', 'example.org', 'example.net'];

const number = (faker: Faker, max: number): string => String(faker.number.int({ min: 1, max }));

const lineIn = (faker: Faker, { streets }: Place): string =>
  faker.helpers.arrayElement(streets).replace('#', number(faker, 280));

/** Draws a customer, always with the same calls. */
export function drawCustomer(faker: Faker): Customer {
  const place = faker.helpers.arrayElement(places);
  const [first, last] = [faker.person.firstName(), faker.person.lastName()];
  const mailbox = `${first}.${last}`.toLowerCase().replace(/[^a-z.]/g, '');
  const [home, other] = [lineIn(faker, place), lineIn(faker, place)];
  return {
    id: number(faker, 999_999_999),
    storeId: number(faker, 9_999),
    name: `${first} ${last}`,
    email: `${mailbox}@${faker.helpers.arrayElement(reserved)}`,
    phone: faker.helpers.replaceSymbols(place.phone),
    place,
    billing: home,
    shipping: faker.datatype.boolean(0.3) ? other : home,
  };
}

/** An address in one line, of the same parts as the structured one. */
export const oneLine = (line: string, { city, state, postalCode, country }: Place): string =>
  [line, city, state, postalCode, country].join(', ');

/** How a customer is reached, as orders and customers carry it. */
export const reachData = ({ name, email, phone }: Customer) => ({
  user_name: name,
  email,
  user_contact_number: phone,
});

/** The record of customer.*. */
export const customerData = (customer: Customer, life: Life): JsonObject => ({
  id: customer.id,
  store_id: customer.storeId,
  ...reachData(customer),
  billing_address: oneLine(customer.billing, customer.place),
  shipping_address: oneLine(customer.shipping, customer.place),
  created_at: life.created,
  updated_at: life.updated,
  deleted_at: life.deleted,
});
