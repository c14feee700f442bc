import type { Capture } from './capture.ts';
import { header } from './headers.ts';
import type { Headers } from './types.ts';

/** A request line is not longer, with the blank lines before it. */
export const headBytes = 65536;

const bom = Buffer.of(0xef, 0xbb, 0xbf);

/** Bytes without the byte order mark and the blank lines before them. */
export function trimStart(bytes: Buffer): Buffer {
  let at = bytes.subarray(0, 3).equals(bom) ? bom.length : 0;
  while (at < bytes.length && isSpace(bytes[at] as number)) at += 1;
  return bytes.subarray(at);
}

const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

/** How an HTTP request begins. */
export const requestLine = /^([A-Z]+) (\S+) HTTP\/\d(?:\.\d)?\r?\n/;

/**
 * Reads HTTP requests as they stand on the wire, one behind the other; lines may end in LF alone, as an editor leaves
 * them. Nothing stands for what follows a body by its length, and is no request.
 */
export function readRequests(bytes: Buffer): (Capture[] | undefined)[] {
  const found: (Capture[] | undefined)[] = [];
  let rest = bytes;
  do {
    const { capture, length } = readRequest(rest);
    found.push([capture]);
    rest = trimStart(rest.subarray(length));
  } while (requestLine.test(rest.subarray(0, headBytes).toString('latin1')));
  return rest.length > 0 ? [...found, undefined] : found;
}

/** A request, and how many bytes it takes. */
function readRequest(bytes: Buffer): { capture: Capture; length: number } {
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
  const from = first.at + first.end.length;
  const { body, length } = framed(bytes.subarray(from), headers);
  return { capture: { received: { method, path, headers, body }, came: true }, length: from + length };
}

/** The body by its own framing, and how many bytes it takes: what an editor added behind it is not part of it. */
function framed(rest: Buffer, headers: Headers): { body: Buffer; length: number } {
  if (/chunked/i.test(header(headers, 'transfer-encoding') ?? '')) return dechunk(rest);
  const length = Number(header(headers, 'content-length') ?? Number.NaN);
  const body = Number.isInteger(length) && length >= 0 ? rest.subarray(0, length) : rest;
  return { body, length: body.length };
}

function dechunk(rest: Buffer): { body: Buffer; length: number } {
  const chunks: Buffer[] = [];
  let at = 0;
  while (at < rest.length) {
    const end = rest.indexOf('\n', at);
    const size = Number.parseInt(rest.subarray(at, end < 0 ? rest.length : end).toString('latin1'), 16);
    if (size === 0) return { body: Buffer.concat(chunks), length: endOfHead(rest, at) };
    if (end < 0 || !(size > 0)) break;
    chunks.push(rest.subarray(end + 1, end + 1 + size));
    at = rest.indexOf('\n', end + 1 + size) + 1;
    if (at === 0) break;
  }
  return { body: Buffer.concat(chunks), length: rest.length };
}

/** Behind the blank line that ends the last chunk and its trailers. */
function endOfHead(rest: Buffer, from: number): number {
  const blank = /\r?\n\r?\n/.exec(rest.subarray(from, from + headBytes).toString('latin1'));
  return blank ? from + blank.index + blank[0].length : rest.length;
}
