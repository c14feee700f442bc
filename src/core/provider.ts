import type { Faker } from '@faker-js/faker';
import type { Carrier } from './carrier.ts';
import type { HmacRecord, SignatureForm } from './hmac-record.ts';
import type { Basis, Headers, JsonObject, JsonSchema, Problem, Received, Sourced } from './types.ts';

/** All that a payload may be made of: one seeded faker and one clock, so that a run can be repeated to the byte. */
export interface Fake {
  readonly faker: Faker;
  readonly now: Date;
}

/** One documented event of a provider. */
export interface EventType {
  /** The provider's printed name: `Order POD Uploaded`. */
  readonly title: string;
  /** What fires it, in a sentence. */
  readonly summary: string;
  /** What the event's machine name rests on; what the body rests on stands in the schema's `x-basis`. */
  readonly basis: Basis;
  readonly source: string;
  readonly schema: JsonSchema;
  /** Seconds from the birth of the event's subject (order, leg, …) until it fires, in a story. */
  readonly age: number;
  /**
   * Makes the payload. The same seed gives the same subject (ids, names, amounts) for every event of a provider. One that
   * is made of a sample may hold exact numbers (`core/json.ts`).
   */
  readonly payload: (fake: Fake) => JsonObject;
}

/** When a provider gives up on an answer and when it tries again. */
export interface Policy {
  /** How long the provider waits for an answer, ms. */
  readonly timeoutMs: Sourced<number>;
  /** Which answers count as success: a list such as `2xx` or `200,204`. */
  readonly accepts: Sourced<string>;
  /** The pause after each failed attempt, ms; empty: the provider never tries again. */
  readonly delaysMs: Sourced<readonly number[]>;
  /** By how much a pause varies, as a part of it: 0.2 is ± 20 %. */
  readonly jitter?: Sourced<number>;
  /** The least pause after a 429 or a time-out, ms. */
  readonly throttledMs?: Sourced<number>;
  /** `Retry-After` is honoured within the pause and so many times the pause. */
  readonly retryAfterTimes?: Sourced<number>;
  /** The answer's header, and its values, by which a receiver ends the retries. */
  readonly stops?: Sourced<{ readonly header: string; readonly values: readonly string[] }>;
}

/** What a scheme signs: one attempt of a delivery. `at` is the time of the attempt, ms since the epoch. */
export interface Signable {
  readonly id?: string | undefined;
  readonly at: number;
  readonly body: Uint8Array;
  /** The target as the provider knows it; a few schemes sign it. */
  readonly url?: string | undefined;
  /** As the header says it; a few schemes sign forms in another way. */
  readonly contentType?: string | undefined;
}

/** What signing adds to a message. What is not named stays as it was. */
export interface Signed {
  readonly headers: Headers;
  /** The address, where the signature or a hash of the body stands in it. */
  readonly url?: string;
  /** The body, where the signature stands in it. */
  readonly body?: Uint8Array;
}

/** How messages are signed and verified. Synchronous and offline. */
export interface Scheme {
  /** In words: `HMAC-SHA256 (hex) of the raw body in X-Rose-Rocket-Signature`. */
  readonly label: string;
  readonly basis: Basis;
  readonly source: string;
  /** Lower-case names of the headers by which a delivery of this scheme is recognised; some schemes have none. */
  readonly headers: readonly string[];
  /** Where the signature or the secret stands; a scheme that is code need not say it. */
  readonly carrier?: Carrier;
  /** How the signature is written and what it covers, as data; not for a secret that is sent as it is. */
  readonly form?: SignatureForm;
  /** The same and how it is made, where it is an HMAC. */
  readonly record?: HmacRecord;
  /** Says what is wrong with a secret, or nothing. */
  readonly secretFault: (secret: string) => string | undefined;
  /** Another well-formed secret, in the manner of an example, made of 32 bytes. */
  readonly secretLike?: (example: string, bytes: Uint8Array) => string;
  /** What to add: signatures of all the secrets where the scheme can carry several, else of the first. */
  readonly sign: (draft: Signable, secrets: readonly string[]) => Signed;
  /** What is wrong with the signature; empty when one of the secrets fits. `now` is ms since the epoch. */
  readonly verify: (received: Received, secrets: readonly string[], now: number) => Problem[];
}

/** A delivery that somebody else signed, and what its headers must be. */
export interface KnownAnswer {
  /** Where it is from. */
  readonly source?: string;
  readonly secret: string;
  readonly id?: string;
  /** Unix seconds. */
  readonly timestamp?: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A sender of webhooks, as data. */
export interface Provider {
  readonly name: string;
  readonly title: string;
  /** The page of the provider that documents its webhooks. */
  readonly docs: string;
  readonly scheme: Scheme;
  /** Public, so that `send` and `listen` agree with no set-up; never used towards a remote host. */
  readonly exampleSecret: string;
  readonly policy: Policy;
  readonly contentType: Sourced<string>;
  /** How a body is written: a form of texts; else JSON. */
  readonly format?: 'form';
  readonly userAgent?: Sourced<string>;
  /** Further headers, the same in every delivery. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The body path, or `header:<name>`, that holds the event's name, and what it rests on that it is always there. */
  readonly eventAt: { readonly path: string; readonly basis: Basis; readonly source: string };
  /**
   * What makes a delivery the same one again: parts, all of which must be there; each a body path or
   * `header:<name>`, alternatives parted by `|`. None: no delivery is known again.
   */
  readonly identity: readonly string[];
  /** Machine name → event, in lifecycle order. */
  readonly events: Readonly<Record<string, EventType>>;
  readonly knownAnswers?: readonly KnownAnswer[];
}

/** One message on its way, before it is signed for an attempt. `headers` are all but the signature's. */
export interface Draft {
  readonly provider: Provider;
  readonly event?: string | undefined;
  /** The provider's id of this delivery: sent in a header, or read from the body by the identity rule. */
  readonly id?: string | undefined;
  readonly seed?: number | undefined;
  readonly headers: Headers;
  readonly body: Uint8Array;
}
