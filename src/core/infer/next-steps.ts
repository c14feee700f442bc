import type { Kind } from './finding.ts';
import { inCode } from './words.ts';
import type { InferOptions } from './work.ts';

/** What was seen of deliveries that nothing fits, as far as it decides what to do. */
export interface Seen {
  /** What they carry that is no HMAC, or `none`. */
  readonly kind: Kind;
  /** An asymmetric signature, by its length: nothing but one, or perhaps an HMAC. */
  readonly asymmetric: 'sure' | 'perhaps' | undefined;
  /** Something that no record can say: a truncated digest, a signature inside of the body. */
  readonly unsaid: boolean;
  /** Something could be a signature. */
  readonly signed: boolean;
  /** The captures have no headers at all. */
  readonly headless: boolean;
}

const whole =
  'captures of the raw request with all its headers and its whole body, before a proxy or a framework changes them';

/** The advice that belongs to what was seen. */
export function nextSteps(seen: Seen, options: InferOptions): string {
  // The secret may well be right, and what is not in a capture fits no other either.
  if (seen.headless) return `next: ${whole}`;
  if (seen.unsaid) return inCode;
  const address =
    options.url === undefined
      ? [
          '--url with the address as it is registered with the provider, where that is another than what was captured',
        ]
      : [];
  const steps = [...keySteps(seen, options), ...(seen.signed ? address : []), whole];
  return `next: ${steps.join('; ')}`;
}

/** Which secret or key to give. */
function keySteps({ kind, asymmetric, signed }: Seen, { secrets, publicKey }: InferOptions): string[] {
  if (kind === 'basic') return ['user:password as the secret'];
  if (kind === 'token') return ['that token as the secret'];
  const otherSecret =
    secrets.length > 0
      ? 'another secret, if the provider shows several (one for each endpoint, or for test and live)'
      : 'the secret';
  const otherKey = publicKey
    ? 'another public key, if the provider shows several (one for test, one for live)'
    : 'the provider’s public key, with --public-key-file';
  if (asymmetric === 'sure') return [otherKey];
  if (asymmetric === 'perhaps') return [otherKey, otherSecret];
  if (kind === 'jwt') return [publicKey ? otherKey : `${otherSecret}, or ${otherKey}`];
  if (!signed) return [];
  // A public key alone verifies no HMAC.
  return publicKey && secrets.length === 0 ? ['the secret, if it is an HMAC', otherKey] : [otherSecret];
}
