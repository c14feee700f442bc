import { type ExactJson, isObject, parseExact } from '../json.ts';
import { compact, pretty, python, serialise } from '../reserialise.ts';

/** The text of an object with one more field, written as it is given. */
export function withField(text: string, name: string, json: string): string {
  const open = text.slice(0, text.lastIndexOf('}'));
  return `${open}${/^\s*\{\s*$/.test(open) ? '' : ','}${JSON.stringify(name)}:${json}}`;
}

/**
 * The text of an object with a field that makes it so many bytes, of one character again and again. Where that has three
 * bytes, and the body is cut into pieces, the cut is inside of one sooner or later.
 */
export function padded(text: string, bytes: number, character: '日' | 'x'): string {
  const left = Math.max(0, bytes - Buffer.byteLength(withField(text, 'hooks_check', '""')));
  const size = Buffer.byteLength(character);
  const filling = character.repeat(Math.floor(left / size)) + 'x'.repeat(left % size);
  return withField(text, 'hooks_check', JSON.stringify(filling));
}

/** The same JSON in other bytes: what each is, and how it is written. */
export const layouts: ReadonlyArray<readonly [label: string, write: (text: string) => string]> = [
  ['indented by two spaces', (text) => serialise(parseExact(text), pretty)],
  ['with a space after "," and ":"', (text) => serialise(parseExact(text), python)],
  ['with the keys in another order', (text) => serialise(reversed(parseExact(text)), compact)],
  ['with escapes: \\/ and \\uXXXX', escaped],
  ['with a line break at its end', (text) => `${text}\n`],
  ['with lines that end in CRLF', (text) => serialise(parseExact(text), pretty).replaceAll('\n', '\r\n')],
];

function reversed(value: ExactJson): ExactJson {
  if (Array.isArray(value)) return value.map(reversed);
  if (!isObject(value)) return value;
  const entries = Object.entries(value as { [key: string]: ExactJson });
  return Object.fromEntries(entries.reverse().map(([key, child]) => [key, reversed(child)]));
}

/** Slashes and whatever is not ASCII escaped, and the first letter of each value too: some bodies have neither. */
function escaped(text: string): string {
  const written = serialise(parseExact(text), { ...compact, slashes: true, ascii: true });
  return written.replace(
    /:"([A-Za-z])/g,
    (_, letter: string) => `:"\\u00${letter.charCodeAt(0).toString(16)}`,
  );
}

/** Values of which a receiver may know what they can be: times, and words without a digit. */
const checkable = /^\d{4}-\d\d-\d\d|^[^\d]*$/;

/**
 * The text with one digit of a value changed into the next one, so that it stays as valid as it was; nothing where there
 * is none to change.
 * @param spared values that are left alone
 */
export function tampered(text: string, spared: readonly string[]): string | undefined {
  const values = [...text.matchAll(/:"([^"\\]*\d)[^"\\\d]*"/g)].filter(
    ([whole]) => !checkable.test(whole.slice(2, -1)) && !spared.includes(whole.slice(2, -1)),
  );
  const last = values.at(-1);
  if (!last) return undefined;
  const at = last.index + 1 + (last[1] ?? '').length;
  return text.slice(0, at) + ((Number(text.charAt(at)) + 1) % 10) + text.slice(at + 1);
}
