import { createHash, createHmac, createSecretKey, type Hash } from 'node:crypto';
import type { Digest } from '../hmac-record.ts';
import { type Content, contentsOf, type Stage, type Turn, textsOf } from './contents.ts';
import type { Key } from './keys.ts';
import type { Parts } from './parts.ts';
import type { Token } from './tokens.ts';

/** A content and a key whose digest stands in the delivery. */
export interface Hit {
  readonly content: Content;
  readonly digest: Digest;
  readonly key: Key;
  readonly tokens: readonly Token[];
}

/** How far a search has come: contents hashed since the last time. The answer: to stop here. */
export type Steps<T> = Generator<number, T, boolean | undefined>;

/** Bytes that are hashed between two steps. */
const stepBytes = 500_000;
/** What a digest takes beside its bytes, as so many bytes. */
const fixedBytes = 1500;

/**
 * Hashes the contents of a stage, each once for each key, and gives the first that stands in the delivery, as a whole
 * digest. Nothing where none does, or where it was stopped.
 */
export function* search(
  stage: Stage,
  {
    parts,
    body,
    wanted,
    keys,
    turn,
  }: {
    parts: Parts;
    body: Uint8Array;
    wanted: Map<Digest, Token[]>;
    keys: readonly Key[];
    turn?: Turn | undefined;
  },
): Steps<Hit | undefined> {
  let bytes = 0;
  let hashed = 0;
  for (const [digest, tokens] of wanted) {
    const heads = new Set(tokens.map(({ written }) => written.bytes.readInt32LE(0)));
    const macs = keys.map((key) => ({ key, mac: macOf(digest, key.bytes, body) }));
    for (const content of contentsOf(parts, stage, turn)) {
      const texts = textsOf(content);
      for (const { key, mac } of macs) {
        const found = mac(texts);
        hashed += 1;
        bytes += fixedBytes + (texts.body && texts.before !== '' ? body.length : 0);
        if (!heads.has(found.readInt32LE(0))) continue;
        const same = tokens.filter(({ written }) => written.bytes.equals(found));
        if (same.length === 0) continue;
        yield hashed;
        return { content, digest, key, tokens: same };
      }
      if (bytes < stepBytes) continue;
      if (yield hashed) return undefined;
      bytes = 0;
      hashed = 0;
    }
  }
  yield hashed;
  return undefined;
}

type Texts = ReturnType<typeof textsOf>;

/** The HMAC over what stands before the body, the body, and what stands behind it. */
function macOf(digest: Digest, key: Buffer, body: Uint8Array): (texts: Texts) => Buffer {
  const ready = createSecretKey(key);
  const begun = bodyFirst(digest, key, body);
  return (texts) => {
    if (texts.body && texts.before === '' && texts.after !== '') return begun(texts.after);
    const hmac = createHmac(digest, ready).update(texts.before);
    return (texts.body ? hmac.update(body).update(texts.after) : hmac).digest();
  };
}

/** The same where the body comes first: it is hashed once (RFC 2104, by hand, for node:crypto cannot go on from a state). */
function bodyFirst(digest: Digest, key: Buffer, body: Uint8Array): (after: string) => Buffer {
  const block = digest === 'sha384' || digest === 'sha512' ? 128 : 64;
  const short = key.length > block ? createHash(digest).update(key).digest() : key;
  const padded = Buffer.concat([short, Buffer.alloc(block - short.length)]);
  const pad = (byte: number) => createHash(digest).update(padded.map((each) => each ^ byte));
  let inner: Hash | undefined;
  let outer: Hash | undefined;
  return (after) => {
    inner ??= pad(0x36).update(body);
    outer ??= pad(0x5c);
    return outer.copy().update(inner.copy().update(after).digest()).digest();
  };
}
