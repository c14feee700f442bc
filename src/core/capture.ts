import type { Fact } from './facts.ts';
import { header, withHeaders } from './headers.ts';
import type { Headers, Received } from './types.ts';
import { bytesOf } from './wire.ts';

/** A delivery that was captured somewhere, and when, if the capture says so (ms since the epoch). */
export interface Capture {
  readonly received: Received;
  readonly at?: number;
}

/** What a file of captures holds; `skipped` are the numbers of the lines that could not be read. */
export interface Captures {
  readonly captures: readonly Capture[];
  readonly skipped: readonly number[];
}

const requestLine = /^([A-Z]+) (\S+) HTTP\/\d(?:\.\d)?\r?\n/;

/** Reads a raw HTTP request, one fact, or a recording (facts, one a line). Never throws. */
export function readCaptures(bytes: Buffer): Captures {
  const head = bytes.subarray(0, 65536).toString('latin1');
  if (requestLine.test(head)) return { captures: [readRequest(bytes)], skipped: [] };
  const whole = factOf(bytes.toString());
  if (whole) return { captures: capturesOf(whole), skipped: [] };
  const lines = bytes.toString().split('\n');
  const facts = lines.map(factOf);
  const skipped = facts.flatMap((fact, index) =>
    fact === undefined && lines[index]?.trim() !== '' ? [index + 1] : [],
  );
  return { captures: facts.flatMap((fact) => (fact ? capturesOf(fact) : [])), skipped };
}

/** JSON that has a kind, else nothing; other kinds than these are no deliveries. */
function factOf(text: string): Fact | undefined {
  try {
    const value = JSON.parse(text) as Fact;
    return typeof value?.kind === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function capturesOf(fact: Fact): Capture[] {
  const at = typeof fact.at === 'string' ? Date.parse(fact.at) : Number.NaN;
  const time = Number.isFinite(at) ? { at } : {};
  const { received, delivery } = fact as { readonly received?: unknown; readonly delivery?: unknown };
  if (isMessage(received)) {
    const { method = 'POST', path = '/', headers } = received;
    return [{ received: { method, path, headers, body: bytesOf(received) }, ...time }];
  }
  if (!isMessage(delivery)) return [];
  const { url, headers } = delivery;
  return [{ received: { method: 'POST', path: pathOf(url), headers, body: bytesOf(delivery) }, ...time }];
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

function pathOf(url: unknown): string {
  if (typeof url !== 'string' || !URL.canParse(url)) return '/';
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** Reads an HTTP request as it stands on the wire; lines may end in LF alone, as an editor leaves them. */
function readRequest(bytes: Buffer): Capture {
  const blank = ['\r\n\r\n', '\n\n']
    .map((end) => ({ end, at: bytes.indexOf(end) }))
    .filter(({ at }) => at >= 0);
  const first = blank.sort((one, other) => one.at - other.at)[0] ?? { end: '', at: bytes.length };
  const [start = '', ...lines] = bytes.subarray(0, first.at).toString('latin1').split(/\r?\n/);
  const [method = 'POST', path = '/'] = start.split(' ');
  const headers = lines.flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1).trim()]] : [];
  });
  return {
    received: { method, path, headers, body: framed(bytes.subarray(first.at + first.end.length), headers) },
  };
}

/** The body by its own framing: what an editor added behind it is not part of it. */
function framed(rest: Buffer, headers: Headers): Buffer {
  if (/chunked/i.test(header(headers, 'transfer-encoding') ?? '')) return dechunk(rest);
  const length = Number(header(headers, 'content-length') ?? Number.NaN);
  return Number.isInteger(length) && length >= 0 ? rest.subarray(0, length) : rest;
}

function dechunk(rest: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; at < rest.length; ) {
    const end = rest.indexOf('\n', at);
    const size = Number.parseInt(rest.subarray(at, end < 0 ? rest.length : end).toString('latin1'), 16);
    if (end < 0 || !(size > 0)) break;
    chunks.push(rest.subarray(end + 1, end + 1 + size));
    at = rest.indexOf('\n', end + 1 + size) + 1;
    if (at === 0) break;
  }
  return Buffer.concat(chunks);
}

/** A capture from a body and its headers; without a content-type it is taken for JSON. */
export function captureOf(body: Uint8Array, headers: Headers): Capture {
  const complete = withHeaders([['content-type', 'application/json']], headers);
  return { received: { method: 'POST', path: '/', headers: complete, body } };
}
