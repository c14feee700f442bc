import { UsageError } from '../errors.ts';
import { asObject, type Data, definitions, moved, textOr } from './import-document.ts';
import { texts } from './import-forms.ts';
import { eventName, likelyPlace, namePlace } from './import-names.ts';
import { type LeftOut, type Webhook, webhooksOf } from './import-webhooks.ts';
import { isObject } from './json.ts';

/** Whether a document is of OpenAPI. */
export const isOpenApi = (value: unknown): boolean => isObject(value) && 'openapi' in (value as Data);

/**
 * The declaration of a provider, as data, of the `webhooks` of an OpenAPI 3.1 document. What they refer to comes along,
 * under `$defs`.
 * @param where names the document in an error
 * @returns it, and in words what a reader should know of it
 * @throws {UsageError} where no event can be made of it, or it refers to another document
 */
export function importedProvider(name: string, document: unknown, where: string) {
  const root = asObject(document);
  const { webhooks, left } = webhooksOf(root, where);
  if (webhooks.length === 0)
    throw new UsageError(
      `${where} has no webhooks with a JSON body or a form${left.length > 0 ? `: ${leftWords(left)}` : ''}`,
      `they stand under "webhooks", since OpenAPI 3.1; this one says openapi ${JSON.stringify(root.openapi)}`,
    );
  const eventAt = namePlace(root, webhooks);
  const assumed = likelyPlace(root, webhooks);
  const { events, twice } = eventsOf(root, webhooks, eventAt);
  return {
    data: {
      ...headOf(name, root, where),
      eventAt: eventAt ?? {
        path: assumed,
        basis: 'assumed',
        source: 'the document does not say where the event is named',
      },
      ...(webhooks.some(({ isForm }) => isForm) ? { format: 'form' } : {}),
      ...definedFor(root, webhooks),
      events,
    },
    notes: [
      ...(eventAt === undefined
        ? [`eventAt is assumed: no field is pinned to the name of each webhook, so "${assumed}" will hold it`]
        : []),
      ...[...left, ...twice].map(({ key, why }) => `${key} was left out: ${why}`),
    ],
  };
}

const leftWords = (left: readonly LeftOut[]): string =>
  left.map(({ key, why }) => `${key} (${why})`).join(', ');

function headOf(name: string, root: Data, where: string) {
  const info = asObject(root.info);
  const page = asObject(root.externalDocs).url;
  return {
    name,
    title: textOr(info.title, name),
    ...(typeof page === 'string' ? { docs: page } : {}),
    basis: 'documented',
    source: textOr(page, where),
    scheme: { kind: 'none', basis: 'assumed', source: 'an OpenAPI document says nothing of it' },
  };
}

/** What the events share; a form says it in place. */
function definedFor(root: Data, webhooks: readonly Webhook[]) {
  const schemas = webhooks.map((webhook) => schemaOf(root, webhook));
  const $defs = definitions(root, schemas);
  return Object.keys($defs).length > 0 ? { $defs } : {};
}

const schemaOf = (root: Data, { schema, isForm, where }: Webhook): Data =>
  isForm ? texts(root, schema, where) : schema;

function eventsOf(root: Data, webhooks: readonly Webhook[], eventAt: string | undefined) {
  const events = new Map<string, object>();
  const twice: LeftOut[] = [];
  for (const webhook of webhooks) {
    const { key, title, summary, samples } = webhook;
    const name = eventName(root, webhook, eventAt);
    if (events.has(name)) {
      twice.push({ key, why: `another one is called "${name}" already` });
      continue;
    }
    events.set(name, {
      ...(title === undefined ? {} : { title }),
      ...(summary === undefined ? {} : { summary }),
      schema: { 'x-basis': 'documented', ...(moved(schemaOf(root, webhook)) as Data) },
      ...(samples.length > 0 ? { samples } : {}),
    });
  }
  return { events: Object.fromEntries(events), twice };
}
