import { UsageError } from '../errors.ts';
import { eventPlaces, isEventHeader } from './import-places.ts';
import { isObject } from './json.ts';
import { parsePath } from './path.ts';
import { resolve } from './schema-fault.ts';
import { placeWords } from './shape.ts';

type Data = Readonly<Record<string, unknown>>;

const asObject = (value: unknown): Data => (isObject(value) ? (value as Data) : {});

/** Whether a document is of OpenAPI. */
export const isOpenApi = (value: unknown): boolean => isObject(value) && 'openapi' in (value as Data);

/**
 * The declaration of a provider, as data, of the `webhooks` of an OpenAPI 3.1 document. What they refer to comes along,
 * under `$defs`.
 * @param where names the document in an error
 * @throws {UsageError} where it has none, or refers to another document
 */
export function importedProvider(name: string, document: unknown, where: string) {
  const root = asObject(document);
  const webhooks = Object.entries(asObject(root.webhooks)).flatMap(([key, item]) =>
    webhookOf(root, key, item, placeWords({ where, path: ['webhooks', key] })),
  );
  if (webhooks.length === 0)
    throw new UsageError(
      `${where} has no webhooks with a JSON body`,
      `they stand under "webhooks", since OpenAPI 3.1; this one says openapi ${JSON.stringify(root.openapi)}`,
    );
  const eventAt = namePlace(root, webhooks);
  const info = asObject(root.info);
  const page = asObject(root.externalDocs).url;
  const $defs = definitions(
    root,
    webhooks.map(({ schema }) => schema),
  );
  return {
    name,
    title: textOr(info.title, name),
    ...(typeof page === 'string' ? { docs: page } : {}),
    basis: 'documented',
    source: textOr(page, where),
    scheme: { kind: 'none', basis: 'assumed', source: 'an OpenAPI document says nothing of it' },
    eventAt: eventAt ?? {
      path: 'type',
      basis: 'assumed',
      source: 'the document does not say where the event is named',
    },
    ...(Object.keys($defs).length > 0 ? { $defs } : {}),
    events: Object.fromEntries(
      webhooks.map((webhook) => [
        eventName(root, webhook, eventAt),
        {
          ...(webhook.title === undefined ? {} : { title: webhook.title }),
          ...(webhook.summary === undefined ? {} : { summary: webhook.summary }),
          schema: { 'x-basis': 'documented', ...(moved(webhook.schema) as Data) },
          ...(webhook.samples.length > 0 ? { samples: webhook.samples } : {}),
        },
      ]),
    ),
  };
}

const textOr = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value.trim() !== '' ? value : otherwise;

interface Webhook {
  /** In words: the document, and the place in it. */
  readonly where: string;
  readonly key: string;
  readonly title: string | undefined;
  readonly summary: string | undefined;
  readonly schema: Data;
  readonly samples: readonly unknown[];
  readonly headers: readonly string[];
}

function webhookOf(root: Data, key: string, item: unknown, where: string): Webhook[] {
  const follow = (value: unknown) => target(root, value, where);
  const operation = asObject(follow(follow(item).post));
  const content = asObject(follow(operation.requestBody).content);
  const type = Object.keys(content).find((each) => /json/i.test(each));
  const media = asObject(type === undefined ? undefined : content[type]);
  if (media.schema === undefined && media.example === undefined) return [];
  const parameters = Array.isArray(operation.parameters) ? operation.parameters.map(follow) : [];
  return [
    {
      where,
      key,
      title: oneLine(operation.summary),
      summary: sentence(operation.description),
      schema: asObject(media.schema ?? { type: 'object' }),
      samples: samplesOf(media, follow),
      headers: parameters.filter((each) => each.in === 'header').map((each) => textOr(each.name, '')),
    },
  ];
}

/** What a value refers to, or itself. */
function target(root: Data, value: unknown, where: string, left = 16): Data {
  const { $ref } = asObject(value);
  if (typeof $ref !== 'string' || left === 0) return asObject(value);
  if (!$ref.startsWith('#'))
    throw new UsageError(
      `${where}: "$ref": "${$ref}" points to another document, which is not fetched`,
      'bundle the documents into one first',
    );
  const found = resolve(root, $ref);
  if (found === undefined) throw new UsageError(`${where}: "$ref": "${$ref}" points to nothing`);
  return target(root, found, where, left - 1);
}

function samplesOf({ example, examples }: Data, follow: (value: unknown) => Data): unknown[] {
  const named = Object.values(asObject(examples)).map((each) => follow(each).value);
  return [example, ...named].filter((value) => isObject(value));
}

const oneLine = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().split('\n')[0] : undefined;

/** The first sentence of a description. */
const sentence = (value: unknown): string | undefined =>
  /^.*?[.!?](?=\s|$)/.exec(oneLine(value) ?? '')?.[0] ?? oneLine(value);

const components = '#/components/schemas/';

/** A schema whose references point to `$defs` of our own. */
function moved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moved);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value as Data).map(([key, inner]) =>
      key === '$ref' && typeof inner === 'string' && inner.startsWith(components)
        ? [key, inner.replace(components, '#/$defs/')]
        : [key, moved(inner)],
    ),
  );
}

/** The named schemas that some schemas refer to, through any number of others. */
function definitions(root: Data, schemas: readonly Data[]): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const open = [...schemas] as unknown[];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const reference of references(next)) {
      const name = reference.slice(components.length).split('/')[0] as string;
      if (!reference.startsWith(components) || Object.hasOwn(found, name)) continue;
      const schema = resolve(root, components + name);
      if (schema === undefined) continue;
      found[name] = moved(schema);
      open.push(schema);
    }
  }
  return found;
}

function* references(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* references(item);
  if (!isObject(value)) return;
  for (const [key, inner] of Object.entries(value as Data)) {
    if (key === '$ref' && typeof inner === 'string') yield inner;
    else yield* references(inner);
  }
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
function namePlace(root: Data, webhooks: readonly Webhook[]): string | undefined {
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

const eventName = (root: Data, webhook: Webhook, eventAt: string | undefined): string =>
  (eventAt !== undefined && !eventAt.startsWith('header:') && constant(root, webhook, eventAt.split('.'))) ||
  webhook.key.replace(/[*,\p{Cc}]+/gu, '-').trim();
