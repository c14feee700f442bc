import { guessOf } from './asymmetric.ts';
import type { Kind } from './finding.ts';
import { placeWords } from './others.ts';
import { type Sample, valuesAt } from './sample.ts';
import { readValue } from './shapes.ts';
import type { Token } from './tokens.ts';
import type { InferOptions } from './work.ts';

/** What may be an asymmetric signature. */
export interface AsymmetricWords {
  readonly kind: Kind;
  readonly words: string;
  /** It can hardly be anything else. */
  readonly sure: boolean;
}

const hint = /ed25519|v1a|asym|rsa|ecdsa|eddsa/i;

/** What in a delivery may be an asymmetric signature, by its length and by how it is written; a place once. */
export function asymmetricWords(
  samples: readonly Sample[],
  tokens: readonly Token[],
  options: InferOptions,
): AsymmetricWords[] {
  const places = new Map(
    tokens.flatMap((token): [string, AsymmetricWords][] => {
      const guess = guessAt(samples, token);
      return guess ? [[placeWords(token.carrier), worded(token, guess, options)]] : [];
    }),
  );
  return [...places.values()];
}

interface Guess {
  readonly algorithm: string;
  readonly sure: boolean;
}

function guessAt(samples: readonly Sample[], { carrier, written }: Token): Guess | undefined {
  const { bytes, value, encoding } = written;
  const own = guessOf(bytes);
  const named = `${carrier.name} ${value}`;
  if (own === undefined) return undefined;
  if (hint.test(named) || bytes.length !== 64)
    return { algorithm: /ed25519|eddsa|v1a/i.test(named) ? 'Ed25519' : own, sure: true };
  // An HMAC-SHA512 has as many bytes, but seldom the form of Ed25519, and more seldom in all captures.
  const others = samples.flatMap((sample) => valuesAt(sample, carrier).flatMap((each) => readValue(each)));
  const isEd25519 = others.every((each) => each.bytes.length !== 64 || guessOf(each.bytes) === 'Ed25519');
  const isSha512 = /512/.test(named) || (['hex', 'HEX'].includes(encoding) && !isEd25519);
  return isSha512 ? undefined : { algorithm: isEd25519 ? 'Ed25519' : 'ECDSA (r and s)', sure: false };
}

function worded({ carrier, written }: Token, { algorithm, sure }: Guess, { publicKey }: InferOptions) {
  const other = sure ? '' : ', or an HMAC-SHA512 of another secret or over what is not in the capture';
  const next = publicKey
    ? 'it does not fit the public key over any content that was tried'
    : 'a secret cannot verify it: give the provider’s public key with --public-key-file';
  return {
    kind: 'asymmetric' as const,
    words: `${placeWords(carrier)} holds ${written.bytes.length} bytes: by its length an asymmetric signature (${algorithm})${other}; ${next}`,
    sure,
  };
}
