import type { EventType, Fake } from '../../core/provider.ts';
import { based, document, matching, object, type Properties, text } from '../../core/schema.ts';
import type { JsonObject, JsonSchema } from '../../core/types.ts';

/** The guide: event names, signing, the retry schedule. */
export const guide = 'https://docs.roastify.app/docs/api-guides/webhooks';
/** The API reference: the body's keys. */
export const reference = 'https://docs.roastify.app/api-reference/webhooks';

const hour = 3600;
const day = 24 * hour;

const trackingPage = 'https://tools.usps.com/go/TrackConfirmAction?tLabels=';

interface Row {
  readonly name: string;
  readonly summary: string;
  readonly age: number;
  /** It tells where the parcel is. */
  readonly tracked?: true;
}

const shipped: Row = {
  name: 'fulfillment.shipped',
  summary: 'A fulfillment was shipped.',
  age: 2 * day,
  tracked: true,
};

/** created → picked → printed → packaged → shipped without skipping; the ways out of it stand last. */
const rows: readonly Row[] = [
  { name: 'fulfillment.created', summary: 'A fulfillment was created.', age: 0 },
  { name: 'fulfillment.picked', summary: 'A fulfillment was picked.', age: 4 * hour },
  { name: 'fulfillment.printed', summary: 'A fulfillment was printed.', age: 20 * hour },
  { name: 'fulfillment.packaged', summary: 'A fulfillment was packaged.', age: 28 * hour },
  shipped,
  { name: 'tracking.updated', summary: 'Tracking information was updated.', age: 3 * day, tracked: true },
  {
    name: 'fulfillment.cancelation_requested',
    summary: 'A cancelation of a fulfillment was requested.',
    age: 4 * day,
  },
  { name: 'fulfillment.declined', summary: 'A fulfillment was declined.', age: 4 * day + hour },
  { name: 'fulfillment.canceled', summary: 'A fulfillment was canceled.', age: 4 * day + 2 * hour },
];

const time = { ...text, format: 'date-time' };

/** The fields of the API's shipping endpoint; that a webhook carries them too is our guess. */
const tracking: Properties = {
  trackingNumber: based('assumed', matching(/^\d+$/)),
  trackingUrl: based('assumed', matching(/^https?:\/\//)),
  shippingCarrier: based('assumed', text),
  shippingService: based('assumed', text),
  estimatedDelivery: based('assumed', time),
};

const statusOf = ({ name }: Row): string => name.slice(name.indexOf('.') + 1);

/** Only the status of fulfillment.created is published; elsewhere any string will do. */
function schemaOf(row: Row): JsonSchema {
  const properties = {
    eventType: { const: row.name },
    orderId: { ...text, minLength: 1 },
    status: row.name === 'fulfillment.created' ? { const: statusOf(row) } : text,
    updatedAt: based('assumed', time),
    ...(row.tracked ? tracking : {}),
  };
  // A body without its event name is the concern of the provider's `eventAt`, which knows how reliable it is.
  return document(row.name, 'documented', object(properties, ['eventType']));
}

function payloadOf(row: Row, { faker, now }: Fake): JsonObject {
  const orderId = faker.string.uuid();
  const trackingNumber = `94001${faker.string.numeric(17)}`;
  const daysOnTheWay = faker.number.int({ min: 3, max: 7 });
  const after = (seconds: number) => new Date(now.getTime() + (seconds - row.age) * 1000).toISOString();
  const parcel = {
    trackingNumber,
    trackingUrl: trackingPage + trackingNumber,
    shippingCarrier: 'USPS',
    shippingService: 'First',
    estimatedDelivery: after(shipped.age + daysOnTheWay * day),
  };
  const common = { eventType: row.name, orderId, status: statusOf(row), updatedAt: now.toISOString() };
  return row.tracked ? { ...common, ...parcel } : common;
}

const eventOf = (row: Row): EventType => ({
  title: row.name,
  summary: row.summary,
  basis: 'documented',
  source: guide,
  schema: schemaOf(row),
  age: row.age,
  payload: (fake) => payloadOf(row, fake),
});

/** Fulfillment and tracking, in the order of an order's life. */
export const events: Readonly<Record<string, EventType>> = Object.fromEntries(
  rows.map((row) => [row.name, eventOf(row)]),
);
