import { header } from './headers.ts';
import type { Delivery, Headers } from './types.ts';

/** The forms in which a request can be printed. */
export const requestFormats = ['http', 'curl', 'json'] as const;
export type RequestFormat = (typeof requestFormats)[number];

/** The request as it goes over the wire, body bytes untouched. */
export function httpMessage({ url, headers, body }: Pick<Delivery, 'url' | 'headers' | 'body'>): Uint8Array {
  const [, host = '', path = '/'] = /^\w+:\/\/([^/?]*)(.*)$/s.exec(url) ?? [];
  const framing: Headers = [
    ...(header(headers, 'host') === undefined ? [['host', host] as const] : []),
    ...headers,
    ['content-length', String(body.length)],
  ];
  const head = framing.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([wireBytes(`POST ${path} HTTP/1.1\r\n${head}\r\n`), body]);
}

/** Headers are latin1 on the wire; only what was masked for showing has other characters. */
const wireBytes = (text: string): Buffer => Buffer.from(text, /[^\x00-\xff]/.test(text) ? 'utf8' : 'latin1');

/** Above this size curl asks with `Expect: 100-continue` before it sends a body. */
const longestUnasked = 1024 * 1024;

/** Linux takes 128 kB in one argument; printf is a builtin of the shell and takes more. */
const longestArgument = 100_000;

/** What curl is to send. */
type Curled = Pick<Delivery, 'url' | 'headers' | 'body'> & { readonly method?: string | undefined };

/** A line for bash that makes the same request with curl. */
export function curlLine({ url, headers, body, method = 'POST' }: Curled): string {
  const lines = headers.map(
    ([name, value]) => `-H ${quote(wireBytes(value === '' ? `${name};` : `${name}: ${value}`))}`,
  );
  // curl adds these by itself unless told not to.
  const own = [
    'accept',
    'user-agent',
    'content-type',
    ...(body.length > longestUnasked ? ['expect'] : []),
  ].filter((name) => header(headers, name) === undefined);
  const options = [...lines, ...own.map((name) => `-H '${name}:'`)];
  const piped = body.includes(0) || body.length > longestArgument;
  const data = piped ? '--data-binary @-' : `--data-raw ${quote(body)}`;
  // -g: brackets and braces in an address mean themselves.
  const command = [`curl -sS -i -g -X ${method}`, quote(Buffer.from(url)), ...options, data].join(' \\\n  ');
  return piped ? `printf -- ${quoteFormat(body)} | ${command}` : command;
}

const plain = /^[\x20-\x26\x28-\x7e]*$/;

/** Bytes as one word of bash: `'…'` where all is printable ASCII, else `$'…'`. */
function quote(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('latin1');
  if (plain.test(text)) return `'${text}'`;
  const escaped = text.replace(/[\\']/g, '\\$&').replace(/[^\x20-\x7e]/g, octal);
  return `$'${escaped}'`;
}

/** Bytes as a format of printf, which can write NUL. */
const quoteFormat = (bytes: Uint8Array): string =>
  `'${Buffer.from(bytes)
    .toString('latin1')
    .replaceAll('%', '%%')
    .replace(/[^\x20-\x7e]|[\\']/g, octal)}'`;

const octal = (char: string): string => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`;
