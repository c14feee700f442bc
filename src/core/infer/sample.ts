import { header } from '../headers.ts';
import { parseBytes } from '../json.ts';
import { percentDecoded } from '../percent.ts';
import type { Headers, Json, JsonObject, Received } from '../types.ts';

/** A delivery to learn from. */
export interface Sample {
  readonly received: Received;
  /** The whole address it was sent to, where the capture says so. */
  readonly url?: string | undefined;
  /** When it came, ms since the epoch, where the capture says so. */
  readonly at?: number | undefined;
}

/** A secret without the white space around it, and as it was given where there was some. */
export interface GivenSecret {
  readonly text: string;
  readonly spaced?: string | undefined;
}

/** A shorter secret may stand in a text by chance. */
const leastSecret = 6;

/** Whether a secret stands in a text, which then is not written down. */
export const holdsSecret = (text: string, secrets: readonly GivenSecret[]): boolean =>
  secrets.some((secret) => secret.text.length >= leastSecret && text.includes(secret.text));

/** A place that could hold a signature or a token, and what stands there. */
export interface Carrier {
  readonly in: 'header' | 'query' | 'body';
  readonly name: string;
  readonly value: string;
}

/** Every place of a delivery: its headers, the parameters of its query, the fields of text at the top of its body. */
export const carriersOf = ({ received }: Sample): Carrier[] =>
  places.flatMap((place) => carriersIn(place, received));

const places = ['header', 'query', 'body'] as const;

function carriersIn(place: Carrier['in'], received: Received): Carrier[] {
  const pairs = { header: headersOf, query: queryPairs, body: fieldsOf }[place](received);
  return pairs
    .map(([name, value]): Carrier => ({ in: place, name, value }))
    .filter(({ value }) => value.trim() !== '');
}

const headersOf = ({ headers }: Received): Headers => headers;
const queryPairs = ({ path }: Received): Headers => parametersOf(queryOf(path));

/** The values that stand in one place, of any letter case where it is a header. */
export const valuesAt = ({ received }: Sample, place: Pick<Carrier, 'in' | 'name'>): string[] =>
  carriersIn(place.in, received)
    .filter((carrier) => samePlace(carrier, place))
    .map(({ value }) => value);

/** Whether two are one place. */
export const samePlace = (one: Pick<Carrier, 'in' | 'name'>, other: Pick<Carrier, 'in' | 'name'>): boolean =>
  one.in === other.in &&
  (one.in === 'header' ? one.name.toLowerCase() === other.name.toLowerCase() : one.name === other.name);

/** What stands behind the `?` of a path or an address. */
export const queryOf = (path: string): string =>
  path.includes('?') ? path.slice(path.indexOf('?') + 1) : '';

/** A path or an address without its query. */
export const withoutQuery = (path: string): string => path.split('?')[0] ?? '';

/** Names and values of a query. A `+` stays one: base64 is written into addresses as it is. */
function parametersOf(query: string): [string, string][] {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [percentDecoded(name), percentDecoded(value.join('='))];
    });
}

const isForm = ({ headers }: Received): boolean =>
  /x-www-form-urlencoded/i.test(header(headers, 'content-type') ?? '');

function fieldsOf(received: Received): Headers {
  if (isForm(received)) return parametersOf(Buffer.from(received.body).toString());
  return Object.entries(objectOf(received)).flatMap(
    ([name, field]): Headers => (typeof field === 'string' ? [[name, field]] : []),
  );
}

/** The body as an object; empty where it is none. */
function objectOf({ body }: Received): JsonObject {
  const parsed = parseBytes(body);
  const value = 'value' in parsed ? parsed.value : null;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** So deep is looked into a body for what is only named. */
const mostDeep = 4;

/** The texts below the top of the body, with their paths: `signature.token`. */
export function nestedTexts({ received }: Sample): Headers {
  const within = (value: Json | undefined, path: string, depth: number): Headers => {
    if (typeof value === 'string') return depth > 1 ? [[path, value]] : [];
    if (typeof value !== 'object' || value === null || depth >= mostDeep) return [];
    return Object.entries(value).flatMap(([name, child]) =>
      within(child, path === '' ? name : `${path}.${name}`, depth + 1),
    );
  };
  return isForm(received) ? [] : within(objectOf(received), '', 0);
}

/** The host as the delivery itself has it. */
export const hostOf = ({ received, url }: Sample): string | undefined =>
  header(received.headers, 'host') ?? (url === undefined ? undefined : partsOf(url).host);

/** The parts of an address, as they stand in it. */
export function partsOf(url: string): { host: string; path: string; query: string } {
  const [, host = '', path = ''] = /^\w+:\/\/([^/?#]*)([^#]*)/.exec(url) ?? [];
  return { host, path: withoutQuery(path), query: queryOf(path) };
}

/** The address that a receiver sees: it is not told whether it was http or https. */
export const seenUrl = (sample: Sample): string =>
  `http://${hostOf(sample) ?? 'localhost'}${sample.received.path}`;
