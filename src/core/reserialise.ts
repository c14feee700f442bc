import { createHash } from 'node:crypto';
import { isLosslessNumber } from 'lossless-json';
import type { BodyMistake } from './codes.ts';
import { type ExactJson, isObject, parseExact } from './json.ts';
import type { Json } from './types.ts';

/** How a JSON library writes a value. */
export interface Style {
  /** White space of one level, or nothing for one line. */
  readonly indent: string;
  readonly comma: string;
  readonly colon: string;
  /** `/` as `\/`, as PHP does. */
  readonly slashes: boolean;
  /** Everything beyond ASCII as `\uXXXX`, as PHP and Python do. */
  readonly ascii: boolean;
  readonly sorted: boolean;
}

export const compact: Style = {
  indent: '',
  comma: ',',
  colon: ':',
  slashes: false,
  ascii: false,
  sorted: false,
};
export const pretty: Style = { ...compact, indent: '  ', colon: ': ' };
/** `json.dumps` of Python. */
export const python: Style = { ...compact, comma: ', ', colon: ': ' };

/**
 * JSON text of a value in a style.
 * @throws {RangeError} when it is nested too deeply
 */
export const serialise = (value: ExactJson, style: Style): string =>
  escaped(laidOut(value, style, ''), style);

type Layout = Pick<Style, 'indent' | 'comma' | 'colon' | 'sorted'>;

