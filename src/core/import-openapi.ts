import { UsageError } from '../errors.ts';
import { asObject, type Data, definitions, moved, target, textOr } from './import-document.ts';
import { eventName, namePlace, type Webhook } from './import-names.ts';
import { isObject } from './json.ts';
import { placeWords } from './shape.ts';

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

function samplesOf({ example, examples }: Data, follow: (value: unknown) => Data): unknown[] {
  const named = Object.values(asObject(examples)).map((each) => follow(each).value);
  return [example, ...named].filter((value) => isObject(value));
}

const oneLine = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().split('\n')[0] : undefined;

/** The first sentence of a description. */
const sentence = (value: unknown): string | undefined =>
  /^.*?[.!?](?=\s|$)/.exec(oneLine(value) ?? '')?.[0] ?? oneLine(value);
