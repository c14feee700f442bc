// C0 and C1 controls, DEL, line and paragraph separators, and the marks that turn or hide text.
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

function visible(char: string): string {
  const code = char.codePointAt(0) as number;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}

/**
 * Lines that begin with `::`, which GitHub Actions takes for commands, wherever they come from.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
const uncommanding = (text: string): string =>
  text.includes('::') ? text.replace(/^(\s*):(?=:)/gm, '$1\\x3a') : text;

/**
 * Text of unknown origin for a terminal or a log: whatever could steer it, or mislead a reader, is made visible.
 */
export const printable = (text: string): string => uncommanding(text.replace(unsafe, visible));

/** The same over several lines: line feeds and tabs stay. */
export const printableLines = (text: string): string =>
  uncommanding(text.replace(unsafe, (char) => (char === '\n' || char === '\t' ? char : visible(char))));

/**
 * JSON text, as `JSON.stringify` writes it, with the same characters as `\u` escapes, so that the line is safe and the
 * value unchanged.
 */
export const printableJson = (json: string): string =>
  isPlain(json)
    ? json
    : json.replace(unsafe, (char) => (char === '\n' || char === '\t' ? char : escaped(char)));

/** Most JSON is ASCII, and the only character of that which JSON does not escape itself is DEL. */
const isPlain = (json: string): boolean => Buffer.byteLength(json) === json.length && !json.includes('\x7f');

const escaped = (char: string): string =>
  Array.from(
    { length: char.length },
    (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');

/** At most `length` characters, the end cut with an ellipsis. */
export const clip = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;
