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
export function serialise(value: ExactJson, style: Style, margin = ''): string {
  const inner = margin + style.indent;
  const wrap = (open: string, parts: string[], close: string) => {
    if (parts.length === 0) return open + close;
    if (style.indent === '') return open + parts.join(style.comma) + close;
    return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${margin}${close}`;
  };
  if (Array.isArray(value))
    return wrap(
      '[',
      value.map((item) => serialise(item, style, inner)),
      ']',
    );
  if (isLosslessNumber(value)) return value.toString();
  if (!isObject(value)) return escapeText(JSON.stringify(value), style);
  const entries = Object.entries(value as { [key: string]: ExactJson });
  if (style.sorted) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  const write = ([key, child]: [string, ExactJson]) =>
    escapeText(JSON.stringify(key), style) + style.colon + serialise(child, style, inner);
  return wrap('{', entries.map(write), '}');
}

function escapeText(text: string, { slashes, ascii }: Style): string {
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

type Rewrite = readonly [code: BodyMistake, words: string, style: Style];

const layouts: readonly Rewrite[] = [
  ['BODY_COMPACT', 'as compact JSON', compact],
  ['BODY_PRETTY', 'as JSON indented by two spaces', pretty],
  ['BODY_PRETTY', 'as JSON indented by four spaces', { ...pretty, indent: '    ' }],
  ['BODY_PRETTY', 'as JSON indented by tabs', { ...pretty, indent: '\t' }],
  ['BODY_SPACED', 'as JSON with a space after "," and ":" (Python)', python],
];

const escapes: readonly [BodyMistake | undefined, string, Partial<Style>][] = [
  [undefined, '', {}],
  ['BODY_SLASH_ESCAPES', ' with "/" written as "\\/" (PHP)', { slashes: true }],
  ['BODY_UNICODE_ESCAPES', ' with non-ASCII written as \\uXXXX (Python)', { ascii: true }],
  ['BODY_SLASH_ESCAPES', ' with "\\/" and \\uXXXX escapes (PHP)', { slashes: true, ascii: true }],
];

const rewrites: readonly Rewrite[] = [false, true].flatMap((sorted) =>
  layouts.flatMap(([layout, words, style]) =>
    escapes.map(
      ([escaping, more, change]): Rewrite => [
        sorted ? 'BODY_SORTED_KEYS' : (escaping ?? layout),
        words + more + (sorted ? ' with sorted keys' : ''),
        { ...style, ...change, sorted },
      ],
    ),
  ),
);

const bom = '\ufeff';

/** A pattern for this would take quadratic time where a body is full of line ends. */
function withoutLineEnds(text: string): string {
  let end = text.length;
  while (text[end - 1] === '\n' || text[end - 1] === '\r') end -= 1;
  return text.slice(0, end);
}

/** Text-level rewrites: what editors, shells and proxies do to a file. */
function textVariants(text: string): [BodyMistake, string, string][] {
  return [
    ['BODY_TRAILING_NEWLINE', 'without its trailing newline', withoutLineEnds(text)],
    ['BODY_TRAILING_NEWLINE', 'with a trailing newline', `${text}\n`],
    ['BODY_CRLF', 'with LF line ends instead of CRLF', text.replaceAll('\r\n', '\n')],
    ['BODY_CRLF', 'with CRLF line ends', text.replace(/\r?\n/g, '\r\n')],
    ['BODY_BOM', 'without its byte order mark', text.startsWith(bom) ? text.slice(1) : text],
    ['BODY_BOM', 'with a byte order mark', bom + text],
  ];
}

/**
 * The bodies that this one may have been when it was signed, each once, likely ones first. Never throws.
 * @param thorough also with a trailing newline after each rewrite
 */
export function variants(body: Uint8Array, thorough: boolean): Variant[] {
  const text = Buffer.from(body).toString();
  const written = rewritten(text).flatMap(([code, words, rewrite]): [BodyMistake, string, string][] =>
    thorough
      ? [
          [code, words, rewrite],
          [code, `${words} and a trailing newline`, `${rewrite}\n`],
        ]
      : [[code, words, rewrite]],
  );
  const seen = new Set([text]);
  return [...textVariants(text), ...written].flatMap(([code, words, rewrite]) => {
    if (seen.has(rewrite)) return [];
    seen.add(rewrite);
    return [{ code, words, body: Buffer.from(rewrite) }];
  });
}

/** Indented JSON grows with the square of its depth; no provider's body is nested like this. */
const deepest = 100;

function isDeep(text: string): boolean {
  let depth = 0;
  for (const char of text) {
    if (char === '[' || char === '{') depth += 1;
    else if (char === ']' || char === '}') depth -= 1;
    if (depth > deepest) return true;
  }
  return false;
}

function rewritten(text: string): [BodyMistake, string, string][] {
  if (isDeep(text)) return [];
  const json = text.startsWith(bom) ? text.slice(1) : text;
  try {
    // Twice: with the digits as they stand, and with the numbers as JavaScript writes them (1.0 becomes 1).
    const values: ExactJson[] = [parseExact(json), JSON.parse(json) as Json as ExactJson];
    return rewrites.flatMap(([code, words, style]) =>
      values.map((value): [BodyMistake, string, string] => [code, words, serialise(value, style)]),
    );
  } catch {
    return [];
  }
}
