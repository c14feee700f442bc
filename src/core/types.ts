/** The vocabulary: every other file speaks in these words. */

import type { Carrier } from './carrier.ts';
import type { MistakeCode, ProblemCode } from './codes.ts';

/** Any JSON value, as `JSON.parse` returns it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/**
 * What a fact about a provider rests on: `documented`, the provider's own page says so; `observed`, seen in
 * the provider's own code or in a live integration; `assumed`, our convention because nothing published says
 * otherwise.
 */
export type Basis = 'documented' | 'observed' | 'assumed';

/** A fact with what it rests on. `source` is a link, or for an assumption the reason for it. */
export interface Sourced<T> {
  readonly value: T;
  readonly basis: Basis;
  readonly source: string;
}

/** HTTP headers in the order and the letter case of the wire. */
export type Headers = ReadonlyArray<readonly [name: string, value: string]>;

/** A JSON Schema, draft 2020-12. `x-basis` on a subschema says what that part of it rests on. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** One message ready for the wire. */
export interface Delivery {
  readonly id?: string | undefined;
  readonly provider: string;
  readonly event?: string | undefined;
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** A request as it came in. `path` holds the query too. */
export interface Received {
  readonly method: string;
  readonly path: string;
  /** The whole address, where it is known: a server is told its host and path only. */
  readonly url?: string | undefined;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/**
 * Why there was no whole answer: nobody takes the connection, it took too long, the name is unknown, the certificate is not
 * accepted, the connection was lost, or we gave it up ourselves.
 */
export type Failure = 'refused' | 'timeout' | 'dns' | 'tls' | 'reset' | 'aborted';

/** What came of an attempt; a failure is a value. */
export type Outcome =
  | {
      readonly status: number;
      readonly headers: Headers;
      readonly body: Uint8Array;
      /** The body was longer than what is kept. */
      readonly truncated?: true;
    }
  | { readonly failure: Failure; readonly detail: string };

/** An outcome and the time it took, ms. */
export type Answer = Outcome & { readonly ms: number };

/** Whether we gave the attempt up ourselves: that says nothing of the receiver. */
export const isGivenUp = (answer: Answer): boolean => 'failure' in answer && answer.failure === 'aborted';

/** An error makes a delivery invalid, a warning does only where it is asked for, a note never. */
export type Severity = 'error' | 'warning' | 'note';

/** A finding as a code with arguments; its words and its severity are in problems.ts. */
export interface Problem {
  readonly code: ProblemCode;
  /** What the broken rule rests on. */
  readonly basis?: Basis;
  /** The mistake that would explain it. */
  readonly likely?: Likely;
  /** What was not searched for a mistake that explains it, for the body is too large. */
  readonly unsearched?: string;
  /** Where a signature seems to stand that no scheme here reads, and how its scheme is found. */
  readonly carrier?: Carrier;
  readonly remedy?: string;
  readonly [argument: string]: unknown;
}

/** A mistake that would explain a mismatch: a code and a one-line remedy. */
export interface Likely {
  readonly code: MistakeCode;
  readonly message: string;
  readonly remedy: string;
}

/** A problem worded: what facts carry. */
export interface Finding {
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly message: string;
  readonly path?: string;
  readonly basis?: Basis;
  readonly likely?: Likely;
  /** What was not searched for a mistake that explains it, for the body is too large: a sentence. */
  readonly unsearched?: string;
  /** Where a signature seems to stand that no scheme here reads. */
  readonly carrier?: Carrier;
  /** What to do next: a line of the shell that works as it stands, perhaps with words before it. */
  readonly remedy?: string;
}

/** What we conclude of a received delivery; `valid` means that no finding is an error. */
export interface Verdict {
  readonly valid: boolean;
  readonly provider?: string | undefined;
  readonly event?: string | undefined;
  readonly id?: string | undefined;
  /** The scheme it was judged by. */
  readonly scheme?: { readonly label: string; readonly basis: Basis };
  /** Whether a signature was there and fits. */
  readonly signed: boolean;
  readonly problems: readonly Finding[];
}
