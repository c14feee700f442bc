/** The value in which a signature stands: how it is written and read, with the time and the id beside it. */

import type { SignatureForm } from './hmac-record.ts';
import { memo } from './memo.ts';

/** What may stand in a signature's value. */
type Field = 'signature' | 'timestamp' | 'id';

/** One item of the signature's value as a template, parted at its placeholder. */
interface Item {
  readonly before: string;
  readonly field: Field;
  readonly after: string;
}

type Value = Pick<SignatureForm, 'value' | 'separator'>;

const placeholder = /\{(?:signature|timestamp|id)\}/g;

const valueItems = (value: string, separator: string | undefined): string[] =>
  separator === undefined ? [value] : value.split(separator);

const items = memo((value: string, separator: string | undefined): Item[] =>
  valueItems(value, separator).map((item) => {
    const [before = '', field, after = ''] = item.split(/\{(signature|timestamp|id)\}/);
    return { before, field: field as Field, after };
  }),
);

/** The same, those with the most text of their own first: a bare one fits everything. */
const readable = memo((value: string, separator: string | undefined): Item[] =>
  [...items(value, separator)].sort(
    (one, other) => other.before.length + other.after.length - one.before.length - one.after.length,
  ),
);

/** What fills a signature's value. */
interface Filling {
  readonly signatures: readonly string[];
  readonly timestamp: string;
  /** None: an empty one. */
  readonly id?: string | undefined;
}

/** The signature's value: an item for each signature. */
export function signatureValue(
  { value, separator }: Value,
  { signatures, timestamp, id = '' }: Filling,
): string {
  const fill = ({ before, field, after }: Item): string[] =>
    ({ signature: signatures, timestamp: [timestamp], id: [id] })[field].map((text) => before + text + after);
  return items(value, separator).flatMap(fill).join(separator);
}

/** What stands in a value, by the form that it has. */
export function fieldsOf({ value, separator }: Value, raw: string): Array<[Field, string]> {
  const found: Array<[Field, string]> = [];
  for (const text of valueItems(raw, separator)) {
    const match = readable(value, separator).find(
      ({ before, after }) =>
        text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after),
    );
    if (match) found.push([match.field, text.slice(match.before.length, text.length - match.after.length)]);
  }
  return found;
}

/** A time (ms since the epoch) as it stands on the wire. */
export function timeText({ time = 'seconds' }: Pick<SignatureForm, 'time'>, at: number): string {
  if (time === 'iso') return new Date(at).toISOString();
  if (time === 'http-date') return new Date(at).toUTCString();
  return String(time === 'milliseconds' ? Math.floor(at) : Math.floor(at / 1000));
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** The time that a text says, ms since the epoch; nothing where it is not written as the form writes it. */
export function timeIn({ time = 'seconds' }: Pick<SignatureForm, 'time'>, text: string): number | undefined {
  if (time === 'iso') return isoTime.test(text) ? valid(Date.parse(text)) : undefined;
  if (time === 'http-date') return httpDate(text);
  if (!/^\d{1,15}$/.test(text)) return undefined;
  return Number(text) * (time === 'milliseconds' ? 1 : 1000);
}

/**
 * The time of a date as HTTP writes them today: `Sun, 06 Nov 1994 08:49:37 GMT`, ms since the epoch
 * (https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7).
 */
export function httpDate(text: string): number | undefined {
  const ms = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  // A day of the week that it was not would be read as well.
  return Number.isNaN(ms) || new Date(ms).toUTCString() !== text ? undefined : ms;
}

const valid = (ms: number): number | undefined => (Number.isNaN(ms) ? undefined : ms);

/** How times are written, in words. */
export const timeWords = {
  seconds: 'unix seconds',
  milliseconds: 'unix milliseconds',
  iso: 'ISO 8601',
  'http-date': 'a date as HTTP writes it',
} as const;

/** Every character that a signature of an encoding may have. */
const letters = {
  hex: '0123456789abcdef',
  HEX: '0123456789ABCDEF',
  base64: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=',
  base64url: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
} as const;

/**
 * Checks that a value can be written and read again.
 * @throws {TypeError} that names the part
 */
export function checkValue(form: SignatureForm): void {
  const { value, separator } = form;
  if (!value.includes('{signature}')) throw new TypeError(`value "${value}" lacks {signature}`);
  for (const item of valueItems(value, separator)) {
    if (item.match(placeholder)?.length === 1) continue;
    throw new TypeError(
      `"${item}" in value must hold one of {signature}, {timestamp} and {id}; separator parts the items`,
    );
  }
  const sample = { signature: letters[form.encoding], timestamp: timeText(form, 0), id: 'msg_1-Aa' };
  const read = fieldsOf(form, signatureValue(form, { ...sample, signatures: [sample.signature] }));
  const wanted = items(value, separator).map(({ field }) => [field, sample[field]]);
  if (JSON.stringify(read) !== JSON.stringify(wanted))
    throw new TypeError(`value "${value}" cannot be read again: its items cannot be told apart`);
}
