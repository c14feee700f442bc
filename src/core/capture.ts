import { addressOf, entriesOf, pathOf, timeOf } from './capture-har.ts';
import { headBytes, readRequests, requestLine, trimStart } from './capture-http.ts';
import type { Fact, NoticeFact } from './facts.ts';
import { withHeaders } from './headers.ts';
import { parseBytes } from './json.ts';
import type { Headers, Received } from './types.ts';
import { bytesOf } from './wire.ts';

/** What a capture itself says of its delivery: a fact that was judged, or made by us, says whose it is. */
export interface Said {
  readonly provider?: string | undefined;
  readonly event?: string | undefined;
  readonly id?: string | undefined;
}

/** A delivery that was captured somewhere, and when, if the capture says so (ms since the epoch). */
export interface Capture {
  readonly received: Received;
  readonly at?: number;
  /** It came in somewhere; else it was only made, or tried. */
  readonly came: boolean;
  readonly said?: Said;
  /** The whole address it was sent to, where the capture says so. */
  readonly url?: string;
  /** The names of the headers that could not be read, "" for one without a name; absent where all could. */
  readonly lacks?: readonly string[];
}

/** What a capture file is: facts, one a line; or a whole that has to be read to its end, curl command lines too. */
export type CaptureForm = 'lines' | 'document' | 'curl';

/** How JSON begins that is laid out over several lines, and how a HAR file begins that is not. */
const laidOut = /^\{\s*(?:[\r\n]|$|"log"\s*:)/;
/** How a command line of curl begins, with or without the prompt before it; one of ours may be fed by printf. */
const curlStart = /^(?:\$ )?(?:curl|printf -- .*\| curl)\s/s;
/** Comments of a shell, such as the line that names it, and blank lines: curl may come behind them. */
const comments = /^(?:#.*\n\s*)+/;

/**
 * What a file is by its first bytes; nothing while they do not tell.
 * @param all no more bytes come
 */
export function captureForm(head: Buffer, all: boolean): CaptureForm | undefined {
  const text = trimStart(head).subarray(0, headBytes).toString('latin1');
  const command = text.replace(comments, '');
  if (!all && !command.includes('\n') && head.length < headBytes) return undefined;
  if (curlStart.test(command)) return 'curl';
  return requestLine.test(text) || laidOut.test(text) ? 'document' : 'lines';
}

/** Whether a line is nothing but space. */
export const isBlank = (line: Buffer): boolean => trimStart(line).length === 0;

/** The captures in a line of facts: none where the fact is no delivery, nothing where the line is no fact, or a damaged one. */
export function capturesInLine(line: Buffer): Capture[] | undefined {
  const fact = factOf(line);
  const captures = fact && capturesOf(fact);
  // A fact of a delivery that holds none is damaged.
  const isDelivery = fact !== undefined && ['received', 'attempt', 'delivery'].includes(fact.kind);
  return isDelivery && captures?.length === 0 ? undefined : captures;
}

/** Whether a line is a fact as we write it: others have kinds, too, but not the time of each. */
export function isOurFact(line: Buffer): boolean {
  const at = factOf(line)?.at;
  return typeof at === 'string' && !Number.isNaN(Date.parse(at));
}

/** Whether a line is a fact of a delivery that came in, as far as its first bytes say: as we write it. */
export const isReceivedLine = (line: Buffer): boolean => line.indexOf('{"kind":"received",') === 0;

/** How many facts were lost where a line stands in a recording, as it says itself. */
export function lostInLine(line: Buffer): number {
  if (line.indexOf('{"kind":"notice",') !== 0) return 0;
  const fact = factOf(line);
  const { code, lost } = (fact ?? {}) as Partial<NoticeFact>;
  return code === 'RECORD_FAILED' && Number.isSafeInteger(lost) ? Math.max(0, lost as number) : 0;
}

/**
 * The captures in each part of a whole file: a raw HTTP request, facts laid out over several lines, or the entries of a
 * HAR file. None where a part is no delivery, nothing where it cannot be read. Never throws.
 */
export function capturesInDocument(bytes: Buffer): (Capture[] | undefined)[] {
  const start = trimStart(bytes);
  const head = start.subarray(0, headBytes).toString('latin1');
  if (requestLine.test(head)) return readRequests(start);
  const har = entriesOf(jsonOf(start));
  if (har) return har;
  return partsOf(start).map(capturesInLine);
}

/** JSON values one after the other, as `jq .` prints them: each ends with a line that is its closing brace alone. */
const partsOf = (bytes: Buffer): Buffer[] =>
  bytes
    .toString()
    .split(/(?<=^\})\s*(?=^\{)/m)
    .map((text) => Buffer.from(text));

function jsonOf(bytes: Buffer): unknown {
  const parsed = parseBytes(bytes);
  return 'value' in parsed ? parsed.value : undefined;
}

/** JSON that has a kind, else nothing. */
function factOf(line: Buffer): Fact | undefined {
  const value = jsonOf(trimStart(line)) as Fact | undefined;
  return typeof value?.kind === 'string' ? value : undefined;
}

function capturesOf(fact: Fact): Capture[] {
  const { received, verdict, delivery } = fact as unknown as Record<string, unknown>;
  if (isMessage(received)) {
    const { method = 'POST', path = '/', headers } = received;
    const request = { method, path, headers, body: bytesOf(received) };
    return [{ received: request, came: true, ...timeOf(fact.at), ...saidBy(verdict) }];
  }
  if (!isMessage(delivery)) return [];
  const request = {
    method: 'POST',
    path: pathOf(delivery.url),
    headers: delivery.headers,
    body: bytesOf(delivery),
  };
  return [
    { received: request, came: false, ...timeOf(fact.at), ...saidBy(delivery), ...addressOf(delivery.url) },
  ];
}

function saidBy(value: unknown): Pick<Capture, 'said'> {
  const { provider, event, id } = (value ?? {}) as Record<string, unknown>;
  if (typeof provider !== 'string') return {};
  const text = (said: unknown) => (typeof said === 'string' ? said : undefined);
  return { said: { provider, event: text(event), id: text(id) } };
}

type Message = {
  readonly method?: string;
  readonly path?: string;
  readonly url?: string;
  readonly headers: Headers;
} & ({ readonly body: string } | { readonly body_base64: string });

function isMessage(value: unknown): value is Message {
  const { method, path, headers, body, body_base64 } = (value ?? {}) as {
    method?: unknown;
    path?: unknown;
    headers?: unknown;
    body?: unknown;
    body_base64?: unknown;
  };
  const isPair = (pair: unknown) =>
    Array.isArray(pair) && pair.length === 2 && pair.every((text) => typeof text === 'string');
  return (
    [method, path].every((text) => text === undefined || typeof text === 'string') &&
    Array.isArray(headers) &&
    headers.every(isPair) &&
    (typeof body === 'string' || typeof body_base64 === 'string')
  );
}

/** A capture from a body and its headers; without a content-type it is taken for JSON. */
export function captureOf(body: Uint8Array, headers: Headers): Capture {
  const complete = withHeaders([['content-type', 'application/json']], headers);
  return { received: { method: 'POST', path: '/', headers: complete, body }, came: true };
}
