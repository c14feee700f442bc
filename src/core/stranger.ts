/** A signature that no scheme of ours reads: where it seems to stand, and how its scheme is found. */

import { type Carrier, queryNames, queryValues } from './carrier.ts';
import { isObject } from './json.ts';
import type { Provider } from './provider.ts';
import { shellWord } from './shell.ts';
import type { Json, Received } from './types.ts';

/** What `hooks infer` can be given. */
export interface Learning {
  /** The file that holds what came. */
  readonly file?: string | undefined;
  /** The options that give it the secret of a provider, or of nobody known; nothing where there is no secret at hand. */
  readonly secretOptions?: (provider: string | undefined) => readonly string[] | undefined;
}

/** What is said of a signature that is not known. */
export interface Stranger {
  readonly carrier: Carrier;
  readonly remedy: string;
}

/** What names of places that hold signatures have in common: at their end, and anywhere. */
const named = /(?:signature|hmac|digest|[-_]sig|[-_]sign|[-_]mac)(?:[-_]?v?\d+)?$|^(?:sig|sign)$/i;
const hinting = /signature|hmac|digest/i;
/** A hash that needs no secret (RFC 3230, RFC 9530), what goes beside a signature (RFC 9421), and what holds other things. */
const others =
  /^(?:content-md5|(?:content-|repr-|want-.*-)?digest|signature-input|etag|if-.*|cookie|authorization|proxy-.*|traceparent|tracestate|b3|sec-.*|sentry-trace|baggage)$|(?:request|trace|correlation|span|session|message|delivery|event|webhook)[-_]?id$/i;
/** At the end of a value, with or without a label before it: a SHA-1 digest or a longer one. */
const digestLike =
  /(?:^|[=,:\s"])(?:(?:[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})|[\w+/-]{27}=|[\w+/-]{38}==|[\w+/-]{43}=|[\w+/-]{64}|[\w+/-]{86}==)(?:$|[,;:\s"])/i;

/** How much a place looks like one that holds a signature: 3 by name and value, 0 not at all. */
function likeness(name: string, value: string): number {
  if (value.trim() === '' || others.test(name)) return 0;
  const shaped = digestLike.test(value);
  if (named.test(name)) return shaped ? 3 : 2;
  return shaped ? (hinting.test(name) ? 3 : 1) : 0;
}

/** What narrows the search for a signature. */
export interface Looking {
  /** Names of headers that are known, in lower case: they are passed over. */
  readonly known?: readonly string[];
  /** How much a place must look like one that holds a signature: 3 by name and by value, 2 by name, 1 by value. @default 1 */
  readonly least?: number | undefined;
}

/** The place that looks most like one that holds a signature; a field of the body only where name and value do. */
export function signatureIn(
  { headers, path }: Pick<Received, 'headers' | 'path'>,
  value: Json | undefined,
  { known = [], least = 1 }: Looking = {},
): Carrier | undefined {
  let best: Carrier | undefined;
  let most = least - 1;
  const take = (place: Carrier['in'], name: string, text: string, needed = 1) => {
    const like = likeness(name, text);
    if (like <= most || like < needed) return;
    most = like;
    best = { in: place, name };
  };
  for (const [name, text] of headers) if (!known.includes(name.toLowerCase())) take('header', name, text);
  if (path.includes('?'))
    for (const name of queryNames(path)) take('query', name, queryValues(path, name)[0] ?? '');
  if (most < 3 && isObject(value))
    for (const [name, field] of Object.entries(value as Record<string, Json>))
      if (typeof field === 'string') take('body', name, field, 3);
  return best;
}

/** A name for a provider that its header may hold: `acme` of `X-Acme-Webhook-Signature`. */
function nameIn({ name }: Carrier): string | undefined {
  const [, word = ''] =
    /^(?:x[-_])?([a-z][a-z0-9-]*?)[-_](?:(?:web)?hooks?[-_])?(?:signature|hmac|digest|sign|sig)\b/i.exec(
      name,
    ) ?? [];
  const own = word.toLowerCase();
  return own === '' || ['webhook', 'hook', 'content', 'body', 'request', 'x', 'hub'].includes(own)
    ? undefined
    : own;
}

/** A file for the secret, where none is known. */
export const secretFile = 'secret.txt';

/** The line that finds the scheme of what a file holds. */
export const inferLine = (file: string, name: string | undefined, options: readonly string[]): string =>
  [
    'hooks infer',
    // What begins with a hyphen would be read as an option.
    shellWord(file.startsWith('-') ? `./${file}` : file),
    ...(name === undefined ? [] : ['--provider', name]),
    ...options.map(shellWord),
  ].join(' ');

/** How the scheme of a signature is found. */
function remedyOf(carrier: Carrier, provider: Provider | undefined, learning: Learning): string {
  const name = provider?.name ?? nameIn(carrier);
  const secret = learning.secretOptions?.(name);
  const steps = [
    ...(learning.file === undefined ? ['record what comes (hooks listen --record deliveries.jsonl)'] : []),
    ...(secret === undefined ? [`put the secret into ${secretFile}`] : []),
  ];
  const line = inferLine(learning.file ?? 'deliveries.jsonl', name, secret ?? ['--secret-file', secretFile]);
  return `${steps.length > 0 ? `${steps.join(', ')}, then: ` : ''}${line}`;
}

/** Where a signature stands that is not known, and what to do; nothing where nothing looks like one. */
export function strangerIn(
  received: Received,
  value: Json | undefined,
  provider: Provider | undefined,
  learning: Learning,
  looking: Looking = {},
): Stranger | undefined {
  const carrier = signatureIn(received, value, looking);
  return carrier && { carrier, remedy: remedyOf(carrier, provider, learning) };
}
