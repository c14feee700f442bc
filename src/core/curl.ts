import { UsageError } from '../errors.ts';
import { header, withHeaders } from './headers.ts';
import type { Headers, Received } from './types.ts';

/** A request that a curl command line makes. */
export interface Curled {
  readonly received: Received;
  readonly url: string;
}

/**
 * The requests of curl command lines, one after the other, as bash would read them.
 * @throws {UsageError} for what is not understood, or names a file
 */
export const readCurl = (bytes: Uint8Array): Curled[] =>
  commandsIn(
    Buffer.from(bytes)
      .toString('latin1')
      .replace(/^\xef\xbb\xbf/, ''),
  ).map(requestOf);

const refusal = (what: string, hint: string) => new UsageError(`the curl command line ${what}`, hint);

/** Words as bash parts them: quotes, escapes, line continuations; an empty line or `;` ends a command. */
function commandsIn(text: string): string[][] {
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

/** Options with a value that change nothing of what is signed. */
const idle =
  'max-time m connect-timeout retry retry-delay output o proxy x cacert cert E key write-out w resolve interface dump-header D cookie-jar c max-redirs limit-rate'.split(
    ' ',
  );
/** Options without one. */
const switches =
  'silent s show-error S include i insecure k location L verbose v compressed globoff g fail f fail-with-body http1.0 http1.1 http2 no-buffer N progress-bar # path-as-is ipv4 4 ipv6 6 get head'.split(
    ' ',
  );
/** Options whose bytes are not in the line, or not as they are sent. */
const files = 'form F form-string upload-file T config K data-urlencode netrc-file'.split(' ');
const withValue =
  'request header data data-raw data-binary data-ascii json user url user-agent referer cookie'.split(' ');

const longNames: Readonly<Record<string, string>> = {
  X: 'request',
  H: 'header',
  d: 'data',
  u: 'user',
  G: 'get',
  A: 'user-agent',
  e: 'referer',
  b: 'cookie',
  I: 'head',
};

/** An option as it was given. */
type Given = readonly [name: string, value: string];

/** Options and addresses in their order. */
function optionsOf(words: readonly string[]): Given[] {
  const given: Given[] = [];
  const rest = [...words];
  const take = (name: string, inline?: string) => {
    if (files.includes(name))
      throw refusal(
        `has ${dashes(name)}, whose bytes are not in it`,
        'capture the raw request instead: `hooks listen --record FILE`',
      );
    if (switches.includes(name)) return given.push([name, '']);
    if (!withValue.includes(name) && !idle.includes(name))
      throw refusal(
        `has ${dashes(name)}, which is not understood`,
        'leave it out, where it changes nothing of the request',
      );
    const value = inline ?? rest.shift();
    if (value === undefined) throw refusal(`ends behind ${dashes(name)}`, 'copy all of it');
    return given.push([name, value]);
  };
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word.startsWith('--')) {
      take(word.slice(2));
    } else if (word.startsWith('-') && word.length > 1) {
      takeShort(word.slice(1), take);
    } else given.push(['url', word]);
  }
  return given;
}

/** `-sSXPOST`: switches, then one that takes the rest as its value. */
function takeShort(letters: string, take: (name: string, inline?: string) => void): void {
  for (const [index, letter] of [...letters].entries()) {
    const name = longNames[letter] ?? letter;
    const tail = letters.slice(index + 1);
    take(name, tail === '' ? undefined : tail);
    if (!switches.includes(name)) return;
  }
}

const dashes = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`);

function requestOf(words: readonly string[]): Curled {
  const [name, ...rest] = words[0] === '$' ? words.slice(1) : words;
  if (name !== 'curl')
    throw refusal(
      `begins with ${JSON.stringify(name?.slice(0, 20))}, which is not curl`,
      'give the curl command alone, with the body in --data-raw',
    );
  const options = optionsOf(rest);
  const all = (wanted: string) => options.filter(([each]) => each === wanted).map(([, value]) => value);
  const data = options.filter(([each]) => /^(?:data|json)/.test(each));
  for (const [each, value] of data)
    if (value.startsWith('@') && each !== 'data-raw')
      throw refusal(
        `takes its body from a file (--${each} ${value}), so the bytes are not in it`,
        'write the body with --data-raw, or capture the raw request: `hooks listen --record FILE`',
      );
  const body = data.map(([each, value], index) => (index > 0 && each !== 'json' ? '&' : '') + value).join('');
  const isAsked = all('get').length > 0;
  const [address] = all('url');
  if (address === undefined) throw refusal('has no address', 'copy all of it');
  if (/\s/.test(address))
    throw refusal(
      `has an address with white space in it (${JSON.stringify(address.slice(0, 60))})`,
      'a quote is missing, or one too many: copy all of it',
    );
  const full = /^[a-z]+:\/\//i.test(address) ? address : `http://${address}`;
  const [, scheme = '', user, host = '', path = ''] =
    /^(\w+:\/\/)(?:([^/@]*)@)?([^/?#]*)([^#]*)/.exec(full) ?? [];
  const target =
    (path.startsWith('/') ? path : `/${path}`) +
    (isAsked && body !== '' ? (path.includes('?') ? '&' : '?') + body : '');
  const headers = headersOf(all, {
    host,
    user,
    isJson: data.some(([each]) => each === 'json'),
    isForm: data.length > 0 && !isAsked,
  });
  const method =
    all('request').at(-1) ?? (all('head').length > 0 ? 'HEAD' : data.length > 0 && !isAsked ? 'POST' : 'GET');
  return {
    url: `${scheme}${host}${target}`,
    received: { method, path: target, headers, body: Buffer.from(isAsked ? '' : body, 'latin1') },
  };
}

/** The headers, with those that curl adds by itself. */
function headersOf(
  all: (name: string) => string[],
  {
    host,
    user,
    isJson,
    isForm,
  }: { host: string; user: string | undefined; isJson: boolean; isForm: boolean },
): Headers {
  const credentials = all('user').at(-1) ?? (user === undefined ? undefined : decodeURIComponent(user));
  const type = isJson ? 'application/json' : 'application/x-www-form-urlencoded';
  const own: [string, string | undefined][] = [
    ['Host', host],
    ['User-Agent', all('user-agent').at(-1)],
    ['Referer', all('referer').at(-1)],
    ['Cookie', all('cookie').at(-1)],
    [
      'Authorization',
      credentials === undefined
        ? undefined
        : `Basic ${Buffer.from(credentials, 'latin1').toString('base64')}`,
    ],
    ['Content-Type', isJson || isForm ? type : undefined],
  ];
  const given = all('header').flatMap((text): [string, string][] => {
    const [, name = '', sign = '', value = ''] = /^([^:;]+)([:;])\s*([\s\S]*)$/.exec(text) ?? [];
    return name === '' || (sign === ';' && value !== '') ? [] : [[name.trim(), value.trim()]];
  });
  // `-H 'Accept:'` takes a header away.
  const taken = all('header').flatMap((text) => /^([^:;]+):\s*$/.exec(text)?.[1]?.toLowerCase() ?? []);
  const kept = given.filter(([name]) => !taken.includes(name.toLowerCase()));
  const added = own.flatMap(([name, value]): [string, string][] =>
    value === undefined || taken.includes(name.toLowerCase()) || header(kept, name) !== undefined
      ? []
      : [[name, value]],
  );
  return withHeaders(added, kept);
}
