import type { Faker } from '@faker-js/faker';
import type { JsonObject } from '../../core/types.ts';
import { drawCode, drawDigits, drawMaybe } from './draw.ts';
import type { Life } from './life.ts';
import { decimal } from './money.ts';

/** One line of an order: what it adds to the bill (cents for each), and the record. */
export interface Item {
  readonly cents: number;
  readonly quantity: number;
  readonly data: JsonObject;
}

const images = 'https://img.shoprocket.io/cdn-cgi/image/fit=cover,quality=75,f=auto,w=600,h=600/';

const slugOf = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, '-');

/** The order that items belong to. */
export interface Basket {
  readonly orderId: string;
  /** The page with the shop, which the items' own pages lie under. */
  readonly source: string;
  readonly life: Life;
}

/** How many lines an order has: most often one. */
const sizes = [1, 1, 1, 1, 1, 2, 2, 3] as const;

/** Draws the lines of an order, each of another product. */
export function drawItems(faker: Faker, basket: Basket): Item[] {
  const firstId = faker.number.int({ min: 1_000, max: 90_000 });
  const { commerce, helpers } = faker;
  const names = helpers.uniqueArray(
    () => `${commerce.productAdjective()} ${commerce.productMaterial()} ${commerce.product()}`,
    helpers.arrayElement(sizes),
  );
  return names.map((name, index) => drawItem(faker, basket, name, firstId + index));
}

/**
 * No draw may hang on the basket's life: all events of a seed make the same calls. The unit price is what is
 * paid; an item's own discount is off already.
 */
function drawItem(faker: Faker, { orderId, source, life }: Basket, name: string, id: number): Item {
  const maybe = <T>(make: () => T) => drawMaybe(faker, make);
  const slug = slugOf(name);
  const cents = 50 * faker.number.int({ min: 6, max: 200 });
  const quantity = faker.number.int({ min: 1, max: 3 });
  const image = `${images}${drawCode(faker, 36, 8)}-${slug}`;
  const sku = maybe(() => drawCode(faker, 36, 6).toUpperCase());
  const onSale = faker.datatype.boolean();
  const reviewed = maybe(() => faker.number.float({ min: 0.5, max: 0.9 }));
  const changed = faker.datatype.boolean();
  const data = {
    id: String(id),
    order_id: orderId,
    item_id: drawDigits(faker, 4),
    item_name: name,
    item_sku: sku,
    item_sku_id: sku && drawDigits(faker, 5),
    item_sku_attachment: sku && maybe(() => `${image}-detail.jpg`),
    item_options: maybe(() => `Colour: ${faker.color.human()}`),
    item_image: `${image}.jpg`,
    unit_price: decimal(cents),
    quantity: String(quantity),
    weight: decimal(5 * faker.number.int({ min: 0, max: 400 })),
    discount_name: onSale ? 'Clearance' : null,
    discount_amount: onSale ? decimal(Math.floor(cents / 10)) : null,
    item_license_key: maybe(() => drawCode(faker, 36, 18).toUpperCase()),
    item_source_url: `${source}#!/${slug}`,
    status: '1',
    reviewed_at: reviewed && life.between(reviewed),
    deleted_at: life.deleted,
    created_at: life.created,
    updated_at: changed ? life.updated : null,
    status_raw: 'active',
  };
  return { cents, quantity, data };
}
