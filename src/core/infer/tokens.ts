import type { Digest } from '../hmac-record.ts';
import { type Carrier, carriersOf, type GivenSecret, holdsSecret, type Sample } from './sample.ts';
import { digestOfSize, readValue, type Written } from './shapes.ts';

/** Bytes that may be a signature, and where they stand. */
export interface Token {
  readonly carrier: Carrier;
  readonly written: Written;
}

/** What names of places that hold signatures have in common. */
const signatureLike = /sig|hmac|hash|digest|auth|token|hook|check|verif|proof|\bmac\b/i;

/** So many readings of values are tried; no delivery that is meant well has more. */
export const mostTokens = 500;

/** Whether a place is named as one that holds a signature. */
export const isNamed = ({ name }: Carrier): boolean => signatureLike.test(name);

/** The signatures that may stand in a delivery, those in a place with such a name first. */
export function tokensOf(sample: Sample, secrets: readonly GivenSecret[]): Token[] {
  const tokens = carriersOf(sample).flatMap((carrier) =>
    readValue(carrier.value)
      // What of a value is taken over into the record must not be a secret.
      .filter((written) => !holdsSecret(written.value, secrets))
      .map((written) => ({ carrier, written })),
  );
  const rank = ({ carrier }: Token) => Number(isNamed(carrier));
  return tokens.sort((one, other) => rank(other) - rank(one)).slice(0, mostTokens);
}

/** What of the delivery has the size of each digest. */
export function wantedOf(tokens: readonly Token[]): Map<Digest, Token[]> {
  const wanted = new Map<Digest, Token[]>();
  for (const token of tokens) {
    const digest = digestOfSize[token.written.bytes.length];
    if (digest) wanted.set(digest, [...(wanted.get(digest) ?? []), token]);
  }
  return wanted;
}
