import { isUtf8 } from 'node:buffer';
import { Webhook } from 'svix/dist/webhook.js';
import { hmac } from './hmac.ts';
import { signedBy, timestampOf } from './hmac-header.ts';
import { digestOf, type HmacRecord, keyOf } from './hmac-record.ts';
import type { Scheme } from './provider.ts';
import { nothingSigned } from './signs.ts';
import type { Basis } from './types.ts';

export { hmac } from './hmac.ts';

const names = (prefix: string) => ({
  signature: `${prefix}-signature`,
  id: `${prefix}-id`,
  timestamp: `${prefix}-timestamp`,
});

/**
 * Svix's scheme, the one of the Standard Webhooks specification.
 * @see https://docs.svix.com/receiving/verifying-payloads/how-manual
 */
export const svixRecord: HmacRecord = {
  label: 'Svix: HMAC-SHA256 (base64) of "{id}.{timestamp}.{body}" in svix-signature',
  basis: 'documented',
  source: 'https://docs.svix.com/receiving/verifying-payloads/how-manual',
  names: names('svix'),
  twins: [names('webhook')],
  over: '{id}.{timestamp}.{body}',
  digest: 'sha256',
  encoding: 'base64',
  key: 'base64',
  keyPrefix: 'whsec_',
  keyBytes: [24, 75],
  value: 'v1,{signature}',
  separator: ' ',
  several: true,
  newId: { prefix: 'msg_', length: 27 },
  tolerance: { seconds: 300, future: true },
};

/**
 * Svix: signed by its own package, judged by our own HMAC over the raw bytes. Two independent halves: a
 * delivery that both agree on proves something.
 */
export function svix(): Scheme {
  return {
    ...hmac(svixRecord),
    sign(draft, secrets) {
      const at = new Date(draft.at);
      const parts = { ...draft, timestamp: timestampOf(svixRecord, draft) };
      // svix decodes bytes to text first, so what is not UTF-8 would be signed as something else.
      const signatures = isUtf8(draft.body)
        ? secrets.map((secret) => new Webhook(secret).sign(draft.id ?? '', at, textOf(draft.body)).slice(3))
        : secrets.map((secret) => digestOf(svixRecord, keyOf(svixRecord, secret), parts).toString('base64'));
      return signedBy(svixRecord, draft, signatures);
    },
  };
}

/** The text of bytes that are known to be UTF-8; a byte order mark stays. */
const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();

/** Deliveries that carry no signature at all. */
export function none(basis: Basis, source: string): Scheme {
  return {
    label: 'unsigned',
    basis,
    source,
    headers: [],
    secretFault: () => undefined,
    sign: () => ({ headers: [] }),
    verify: nothingSigned,
  };
}
