import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { UsageError } from '../../errors.ts';
import { formParts, formProblems } from '../hmac.ts';
import { checkForm, partsOf, signedBy } from '../hmac-header.ts';
import { contentOf, encoded, type Parts } from '../hmac-record.ts';
import { memo } from '../memo.ts';
import type { Scheme } from '../provider.ts';
import type { Ed25519Scheme } from '../scheme-data.ts';

/** What stands before a raw key in PKCS #8 and in SPKI (RFC 8410). */
const privateHead = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicHead = Buffer.from('302a300506032b6570032100', 'hex');

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const isPublic = (secret: string): boolean => secret.startsWith('whpk_');
const bytesOf = (secret: string): Buffer => Buffer.from(secret.slice('whsk_'.length), 'base64');

/** Whether a secret is a key of this kind, as Standard Webhooks writes it. */
export const isEd25519Key = (secret: string): boolean => /^wh[sp]k_/.test(secret);

/** The key that signs: its seed alone, or with the public half behind it. */
const privateKey = memo(
  (secret: string): KeyObject =>
    createPrivateKey({
      key: Buffer.concat([privateHead, bytesOf(secret).subarray(0, 32)]),
      format: 'der',
      type: 'pkcs8',
    }),
);

const publicKey = memo(
  (secret: string): KeyObject =>
    isPublic(secret)
      ? createPublicKey({ key: Buffer.concat([publicHead, bytesOf(secret)]), format: 'der', type: 'spki' })
      : createPublicKey(privateKey(secret)),
);

function keyFault(secret: string): string | undefined {
  if (secret === '') return 'it is empty';
  if (!isEd25519Key(secret))
    return 'it starts neither with "whsk_" (a private key) nor with "whpk_" (a public one)';
  if (!base64.test(secret.slice(5))) return `what follows "${secret.slice(0, 5)}" is not standard base64`;
  const size = bytesOf(secret).length;
  const sizes = isPublic(secret) ? [32] : [32, 64];
  return sizes.includes(size)
    ? undefined
    : `it decodes to ${size} bytes, and must have ${sizes.join(' or ')}`;
}

/**
 * An Ed25519 signature over parts of the message. The secret is the private key, `whsk_…`; the public one, `whpk_…`,
 * verifies only.
 * @throws {TypeError} when the data contradicts itself
 */
export function ed25519({ kind: _, basis, source, ...form }: Ed25519Scheme): Scheme {
  checkForm(form);
  const contentBytes = (parts: Parts) =>
    Buffer.concat(
      contentOf(form, parts).map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)),
    );
  return {
    label: `Ed25519 (${form.encoding}) of "${form.over}" in ${form.names.signature}`,
    basis,
    source,
    ...formParts(form),
    secretFault: keyFault,
    secretLike: (_example, bytes) => `whsk_${Buffer.from(bytes).subarray(0, 32).toString('base64')}`,
    sign(draft, secrets) {
      const used = form.separator === undefined ? secrets.slice(0, 1) : secrets;
      if (used.some(isPublic))
        throw new UsageError(
          'a public key, whpk_…, verifies and cannot sign',
          'give the private one, whsk_…',
        );
      const content = contentBytes(partsOf(form, draft));
      const textOf = (secret: string) => encoded(sign(null, content, privateKey(secret)), form.encoding);
      return signedBy(form, draft, used.map(textOf));
    },
    verify(received, secrets, now) {
      return formProblems(form, basis, received, now, (signature, reading) => {
        const bytes = bytesIn(signature, form.encoding);
        const content = contentBytes(reading);
        return (
          bytes?.length === 64 && secrets.some((secret) => verify(null, content, publicKey(secret), bytes))
        );
      });
    },
  };
}

/** The bytes of a text that is written just as the encoding writes them. */
function bytesIn(text: string, encoding: Ed25519Scheme['encoding']): Buffer | undefined {
  const bytes = Buffer.from(text, encoding === 'HEX' ? 'hex' : encoding);
  return encoded(bytes, encoding) === text ? bytes : undefined;
}
