import { isFormType } from './form.ts';
import { asObject, type Data, target, textOr } from './import-document.ts';
import { isObject } from './json.ts';
import { placeWords } from './shape.ts';

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
  /** Whether its body is a form; else it is JSON. */
  readonly isForm: boolean;
}

/** One that no event can be made of, and why. */
export interface LeftOut {
  readonly key: string;
  readonly why: string;
}

/**
 * The webhooks of a document that are POSTed with a body in JSON; those with a form, where all of them have one.
 * @param where names the document in an error
 * @throws {UsageError} where one refers to another document, or to nothing
 */
export function webhooksOf(root: Data, where: string): { webhooks: Webhook[]; left: LeftOut[] } {
  const all = Object.entries(asObject(root.webhooks)).map(([key, item]) =>
    webhookOf(root, key, item, placeWords({ where, path: ['webhooks', key] })),
  );
  const left = all.filter((each): each is LeftOut => 'why' in each);
  const read = all.filter((each): each is Webhook => !('why' in each));
  const inJson = read.filter(({ isForm }) => !isForm);
  if (inJson.length === 0) return { webhooks: read, left };
  const why = 'its body is a form, and those of others are JSON';
  const forms = read.filter(({ isForm }) => isForm).map(({ key }) => ({ key, why }));
  return { webhooks: inJson, left: [...left, ...forms] };
}

function webhookOf(root: Data, key: string, item: unknown, where: string): Webhook | LeftOut {
  const follow = (value: unknown) => target(root, value, where);
  const methods = follow(item);
  if (methods.post === undefined) return { key, why: 'it is not POSTed' };
  const operation = asObject(follow(methods.post));
  const content = asObject(follow(operation.requestBody).content);
  const types = Object.keys(content);
  const type = types.find((each) => /json/i.test(each)) ?? types.find((each) => isFormType(each));
  if (types.length === 0) return { key, why: 'nothing is said of a body' };
  if (type === undefined) return { key, why: `its body is ${types.join(' or ')}` };
  const media = asObject(content[type]);
  if (media.schema === undefined && media.example === undefined)
    return { key, why: 'its body has neither a schema nor an example' };
  const parameters = Array.isArray(operation.parameters) ? operation.parameters.map(follow) : [];
  return {
    where,
    key,
    title: oneLine(operation.summary),
    summary: sentence(operation.description),
    schema: asObject(media.schema ?? { type: 'object' }),
    samples: samplesOf(media, follow),
    headers: parameters.filter((each) => each.in === 'header').map((each) => textOr(each.name, '')),
    isForm: !/json/i.test(type),
  };
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
