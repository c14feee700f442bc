import type { HmacRecord, SignatureForm } from './hmac-record.ts';
import type { Basis } from './types.ts';

/** Ready-made schemes, by name. */
export const schemeNames = [
  'svix',
  'standard-webhooks',
  'stripe',
  'github',
  'shopify',
  'slack',
  'square',
  'paddle',
  'twilio',
  'laravel',
  'token',
  'basic',
  'none',
] as const;
export type SchemeName = (typeof schemeNames)[number];

/** What every scheme that is written down says of itself. */
interface Told {
  readonly basis: Basis;
  /** A link, or the reason for an assumption. */
  readonly source: string;
}

/** A ready-made scheme, with what differs from it. */
export interface NamedScheme extends Partial<Told> {
  readonly use: SchemeName;
  /** Replaces parts of the ready-made record, where it is one. */
  readonly with?: Partial<HmacRecord>;
}

/** An HMAC over parts of the message. */
export type HmacScheme = { readonly kind: 'hmac' } & HmacRecord;

/** A secret that is sent as it is. */
export interface TokenScheme extends Told {
  readonly kind: 'token';
  readonly in: 'header' | 'query';
  readonly name: string;
  /** `Bearer {secret}`. @default '{secret}' */
  readonly value?: string;
}

/** User and password, `user:password` being the secret. */
export interface BasicScheme extends Told {
  readonly kind: 'basic';
}

/** An Ed25519 signature; the secret is the private key, `whsk_…`, and the public one, `whpk_…`, verifies. */
export interface Ed25519Scheme extends Told, SignatureForm {
  readonly kind: 'ed25519';
}

/** No signature at all. */
export interface NoScheme extends Told {
  readonly kind: 'none';
}

/** A signing scheme as JSON: what a configuration, a provider's file and `hooks infer --write` hold. */
export type SchemeData = NamedScheme | HmacScheme | TokenScheme | BasicScheme | Ed25519Scheme | NoScheme;
