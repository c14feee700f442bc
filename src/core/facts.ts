import type { Outcome as CheckOutcome, Group, Level, Pace } from './check/words.ts';
import type { Basis, Failure, Headers, Json, JsonSchema, Verdict } from './types.ts';

/** Bytes in a fact: text, or base64 where they are not valid UTF-8. */
export type BodyFact = { readonly body: string } | { readonly body_base64: string };

/** A delivery as it was, or would be, sent to `url`; its body stands beside it. No event and no id where there are none. */
export interface DeliveryFact {
  readonly id?: string | undefined;
  readonly provider: string;
  readonly event?: string | undefined;
  readonly url: string;
  readonly headers: Headers;
}

/** What a receiver answered, or why it did not, and after how long, ms; a body that was longer is `truncated`. */
export type AnswerFact =
  | ({
      readonly status: number;
      readonly headers: Headers;
      readonly truncated?: true;
      readonly ms: number;
    } & BodyFact)
  | { readonly failure: Failure; readonly detail: string; readonly ms: number };

/** One try at a delivery, and what came of it. */
export interface AttemptFact {
  readonly kind: 'attempt';
  readonly at: string;
  readonly delivery: DeliveryFact & BodyFact;
  readonly number: number;
  readonly answer: AnswerFact;
  /** The answer is what counts as success. */
  readonly accepted: boolean;
  /** The pause until the next attempt, ms of virtual time. */
  readonly next_in_ms?: number;
  /** When it would have been made, had no waiting been compressed. */
  readonly virtual_at?: string;
  readonly seed?: number | undefined;
}

/** A delivery that was made and not sent. */
export interface UnsentFact {
  readonly kind: 'delivery';
  readonly at: string;
  readonly delivery: DeliveryFact & BodyFact;
  readonly seed?: number | undefined;
}

/** Who ended a connection before its answer went out. */
export type Unanswered = 'sender_left' | 'listener_ended';

/** A delivery that came in, what we think of it and what we answered. */
export interface ReceivedFact {
  readonly kind: 'received';
  readonly at: string;
  readonly received: { readonly method: string; readonly path: string; readonly headers: Headers } & BodyFact;
  readonly verdict: Verdict;
  /** Absent where no answer went out, and where a capture was judged. */
  readonly replied?: { readonly status: number; readonly ms: number };
  /** Why whoever sent it had no answer. */
  readonly unanswered?: Unanswered;
  /** Where it was passed on to, and what came back. */
  readonly forwarded?: { readonly url: string; readonly answer: AnswerFact };
}

/** The listener serves. */
export interface ReadyFact {
  readonly kind: 'ready';
  readonly at: string;
  readonly url: string;
  readonly pid: number;
}

/** A row of the catalogue. */
export interface EventFact {
  readonly kind: 'event';
  readonly at: string;
  readonly provider: string;
  readonly event: string;
  readonly title: string;
  readonly summary: string;
  readonly basis: Basis;
  readonly source: string;
  /** What the body's shape rests on. */
  readonly payload_basis: Basis;
  /** The fields that rest on something else than the provider's word. */
  readonly payload_undocumented: readonly string[];
  readonly signing: { readonly label: string; readonly basis: Basis; readonly source: string };
  /** The pauses after each failed attempt, ms; empty: none is made again. */
  readonly retries: { readonly delays_ms: readonly number[]; readonly basis: Basis; readonly source: string };
  /** A sample, where one event was asked for. */
  readonly payload?: Json;
  readonly schema?: JsonSchema;
}

/** What a rule of the conformance suite is. */
interface RuleWords {
  readonly at: string;
  readonly rule: string;
  readonly group: Group;
  readonly level: Level;
  readonly title: string;
  /** What a receiver must do. */
  readonly expected: string;
  readonly why: string;
  readonly link: string;
  readonly remedy: string;
}

/** A rule of the conformance suite, as `--list` has it. */
export interface RuleFact extends RuleWords {
  readonly kind: 'rule';
  readonly sends: string;
}

/** What a rule of the conformance suite found. */
export interface CheckFact extends RuleWords {
  readonly kind: 'check';
  readonly outcome: CheckOutcome;
  /** Absent where it was not judged. */
  readonly passed?: boolean;
  readonly reason?: string;
  /** How long it took, ms. */
  readonly ms: number;
  /** Skipped because the check ended before, not because it cannot apply. */
  readonly unfinished?: true;
  /** What decided it: what was special about the message, the message, and what came back. */
  readonly trial?: string;
  readonly delivery?: DeliveryFact & BodyFact & { readonly method?: string; readonly pace?: Pace };
  readonly answer?: AnswerFact;
}

/** A setting as `hooks config` has it. */
export interface SettingFact {
  readonly kind: 'setting';
  readonly at: string;
  readonly name: string;
  /** Masked where it is secret. */
  readonly value: Json;
  readonly from: 'flag' | 'env' | 'file' | 'default';
  /** The variable or the file. */
  readonly source?: string;
}

/** What a clause of the contract of all providers found. */
export interface ContractFact {
  readonly kind: 'contract';
  readonly at: string;
  readonly provider: string;
  readonly event?: string;
  readonly clause: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Absent where it was skipped. */
  readonly passed?: boolean;
  /** What was wrong, or why it was skipped. */
  readonly reason?: string;
}

/** What stderr would say. */
export interface NoticeFact {
  readonly kind: 'notice';
  readonly at: string;
  readonly level: 'info' | 'warning' | 'error';
  readonly code: string;
  readonly message: string;
  /** How many facts a recording could not take at this place. */
  readonly lost?: number;
  /** Of a diagnosis of `hooks check`: the ids of the rules that fail by it. */
  readonly rules?: readonly string[];
}

/** The counts at the end. */
export interface SummaryFact {
  readonly kind: 'summary';
  readonly at: string;
  readonly [count: string]: number | string | Readonly<Record<string, number>>;
}

/** Everything that happens, as plain JSON. */
export type Fact =
  | AttemptFact
  | UnsentFact
  | ReceivedFact
  | ReadyFact
  | EventFact
  | RuleFact
  | CheckFact
  | SettingFact
  | ContractFact
  | NoticeFact
  | SummaryFact;
