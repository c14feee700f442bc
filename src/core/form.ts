/** Bodies that are forms: names and texts, and nothing else (https://url.spec.whatwg.org/#application/x-www-form-urlencoded). */

import { UsageError } from '../errors.ts';
import {
  type ExactJson,
  isLosslessNumber,
  isObject,
  type Parsed,
  parseBytes,
  stringifyExact,
} from './json.ts';
import type { Provider } from './provider.ts';
import type { Json } from './types.ts';

/** The content type of a form. */
export const formType = 'application/x-www-form-urlencoded';

/** Whether a content type is that of a form. */
export const isFormType = (contentType: string | undefined): boolean =>
  /^application\/x-www-form-urlencoded *(?:;|$)/i.test(contentType ?? '');

/** The fields of a form: texts, and a list of them where a name comes again. */
function parseForm(bytes: Uint8Array): Parsed {
  const fields: Record<string, Json> = Object.create(null);
  for (const [name, text] of new URLSearchParams(Buffer.from(bytes).toString()))
    fields[name] = Object.hasOwn(fields, name) ? [fields[name] as Json, text].flat() : text;
  return { value: fields, text: JSON.stringify(fields) };
}

/** A body as its content type says, where the provider sends forms (or it is not known who does); else JSON. */
export const readBody = (
  bytes: Uint8Array,
  contentType: string | undefined,
  format: Provider['format'],
): Parsed => (format === 'form' && isFormType(contentType) ? parseForm(bytes) : parseBytes(bytes));

/**
 * The body of a payload as a provider writes it: JSON, or a form of its fields.
 * @throws {UsageError} where a form cannot hold it
 */
export function bodyText({ format, title }: Pick<Provider, 'format' | 'title'>, value: ExactJson): string {
  if (format !== 'form') return stringifyExact(value);
  if (!isObject(value)) throw new UsageError(`${title} sends forms, and this payload is no object`);
  return new URLSearchParams(
    Object.entries(value).flatMap(([name, field]) =>
      [field].flat().map((each): [string, string] => [name, fieldText(name, each as ExactJson, title)]),
    ),
  ).toString();
}

function fieldText(name: string, value: ExactJson, title: string): string {
  if (typeof value === 'object' && value !== null && !isLosslessNumber(value))
    throw new UsageError(
      `${title} sends forms, and "${name}" is no text`,
      'a form has fields of text, and no objects within them',
    );
  return value === null ? '' : String(value);
}
