import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Ed25519Scheme } from '../scheme-data.ts';
import { type Content, contentsOf, textsOf } from './contents.ts';
import { type Layout, readBy } from './fits.ts';
import { layoutOf } from './hmac.ts';
import type { Meaning, Parts } from './parts.ts';
import type { Sample } from './sample.ts';
import type { Steps } from './search.ts';
import { isHexText } from './shapes.ts';
import type { Token } from './tokens.ts';

/** A signature that a public key verifies, and how. */
export interface AsymmetricHit {
  readonly token: Token;
  readonly content: Content;
  /** `RSA-SHA256`, `Ed25519`. */
  readonly algorithm: string;
}

/**
 * A public key from a file: PEM, or base64 of its DER or of the 32 bytes of an Ed25519 key (`whpk_…` too).
 * @throws {Error} when it is none
 */
export function publicKeyOf(text: string): KeyObject {
  if (/PRIVATE KEY/.test(text)) throw new Error('it is a private key; give the public one');
  if (text.includes('-----BEGIN')) return createPublicKey(text);
  const bare = text
    .trim()
    .replace(/^whpk_/, '')
    .replace(/\s+/g, '');
  const bytes = Buffer.from(bare, /^[0-9a-f]{64}$/i.test(bare) ? 'hex' : 'base64');
  const der =
    bytes.length === 32 ? Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), bytes]) : bytes;
  return createPublicKey({ key: der, format: 'der', type: 'spki' });
}

/** What a signature may be by its bytes; nothing where it is none of these. */
export function guessOf(bytes: Buffer): string | undefined {
  const size = bytes.length;
  if (isHexText(bytes)) return undefined;
  // The half that is a number, the low byte first, is less than a bit more than 2^252 (RFC 8032, section 5.1.7).
  if (size === 64) return (bytes[63] as number) <= 0x10 ? 'Ed25519' : 'ECDSA (r and s)';
  if ([128, 256, 384, 512].includes(size)) return `RSA, ${size * 8} bits`;
  // SEQUENCE of two INTEGERs.
  const isDer = bytes[0] === 0x30 && bytes[1] === size - 2 && bytes[2] === 0x02 && size >= 68;
  return isDer ? 'ECDSA (DER)' : undefined;
}

const hashes = ['sha256', 'sha512', 'sha1', 'sha384'];

interface Check {
  readonly algorithm: string;
  readonly verify: (content: Buffer, signature: Buffer) => boolean;
}

/** The ways in which a key of this type signs. */
function checksOf(key: KeyObject): Check[] {
  const plain = (algorithm: string, hash: string | null, options: object = {}): Check => ({
    algorithm,
    verify: (content, signature) => verify(hash, content, { key, ...options }, signature),
  });
  const each = (name: string, options?: object) =>
    hashes.map((hash) => plain(`${name}-${hash.toUpperCase()}`, hash, options));
  switch (key.asymmetricKeyType) {
    case 'ed25519':
      return [plain('Ed25519', null)];
    case 'rsa':
      return [
        ...each('RSA'),
        ...each('RSA-PSS', {
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: constants.RSA_PSS_SALTLEN_AUTO,
        }),
      ];
    case 'ec':
      return [...each('ECDSA'), ...each('ECDSA (r and s)', { dsaEncoding: 'ieee-p1363' })];
    default:
      return [];
  }
}

/** Holds the likely contents against each signature with the public key. */
export function* searchAsymmetric(
  tokens: readonly Token[],
  parts: Parts,
  body: Uint8Array,
  key: KeyObject,
): Steps<AsymmetricHit | undefined> {
  const signatures = tokens.filter(({ written }) => guessOf(written.bytes) !== undefined);
  for (const content of contentsOf(parts, 'likely')) {
    const { before, body: withBody, after } = textsOf(content);
    const bytes = Buffer.concat([Buffer.from(before), withBody ? body : Buffer.alloc(0), Buffer.from(after)]);
    const hit = hitOf(signatures, content, bytes, key);
    if (hit) return hit;
    if (yield 1) return undefined;
  }
  return undefined;
}

function hitOf(
  tokens: readonly Token[],
  content: Content,
  bytes: Buffer,
  key: KeyObject,
): AsymmetricHit | undefined {
  for (const token of tokens) {
    const check = checksOf(key).find((each) => isVerified(each, bytes, token.written.bytes));
    if (check) return { token, content, algorithm: check.algorithm };
  }
  return undefined;
}

function isVerified(check: Check, content: Buffer, signature: Buffer): boolean {
  try {
    return check.verify(content, signature);
  } catch {
    return false;
  }
}

/** The layouts that a hit may mean. */
export function layoutsOf({ token, content }: AsymmetricHit): Layout[] {
  const meanings = content.parts.reduce<Meaning[][]>(
    (all, part) => all.flatMap((start) => part.meanings.map((meaning) => [...start, meaning])),
    [[]],
  );
  return meanings.flatMap((each) => layoutOf(token, content, each) ?? []);
}

/** Whether a delivery is signed in this way. */
export function verifiesBy(
  layout: Layout & Pick<Ed25519Scheme, 'encoding'>,
  algorithm: string,
  key: KeyObject,
  sample: Sample,
): boolean {
  const read = readBy(layout, sample);
  const check = checksOf(key).find((each) => each.algorithm === algorithm);
  if (!read || !check) return false;
  const encoding = layout.encoding === 'HEX' ? 'hex' : layout.encoding;
  return read.signatures.some((text) => isVerified(check, read.content, Buffer.from(text, encoding)));
}
