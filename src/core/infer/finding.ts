import type { KeyObject } from 'node:crypto';
import { rewritableBytes, variants } from '../reserialise.ts';
import type { Ed25519Scheme, HmacScheme, SchemeData } from '../scheme-data.ts';
import { type AsymmetricHit, layoutsOf, verifiesBy } from './asymmetric.ts';
import { fits } from './fits.ts';
import { recordsOf } from './hmac.ts';
import type { Key } from './keys.ts';
import { type Other, othersIn, placeWords } from './others.ts';
import { type GivenSecret, type Sample, valuesAt } from './sample.ts';
import type { Hit } from './search.ts';
import { inCode, recordWords, type Space } from './words.ts';

export type Kind = 'hmac' | 'token' | 'basic' | 'jwt' | 'asymmetric' | 'reserialised' | 'none';

/** A scheme that was found, and how to tell whether another delivery has it too. */
export interface Finding {
  readonly kind: Kind;
  /** Two of one identity are the same scheme, and the same secret. */
  readonly identity: string;
  readonly scheme?: SchemeData;
  /** Which of the secrets, from 0. */
  readonly secret?: number | undefined;
  readonly title: string;
  readonly words: readonly string[];
  /** The white space around the secret that is a part of the key. */
  readonly space?: Space;
  /** How it fits: as it came, or with a body that was rewritten (and how); nothing where it does not. */
  readonly takes: (sample: Sample) => 'as it came' | string | undefined;
  /** What two deliveries that prove something must not have in common. */
  readonly proof: (sample: Sample) => string;
}

const identityOf = (scheme: unknown, secret: number | undefined): string =>
  `${JSON.stringify(scheme).toLowerCase()} ${secret}`;

const whole = ({ received }: Sample): string =>
  JSON.stringify([received.path, received.headers, Buffer.from(received.body).toString('base64')]);

/** The record of a hit that fits the most deliveries. */
export function hmacFinding(
  hit: Hit,
  sample: Sample,
  samples: readonly Sample[],
  body?: Uint8Array,
): Finding | undefined {
  const records = recordsOf(hit, sample, body);
  const count = (record: HmacScheme) =>
    samples.filter((each) => howFits(record, each, hit.key) !== undefined).length;
  const best = records
    .map((record) => ({ record, count: count(record) }))
    .sort((one, other) => other.count - one.count)[0];
  return best && findingOf(best.record, hit.key, body === undefined ? 'hmac' : 'reserialised');
}

function findingOf(record: HmacScheme, key: Key, kind: 'hmac' | 'reserialised'): Finding {
  const isWritable = key.spaceBefore === undefined;
  return {
    kind,
    identity: identityOf([record, key.spaceBefore], key.secret),
    ...(isWritable ? { scheme: record } : {}),
    secret: key.secret,
    title: record.label,
    words: [
      ...recordWords(record, key),
      ...(isWritable
        ? []
        : ['no record can say white space before a secret, so it cannot be written down', inCode]),
    ],
    space: key,
    takes: (sample) => howFits(record, sample, key),
    proof: (sample) =>
      valuesAt(sample, { in: record.in ?? 'header', name: record.names.signature }).join('\n'),
  };
}

function howFits(record: HmacScheme, sample: Sample, key: Key): string | undefined {
  if (fits(record, sample, key.bytes)) return 'as it came';
  const { body } = sample.received;
  if (!/\{body(?:hash)?\}/.test(record.over) || body.length > rewritableBytes) return undefined;
  for (const each of variants(body, false)) if (fits(record, sample, key.bytes, each.body)) return each.words;
  return undefined;
}

/** The same scheme with another of the secrets. */
export function otherSecret(
  { scheme, kind }: Finding,
  keys: readonly Key[],
  sample: Sample,
): Finding | undefined {
  if (scheme === undefined || !('kind' in scheme) || scheme.kind !== 'hmac') return undefined;
  const key = keys.find(
    (each) =>
      each.key === scheme.key &&
      each.keyPrefix === scheme.keyPrefix &&
      each.keySuffix === scheme.keySuffix &&
      fits(scheme, sample, each.bytes),
  );
  return key && findingOf(scheme, key, kind === 'reserialised' ? kind : 'hmac');
}

/** A token, basic auth or a JWT that fits a secret. */
export function otherFinding(
  other: Other,
  secrets: readonly GivenSecret[],
  keys: readonly Key[],
  publicKey?: KeyObject,
): Finding {
  const { kind, scheme, secret, place, words } = other;
  const same = (each: Other) =>
    each.fits &&
    each.kind === kind &&
    each.secret === secret &&
    placeWords(each.place).toLowerCase() === placeWords(place).toLowerCase();
  return {
    kind,
    identity: identityOf([kind, scheme, placeWords(place)], secret),
    ...(scheme ? { scheme } : {}),
    secret,
    title: words,
    words: [
      ...(kind === 'jwt' ? ['a JWT is no scheme that can be written down here'] : []),
      ...(scheme ? [] : [inCode]),
    ],
    takes: (sample) => (othersIn(sample, secrets, keys, publicKey).some(same) ? 'as it came' : undefined),
    proof: whole,
  };
}

/** An Ed25519 key as Standard Webhooks writes it. */
const publicSecret = (key: KeyObject): string =>
  `whpk_${Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64')}`;

/** A signature that the public key verifies. */
export function asymmetricFinding(
  hit: AsymmetricHit,
  samples: readonly Sample[],
  key: KeyObject,
): Finding | undefined {
  const { algorithm, token } = hit;
  const layouts = layoutsOf(hit) as (ReturnType<typeof layoutsOf>[number] &
    Pick<Ed25519Scheme, 'encoding'>)[];
  const takes = (layout: (typeof layouts)[number]) =>
    samples.filter((each) => verifiesBy(layout, algorithm, key, each)).length;
  const best = layouts
    .map((layout) => ({ layout, count: takes(layout) }))
    .sort((one, other) => other.count - one.count)[0];
  if (!best || best.count === 0) return undefined;
  const { layout } = best;
  const title = `${algorithm} (${layout.encoding}) over "${layout.over.replaceAll('\n', '\\n')}" in ${placeWords(token.carrier)}`;
  const isWritable =
    algorithm === 'Ed25519' &&
    token.carrier.in === 'header' &&
    layout.url === undefined &&
    layout.bodyHash === undefined;
  const { names, over, encoding, value, separator } = layout;
  const scheme: Ed25519Scheme = {
    kind: 'ed25519',
    basis: 'observed',
    source: '',
    names,
    over,
    encoding,
    value,
    ...(separator === undefined ? {} : { separator }),
  };
  return {
    kind: 'asymmetric',
    identity: identityOf([algorithm, layout], undefined),
    ...(isWritable ? { scheme } : {}),
    title,
    words: [
      'it was verified with the public key; who signs has the private one',
      ...(isWritable
        ? [`with the public key as its secret, ${publicSecret(key)}, a listener verifies it`]
        : ['no record can say this, so it cannot be written down', inCode]),
    ],
    takes: (sample) => (verifiesBy(layout, algorithm, key, sample) ? 'as it came' : undefined),
    proof: (sample) => valuesAt(sample, token.carrier).join('\n'),
  };
}
