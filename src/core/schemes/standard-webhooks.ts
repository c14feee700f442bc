import { headerValues } from '../headers.ts';
import { hmac } from '../hmac.ts';
import type { HmacRecord } from '../hmac-record.ts';
import type { Scheme, Signed } from '../provider.ts';
import { ed25519, isEd25519Key } from './ed25519.ts';

/**
 * Standard Webhooks, whose secrets say how they sign: `whsec_…` by HMAC as `v1`, `whsk_…` (and `whpk_…`, which verifies)
 * by Ed25519 as `v1a`.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function standardWebhooks(record: HmacRecord): Scheme {
  const symmetric = hmac(record);
  const {
    label: _,
    digest: __,
    key: ___,
    keyPrefix: ____,
    keySuffix: _____,
    keyBytes: ______,
    ...form
  } = record;
  const asymmetric = ed25519({ ...form, kind: 'ed25519', value: 'v1a,{signature}' });
  const schemeFor = (secret: string) => (isEd25519Key(secret) ? asymmetric : symmetric);
  return {
    ...symmetric,
    secretFault: (secret) => schemeFor(secret).secretFault(secret),
    secretLike: (example, bytes) => schemeFor(example).secretLike?.(example, bytes) ?? '',
    sign(draft, secrets) {
      const keys = secrets.filter(isEd25519Key);
      if (keys.length === 0) return symmetric.sign(draft, secrets);
      const others = secrets.filter((secret) => !isEd25519Key(secret));
      return joined(record, symmetric.sign(draft, others), asymmetric.sign(draft, keys));
    },
    verify(received, secrets, now) {
      const keys = secrets.filter(isEd25519Key);
      if (keys.length === 0) return symmetric.verify(received, secrets, now);
      const others = secrets.filter((secret) => !isEd25519Key(secret));
      const problems = asymmetric.verify(received, keys, now);
      if (others.length === 0 || problems.length === 0) return problems;
      return symmetric.verify(received, others, now);
    },
  };
}

/** Both kinds of signatures in one header. */
function joined({ names, separator = ' ' }: HmacRecord, one: Signed, other: Signed): Signed {
  const values = [one, other].flatMap(({ headers }) => headerValues(headers, names.signature));
  const headers = other.headers.map(
    ([name, value]) => [name, name === names.signature ? values.join(separator) : value] as const,
  );
  return { ...other, headers };
}
