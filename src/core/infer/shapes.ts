import type { Digest, Encoding, HmacRecord } from '../hmac-record.ts';
import { httpDate } from '../hmac-value.ts';

/** How many bytes a digest has, and which it then is. */
export const digestOfSize: Readonly<Record<number, Digest>> = {
  16: 'md5',
  20: 'sha1',
  28: 'sha224',
  32: 'sha256',
  48: 'sha384',
  64: 'sha512',
};

/** All digests that are tried. */
export const digests = Object.values(digestOfSize);

/** Whether bytes are themselves hex, as those are of a digest that is written twice; others are not so by chance. */
export const isHexText = (bytes: Buffer): boolean =>
  bytes.length >= 32 && /^(?:[0-9a-f]{2})+$/i.test(bytes.toString('latin1'));

/** Bytes that stand in a value, how they are written there, and the form of what stands around them. */
export interface Written {
  readonly bytes: Buffer;
  readonly encoding: Encoding;
  /** Its form, with `{signature}`, and where they stand in it `{timestamp}` and `{id}`. */
  readonly value: string;
  readonly separator?: string | undefined;
  /** What stands beside it in the value. */
  readonly timestamp?: string | undefined;
  readonly id?: string | undefined;
}

/** A longer value is no signature. */
const longest = 4096;

const separators = [' ', ', ', ',', '; ', ';', '&', '|'];

/** Every reading of a value as bytes in some encoding, of this many bytes at least; the likeliest form first. */
export function readValue(value: string, least = 16): Written[] {
  if (value.length > longest) return [];
  const lists = separators
    .filter((separator) => value.includes(separator))
    .map((separator) => asList(value, separator, least));
  const of = (wanted: boolean) =>
    lists.filter(({ whole }) => whole === wanted).flatMap(({ written }) => written);
  return unique([...of(true), ...asOne(value, least), ...of(false)]);
}

function unique(all: readonly Written[]): Written[] {
  const keyOf = ({ bytes, encoding, value, separator }: Written) =>
    [bytes.toString('hex'), encoding, value, separator].join('\0');
  return [...new Map(all.map((each) => [keyOf(each), each])).values()];
}

/** Standard Webhooks parts several signatures by a space, and says so; with one alone it cannot be seen. */
const byConvention = (before: string): string | undefined => (/^v\d+a?,$/.test(before) ? ' ' : undefined);

function asOne(value: string, least: number): Written[] {
  return runsIn(value, least).map(({ before, after, ...run }) => ({
    ...run,
    value: `${before}{signature}${after}`,
    separator: after === '' ? byConvention(before) : undefined,
  }));
}

/** A value as items with labels, or of signatures alone; `whole` where every item is understood. */
function asList(value: string, separator: string, least: number): { written: Written[]; whole: boolean } {
  const items = value.split(separator).map((text) => itemOf(text, least));
  // A blank after each comma is part of the separator, where it stands after each.
  const isBlank = separator.length === 1 && items.slice(1).every(({ text }) => text.startsWith(' '));
  const inside = (wanted: Field['name']) => items.find(({ field }) => field?.name === wanted)?.field;
  const fields = [inside('timestamp'), inside('id')];
  const written = (isBlank ? [] : items).flatMap(({ runs }) =>
    runs.map(({ before, after, ...run }) => {
      const own = `${before}{signature}${after}`;
      const forms = items.flatMap((item) => {
        if (item.runs.some((each) => each.before === before)) return own;
        return item.field && fields.includes(item.field) ? item.field.form : [];
      });
      // Of several signatures one stands for all.
      const form = [...new Set(forms)].join(separator);
      return { ...run, value: form, separator, timestamp: fields[0]?.text, id: fields[1]?.text };
    }),
  );
  return {
    written,
    whole: items.every(({ runs, field }) => runs.length > 0 || (field && fields.includes(field))),
  };
}

/** An item of a list: a time or an id, or what may be a signature. */
function itemOf(text: string, least: number) {
  const field = fieldOf(text);
  const runs = field
    ? []
    : runsIn(text, least).filter(({ before, after }) => isLabel(before) && after.length < 3);
  return { text, field, runs };
}

const isLabel = (before: string): boolean => before === '' || /^\s*[A-Za-z][\w-]*[=:,]"?$/.test(before);

interface Field {
  readonly name: 'timestamp' | 'id';
  readonly form: string;
  readonly text: string;
}

const labelled = /^(\s*[A-Za-z][\w-]*[=:]"?)([^"]+?)("?\s*)$/;
const idLabel = /^\s*(?!key)(?:[\w-]*id|nonce|[ni])[=:]/i;

/** An item beside the signature: a time, or what its label calls an id. */
function fieldOf(item: string): Field | undefined {
  const [, before = '', text = '', after = ''] = labelled.exec(item) ?? [];
  const name = idLabel.test(before) ? 'id' : timeForm(text) === undefined ? undefined : 'timestamp';
  return name && { name, form: `${before}{${name}}${after}`, text };
}

/** How a time is written; nothing where a text is none. */
export function timeForm(text: string): HmacRecord['time'] | undefined {
  if (/^[1-9]\d{8,9}$/.test(text)) return 'seconds';
  if (/^[1-9]\d{11,12}$/.test(text)) return 'milliseconds';
  if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text) && Number.isFinite(Date.parse(text))) return 'iso';
  return httpDate(text) === undefined ? undefined : 'http-date';
}

interface Run {
  readonly bytes: Buffer;
  readonly encoding: Encoding;
  readonly before: string;
  readonly after: string;
}

/** Runs of characters in which bytes can be written. */
function runsIn(value: string, least: number): Run[] {
  const runs: Run[] = [];
  const add = (text: string, at: number, encoding: Encoding, suffix = '') => {
    const bytes = Buffer.from(text, encoding === 'HEX' ? 'hex' : encoding);
    if (bytes.length < least) return;
    const end = at + text.length + suffix.length;
    runs.push({ bytes, encoding, before: value.slice(0, at), after: suffix + value.slice(end) });
  };
  for (const { 0: text, index } of value.matchAll(/(?<![0-9a-z])(?:[0-9a-f]{2})+(?![0-9a-z])/gi)) {
    if (text === text.toLowerCase()) add(text, index, 'hex');
    if (text === text.toUpperCase()) add(text, index, 'HEX');
  }
  for (const { 0: text, index } of value.matchAll(/[A-Za-z0-9+/_-]+={0,2}/g)) addBase64(text, index, add);
  return runs;
}

function addBase64(
  text: string,
  at: number,
  add: (text: string, at: number, encoding: Encoding, suffix?: string) => void,
): void {
  // No bytes of this length happen to be written in the characters of hex alone.
  if (/^(?:[0-9a-f]{32,}|[0-9A-F]{32,})$/.test(text)) return;
  const bare = text.replace(/=+$/, '');
  const padding = text.slice(bare.length);
  const isWhole = text.length % 4 === 0;
  if (bare.length % 4 === 1) return;
  if (!/[_-]/.test(bare) && isWhole) add(text, at, 'base64');
  // What is padded all the same has its padding as a part of its form.
  if (!/[+/]/.test(bare) && (padding === '' || isWhole)) add(bare, at, 'base64url', padding);
}
