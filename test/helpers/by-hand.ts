import { createHash, createHmac } from 'node:crypto';
import type { HmacRecord } from '../../src/core/hmac-record.ts';
import type { Received } from '../../src/core/types.ts';

/** What is signed by hand. */
export interface Message {
  readonly id: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly url: string;
  /** For a signature in the body, a JSON object in one line. */
  readonly body: Buffer;
}

const written = (digest: Buffer, encoding: HmacRecord['encoding']): string => {
  if (encoding === 'HEX') return digest.toString('hex').toUpperCase();
  return digest.toString(encoding);
};

/** A record's delivery, written down once more from the meaning of its fields; it shares no code with the schemes. */
export function signedByHand(record: HmacRecord, { id, at, url, body }: Message, key: Buffer): Received {
  const times = {
    seconds: `${Math.floor(at / 1000)}`,
    milliseconds: `${at}`,
    iso: new Date(at).toISOString(),
    'http-date': new Date(at).toUTCString(),
  };
  const timestamp = times[record.time ?? 'seconds'];
  const known = new URL(record.url ?? url);
  const { digest = 'sha256', encoding = 'hex' } = record.bodyHash ?? {};
  const content: Record<string, string | Buffer> = {
    '{id}': id,
    '{timestamp}': timestamp,
    '{method}': 'POST',
    '{host}': known.host,
    '{url}': known.href,
    '{path}': known.pathname,
    '{query}': known.search.slice(1),
    '{body}': body,
    '{bodyhash}': written(createHash(digest).update(body).digest(), encoding),
  };
  const bytes = record.over.split(/(\{[a-z]+\})/).map((part) => Buffer.from(content[part] ?? part));
  const mac = createHmac(record.digest, key).update(Buffer.concat(bytes)).digest();
  const value = record.value
    .replace('{timestamp}', timestamp)
    .replace('{id}', id)
    .replace('{signature}', written(mac, record.encoding));
  const { signature, id: idName, timestamp: timeName } = record.names;
  const sent = new URL(url);
  const query = record.in === 'query' ? `${signature}=${encodeURIComponent(value)}` : '';
  const text = body.toString('latin1');
  const end = text === '{}' ? '' : ',';
  return {
    method: 'POST',
    path: sent.pathname + [sent.search || (query && '?'), query].join(sent.search && query ? '&' : ''),
    headers: [
      ['host', sent.host],
      ...(idName ? [[idName, id] as const] : []),
      ...(timeName ? [[timeName, timestamp] as const] : []),
      ...(record.in === undefined || record.in === 'header' ? [[signature, value] as const] : []),
    ],
    body:
      record.in === 'body'
        ? Buffer.from(`${text.slice(0, -1)}${end}"${signature}":${JSON.stringify(value)}}`, 'latin1')
        : body,
  };
}
