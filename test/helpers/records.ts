import fc from 'fast-check';
import type { HmacRecord } from '../../src/core/hmac-record.ts';

const values = [
  { value: '{signature}' },
  { value: 'sha256={signature}' },
  { value: '<{signature}>' },
  { value: 'v1,{signature}', separator: ' ' },
  { value: 't={timestamp},v1={signature}', separator: ',' },
  { value: 'v1={signature};ts={timestamp}', separator: ';' },
  { value: '{signature}|at={timestamp}', separator: '|' },
  { value: 'v1={signature} t={timestamp} id={id}', separator: ' ' },
] as const;

const parts = [
  '{id}',
  '{timestamp}',
  '{method}',
  '{host}',
  '{url}',
  '{path}',
  '{query}',
  '{bodyhash}',
] as const;

/** Any record: all its dimensions crossed, and nothing in it without effect. */
export const records: fc.Arbitrary<HmacRecord> = fc
  .record({
    place: fc.constantFrom('header', 'query', 'body'),
    id: fc.boolean(),
    timestamp: fc.boolean(),
    form: fc.constantFrom(...values),
    parts: fc.uniqueArray(fc.constantFrom(...parts), { maxLength: 3 }),
    joint: fc.constantFrom('', '.', ':', '\n', '|', 'v0:'),
    body: fc.constantFrom('first', 'last', 'hashed'),
    url: fc.constantFrom(undefined, 'https://shop.example/hooks?a=b', 'http://10.0.0.1:8080/'),
    digest: fc.constantFrom('md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'),
    encoding: fc.constantFrom('hex', 'HEX', 'base64', 'base64url'),
    hash: fc.record({
      digest: fc.constantFrom('md5', 'sha256', 'sha512'),
      encoding: fc.constantFrom('hex', 'HEX', 'base64', 'base64url'),
    }),
    key: fc.constantFrom('utf8', 'base64', 'base64url', 'hex'),
    keyPrefix: fc.constantFrom('', 'whsec_'),
    time: fc.constantFrom('seconds', 'milliseconds', 'iso', 'http-date'),
  })
  .map(({ place, id, timestamp, form, parts, joint, body, url, hash, time, ...making }): HmacRecord => {
    const inValue = form.value.includes('{timestamp}');
    const idInValue = form.value.includes('{id}');
    const timed = timestamp || inValue;
    // A date of HTTP has a comma and spaces, and cannot stand between others.
    const isParted = inValue && 'separator' in form && ' ,'.includes(form.separator);
    const written = isParted && time === 'http-date' ? 'iso' : time;
    const wanted = body === 'hashed' ? [...new Set([...parts, '{bodyhash}' as const])] : parts;
    const left = wanted.filter(
      (part) => (part !== '{id}' || id || idInValue) && (part !== '{timestamp}' || timed),
    );
    const content = { first: ['{body}', ...left], last: [...left, '{body}'], hashed: left }[body];
    const over = content.join(joint);
    const signsAddress = /\{(?:url|host|path|query)\}/.test(over);
    return {
      label: 'any',
      basis: 'assumed',
      source: 'made up',
      names: {
        signature: 'x_sig',
        ...(id && !idInValue ? { id: 'x-id' } : {}),
        ...(timestamp && !inValue ? { timestamp: 'x-time' } : {}),
      },
      ...(place === 'header' ? {} : { in: place }),
      over,
      ...(over.includes('{bodyhash}') ? { bodyHash: hash } : {}),
      ...(url !== undefined && signsAddress ? { url } : {}),
      ...(timed ? { time: written, tolerance: { seconds: 300, future: true } } : {}),
      ...form,
      ...making,
    };
  });

/** A key, and its text as the record's secret has it. */
export const keys = fc.uint8Array({ minLength: 8, maxLength: 64 }).map((bytes) => Buffer.from(bytes));

/** The secret and the key that a record makes of some bytes. */
export function secretOf(
  { key, keyPrefix = '' }: HmacRecord,
  bytes: Buffer,
): { secret: string; key: Buffer } {
  if (key !== 'utf8') return { secret: keyPrefix + bytes.toString(key), key: bytes };
  const text = bytes.toString('hex');
  return { secret: keyPrefix + text, key: Buffer.from(text) };
}
