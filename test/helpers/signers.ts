import { createHash, createHmac } from 'node:crypto';
import type { Received } from '../../src/core/types.ts';

/**
 * A signer of the tests, and a verifier beside it: a few lines of node:crypto each, as a provider's manual would show
 * them. They share no code with what they are held against, nor with each other.
 */
export interface Signer {
  readonly secret: string;
  /** What the digest is keyed with; the secret's text by default. */
  readonly key?: Buffer;
  readonly digest: string;
  readonly write: (digest: Buffer) => string;
  /** What is signed. */
  readonly over: (message: Message) => (string | Buffer)[];
  /** Where the signature goes: headers, a query, fields of the body. */
  readonly place: (signature: string, message: Message) => Placed;
}

export interface Message {
  readonly id: string;
  /** When it is sent, ms since the epoch. */
  readonly at: number;
  readonly seconds: string;
  readonly ms: string;
  readonly iso: string;
  /** As HTTP writes dates. */
  readonly http: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly body: Buffer;
}

interface Placed {
  readonly headers?: readonly (readonly [string, string])[];
  /** More of the query. */
  readonly query?: string;
  readonly body?: Buffer;
}

const at = Date.UTC(2026, 10, 21, 10);

/** The n-th message of a provider: each has its own id, time, query and body. */
export function message(index: number, { size = 0 } = {}): Message {
  const time = at + index * 61_007;
  const body = JSON.stringify({
    type: 'thing.made',
    id: `evt_${index}`,
    amount: 12.5 + index,
    note: 'ü€'.repeat(size / 5),
    list: [1, 2],
  });
  return {
    id: `msg_${createHash('sha1').update(`id ${index}`).digest('hex').slice(0, 20)}`,
    at: time,
    seconds: String(Math.floor(time / 1000)),
    ms: String(time),
    iso: new Date(time).toISOString(),
    http: new Date(time).toUTCString(),
    method: 'POST',
    host: 'hooks.acme.test',
    path: '/in/acme',
    query: `n=${index}`,
    body: Buffer.from(body),
  };
}

/** The digest of a message by hand. */
export function digestBy({ secret, key, digest, over }: Signer, of: Message): Buffer {
  const hmac = createHmac(digest, key ?? secret);
  for (const piece of over(of)) hmac.update(piece);
  return hmac.digest();
}

/** A delivery as its receiver sees it. */
export function signed(signer: Signer, of: Message): Received {
  const { headers = [], query, body = of.body } = signer.place(signer.write(digestBy(signer, of)), of);
  const queries = [of.query, query].filter((text) => text);
  return {
    method: of.method,
    path: of.path + (queries.length > 0 ? `?${queries.join('&')}` : ''),
    headers: [
      ['Host', of.host],
      ['User-Agent', 'acme/1.0'],
      ['Content-Type', 'application/json'],
      ['Content-Length', String(body.length)],
      ['Accept-Encoding', 'gzip'],
      ...headers,
    ],
    body,
  };
}

/** A record as JSON holds it. */
// biome-ignore lint/suspicious/noExplicitAny: it is what a program printed; the tests say what they expect.
export type RecordJson = Record<string, any>;

/** Whether a delivery fits a record and a secret: a verifier that knows the record's manual and nothing else. */
export function fitsRecord(
  record: RecordJson,
  secret: string,
  { method, path, headers, body }: Received,
): boolean {
  const first = (name: string | undefined) =>
    name === undefined ? '' : (headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1] ?? '');
  const raw =
    record.in === 'query'
      ? (new URL(`http://x${path.replaceAll('+', '%2B')}`).searchParams.get(record.names.signature) ?? '')
      : record.in === 'body'
        ? String(JSON.parse(String(body))[record.names.signature])
        : first(record.names.signature);
  const found: Record<string, string[]> = { signature: [], timestamp: [], id: [] };
  const patterns = (
    record.separator === undefined ? [record.value] : record.value.split(record.separator)
  ).map((item: string) => {
    const name = /\{(signature|timestamp|id)\}/.exec(item)![1]!;
    const [before, after] = item.split(`{${name}}`) as [string, string];
    return { name, before, after };
  });
  for (const item of record.separator === undefined ? [raw] : raw.split(record.separator)) {
    const fit = patterns.find(
      ({ before, after }: { before: string; after: string }) =>
        item.startsWith(before) && item.endsWith(after),
    );
    if (fit) found[fit.name]!.push(item.slice(fit.before.length, item.length - fit.after.length));
  }
  const url = new URL(record.url ?? `http://${first('host')}${path}`);
  const parts: Record<string, string> = {
    id: record.names.id ? first(record.names.id) : (found.id![0] ?? ''),
    timestamp: record.names.timestamp ? first(record.names.timestamp) : (found.timestamp![0] ?? ''),
    method,
    host: url.host,
    url: record.url ?? url.href,
    path: url.pathname,
    query: url.search.slice(1),
    body: Buffer.from(body).toString('latin1'),
  };
  const write = (digest: Buffer, encoding: string) =>
    encoding === 'HEX' ? digest.toString('hex').toUpperCase() : digest.toString(encoding as BufferEncoding);
  if (record.bodyHash)
    parts.bodyhash = write(
      createHash(record.bodyHash.digest).update(body).digest(),
      record.bodyHash.encoding,
    );
  const over = record.over.replace(/\{([a-z]+)\}/g, (_: string, name: string) => parts[name] ?? `no ${name}`);
  const text = record.keyPrefix ? secret.slice(record.keyPrefix.length) : secret;
  const key = Buffer.from(text, record.key);
  const digest = createHmac(record.digest, key).update(Buffer.from(over, 'latin1')).digest();
  return found.signature!.includes(write(digest, record.encoding));
}
