import { isUtf8 } from 'node:buffer';
import type { AnswerFact } from './facts.ts';
import { type HmacRecord, keyOf } from './hmac-record.ts';
import { masked, secretsIn } from './mask.ts';
import type { Headers } from './types.ts';

/** What is shorter stands in any text. */
const shortest = 6;

/**
 * Every text in which somebody who was sent secrets, or knows them, may say them again, the longest first: a secret as it
 * is, without its prefix, what it decodes to, credentials of headers and of an address; and all of these as JSON or an
 * address escapes them.
 * @param record how a secret becomes a key, where it does
 */
export function echoesOf(
  secrets: readonly string[],
  record: HmacRecord | undefined,
  headers: Headers,
  url: string,
): string[] {
  const plain = [
    ...secrets,
    ...secrets.flatMap((secret) => keyForms(secret, record)),
    ...secretsIn(headers, url),
  ];
  const written = plain.flatMap((text) => [
    text,
    text.replaceAll('/', '\\/'),
    encodeURIComponent(text.toWellFormed()),
  ]);
  return [...new Set(written)]
    .filter((text) => text.length >= shortest)
    .sort((one, other) => other.length - one.length);
}

/** What a key may be written as: without padding, which is then no part of what is masked. */
function keyForms(secret: string, record: HmacRecord | undefined): string[] {
  if (!record) return [];
  const { keyPrefix = '' } = record;
  const key = keyOf(record, secret);
  const hex = key.toString('hex');
  const bare = (text: string) => text.replace(/=+$/, '');
  return [
    ...(keyPrefix !== '' && secret.startsWith(keyPrefix) ? [secret.slice(keyPrefix.length)] : []),
    hex,
    hex.toUpperCase(),
    bare(key.toString('base64')),
    key.toString('base64url'),
    ...(isUtf8(key) ? [key.toString()] : []),
  ];
}

/** An answer with what it says of secrets masked, in its headers and in its body. */
export function maskEchoes(answer: AnswerFact, echoes: readonly string[]): AnswerFact {
  const hide = (text: string) => echoes.reduce((left, echo) => left.replaceAll(echo, masked(echo)), text);
  if (!('status' in answer)) return { ...answer, detail: hide(answer.detail) };
  const headers = answer.headers.map(([name, value]) => [name, hide(value)] as const);
  if ('body' in answer) return { ...answer, headers, body: hide(answer.body) };
  return { ...answer, headers, body_base64: hiddenBytes(answer.body_base64, echoes) };
}

/** The same in bytes that are no text: each is a character here, those of the mask too. */
function hiddenBytes(base64: string, echoes: readonly string[]): string {
  const latin1 = (text: string) => Buffer.from(text).toString('latin1');
  const text = Buffer.from(base64, 'base64').toString('latin1');
  const hidden = echoes.reduce((left, echo) => left.replaceAll(latin1(echo), latin1(masked(echo))), text);
  return Buffer.from(hidden, 'latin1').toString('base64');
}
