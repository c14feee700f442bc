import type { Capture } from './capture.ts';
import { header } from './headers.ts';
import type { Headers } from './types.ts';

/** Reads an HTTP request as it stands on the wire; lines may end in LF alone, as an editor leaves them. */
export function readRequest(bytes: Buffer): Capture {
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
  const body = framed(bytes.subarray(first.at + first.end.length), headers);
  return { received: { method, path, headers, body }, came: true };
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
