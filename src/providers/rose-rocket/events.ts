import type { Faker } from '@faker-js/faker';
import type { EventType, Fake } from '../../core/provider.ts';
import { based, document, matching, object, type Properties, text } from '../../core/schema.ts';
import type { Basis, JsonObject, JsonSchema } from '../../core/types.ts';

/** The classic developer documentation: machine names and sample bodies. */
export const reference = 'https://platform.roserocket.com/docs/webhooks.html';
/** The guide: printed names of all events, what counts as success, no retries. */
export const guide = 'https://roserocket.readme.io/docs/webhooks-1';

const rule = `the printed name by the documented rule <entity>.<rest in snake case>: ${guide}`;

/** Every documented sample has them in lower case. */
const uuid = matching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
/** UTC; the documented samples come with and without a fraction. */
const utc = { ...matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/), format: 'date-time' };

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

type Entity = 'order' | 'leg' | 'manifest' | 'task';

/** What an event adds to the common keys, between `event` and the id. */
interface Extra {
  readonly schema: Properties;
  readonly payload: (faker: Faker) => JsonObject;
}

interface Row {
  readonly name: `${Entity}.${string}`;
  readonly title: string;
  readonly summary: string;
  readonly age: number;
  /** The documentation prints only the title; the machine name is ours. */
  readonly unnamed?: true;
  readonly extra?: Extra;
}

/** The status may be any string: the published list of values is open. The event names the change to dispatched. */
const statusChange: Extra = {
  schema: { previous_status: text, current_status: text },
  payload: (faker) => ({
    previous_status: faker.helpers.arrayElement(['booked', 'new', 'pending-dispatch', 'saved']),
    current_status: 'dispatched',
  }),
};

const rows: readonly Row[] = [
  { name: 'order.created', title: 'Order Created', summary: 'An order was created.', age: 0 },
  { name: 'order.updated', title: 'Order Updated', summary: 'An order was edited.', age: 15 * minute },
  {
    name: 'order.dispatched',
    title: 'Order Dispatched',
    summary: 'An order was dispatched to a carrier.',
    age: 2 * hour,
  },
  {
    name: 'order.status_updated',
    title: 'Order Status Updated',
    summary: 'An order went from one status to another.',
    age: 2 * hour,
    extra: statusChange,
  },
  { name: 'order.in_transit', title: 'Order In Transit', summary: 'An order is on its way.', age: 4 * hour },
  { name: 'order.delivered', title: 'Order Delivered', summary: 'An order was delivered.', age: 28 * hour },
  {
    name: 'order.pod_uploaded',
    title: 'Order POD Uploaded',
    summary: 'A proof of delivery was uploaded to an order.',
    age: 29 * hour,
    unnamed: true,
  },
  { name: 'order.deleted', title: 'Order Deleted', summary: 'An order was deleted.', age: 30 * day },
  { name: 'leg.created', title: 'Leg Created', summary: 'A leg of an order was created.', age: 0 },
  { name: 'leg.dispatched', title: 'Leg Dispatched', summary: 'A leg was dispatched.', age: 2 * hour },
  { name: 'leg.loaded', title: 'Leg Loaded', summary: 'The goods of a leg were loaded.', age: 4 * hour },
  {
    name: 'leg.unloaded',
    title: 'Leg Unloaded',
    summary: 'The goods of a leg were unloaded.',
    age: 28 * hour,
  },
  { name: 'leg.deleted', title: 'Leg Deleted', summary: 'A leg was deleted.', age: 30 * day },
  {
    name: 'manifest.created',
    title: 'Manifest Created',
    summary: 'A manifest was created.',
    age: 0,
    unnamed: true,
  },
  {
    name: 'manifest.assigned',
    title: 'Manifest Assigned',
    summary: 'A manifest was assigned to a driver or carrier.',
    age: 30 * minute,
  },
  {
    name: 'manifest.carrier_details_updated',
    title: 'Manifest Carrier Details Updated',
    summary: 'The carrier details of a manifest were edited.',
    age: 45 * minute,
    unnamed: true,
  },
  {
    name: 'manifest.cost_details_updated',
    title: 'Manifest Cost Details Updated',
    summary: 'The cost details of a manifest were edited.',
    age: hour,
    unnamed: true,
  },
  {
    name: 'manifest.dispatched',
    title: 'Manifest Dispatched',
    summary: 'A manifest was dispatched.',
    age: 2 * hour,
    unnamed: true,
  },
  {
    name: 'manifest.moving',
    title: 'Manifest Moving',
    summary: 'A manifest is on its way.',
    age: 4 * hour,
    unnamed: true,
  },
  {
    name: 'manifest.completed',
    title: 'Manifest Completed',
    summary: 'A manifest was completed.',
    age: 28 * hour,
  },
  {
    name: 'task.completed',
    title: 'Task Completed',
    summary: 'A task was completed.',
    age: hour,
    unnamed: true,
  },
];

const entityOf = ({ name }: Row): Entity => name.split('.')[0] as Entity;

/** The envelope of orders, legs and manifests is documented whatever the event; nothing is known of a task's body. */
function schemaOf(row: Row): JsonSchema {
  const entity = entityOf(row);
  const basis: Basis = row.unnamed ? 'assumed' : 'documented';
  const envelope: Basis = entity === 'task' ? 'assumed' : 'documented';
  const common = (schema: JsonSchema) => (envelope === basis ? schema : based(envelope, schema));
  const properties = {
    event: { const: row.name },
    ...row.extra?.schema,
    [`${entity}_id`]: common(uuid),
    timestamp: common(utc),
  };
  return document(row.title, basis, object(properties));
}

/** All ids are drawn whatever the event, so that a seed means the same order, leg, manifest and task throughout. */
function payloadOf(row: Row, { faker, now }: Fake): JsonObject {
  const id = () => faker.string.uuid();
  const ids: Record<Entity, string> = { order: id(), leg: id(), manifest: id(), task: id() };
  // Live deliveries carry microseconds.
  const timestamp = now.toISOString().replace('Z', `${faker.string.numeric(3)}Z`);
  const entity = entityOf(row);
  return { event: row.name, ...row.extra?.payload(faker), [`${entity}_id`]: ids[entity], timestamp };
}

const eventOf = (row: Row): EventType => ({
  title: row.title,
  summary: row.summary,
  basis: row.unnamed ? 'assumed' : 'documented',
  source: row.unnamed ? rule : reference,
  schema: schemaOf(row),
  age: row.age,
  payload: (fake) => payloadOf(row, fake),
});

/** The classic events: orders, legs, manifests and tasks, each in the order of its life. */
export const events: Readonly<Record<string, EventType>> = Object.fromEntries(
  rows.map((row) => [row.name, eventOf(row)]),
);
