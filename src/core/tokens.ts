import type { MistakeCode } from './codes.ts';
import type { Reading } from './hmac-header.ts';
import type { Encoding, HmacRecord } from './hmac-record.ts';
import type { Likely } from './types.ts';

/** Digest as lower-case hex → `right` as it is written, or the mistake in how it is written. */
export type Tokens = ReadonlyMap<string, 'right' | Likely>;

/** The digests that a received signature can stand for. */
export function tokensOf(record: HmacRecord, reading: Reading): Tokens {
  const tokens = new Map<string, 'right' | Likely>();
  for (const signature of reading.signatures) readToken(signature.trim(), record.encoding, tokens);
  return tokens.size > 0 ? tokens : shapelessTokens(record, reading.raw ?? '');
}

/** A header of another form than the record's: whatever in it may be a digest. */
function shapelessTokens(record: HmacRecord, raw: string): Tokens {
  const tokens = new Map<string, 'right' | Likely>();
  for (const part of raw.split(/[\s,;]+/))
    readToken(part.replace(/^[a-z0-9]+=(?=[^=])/i, ''), record.encoding, tokens);
  const shape: Likely = {
    code: 'SIGNATURE_SHAPE',
    message: 'the digest is right, but the header does not have the form of the scheme',
    remedy: `write it as ${record.value}`,
  };
  return new Map([...tokens.keys()].map((digest) => [digest, shape]));
}

function readToken(text: string, expected: Encoding, into: Map<string, 'right' | Likely>): void {
  for (const [form, hex] of formsOf(text)) {
    if (form === expected) into.set(hex, 'right');
    else if (!into.has(hex)) into.set(hex, encodingMistake(form, expected));
  }
}

type Form = Encoding | 'unpadded';

/** The ways in which a text can be read as a digest. */
function formsOf(text: string): [Form, string][] {
  const forms: [Form, string][] = [];
  if (/^(?:[0-9a-f]{2})+$/.test(text)) forms.push(['hex', text]);
  else if (/^(?:[0-9a-fA-F]{2})+$/.test(text)) forms.push(['HEX', text.toLowerCase()]);
  const hex = () => Buffer.from(text, 'base64').toString('hex');
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(text)) forms.push([text.length % 4 === 0 ? 'base64' : 'unpadded', hex()]);
  else if (/^[A-Za-z0-9_-]+={0,2}$/.test(text)) forms.push(['base64url', hex()]);
  return forms;
}

function encodingMistake(form: Form, expected: Encoding): Likely {
  const [code, words] = (
    {
      hex: ['ENCODING_HEX', 'hex'],
      HEX: ['ENCODING_UPPERCASE', 'upper-case hex'],
      base64: ['ENCODING_BASE64', 'base64'],
      base64url: ['ENCODING_BASE64URL', 'base64url'],
      unpadded: ['ENCODING_UNPADDED', 'base64 without its padding'],
    } as const satisfies Record<Form, readonly [MistakeCode, string]>
  )[form];
  const wanted = { hex: 'lower-case hex', HEX: 'upper-case hex' }[expected as string] ?? expected;
  return { code, message: `the digest is right, but written in ${words}`, remedy: `write it in ${wanted}` };
}
