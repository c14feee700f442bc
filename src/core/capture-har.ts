/** Captures in HAR files, and how a capture says its time and its address. */

import type { Capture } from './capture.ts';

/** The time that a text says, where it says one. */
export function timeOf(text: unknown): Pick<Capture, 'at'> {
  const at = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isFinite(at) ? { at } : {};
}

/** The whole address of a delivery, where a capture has it. */
export const addressOf = (url: unknown): Pick<Capture, 'url'> =>
  typeof url === 'string' && URL.canParse(url) ? { url: url.split('#')[0] as string } : {};

/** The path of an address with its query. */
export function pathOf(url: unknown): string {
  if (typeof url !== 'string' || !URL.canParse(url)) return '/';
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/**
 * The requests of a HAR file (https://w3c.github.io/web-performance/specs/HAR/Overview.html). Browsers write a body as
 * `postData.text`; base64 is said by `encoding`, which the format itself has for answers only.
 */
export function entriesOf(value: unknown): (Capture[] | undefined)[] | undefined {
  const { log } = (value ?? {}) as { log?: { entries?: unknown } };
  return Array.isArray(log?.entries) ? log.entries.map(capturesOfEntry) : undefined;
}

/** What only asks is no delivery. */
const asking = ['GET', 'HEAD', 'OPTIONS', 'CONNECT'];

interface HarEntry {
  readonly request?: {
    readonly method?: unknown;
    readonly url?: unknown;
    readonly headers?: unknown;
    readonly postData?: Readonly<Record<string, unknown>>;
  };
  readonly startedDateTime?: unknown;
}

function capturesOfEntry(entry: HarEntry | null): Capture[] | undefined {
  const { method, url, headers, postData } = entry?.request ?? {};
  if (typeof method !== 'string' || !Array.isArray(headers)) return undefined;
  if (asking.includes(method.toUpperCase())) return [];
  const { text, encoding, _encoding, comment, ...rest } = postData ?? {};
  // A form that was taken apart, or a body kept elsewhere: its bytes are not there.
  if (typeof text !== 'string' && Object.keys(rest).length > 0) return undefined;
  const base64 = [encoding, _encoding, comment].some(
    (word) => typeof word === 'string' && /^base64$/i.test(word),
  );
  const [pairs, odd] = [headers.filter(isHeader), headers.filter((each) => !isHeader(each))];
  const received = {
    method,
    path: pathOf(url),
    // HTTP/2 has its request line among the headers.
    headers: pairs
      .filter(({ name }) => !name.startsWith(':'))
      .map(({ name, value }) => [name, value] as const),
    body: Buffer.from(typeof text === 'string' ? text : '', base64 ? 'base64' : 'utf8'),
  };
  const lacks = odd.length > 0 ? { lacks: odd.map(nameOf) } : {};
  return [{ received, came: true, ...timeOf(entry?.startedDateTime), ...addressOf(url), ...lacks }];
}

interface HarHeader {
  readonly name: string;
  readonly value: string;
}

const isHeader = (each: Partial<HarHeader> | null): each is HarHeader =>
  typeof each?.name === 'string' && typeof each.value === 'string';

const nameOf = (each: { readonly name?: unknown } | null): string =>
  typeof each?.name === 'string' ? each.name : '';
