import { type Carrier, queryNames } from './carrier.ts';
import type { AnswerFact, CheckFact, Fact } from './facts.ts';
import type { Provider } from './provider.ts';
import type { Delivery, Headers } from './types.ts';

/** Places that hold a secret whatever their name, beside those whose name says it. */
export type SecretPlaces = readonly Carrier[];

/** Where providers send a secret as it is: a token, basic auth. */
export const secretPlaces = (providers: readonly Pick<Provider, 'scheme'>[]): SecretPlaces =>
  providers.flatMap(({ scheme }) => (scheme.carrier && !scheme.form ? [scheme.carrier] : []));

/** Where providers send a signature, which was made of a secret and tells nothing of it, whatever the place is called. */
const signaturePlaces = (providers: readonly Pick<Provider, 'scheme'>[]): SecretPlaces =>
  providers.flatMap(({ scheme }) => (scheme.carrier && scheme.form ? [scheme.carrier] : []));

/** Stands for what is not shown of a secret. */
const dots = '••••';

/** Whether a part of a text was masked. */
export const isMasked = (text: string): boolean => text.includes(dots);

/** A secret as it may be shown: its last four characters, or none where that would be a third of it. */
export const masked = (secret: string): string => `${dots}${secret.length >= 12 ? secret.slice(-4) : ''}`;

const secretHeader = /^(?:proxy-)?authorization$|^(?:set-)?cookie$|token|secret|api-?key/i;
/** Headers whose value is an address, which may hold a token. */
const addressHeader = /^(?:content-)?location$|^referer$/i;
const secretParameter =
  /token|secret|passw|pwd|api[-_]?key|^key$|^auth|^sig(?:nature)?$|access|credential|session/i;

const headersAmong = (places: SecretPlaces): string[] =>
  places.flatMap(({ in: place, name }) => (place === 'header' ? name.toLowerCase() : []));

const parametersAmong = (places: SecretPlaces): string[] =>
  places.flatMap(({ in: place, name }) => (place === 'query' ? name : []));

/**
 * Headers with the values of those that carry secrets masked; an authorization keeps its scheme's name.
 * @param spared places that are shown whatever they are called
 */
export function maskHeaders(headers: Headers, places: SecretPlaces = [], spared: SecretPlaces = []): Headers {
  const [named, whole] = [headersAmong(places), headersAmong(spared)];
  return headers.map(([name, value]) => {
    if (whole.includes(name.toLowerCase())) return [name, value];
    if (addressHeader.test(name)) return [name, maskUrl(value, places)];
    if (!secretHeader.test(name) && !named.includes(name.toLowerCase())) return [name, value];
    const [, scheme = '', rest = value] = /^(\w+ )(.+)$/s.exec(value) ?? [];
    return [name, scheme + masked(rest)];
  });
}

/** The secrets that headers and an address hold: what is masked in them, and what credentials of HTTP decode to. */
export function secretsIn(headers: Headers, url: string): string[] {
  const values = headers
    .filter(([name]) => secretHeader.test(name))
    .flatMap(([, value]) => {
      const [, scheme = '', rest = value] = /^(\w+ )(.+)$/s.exec(value) ?? [];
      if (!/^basic $/i.test(scheme)) return [rest];
      const pair = Buffer.from(rest, 'base64').toString();
      return [rest.replace(/=+$/, ''), pair, pair.slice(pair.indexOf(':') + 1)];
    });
  const parameters = [...new URLSearchParams(url.split('?').slice(1).join('?'))];
  return [...values, ...parameters.filter(([name]) => secretParameter.test(name)).map(([, value]) => value)];
}

/**
 * A URL, or a path with its query, with its userinfo and the tokens in its query masked.
 * @param spared places that are shown whatever they are called
 */
export function maskUrl(url: string, places: SecretPlaces = [], spared: SecretPlaces = []): string {
  const [address = '', ...query] = url.split('?');
  const bare = address.replace(/^([a-z][a-z\d+.-]*:\/\/)?[^/]*@/i, '$1••••@');
  if (query.length === 0) return bare;
  const [named, whole] = [parametersAmong(places), parametersAmong(spared)];
  const parameters = query.join('?').split('&');
  return `${bare}?${parameters.map((parameter) => maskParameter(parameter, named, whole)).join('&')}`;
}

function maskParameter(parameter: string, named: readonly string[], whole: readonly string[]): string {
  const [name = '', ...value] = parameter.split('=');
  const isOf = (names: readonly string[]) => names.some((each) => queryNames(`?${name}`).includes(each));
  const isSecret = !isOf(whole) && (secretParameter.test(name) || isOf(named));
  return value.length > 0 && isSecret ? `${name}=${masked(value.join('='))}` : parameter;
}

/** A fact as it may be shown: credentials masked. A recording keeps what came. */
export function maskFact(fact: Fact, places: SecretPlaces = []): Fact {
  if (fact.kind === 'attempt') {
    const { delivery, answer } = fact;
    return {
      ...fact,
      delivery: { ...delivery, ...maskAddress(delivery, places) },
      answer: maskAnswer(answer, places),
    };
  }
  if (fact.kind === 'check') return maskCheck(fact, places);
  if (fact.kind !== 'received') return fact;
  const { received, forwarded } = fact;
  return {
    ...fact,
    received: {
      ...received,
      headers: maskHeaders(received.headers, places),
      path: maskUrl(received.path, places),
    },
    ...(forwarded
      ? {
          forwarded: { url: maskUrl(forwarded.url, places), answer: maskAnswer(forwarded.answer, places) },
        }
      : {}),
  };
}

/** What a rule found, credentials masked. */
export function maskCheck(fact: CheckFact, places: SecretPlaces = []): CheckFact {
  const { delivery, answer } = fact;
  return {
    ...fact,
    ...(delivery ? { delivery: { ...delivery, ...maskAddress(delivery, places) } } : {}),
    ...(answer ? { answer: maskAnswer(answer, places) } : {}),
  };
}

const maskAnswer = (answer: AnswerFact, places: SecretPlaces): AnswerFact =>
  'headers' in answer ? { ...answer, headers: maskHeaders(answer.headers, places) } : answer;

/** The url and headers of a delivery with its credentials masked. */
export const maskAddress = (
  { url, headers }: Pick<Delivery, 'url' | 'headers'>,
  places: SecretPlaces = [],
  spared: SecretPlaces = [],
) => ({
  url: maskUrl(url, places, spared),
  headers: maskHeaders(headers, places, spared),
});

/** The same of a request that is printed to be made: its signature is whole, a secret that is sent as it is is masked. */
export const maskRequest = (delivery: Pick<Delivery, 'url' | 'headers'>, provider: Provider) =>
  maskAddress(delivery, secretPlaces([provider]), signaturePlaces([provider]));
