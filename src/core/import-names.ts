import { asObject, type Data, target } from './import-document.ts';
import { eventPlaces, isEventHeader } from './import-places.ts';
import type { Webhook } from './import-webhooks.ts';
import { parsePath } from './path.ts';

/** A schema, and where it stands. */
type Held = Pick<Webhook, 'schema' | 'where'>;

/** A schema, what it refers to, and those that hold beside it, through any number of `allOf`. */
function partsOf(root: Data, { schema, where }: Held, open: readonly Data[] = []): Data[] {
  const here = target(root, schema, where);
  if (open.includes(here)) return [];
  const beside = Array.isArray(here.allOf) ? here.allOf : [];
  return [
    here,
    ...beside.flatMap((part) => partsOf(root, { schema: asObject(part), where }, [...open, here])),
  ];
}

/** All that is said of a property. */
const saidOf = (root: Data, { schema, where }: Held, path: readonly string[]): Data[] =>
  path.reduce(
    (holders, key) =>
      holders
        .filter(({ properties }) => Object.hasOwn(asObject(properties), key))
        .flatMap(({ properties }) => partsOf(root, { schema: asObject(asObject(properties)[key]), where })),
    partsOf(root, { schema, where }),
  );

/** The one text that a property may hold, or nothing. */
function constant(root: Data, webhook: Held, path: readonly string[]): string | undefined {
  const only = saidOf(root, webhook, path)
    .map(
      (said) => said.const ?? (Array.isArray(said.enum) && said.enum.length === 1 ? said.enum[0] : undefined),
    )
    .filter((text) => typeof text === 'string');
  return only[0];
}

/** The names of a schema's own properties that a path can say. */
function topKeys(root: Data, webhook: Held): string[] {
  return partsOf(root, webhook)
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

/** Where they may name themselves, by what the property is called; a usual place where none has one. */
export const likelyPlace = (root: Data, webhooks: readonly Webhook[]): string =>
  eventPlaces().find((place) =>
    webhooks.every((webhook) =>
      saidOf(root, webhook, place.split('.')).some(({ type }) => type === 'string'),
    ),
  ) ?? 'type';

/** What a webhook's event is called: what it says itself in a delivery, else as the document has it. */
export const eventName = (root: Data, webhook: Webhook, eventAt: string | undefined): string =>
  (eventAt !== undefined && !eventAt.startsWith('header:') && constant(root, webhook, eventAt.split('.'))) ||
  webhook.key.replace(/[*,\p{Cc}]+/gu, '-').trim();
