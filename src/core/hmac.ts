import { placeWords } from './carrier.ts';
import { sameText } from './equal.ts';
import { carrierOf, checkForm, partsOf, type Reading, read, signedBy } from './hmac-header.ts';
import {
  covers,
  digestOf,
  encoded,
  type HmacRecord,
  hashOf,
  isTimed,
  readyKeyOf,
  type SignatureForm,
  secretFault,
} from './hmac-record.ts';
import { timeIn, timeWords } from './hmac-value.ts';
import type { Scheme } from './provider.ts';
import type { Basis, Problem, Received } from './types.ts';

/** What is wrong with a signature, but for its time; `fits` tries one of those that came. */
function signatureProblems(
  form: SignatureForm,
  basis: Basis,
  reading: Reading,
  fits: (signature: string) => boolean,
): Problem[] {
  const where = { header: reading.names.signature, ...(form.in ? { in: form.in } : {}) };
  const malformed = (fault: string): Problem[] => [{ code: 'SIGNATURE_MALFORMED', ...where, fault }];
  if (reading.raw === undefined) return [{ code: 'SIGNATURE_MISSING', basis, ...where }];
  if (reading.times > 1) return malformed(`it stands there ${reading.times} times`);
  if (reading.signatures.every((signature) => signature === ''))
    return malformed(reading.raw.trim() === '' ? 'it is empty' : `it does not have the form ${form.value}`);
  const { bodyHashParameter: parameter, bodyHash } = form;
  if (parameter !== undefined && reading.bodyHashes.length !== 1)
    return malformed(
      `it needs one ${placeWords('query', parameter)}, and ${reading.bodyHashes.length} stand there`,
    );
  const hashed =
    parameter === undefined ||
    !bodyHash ||
    sameText(reading.bodyHashes[0] ?? '', hashOf(bodyHash, reading.body));
  return hashed && reading.signatures.some(fits) ? [] : [{ code: 'SIGNATURE_MISMATCH', basis, ...where }];
}

function timestampProblems(form: SignatureForm, { names, timestamp }: Reading, now: number): Problem[] {
  const header = names.timestamp ?? names.signature;
  if (timestamp === undefined) {
    // One that is not signed is not needed.
    return names.timestamp !== undefined && !covers(form, 'timestamp')
      ? []
      : [{ code: 'TIMESTAMP_MISSING', header }];
  }
  const at = timeIn(form, timestamp);
  if (at === undefined)
    return [
      { code: 'TIMESTAMP_MALFORMED', header, value: timestamp, form: timeWords[form.time ?? 'seconds'] },
    ];
  const { seconds, future } = form.tolerance ?? { seconds: Number.POSITIVE_INFINITY, future: true };
  const age = Math.floor(now / 1000) - Math.floor(at / 1000);
  if (age > seconds) return [{ code: 'TIMESTAMP_STALE', header, age, tolerance: seconds }];
  if (-age > seconds && future) return [{ code: 'TIMESTAMP_FUTURE', header, age, tolerance: seconds }];
  return [];
}

/**
 * What is wrong with what carries a signature of a form.
 * @param fits whether a signature that came is right for what was read
 */
export function formProblems(
  form: SignatureForm,
  basis: Basis,
  received: Received,
  now: number,
  fits: (signature: string, reading: Reading) => boolean,
): Problem[] {
  const reading = read(form, received);
  const problems = signatureProblems(form, basis, reading, (signature) => fits(signature, reading));
  if (reading.raw === undefined && reading.id === undefined && reading.timestamp === undefined)
    return problems;
  if (covers(form, 'id') && !reading.id)
    problems.push({ code: 'ID_MISSING', header: reading.names.id ?? '' });
  return isTimed(form) && reading.raw !== undefined
    ? [...problems, ...timestampProblems(form, reading, now)]
    : problems;
}

/** What a scheme has of its form alone: where its signature stands, and by which headers it is recognised. */
export const formParts = (form: SignatureForm): Pick<Scheme, 'headers' | 'carrier' | 'form'> => ({
  headers:
    (form.in ?? 'header') === 'header'
      ? [form.names, ...(form.twins ?? [])].map(({ signature }) => signature.toLowerCase())
      : [],
  carrier: carrierOf(form),
  form,
});

/**
 * A scheme from a record.
 * @throws {TypeError} when the record contradicts itself
 */
export function hmac(record: HmacRecord): Scheme {
  try {
    checkForm(record);
    if (record.keyBytes && record.key === 'utf8')
      throw new TypeError('keyBytes changes nothing: the text of the secret is the key');
    if (record.keySuffix && record.key !== 'utf8')
      throw new TypeError('keySuffix goes with key "utf8": another key is decoded');
  } catch (error) {
    throw error instanceof TypeError ? new TypeError(`hmac: ${error.message}`) : error;
  }
  const textOf = (secret: string, parts: Parameters<typeof digestOf>[2]) =>
    encoded(digestOf(record, readyKeyOf(record, secret), parts), record.encoding);
  return {
    label: record.label,
    basis: record.basis,
    source: record.source,
    ...formParts(record),
    record,
    secretFault: (secret) => secretFault(record, secret),
    secretLike: (example, bytes) => secretLike(record, example, bytes),
    sign(draft, secrets) {
      const parts = partsOf(record, draft);
      const used = record.separator === undefined ? secrets.slice(0, 1) : secrets;
      return signedBy(
        record,
        draft,
        used.map((secret) => textOf(secret, parts)),
      );
    },
    verify(received, secrets, now) {
      let expected: readonly string[] | undefined;
      return formProblems(record, record.basis, received, now, (signature, reading) => {
        expected ??= secrets.map((secret) => textOf(secret, reading));
        return expected.some((text) => sameText(signature, text));
      });
    },
  };
}

/** As long as the example, where the text of the secret is the key. */
function secretLike({ key, keyPrefix = '' }: HmacRecord, example: string, bytes: Uint8Array): string {
  const random = Buffer.from(bytes);
  if (key !== 'utf8') return keyPrefix + random.toString(key);
  return `${keyPrefix}other-${random.toString('hex')}`.slice(0, Math.max(16, example.length));
}
