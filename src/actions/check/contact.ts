import { afterwards } from '../../core/check/accept/genuine.ts';
import { isGateway, isGone, isRefusal } from '../../core/check/judge.ts';
import { kitOf } from '../../core/check/kit.ts';
import type { Trial, Tried } from '../../core/check/rule.ts';
import { likeliestFirst, openAt, type Sent, sinceAccepted } from '../../core/check/suspects.ts';
import type { Answer } from '../../core/types.ts';
import type { CheckOptions } from '../check.ts';
import { pause } from '../pause.ts';

/** How often it is looked whether anybody is there, ms: a process takes longer than that to start again. */
const lookMs = 20;
/** One that is gone, or stands behind a gateway, is looked for less often, ms. */
const backLookMs = 100;
/** One that refuses genuine deliveries is asked for so long, ms, and so often at least: it may be busy, or refuse some by chance. */
const surelyMs = 500;
const leastAsked = 3;
/** One that goes on refusing them is waited for so long, ms. */
const mendingMs = 2000;

/** Sends to a receiver that may go and come back, and knows what may have made it go. */
export class Contact {
  readonly #options: CheckOptions;
  readonly #alive: () => void;
  #open: Sent[] = [];
  /** What was sent since a genuine delivery was accepted last. */
  #since: readonly Sent[] = [];
  /** The ids of what was sent: a genuine delivery under one of them may be refused for that. */
  readonly #ids = new Set<string | undefined>();
  #gone = false;
  #lost = false;
  #sentAt = 0;
  /** A genuine delivery was accepted. */
  #accepts = false;
  /** A gateway answers while it is gone: only a genuine delivery tells whether it is there. */
  #gateway = false;
  #refusal: Answer | undefined;
  #asked = 0;

  /** @param alive told when it was seen alive */
  constructor(options: CheckOptions, alive: () => void) {
    this.#options = options;
    this.#alive = alive;
  }

  /** It went, and was not seen since; or it is there, and refuses genuine deliveries. */
  get gone(): boolean {
    return this.#gone;
  }

  /** A gateway answers for it. */
  get hasGateway(): boolean {
    return this.#gateway;
  }

  /** What it answers genuine deliveries with, where it accepted them before, and does not any more. */
  get refusal(): Answer | undefined {
    return this.#refusal;
  }

  /** What may have made it go, or may still do so, the likeliest first; or refuse genuine deliveries, the first of it first. */
  get suspects(): readonly Sent[] {
    return this.#refusal ? this.#since : likeliestFirst(this.#open);
  }

  /** Whether something that a rule sent is among them. */
  suspectsRule(rule: string): boolean {
    return [...this.#open, ...this.#since].some((each) => each.rule === rule);
  }

  /** Sends what a trial makes, and notes what came of it. */
  async try(rule: string, trial: Trial): Promise<Tried> {
    const from = performance.now();
    const tried = await this.#send(trial);
    const { answer } = tried;
    const to = performance.now();
    this.#sentAt = to;
    const sent = { rule, tried, from, to };
    this.#open.push(sent);
    this.#since = sinceAccepted(this.#since, sent);
    if (isGone(answer) || (await this.#isMissed(tried))) this.#gone = true;
    else if ('status' in answer && !isGateway(answer)) this.#seen(to);
    return tried;
  }

  async #send(trial: Trial): Promise<Tried> {
    const { send, now, bench } = this.#options;
    const message = trial.make(now());
    const answer = await send(message, trial.expect);
    this.#ids.add(message.id);
    return { trial, message, answer, accepted: 'status' in answer && bench.accepts(answer.status) };
  }

  /** Whether a plain delivery was refused though such were accepted before, and another one is, too. */
  async #isMissed(tried: Tried): Promise<boolean> {
    this.#accepts ||= tried.accepted;
    if (tried.trial.role === undefined || !isRefusal(tried) || !this.#accepts || this.#gone) return false;
    return !(await this.#takes());
  }

  /** Whether a genuine delivery is accepted, as far as can be told; where it is not, it is noted how. */
  async #takes(): Promise<boolean> {
    this.#asked += 1;
    const trial = afterwards(kitOf(this.#options.bench, `there ${this.#asked}`));
    const message = trial.make(this.#options.now());
    const isKnown = message.id !== undefined && this.#ids.has(message.id);
    const tried = await this.#send({ ...trial, make: () => message });
    const { answer } = tried;
    if (!isGone(answer) && (!isRefusal(tried) || (isKnown && !isGateway(answer)))) return true;
    if (isGateway(answer) && !this.#refusal) this.#gateway = true;
    this.#refusal = isGone(answer) || this.#gateway ? undefined : answer;
    return false;
  }

  /** Finds out whether what was sent so far left something behind: what comes now is not to be blamed for that. */
  async prove(): Promise<void> {
    if (this.#gone || this.#since.length === 0) return;
    if (await this.#takes()) this.#forget();
    else this.#gone = true;
  }

  /** Whether one that refuses genuine deliveries accepts another one yet, asked alone: then it is as if nothing had been. */
  async accepts(): Promise<boolean> {
    const { signal } = this.#options;
    const until = performance.now() + surelyMs;
    for (let times = 0; this.#refusal && (times < leastAsked || performance.now() < until); times++) {
      await pause(backLookMs / 2, signal);
      if (signal.aborted) return false;
      if (await this.#takes()) {
        this.#gone = false;
        this.#forget();
        return true;
      }
    }
    return false;
  }

  async #isThere(): Promise<boolean> {
    const listens = await this.#options.listens();
    // It has ended now, whatever it was before.
    if (!listens) this.#refusal = undefined;
    return listens && ((!this.#gateway && !this.#refusal) || (await this.#takes()));
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
    const began = performance.now();
    const isOver = () => performance.now() - began >= (this.#refusal ? Math.min(backMs, mendingMs) : backMs);
    while (this.#gone && !this.#lost && !signal.aborted) {
      if (await this.#isThere()) {
        this.#gone = false;
        // What was sent to the process that ended does nothing to the one that was started.
        this.#open = [];
        this.#forget();
      } else if (isOver()) this.#lost = true;
      else await pause(backLookMs, signal);
    }
    return !this.#gone;
  }

  #forget(): void {
    this.#refusal = undefined;
    this.#since = [];
  }

  #seen(at: number): void {
    this.#open = openAt(this.#open, at);
    this.#alive();
  }
}