function laidOut(value: ExactJson, layout: Layout, margin: string): string {
  const inner = margin + layout.indent;
  const wrap = (open: string, parts: string[], close: string) => {
    if (parts.length === 0) return open + close;
    if (layout.indent === '') return open + parts.join(layout.comma) + close;
    return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${margin}${close}`;
  };
  if (Array.isArray(value))
    return wrap(
      '[',
      value.map((item) => laidOut(item, layout, inner)),
      ']',
    );
  if (isLosslessNumber(value)) return value.toString();
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.entries(value as { [key: string]: ExactJson });
  if (layout.sorted) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  const write = ([key, child]: [string, ExactJson]) =>
    JSON.stringify(key) + layout.colon + laidOut(child, layout, inner);
  return wrap('{', entries.map(write), '}');
}

/** What is escaped stands in texts only, so that JSON may be escaped as a whole. */
function escaped(text: string, { slashes, ascii }: Pick<Style, 'slashes' | 'ascii'>): string {
  const slashed = slashes ? text.replaceAll('/', '\\/') : text;
  const unicode = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return ascii ? slashed.replace(/[\u0080-\uffff]/g, unicode) : slashed;
}

/** A body as something on the way may have rewritten it. */
export interface Variant {
  readonly code: BodyMistake;
  /** Ends the sentence "the signature fits the body …". */
  readonly words: string;
  readonly body: Uint8Array;
}

const layouts: readonly (readonly [BodyMistake, string, Omit<Layout, 'sorted'>])[] = [
  ['BODY_COMPACT', 'as compact JSON', compact],
  ['BODY_PRETTY', 'as JSON indented by two spaces', pretty],
  ['BODY_PRETTY', 'as JSON indented by four spaces', { ...pretty, indent: '    ' }],
  ['BODY_PRETTY', 'as JSON indented by tabs', { ...pretty, indent: '\t' }],
  ['BODY_SPACED', 'as JSON with a space after "," and ":" (Python)', python],
];

const escapes: readonly [BodyMistake | undefined, string, Pick<Style, 'slashes' | 'ascii'>][] = [
  [undefined, '', { slashes: false, ascii: false }],
  ['BODY_SLASH_ESCAPES', ' with "/" written as "\\/" (PHP)', { slashes: true, ascii: false }],
  ['BODY_UNICODE_ESCAPES', ' with non-ASCII written as \\uXXXX (Python)', { slashes: false, ascii: true }],
  ['BODY_SLASH_ESCAPES', ' with "\\/" and \\uXXXX escapes (PHP)', { slashes: true, ascii: true }],
];

const bom = '\ufeff';

/** A pattern for this would take quadratic time where a body is full of line ends. */
function withoutLineEnds(body: Uint8Array): Uint8Array {
  let end = body.length;
  while (body[end - 1] === 0x0a || body[end - 1] === 0x0d) end -= 1;
  return body.subarray(0, end);
}

/** What editors and shells do to the end of a file; cheap enough for a body of any size. */
function* endVariants(body: Uint8Array): Generator<Variant> {
  const code = 'BODY_TRAILING_NEWLINE';
  yield { code, words: 'without its trailing newline', body: withoutLineEnds(body) };
  yield { code, words: 'with a trailing newline', body: Buffer.concat([body, Buffer.of(0x0a)]) };
}

type Rewritten = readonly [code: BodyMistake, words: string, text: string];

/** What editors and proxies do to a text. */
function* textVariants(text: string): Generator<Rewritten> {
  yield ['BODY_CRLF', 'with LF line ends instead of CRLF', text.replaceAll('\r\n', '\n')];
  yield ['BODY_CRLF', 'with CRLF line ends', text.replace(/\r?\n/g, '\r\n')];
  yield ['BODY_BOM', 'without its byte order mark', text.startsWith(bom) ? text.slice(1) : text];
  yield ['BODY_BOM', 'with a byte order mark', bom + text];
}

/** A body that is larger is not rewritten, but for its end, bytes: each way of writing it takes time and memory. */
export const rewritableBytes = 1024 * 1024;

/**
 * The bodies that this one may have been when it was signed, each once, likely ones first; they are made one by one, and
 * of a body above {@link rewritableBytes} those only that differ at its end. Never throws.
 * @param thorough also with a trailing newline after each rewrite
 */
export function* variants(body: Uint8Array, thorough: boolean): Generator<Variant> {
  if (body.length > rewritableBytes) {
    for (const variant of endVariants(body)) if (variant.body.length !== body.length) yield variant;
    return;
  }
  const seen = new Set([hashOf(body)]);
  const isNew = ({ body }: Variant) => seen.size < seen.add(hashOf(body)).size;
  for (const variant of endVariants(body)) if (isNew(variant)) yield variant;
  for (const variant of rewrites(Buffer.from(body).toString(), thorough)) if (isNew(variant)) yield variant;
}

/** What was tried is known by its hash: together these texts may be a hundred times as large as the body. */
const hashOf = (body: Uint8Array): string => createHash('sha256').update(body).digest('base64');

function* rewrites(text: string, thorough: boolean): Generator<Variant> {
  for (const [code, words, rewrite] of textVariants(text)) yield { code, words, body: Buffer.from(rewrite) };
  for (const [code, words, rewrite] of jsonVariants(text)) {
    yield { code, words, body: Buffer.from(rewrite) };
    if (thorough) yield { code, words: `${words} and a trailing newline`, body: Buffer.from(`${rewrite}\n`) };
  }
}

/** Indented JSON grows with the square of its depth; no provider's body is nested like this. */
const deepest = 100;

/** How many levels all values of a body may be indented by together: eight times as many bytes, at most. */
const mostLevels = 2 * 1024 * 1024;

/** Whether a text, indented, would be too large. */
function isSprawling(text: string): boolean {
  let depth = 0;
  let levels = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '[' || char === '{') depth += 1;
    else if (char === ']' || char === '}') depth -= 1;
    else if (char !== ',') continue;
    levels += depth;
    if (depth > deepest || levels > mostLevels) return true;
  }
  return false;
}

function* jsonVariants(text: string): Generator<Rewritten> {
  const values = isSprawling(text) ? [] : valuesIn(text.startsWith(bom) ? text.slice(1) : text);
  for (const sorted of [false, true])
    for (const [layout, words, style] of layouts)
      for (const value of values) {
        const plain = laidOut(value, { ...style, sorted }, '');
        for (const [escaping, more, form] of escapes) {
          const code = sorted ? 'BODY_SORTED_KEYS' : (escaping ?? layout);
          const rewrite = escaped(plain, form);
          if (escaping === undefined || rewrite !== plain)
            yield [code, words + more + (sorted ? ' with sorted keys' : ''), rewrite];
        }
      }
}

/** JSON with the digits as they stand, and where that differs with the numbers as JavaScript writes them (1.0 becomes 1). */
function valuesIn(text: string): ExactJson[] {
  try {
    const [exact, plain] = [parseExact(text), JSON.parse(text) as Json as ExactJson];
    return laidOut(exact, compact, '') === laidOut(plain, compact, '') ? [plain] : [exact, plain];
  } catch {
    return [];
  }
}
