import { placeWords } from '../carrier.ts';
import { header } from '../headers.ts';
import { maskUrl } from '../mask.ts';
import type { Provider } from '../provider.ts';
import { isSigned } from '../select.ts';
import type { Answer } from '../types.ts';
import type { Bench } from './kit.ts';

const parsedFirst =
  'the body is parsed before the signature is checked: express.json() before the handler leaves an object where the check needs the raw bytes';

/** The likely causes why a receiver refuses a genuine delivery, the likeliest first. */
export function causesOf(answer: Answer, { provider, event }: Bench): string[] {
  if ('failure' in answer) return failureCauses[answer.failure] ?? [];
  const { status } = answer;
  const { carrier, headers } = provider.scheme;
  const signs = isSigned(provider);
  const places =
    headers.length > 0
      ? `header than ${headers.join(' or ')}`
      : carrier
        ? `place than the ${placeWords(carrier.in, carrier.name)}`
        : 'place';
  const signature = signs
    ? [
        'the receiver has another secret than this run: give it with --secret-file or the environment',
        parsedFirst,
        `it looks for another ${places}`,
        ...undecoded(provider),
      ]
    : [];
  const assumed =
    signs && provider.scheme.basis !== 'documented'
      ? [
          `the signing scheme of ${provider.title} is ${provider.scheme.basis}; the receiver may check another one`,
        ]
      : [];
  const other = [`it does not want ${event}: name another event with --event`];
  if (status === 404 || status === 405) return ['the path is another: name it in --to', ...other];
  if (status >= 300 && status < 400)
    return [
      `the address redirects${to(answer)}: name the final one in --to`,
      'a login stands before it; webhooks cannot log in',
    ];
  if (status === 413) return ['its limit of the body is too small for an ordinary delivery'];
  if (status === 415) return [`it does not take the content type ${provider.contentType.value}`];
  if (status === 422) return [...other, parsedFirst];
  if (status >= 500) return ['it throws: its log says where', parsedFirst, ...other];
  if (status === 401) {
    const wanted = credentials(answer);
    if (wanted) return [wanted, ...signature, ...assumed];
  }
  const unsigned = signs || (status !== 401 && status !== 403) ? [] : [unsignedWords(provider)];
  return [...unsigned, ...signature, ...assumed, 'the path is another: name it in --to', ...other];
}

const unsignedWords = ({ title }: Provider): string =>
  `deliveries of ${title} carry no signature, so it wants something else: a token or a login, which --to or -H can send along`;

/** A key that is not decoded fits nothing. */
function undecoded({ scheme: { record } }: Provider): string[] {
  if (record === undefined || record.key === 'utf8') return [];
  const prefix = record.keyPrefix ? ` behind ${record.keyPrefix}` : '';
  return [`it takes the text of the secret as the key: what stands${prefix} is ${record.key}, to be decoded`];
}

/** What a receiver asks for that names a way to log in. */
function credentials({ headers }: { readonly headers: Parameters<typeof header>[0] }): string | undefined {
  const scheme = /^\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)/.exec(header(headers, 'www-authenticate') ?? '')?.[1];
  if (scheme === undefined) return undefined;
  const how = /^basic$/i.test(scheme) ? '--to http://user:password@…' : `-H 'Authorization: ${scheme} …'`;
  return `it wants credentials (WWW-Authenticate: ${scheme}), or others than it was given: ${how}`;
}

const to = (answer: { readonly headers: Parameters<typeof header>[0] }): string => {
  const location = header(answer.headers, 'location');
  return location === undefined ? '' : ` to ${maskUrl(location)}`;
};

const failureCauses: Readonly<Record<string, string[]>> = {
  refused: ['the receiver is not up yet, or listens elsewhere: --wait 30s waits for it'],
  timeout: ['it never answers: does the handler end the response? --timeout allows more'],
  dns: ['the name is unknown; check its spelling'],
  tls: ['is it https at all? --insecure accepts a certificate that nobody vouches for'],
  reset: ['it drops the connection: its log may say why; does it speak HTTP?'],
};
