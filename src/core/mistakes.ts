import type { MistakeCode } from './codes.ts';
import { type Digest, type HmacRecord, keyOf, type Parts } from './hmac-record.ts';
import { variants } from './reserialise.ts';
import type { Likely } from './types.ts';

/** What a signature is made over, and with. */
export interface Inputs extends Parts {
  readonly key: Uint8Array;
  readonly over: string;
  readonly digest: Digest;
}

/** One mistake: what it changes of the inputs, and its words. */
export interface Mistake extends Likely {
  readonly change: Partial<Inputs>;
}

/** The body was rewritten on its way. */
export function* bodyMistakes(body: Uint8Array, thorough: boolean): Generator<Mistake> {
  for (const { code, words, body: signed } of variants(body, thorough))
    yield {
      code,
      message: `the signature fits the body ${words}: it was rewritten after it was signed`,
      remedy: 'sign and verify the raw bytes; never parse and write the JSON again in between',
      change: { body: signed },
    };
}

const keyed = (code: MistakeCode, message: string, remedy: string, key: Uint8Array): Mistake => ({
  code,
  message: `it was signed with ${message}`,
  remedy,
  change: { key },
});

/** The right secret was turned into a key in the wrong way. */
export function secretMistakes(record: HmacRecord, secret: string): Mistake[] {
  const mistakes = record.key === 'utf8' ? decodedMistakes(secret) : undecodedMistakes(record, secret);
  const used = keyOf(record, secret);
  return [...mistakes, ...whitespaceMistakes(record, secret)].filter(
    ({ change: { key } }) => key !== undefined && key.length > 0 && !used.equals(key),
  );
}

function undecodedMistakes({ key, keyPrefix = '' }: HmacRecord, secret: string): Mistake[] {
  const bare = secret.startsWith(keyPrefix) ? secret.slice(keyPrefix.length) : secret;
  const remedy = `strip "${keyPrefix}" and ${key}-decode the rest before it is used as the key`;
  return [
    keyed(
      'SECRET_NOT_DECODED',
      `the text of the secret, not what its ${key} decodes to`,
      remedy,
      Buffer.from(bare),
    ),
    keyed('SECRET_PREFIX', `the text of the secret, "${keyPrefix}" included`, remedy, Buffer.from(secret)),
    keyed(
      'SECRET_PREFIX',
      `the secret decoded, "${keyPrefix}" included`,
      remedy,
      Buffer.from(secret, key as 'base64'),
    ),
  ];
}

function decodedMistakes(secret: string): Mistake[] {
  const bare = secret.replace(/^[a-z]+_/, '');
  const remedy = 'use the text of the secret as the key, as it is';
  return [
    keyed('SECRET_DECODED', 'the secret base64-decoded', remedy, Buffer.from(secret, 'base64')),
    keyed('SECRET_DECODED', 'the secret hex-decoded', remedy, Buffer.from(secret, 'hex')),
    ...(bare === secret
      ? []
      : [
          keyed(
            'SECRET_DECODED',
            'the secret without its prefix, base64-decoded',
            remedy,
            Buffer.from(bare, 'base64'),
          ),
          keyed(
            'SECRET_PREFIX',
            'the secret without its prefix',
            'use the whole secret, prefix included',
            Buffer.from(bare),
          ),
        ]),
  ];
}

function whitespaceMistakes(record: HmacRecord, secret: string): Mistake[] {
  const remedy = 'trim the secret where it is read';
  const trimmed = secret.trim();
  const spaced = ['\n', '\r\n', ' '].map((space) =>
    keyed(
      'SECRET_WHITESPACE',
      'the secret and white space at its end (the newline of a file?)',
      remedy,
      Buffer.from(trimmed + space),
    ),
  );
  return [
    keyed(
      'SECRET_WHITESPACE',
      'the secret without the white space around it',
      remedy,
      keyOf(record, trimmed),
    ),
    ...spaced,
  ];
}

/** A secret of somebody else. */
export function foreignMistakes(
  record: HmacRecord,
  foreign: readonly { readonly secret: string; readonly provider: string }[],
): Mistake[] {
  const remedy = 'give each provider its own secret, and check which endpoint it came from';
  return foreign.flatMap(({ secret, provider }) =>
    [keyOf(record, secret), Buffer.from(secret)]
      .filter((key) => key.length > 0)
      .map((key) => keyed('SECRET_OF_OTHER_PROVIDER', `the secret known for ${provider}`, remedy, key)),
  );
}

/** The time is in milliseconds, in the header or in what was signed, where it is due in seconds. */
export function timestampMistakes({ time = 'seconds' }: HmacRecord, { timestamp }: Inputs): Mistake[] {
  if (time !== 'seconds' || timestamp === undefined || !/^\d{9,14}$/.test(timestamp)) return [];
  const inHeader = timestamp.length > 11;
  const make = (timestamp: string): Mistake => ({
    code: 'TIMESTAMP_MILLISECONDS',
    message: inHeader
      ? 'the time in the header is in milliseconds'
      : 'it was signed over a time in milliseconds',
    remedy: 'use unix seconds, the same text in the header and in what is signed',
    change: { timestamp },
  });
  // In milliseconds in both places the signature fits as it is, and the delivery only seems far ahead.
  return inHeader ? [make(timestamp), make(timestamp.slice(0, -3))] : [make(`${timestamp}000`)];
}

const oneAttempt = 'send id, time and signature of one and the same attempt';

/** The signature is that of another delivery. */
export const otherId = (id: string, change: Partial<Inputs> = {}): Mistake => ({
  code: 'SIGNATURE_OF_OTHER_ID',
  message: `the signature belongs to another delivery, ${id}`,
  remedy: oneAttempt,
  change,
});

/** The signature is that of another attempt at the same delivery. */
export const otherAttempt = (timestamp: string): Mistake => ({
  code: 'SIGNATURE_OF_OTHER_ATTEMPT',
  message: `the signature belongs to another attempt, made at ${timestamp}`,
  remedy: oneAttempt,
  change: { timestamp },
});

/** Less was signed than the scheme signs. */
export function contentMistakes(record: HmacRecord): Mistake[] {
  const placeholders = (template: string) => [...(template.match(/\{[a-z]+\}/g) ?? [])].map(String);
  const known = placeholders(record.over);
  return ['{body}', '{timestamp}.{body}', '{id}.{body}']
    .filter((over) => over !== record.over && placeholders(over).every((name) => known.includes(name)))
    .map((over) => ({
      code: 'CONTENT_INCOMPLETE',
      message: `it was signed over "${over}" alone`,
      remedy: `sign over "${record.over}"`,
      change: { over },
    }));
}

const digests: readonly Digest[] = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];

/** Another hash was used. */
export function digestMistakes(record: HmacRecord): Mistake[] {
  return digests
    .filter((digest) => digest !== record.digest)
    .map((digest) => ({
      code: 'DIGEST_ALGORITHM',
      message: `the digest is an HMAC-${digest.toUpperCase()}`,
      remedy: `use HMAC-${record.digest.toUpperCase()}`,
      change: { digest },
    }));
}
