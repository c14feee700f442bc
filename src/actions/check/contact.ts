import { afterwards } from '../../core/check/accept/genuine.ts';
import { isGateway, isGone } from '../../core/check/judge.ts';
import { kitOf } from '../../core/check/kit.ts';
import type { Trial, Tried } from '../../core/check/rule.ts';
import { likeliestFirst, openAt, type Sent } from '../../core/check/suspects.ts';
import type { CheckOptions } from '../check.ts';
import { pause } from '../pause.ts';

/** How often it is looked whether anybody is there, ms: a process takes longer than that to start again. */
const lookMs = 20;
/** One that is gone, or stands behind a gateway, is looked for less often, ms. */
const backLookMs = 100;

/** Sends to a receiver that may go and come back, and knows what may have made it go. */
export class Contact {
  readonly #options: CheckOptions;
  readonly #alive: () => void;
  #open: Sent[] = [];
  #gone = false;
  #lost = false;
  #sentAt = 0;
  /** A genuine delivery was accepted. */
  #accepts = false;
  /** A gateway answers while it is gone: only a genuine delivery tells whether it is there. */
  #gateway = false;
  #asked = 0;

  /** @param alive told when it was seen alive */
  constructor(options: CheckOptions, alive: () => void) {
    this.#options = options;
    this.#alive = alive;
  }

  /** It went, and was not seen since. */
  get gone(): boolean {
    return this.#gone;
  }

  /** A gateway answers for it. */
  get hasGateway(): boolean {
    return this.#gateway;
  }

  /** What may have made it go, or may still do so, the likeliest first. */
  get suspects(): Sent[] {
    return likeliestFirst(this.#open);
  }

  /** Whether something that a rule sent is among them. */
  suspectsRule(rule: string): boolean {
    return this.#open.some((each) => each.rule === rule);
  }

  /** Sends what a trial makes, and notes what came of it. */
  async try(rule: string, trial: Trial): Promise<Tried> {
    const { send, now, bench } = this.#options;
    const from = performance.now();
    const message = trial.make(now());
    const answer = await send(message, trial.expect);
    const to = performance.now();
    const tried = { trial, message, answer, accepted: 'status' in answer && bench.accepts(answer.status) };
    this.#sentAt = to;
    this.#open.push({ rule, tried, from, to });
    if (isGone(answer) || (await this.#isMissed(tried))) this.#gone = true;
    else if ('status' in answer && !isGateway(answer)) this.#seen(to);
    return tried;
  }

  /** Whether a gateway answered a plain delivery because nobody was there to accept it, and does so again. */
  async #isMissed({ trial, answer, accepted }: Tried): Promise<boolean> {
    this.#accepts ||= accepted;
    if (trial.role === undefined || !isGateway(answer) || !this.#accepts) return false;
    if (await this.#takes()) return false;
    this.#gateway = true;
    return true;
  }

  /** Whether a genuine delivery meets somebody. */
  async #takes(): Promise<boolean> {
    const { bench, now, send } = this.#options;
    this.#asked += 1;
    const { make, expect } = afterwards(kitOf(bench, `there ${this.#asked}`));
    const answer = await send(make(now()), expect);
    return !isGateway(answer) && !isGone(answer);
  }

  async #isThere(): Promise<boolean> {
    return (await this.#options.listens()) && (!this.#gateway || (await this.#takes()));
  }

  /** Whether it is gone within so long after what was sent last, ms. */
  async goes(ms: number): Promise<boolean> {
    const { signal } = this.#options;
    const deadline = this.#sentAt + ms;
    while (!this.#gone) {
      const asked = performance.now();
      const there = await this.#isThere();
      if (signal.aborted) break;
      if (there) this.#seen(asked);
      else this.#gone = true;
      if (asked >= deadline) break;
      await pause(Math.min(this.#gateway ? backLookMs : lookMs, deadline - asked), signal);
    }
    return this.#gone;
  }

  /** Whether it is there; one that is gone is waited for, once. */
  async back(): Promise<boolean> {
    const { signal, backMs = 2000 } = this.#options;
    const deadline = performance.now() + backMs;
    while (this.#gone && !this.#lost && !signal.aborted) {
      if (await this.#isThere()) {
        this.#gone = false;
        // What was sent to the process that ended does nothing to the one that was started.
        this.#open = [];
      } else if (performance.now() >= deadline) this.#lost = true;
      else await pause(backLookMs, signal);
    }
    return !this.#gone;
  }

  #seen(at: number): void {
    this.#open = openAt(this.#open, at);
    this.#alive();
  }
}
