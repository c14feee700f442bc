import { percentDecoded } from './percent.ts';
/** Where a signature stands, and how it is put there, read and taken away; everything around it stays as it is. */

import { headerValues } from './headers.ts';
import type { Headers } from './types.ts';

/** A place of a request that holds a signature or a secret. */
export interface Carrier {
  readonly in: 'header' | 'query' | 'body';
  /** Of the header, of the parameter, or of the field at the top of the body. */
  readonly name: string;
}

/** A request as far as a signature may stand in it; `url` may be a path. */
export interface Carrying {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** What stands at a place, in wire order. */
export function valuesAt({ in: place, name }: Carrier, { url, headers, body }: Carrying): string[] {
  if (place === 'header') return headerValues(headers, name);
  return place === 'query' ? queryValues(url, name) : fieldValues(body, name);
}

/** The place in words: `X-Signature header`. */
export const placeWords = (place: Carrier['in'] | undefined, name: unknown): string =>
  ({
    header: `${name} header`,
    query: `parameter "${name}" in the query`,
    body: `field "${name}" in the body`,
  })[place ?? 'header'];

const nameIn = (parameter: string): string => percentDecoded(parameter.split('=', 1)[0] as string);

function parts(url: string): { address: string; parameters: string[] } {
  const at = url.indexOf('?');
  if (at < 0) return { address: url, parameters: [] };
  const query = url.slice(at + 1);
  return { address: url.slice(0, at), parameters: query === '' ? [] : query.split('&') };
}

/** The names of a query's parameters, as often as they stand there. */
export const queryNames = (url: string): string[] => parts(url).parameters.map(nameIn);

/** The values of a query's parameter. A `+` is a plus: base64 has it, and some senders leave it bare. */
export const queryValues = (url: string, name: string): string[] =>
  parts(url)
    .parameters.filter((parameter) => nameIn(parameter) === name)
    .map((parameter) => percentDecoded(parameter.slice(parameter.indexOf('=') + 1 || parameter.length)));

/** The address without a parameter, and without the `?` that is left of an empty query. */
export function withoutParameter(url: string, name: string): string {
  const { address, parameters } = parts(url);
  const left = parameters.filter((parameter) => nameIn(parameter) !== name);
  return left.length === 0 ? address : `${address}?${left.join('&')}`;
}

/** The address with a parameter at its end, in place of any of that name. */
export function withParameter(url: string, name: string, value: string): string {
  const bare = withoutParameter(url, name);
  return `${bare}${bare.includes('?') ? '&' : '?'}${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
}

/** A field at the top of a JSON object: where it stands, and its value where that is text. */
interface Member {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly value: string | undefined;
}

const textOf = (token: string): string | undefined => {
  try {
    return JSON.parse(Buffer.from(token, 'latin1').toString()) as string;
  } catch {
    return undefined;
  }
};

function pastSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && '\t\n\r '.includes(text[at] as string)) at += 1;
  return at;
}

/** Past a text in quotes; nothing where none begins there, or it does not end. */
function pastText(text: string, from: number): number | undefined {
  if (text[from] !== '"') return undefined;
  for (let at = from + 1; at < text.length; at += text[at] === '\\' ? 2 : 1)
    if (text[at] === '"') return at + 1;
  return undefined;
}

/** Past a value, however deeply it is nested; nothing where the text ends before it. */
function pastValue(text: string, from: number): number | undefined {
  let depth = 0;
  let at: number | undefined = from;
  while (at !== undefined && at < text.length) {
    const char = text[at] as string;
    if (depth === 0 && (char === ',' || char === '}')) return at;
    if (char === '{' || char === '[') depth += 1;
    if (char === '}' || char === ']') depth -= 1;
    at = char === '"' ? pastText(text, at) : at + 1;
  }
  return undefined;
}

/** The fields of a JSON object as they stand there; nothing where the text is none. */
function members(text: string): { list: Member[]; close: number } | undefined {
  let at = pastSpace(text, 0);
  if (text[at] !== '{') return undefined;
  const list: Member[] = [];
  at = pastSpace(text, at + 1);
  while (text[at] !== '}') {
    const start = at;
    const named = pastText(text, start);
    const colon = named && pastSpace(text, named);
    if (colon === undefined || text[colon] !== ':') return undefined;
    const from = pastSpace(text, colon + 1);
    const end = pastValue(text, from);
    if (end === undefined) return undefined;
    const token = text.slice(from, end).trimEnd();
    list.push({
      name: textOf(text.slice(start, named)) ?? '',
      start,
      end: from + token.length,
      value: token.startsWith('"') ? textOf(token) : undefined,
    });
    at = text[end] === ',' ? pastSpace(text, end + 1) : end;
  }
  return { list, close: at };
}

/** One character a byte, so that what is not UTF-8 stays as it is. */
const latin1 = (body: Uint8Array): string =>
  Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');

/** The texts of a field at the top of a body; what is no text reads as an empty one. */
export const fieldValues = (body: Uint8Array, name: string): string[] =>
  (members(latin1(body))?.list ?? [])
    .filter((member) => member.name === name)
    .map(({ value }) => value ?? '');

/** The body without a field at its top, and without the comma beside it. */
export function withoutMember(body: Uint8Array, name: string): Uint8Array {
  const text = latin1(body);
  const list = members(text)?.list ?? [];
  const left = list.findIndex((member) => member.name !== name);
  const leading = left < 0 ? list.length : left;
  let bare = '';
  let from = 0;
  const cut = (start: number, end: number) => {
    bare += text.slice(from, start);
    from = end;
  };
  if (leading > 0) cut(list[0]?.start as number, list[leading]?.start ?? (list[leading - 1]?.end as number));
  for (const [index, { name: other, end }] of list.entries())
    if (index > leading && other === name) cut(list[index - 1]?.end as number, end);
  return from === 0 ? body : Buffer.from(bare + text.slice(from), 'latin1');
}

/** The body with a text as its last field, in place of any of that name; nothing where it is no JSON object. */
export function withMember(body: Uint8Array, name: string, value: string): Uint8Array | undefined {
  const bare = latin1(withoutMember(body, name));
  const found = members(bare);
  if (!found) return undefined;
  const at = found.list.at(-1)?.end ?? found.close;
  const member = Buffer.from(`${JSON.stringify(name)}:${JSON.stringify(value)}`).toString('latin1');
  return Buffer.from(
    `${bare.slice(0, at)}${found.list.length > 0 ? ',' : ''}${member}${bare.slice(at)}`,
    'latin1',
  );
}
