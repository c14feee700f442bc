import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares two texts whose length is no secret, in constant time. */
export function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares two secrets as a whole, in a time that tells nothing of them, not even their length. */
export const sameSecret = (one: string, other: string): boolean => timingSafeEqual(hash(one), hash(other));
