import { type Given, optionsOf } from './curl/options.ts';
import { refusal } from './curl/refusal.ts';
import { commandsIn } from './curl/words.ts';
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
  const text = bodyOf(data);
  const isAsked = all('get').length > 0;
  const posts = data.length > 0 && !isAsked;
  const { origin, user, host, path } = addressOf(all('url')[0]);
  const target = isAsked && text !== '' ? `${path}${path.includes('?') ? '&' : '?'}${text}` : path;
  const isJson = data.some(([each]) => each === 'json');
  const type = isJson ? 'application/json' : posts ? 'application/x-www-form-urlencoded' : undefined;
  const method = all('request').at(-1) ?? (all('head').length > 0 ? 'HEAD' : posts ? 'POST' : 'GET');
  const headers = headersOf(all, host, all('user').at(-1) ?? user, type);
  return {
    url: `${origin}${target}`,
    received: { method, path: target, headers, body: Buffer.from(isAsked ? '' : text, 'latin1') },
  };
}

/** The body of all `--data` and `--json`, as curl joins them. */
function bodyOf(data: readonly Given[]): string {
  const file = data.find(([each, value]) => value.startsWith('@') && each !== 'data-raw');
  if (file)
    throw refusal(
      `takes its body from a file (--${file[0]} ${file[1]}), so the bytes are not in it`,
      'write the body with --data-raw, or capture the raw request: `hooks listen --record FILE`',
    );
  return data.map(([each, value], index) => (index > 0 && each !== 'json' ? '&' : '') + value).join('');
}

interface CurlAddress {
  readonly origin: string;
  /** `user:password`, where they stand in the address. */
  readonly user: string | undefined;
  readonly host: string;
  /** Path and query. */
  readonly path: string;
}

/** An address; one without a scheme is http, as for curl. */
function addressOf(address: string | undefined): CurlAddress {
  if (address === undefined) throw refusal('has no address', 'copy all of it');
  if (/\s/.test(address))
    throw refusal(
      `has an address with white space in it (${JSON.stringify(address.slice(0, 60))})`,
      'a quote is missing, or one too many: copy all of it',
    );
  const full = /^[a-z]+:\/\//i.test(address) ? address : `http://${address}`;
  const [, scheme = '', user, host = '', path = ''] =
    /^(\w+:\/\/)(?:([^/@]*)@)?([^/?#]*)([^#]*)/.exec(full) ?? [];
  return {
    origin: `${scheme}${host}`,
    user: user?.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    host,
    path: path.startsWith('/') ? path : `/${path}`,
  };
}

/**
 * The headers, with those that curl adds by itself.
 * @param credentials `user:password`
 * @param type what curl says that the body is
 */
function headersOf(
  all: (name: string) => string[],
  host: string,
  credentials: string | undefined,
  type: string | undefined,
): Headers {
  const basic =
    credentials === undefined ? [] : [`Basic ${Buffer.from(credentials, 'latin1').toString('base64')}`];
  const own: [name: string, values: string[]][] = [
    ['Host', [host]],
    ['User-Agent', all('user-agent')],
    ['Referer', all('referer')],
    ['Cookie', all('cookie')],
    ['Authorization', basic],
    ['Content-Type', type === undefined ? [] : [type]],
  ];
  const given = all('header').flatMap((text): [string, string][] => {
    const [, name = '', sign = '', value = ''] = /^([^:;]+)([:;])\s*([\s\S]*)$/.exec(text) ?? [];
    return name === '' || (sign === ';' && value !== '') ? [] : [[name.trim(), value.trim()]];
  });
  // `-H 'Accept:'` takes a header away.
  const taken = all('header').flatMap((text) => /^([^:;]+):\s*$/.exec(text)?.[1]?.toLowerCase() ?? []);
  const kept = given.filter(([name]) => !taken.includes(name.toLowerCase()));
  const added = own.flatMap(([name, values]) =>
    taken.includes(name.toLowerCase()) || header(kept, name) !== undefined
      ? []
      : values.slice(-1).map((value): [string, string] => [name, value]),
  );
  return withHeaders(added, kept);
}
