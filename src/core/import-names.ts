import { asObject, type Data, target } from './import-document.ts';
import { eventPlaces, isEventHeader } from './import-places.ts';
import { parsePath } from './path.ts';

/** A webhook of an OpenAPI document. */
export interface Webhook {
  /** In words: the document, and the place in it. */
  readonly where: string;
  readonly key: string;
  readonly title: string | undefined;
  readonly summary: string | undefined;
  readonly schema: Data;
  readonly samples: readonly unknown[];
  readonly headers: readonly string[];
}

/** A schema, and where it stands. */
type Held = Pick<Webhook, 'schema' | 'where'>;

/** A schema and those that hold beside it. */
const partsOf = (root: Data, schema: Data, where: string): Data[] => [
  schema,
  ...(Array.isArray(schema.allOf) ? schema.allOf.map((part) => target(root, part, where)) : []),
];

/** The one text that a property may hold, or nothing. */
function constant(root: Data, { schema, where }: Held, path: readonly string[]): string | undefined {
  const [key, ...rest] = path;
  const here = target(root, schema, where);
  if (key === undefined) {
    const only =
      here.const ?? (Array.isArray(here.enum) && here.enum.length === 1 ? here.enum[0] : undefined);
    return typeof only === 'string' ? only : undefined;
  }
  const parts = partsOf(root, here, where);
  const holder = parts.find(({ properties }) => Object.hasOwn(asObject(properties), key));
  return holder && constant(root, { schema: asObject(asObject(holder.properties)[key]), where }, rest);
}

/** The names of a schema's own properties that a path can say. */
function topKeys(root: Data, { schema, where }: Held): string[] {
  return partsOf(root, target(root, schema, where), where)
    .flatMap(({ properties }) => Object.keys(asObject(properties)))
    .filter((key) => parsePath(key)?.length === 1);
}

const bare = (name: string): string => name.toLowerCase().replace(/[\s._:/-]+/g, '');

/** `invoicePaid` and `invoice.paid` are the same. */
const sameName = (one: string | undefined, other: string): boolean =>
  one !== undefined && bare(one) === bare(other);

/** Where each of them names itself: a property of one constant each, or a header of a telling name. */
export function namePlace(root: Data, webhooks: readonly Webhook[]): string | undefined {
  // A constant of each its own may well be called a name.
  const inBody = eventPlaces(['name']).find((place) => {
    const names = webhooks.map((webhook) => constant(root, webhook, place.split('.')));
    return !names.includes(undefined) && new Set(names).size === names.length;
  });
  if (inBody !== undefined) return inBody;
  // Any other property, where it says of each webhook what the document calls it.
  const own = topKeys(root, webhooks[0] as Webhook).find((key) =>
    webhooks.every((webhook) => sameName(constant(root, webhook, [key]), webhook.key)),
  );
  if (own !== undefined) return own;
  const named = webhooks[0]?.headers.find(isEventHeader);
  const all = webhooks.every(({ headers }) => named !== undefined && headers.includes(named));
  return all ? `header:${named?.toLowerCase()}` : undefined;
}

/** What a webhook's event is called: what it says itself in a delivery, else as the document has it. */
export const eventName = (root: Data, webhook: Webhook, eventAt: string | undefined): string =>
  (eventAt !== undefined && !eventAt.startsWith('header:') && constant(root, webhook, eventAt.split('.'))) ||
  webhook.key.replace(/[*,\p{Cc}]+/gu, '-').trim();
