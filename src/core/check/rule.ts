import type { Answer, Delivery, Headers } from '../types.ts';
import type { Kit } from './kit.ts';
import type { Group, Level, Outcome, Pace } from './words.ts';

/** One thing that a receiver must do, and how it is tried. */
export interface Rule {
  /** Stable: scripts name it. */
  readonly id: string;
  readonly group: Group;
  readonly level: Level;
  readonly title: string;
  /** Why it matters, in two sentences. */
  readonly why: string;
  /** The specification, documentation or advisory that says so. */
  readonly link: string;
  readonly sends: string;
  readonly expects: string;
  readonly remedy: string;
  /** Why it cannot be judged here, or nothing. */
  readonly skip?: (kit: Kit) => string | undefined;
  /** What is sent, one after the other. */
  readonly trials: (kit: Kit) => readonly Trial[];
  /** What the answers mean, where it is more than that each is as expected. */
  readonly conclude?: (tried: readonly Tried[], kit: Kit) => Judgement;
  /** When it runs: side by side with others by default. */
  readonly turn?: 'alone' | 'slow' | 'last';
  /**
   * What must come of what follows the first delivery (and any `between`), where effects can be seen. `refused`: nothing, for it is forged.
   * `once`: no more than of the first, for it is one delivery, sent several times. `own`: one of the first itself.
   */
  readonly effect?: 'none' | 'some' | 'reported' | 'refused' | 'once' | 'own';
  /** Nothing but effects decides it: where none can be seen, it is skipped. */
  readonly effectOnly?: true;
  /** The rule after which it says nothing new where effects show that one to be broken: it is skipped then. */
  readonly beyond?: string;
}

/**
 * `accept`: the provider's success. `refuse`: any other answer, or none. `stand`: an answer that is no 5xx.
 * `stand-refusing`: such an answer, and no success. With `-or-close` a closed connection is as good. `any`: it is only
 * reported.
 */
export type Expectation =
  | 'accept'
  | 'refuse'
  | 'stand'
  | 'stand-refusing'
  | 'stand-or-close'
  | 'stand-refusing-or-close'
  | 'any';

/** One message of a rule, and what must come of it. */
export interface Trial {
  /** What is special about it, in a few words. */
  readonly label: string;
  readonly expect: Expectation;
  /**
   * `twin`: the genuine delivery that a forged one is held against; `after`: the genuine one that must be accepted
   * still; `between`: a genuine one behind the first, with an effect of its own.
   */
  readonly role?: 'twin' | 'after' | 'between';
  /** Sent without waiting for the one before. */
  readonly together?: boolean;
  /** The same, where the receiver takes several at once: it saves time. */
  readonly beside?: boolean;
  /** A bad delivery: how it is refused is the business of `refuses-with-4xx`. */
  readonly bad?: boolean;
  /** Makes the message, at the time at which it is sent (ms since the epoch). */
  readonly make: (now: number) => Message;
}

/** What is sent: a delivery, and all that a delivery never has. */
export interface Message extends Omit<Delivery, 'url'> {
  readonly method?: string;
  /** The address, where signing changed it; its path and query are what counts. */
  readonly url?: string;
  /** Behind the query of the address: `signature=abc`. */
  readonly query?: string;
  readonly pace?: Pace;
  readonly headers: Headers;
}

/** A trial and what came of it. */
export interface Tried {
  readonly trial: Trial;
  readonly message: Message;
  readonly answer: Answer;
  readonly accepted: boolean;
}

/** What the answers to a rule's messages mean. */
export interface Judgement {
  readonly outcome: Outcome;
  readonly reason?: string | undefined;
  /** The level, where it is another than the rule's. */
  readonly level?: Level;
  /** What to do, where it is known better than the rule knows. */
  readonly remedy?: string | undefined;
  /** The message that decided it. */
  readonly tried?: Tried | undefined;
  /** It applies, and yet nothing can be concluded: a MUST that is left open is no success. */
  readonly open?: true;
  /** It was not tried, or not to its end: the check ended before. */
  readonly unfinished?: true;
}
