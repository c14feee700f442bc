import { header } from './headers.ts';
import type { HeaderNames, HmacRecord } from './hmac-record.ts';
import { memo } from './memo.ts';
import type { Signable } from './provider.ts';
import type { Headers, Received } from './types.ts';

/** One item of the header's value as a template, parted at its placeholder. */
interface Item {
  readonly before: string;
  readonly field: 'signature' | 'timestamp';
  readonly after: string;
}

const placeholder = /\{(?:signature|timestamp)\}/g;

const valueItems = (value: string, separator: string | undefined): string[] =>
  separator === undefined ? [value] : value.split(separator);

const items = memo((value: string, separator: string | undefined): Item[] =>
  valueItems(value, separator).map((item) => {
    const [before = '', field, after = ''] = item.split(/\{(signature|timestamp)\}/);
    return { before, field: field as Item['field'], after };
  }),
);

function headerValue(record: HmacRecord, signatures: readonly string[], timestamp: string): string {
  const fill = ({ before, field, after }: Item): string[] =>
    (field === 'signature' ? signatures : [timestamp]).map((text) => before + text + after);
  return items(record.value, record.separator).flatMap(fill).join(record.separator);
}

/** What a received signature says, as far as it could be read. */
export interface Reading {
  readonly names: HeaderNames;
  /** The signature header's value as it came. */
  readonly raw?: string | undefined;
  /** The signatures of the known version, without prefix. */
  readonly signatures: readonly string[];
  readonly id?: string | undefined;
  readonly timestamp?: string | undefined;
  readonly url: string;
}

/** Reads the headers of a delivery by the record, under the names it came with. */
export function read(record: HmacRecord, received: Received): Reading {
  const families = [record.names, ...(record.twins ?? [])];
  const has = (name: string | undefined) =>
    name !== undefined && header(received.headers, name) !== undefined;
  const names =
    families.find((family) => has(family.signature)) ??
    families.find((family) => has(family.id) || has(family.timestamp)) ??
    record.names;
  const raw = header(received.headers, names.signature);
  const fields = raw === undefined ? [] : fieldsOf(record, raw);
  const inHeader = fields.find(([field]) => field === 'timestamp')?.[1];
  return {
    names,
    raw,
    signatures: fields.filter(([field]) => field === 'signature').map(([, text]) => text),
    id: names.id && header(received.headers, names.id),
    timestamp: names.timestamp ? header(received.headers, names.timestamp) : inHeader,
    url: `http://${header(received.headers, 'host') ?? 'localhost'}${received.path}`,
  };
}

function fieldsOf(record: HmacRecord, raw: string): Array<[Item['field'], string]> {
  const found: Array<[Item['field'], string]> = [];
  for (const text of valueItems(raw, record.separator)) {
    const match = items(record.value, record.separator).find(
      ({ before, after }) => text.startsWith(before) && text.endsWith(after),
    );
    if (match) found.push([match.field, text.slice(match.before.length, text.length - match.after.length)]);
  }
  return found;
}

/** The time of an attempt as it stands on the wire: whole unix seconds. */
export const timestampOf = ({ at }: Signable): string => String(Math.floor(at / 1000));

/** The headers that carry signatures already made, and the time they were made over, as it stands on the wire. */
export function signatureHeaders(
  record: HmacRecord,
  draft: Signable,
  signatures: readonly string[],
  timestamp = timestampOf(draft),
): Headers {
  const { names } = record;
  return [
    ...(names.id && draft.id !== undefined ? [[names.id, draft.id] as const] : []),
    ...(names.timestamp ? [[names.timestamp, timestamp] as const] : []),
    ...(signatures.length > 0
      ? [[names.signature, headerValue(record, signatures, timestamp)] as const]
      : []),
  ];
}

/**
 * Checks that a header can be written and read by the record.
 * @throws {TypeError} that names the part that cannot
 */
export function checkValue({ value, separator }: HmacRecord): void {
  if (!value.includes('{signature}')) throw new TypeError(`hmac: value "${value}" lacks {signature}`);
  for (const item of valueItems(value, separator)) {
    if (item.match(placeholder)?.length === 1) continue;
    throw new TypeError(
      `hmac: "${item}" in value must hold one of {signature} and {timestamp}; separator parts the items`,
    );
  }
}
