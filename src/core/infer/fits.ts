import { createHash, createHmac } from 'node:crypto';
import { header } from '../headers.ts';
import { encoded, type HmacRecord } from '../hmac-record.ts';
import type { Ed25519Scheme } from '../scheme-data.ts';
import { hostOf, partsOf, queryOf, type Sample, seenUrl, valuesAt, withoutQuery } from './sample.ts';

/** What of a record says where a signature stands and what it is made over. */
export type Layout = Pick<HmacRecord, 'names' | 'over' | 'value' | 'in' | 'bodyHash' | 'url'> &
  Pick<Ed25519Scheme, 'separator'>;

/** A delivery as a record reads it. */
export interface ReadSample {
  readonly signatures: readonly string[];
  readonly content: Buffer;
}

/**
 * The signatures of a delivery and what they would be made over, by a record; nothing where it does not hold what the
 * record names.
 * @param body replaces the delivery's own
 */
export function readBy(
  layout: Layout,
  sample: Sample,
  body: Uint8Array = sample.received.body,
): ReadSample | undefined {
  const { names, separator } = layout;
  const [raw, ...more] = valuesAt(sample, { in: layout.in ?? 'header', name: names.signature });
  if (raw === undefined || more.length > 0) return undefined;
  const fields = fieldsOf(layout.value, separator, raw);
  const signatures = fields.filter(([field]) => field === 'signature').map(([, text]) => text);
  const inside = (wanted: string) => fields.find(([field]) => field === wanted)?.[1];
  const { headers } = sample.received;
  const named = (field: 'id' | 'timestamp') => {
    const name = names[field];
    return name === undefined ? inside(field) : header(headers, name);
  };
  const address =
    layout.url === undefined
      ? {
          url: seenUrl(sample),
          host: hostOf(sample),
          path: withoutQuery(sample.received.path),
          query: queryOf(sample.received.path),
        }
      : { url: layout.url, ...partsOf(layout.url) };
  const { bodyHash } = layout;
  const hash = bodyHash && encoded(createHash(bodyHash.digest).update(body).digest(), bodyHash.encoding);
  const parts: Record<string, string | Uint8Array | undefined> = {
    ...address,
    id: named('id'),
    timestamp: named('timestamp'),
    method: sample.received.method,
    body,
    bodyhash: hash,
  };
  const pieces = layout.over.split(/(\{[a-z]+\})/).map((piece) => {
    const [, name] = /^\{([a-z]+)\}$/.exec(piece) ?? [];
    return name === undefined ? piece : parts[name];
  });
  if (signatures.length === 0 || pieces.includes(undefined)) return undefined;
  return { signatures, content: Buffer.concat(pieces.map((piece) => Buffer.from(piece as string))) };
}

/** The fields of a value by its template. */
function fieldsOf(value: string, separator: string | undefined, raw: string): [string, string][] {
  const split = (text: string) => (separator === undefined ? [text] : text.split(separator));
  const items = split(value).map((item) => item.split(/\{(signature|timestamp|id)\}/));
  return split(raw).flatMap((text): [string, string][] => {
    const item = items.find(
      ([before = '', , after = '']) =>
        text.startsWith(before) && text.endsWith(after) && text.length > before.length + after.length,
    );
    const [before = '', field = '', after = ''] = item ?? [];
    return item ? [[field, text.slice(before.length, text.length - after.length)]] : [];
  });
}

/** Whether a delivery is signed by a record and a key. */
export function fits(
  record: Layout & HmacRecord,
  sample: Sample,
  key: Uint8Array,
  body?: Uint8Array,
): boolean {
  const read = readBy(record, sample, body);
  if (read === undefined) return false;
  const digest = createHmac(record.digest, key).update(read.content).digest();
  return read.signatures.includes(encoded(digest, record.encoding));
}
