import { refusal } from './refusal.ts';

/**
 * The words of each command, as bash parts them: quotes, escapes, line continuations; an empty line or `;` ends a command.
 * @param text a character a byte
 * @throws {UsageError} for what a shell would replace or run, and for a quote that does not end
 */
export function commandsIn(text: string): string[][] {
  const commands: string[][] = [[]];
  let word: string | undefined;
  const endWord = () => {
    if (word !== undefined) commands.at(-1)?.push(word);
    word = undefined;
  };
  for (let at = 0; at < text.length; ) {
    const token = (word === undefined && commentAt(text, at)) || tokenAt(text, at);
    at += token.length;
    if (token.text !== undefined) word = (word ?? '') + token.text;
    else if (!token.joins) endWord();
    if (token.ends) commands.push([]);
  }
  endWord();
  return commands.filter((words) => words.length > 0);
}

interface Token {
  readonly length: number;
  /** Nothing: it is no part of a word. */
  readonly text?: string;
  /** A line that goes on in the next. */
  readonly joins?: boolean;
  readonly ends?: boolean;
}

const single = /'([^']*)'/y;
const double = /"((?:[^"\\]|\\[\s\S])*)"/y;
const ansi = /\$'((?:[^'\\]|\\[\s\S])*)'/y;

/** A comment, which begins where a word would, and goes on to the end of its line. */
function commentAt(text: string, at: number): Token | undefined {
  const end = text.indexOf('\n', at);
  return text[at] === '#' ? { length: (end < 0 ? text.length : end) - at } : undefined;
}

function tokenAt(text: string, at: number): Token {
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const found = (result: RegExpExecArray, value: string): Token => ({
    length: result[0].length,
    text: value,
  });
  const continued = match(/\\\r?\n/y);
  if (continued) return { length: continued[0].length, joins: true };
  const blank = match(/[ \t]+/y);
  if (blank) return { length: blank[0].length };
  const end = match(/[;\r\n]+|&&/y);
  if (end) return { length: end[0].length, ends: true };
  const quoted = match(single);
  if (quoted) return found(quoted, quoted[1] as string);
  const escaped = match(ansi);
  if (escaped) return found(escaped, unescaped(escaped[1] as string));
  const doubled = match(double);
  if (doubled) return found(doubled, inDouble(doubled[1] as string));
  const plain = match(/\\([\s\S])|([^\s'"\\;&|<>`$()]+|[&$](?![\w({&]))/y);
  if (plain) return found(plain, plain[1] ?? (plain[2] as string));
  const rest = text.slice(at, at + 20).split('\n')[0];
  throw /^['"]|^\$'/.test(text.slice(at))
    ? refusal('has a quote that does not end', 'copy all of it')
    : refusal(
        `has ${JSON.stringify(rest)}, which a shell would replace or run`,
        'write the values themselves, and the curl command alone',
      );
}

function inDouble(text: string): string {
  const variable = /(?<!\\)(?:\\\\)*(\$[\w{(]|`)/.exec(text);
  if (variable)
    throw refusal(
      `has ${variable[1]} within double quotes, which a shell would replace`,
      'write the value itself',
    );
  return text.replace(/\\(\r?\n)|\\(["\\$`])/g, (_, _line, char: string | undefined) => char ?? '');
}

const letters: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  v: '\v',
};

/** What bash makes of `$'…'`, a character a byte; two halves of one character, as browsers write it, are joined. */
const unescaped = (text: string): string =>
  text
    .replace(/(?:\\u[dD][89a-fA-F][0-9a-fA-F]{2}){2}/g, (pair) => utf8(JSON.parse(`"${pair}"`)))
    .replace(
      /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})|([\s\S]))/g,
      (_, hex?: string, short?: string, long?: string, octal?: string, char?: string) => {
        if (hex) return String.fromCharCode(Number.parseInt(hex, 16));
        if (octal) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
        const point = Number.parseInt(short ?? long ?? '', 16);
        if (point <= 0x10ffff) return utf8(String.fromCodePoint(point));
        return letters[char ?? ''] ?? char ?? '';
      },
    );

const utf8 = (text: string): string => Buffer.from(text).toString('latin1');
