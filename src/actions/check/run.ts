import { withoutEffects } from '../../core/check/effects.ts';
import { isCut, isDropped, isLimited, judgeTold, told } from '../../core/check/judge.ts';
import { type Kit, kitOf } from '../../core/check/kit.ts';
import { limitWords } from '../../core/check/limit.ts';
import type { Judgement, Rule, Trial, Tried } from '../../core/check/rule.ts';
import { findRule } from '../../core/check/rules.ts';
import { type Sent, unproved } from '../../core/check/suspects.ts';
import { together } from '../../core/check/together.ts';
import { type Going, type Refusing, suspectWords, untriedWords } from '../../core/check/words.ts';
import type { CheckOptions, CheckWatch } from '../check.ts';
import { Contact } from './contact.ts';
import { Goings } from './goings.ts';
import type { Ledger } from './ledger.ts';

/** Why nothing more is sent: nobody listens there any more, or it goes on refusing genuine deliveries, or limiting the rate. */
export type Stop =
  | ({ readonly kind: 'gone' } & Going)
  | ({ readonly kind: 'broken' } & Refusing)
  | { readonly kind: 'limited'; readonly why: string };

/** So many rules run side by side. */
const lanes = 8;
/** A process may end a little later than its connections: so long it is given, ms. */
const endingMs = 40;
/** So long a receiver is given to go of what was sent before the last rules, ms. */
const restMs = 300;

/** Sends what rules send to a receiver that may go, come back, or limit the rate; and judges what comes back. */
export class Run {
  readonly #options: CheckOptions;
  readonly #ledger: Ledger;
  readonly #contact: Contact;
  readonly #goings: Goings;
  /** The bad deliveries of each rule that was judged, and their answers. */
  readonly #bad = new Map<string, readonly Tried[]>();
  /** How often each rule was begun. */
  readonly #begun = new Map<string, number>();
  /** Rules that were cut short, by a receiver that went, or beside others so that it is not known what that was for. */
  readonly #unsure = new Set<Rule>();
  #stopped: Stop | undefined;

  constructor(options: CheckOptions, watch: CheckWatch, ledger: Ledger) {
    this.#options = options;
    this.#ledger = ledger;
    this.#contact = new Contact(options, ledger.tell);
    const send = (rule: string, label?: string) => this.#sendAgain(findRule(rule), label);
    const isOver = () => this.over;
    const { repeatedMs } = options;
    this.#goings = new Goings({ watch, ledger, contact: this.#contact, send, repeatedMs, isOver });
  }

  get stopped(): Stop | undefined {
    return this.#stopped;
  }

  /** Nothing more is sent. */
  get over(): boolean {
    return this.#stopped !== undefined || this.#options.signal.aborted;
  }

  /** Every bad delivery of the rules that were judged by their answers, and what came of it. */
  get bad(): Tried[] {
    return [...this.#bad].flatMap(([rule, tried]) => (this.#goings.isCulprit(rule) ? [] : tried));
  }

  /** Whether what a rule sent may still turn out to be what the receiver does not survive. */
  holds(id: string): boolean {
    return this.#goings.isOpen(id);
  }

  /** Runs lists of rules, each in lanes of its own; what was dropped then, or is left, one by one. */
  async sideBySide(...lists: readonly (readonly Rule[])[]): Promise<void> {
    const lefts = lists.map((list) => [...list]);
    const lane = async (left: Rule[]) => {
      while (!this.over && !this.#contact.gone) {
        const rule = left.shift();
        if (!rule) return;
        await this.#runRule(rule, false);
      }
    };
    await Promise.all(lefts.flatMap((left) => Array.from({ length: lanes }, () => lane(left))));
    await this.oneByOne(lefts.flat());
  }

  /** Runs rules one after the other, and before them those that were cut short. */
  async oneByOne(rules: readonly Rule[], run = (rule: Rule) => this.#runRule(rule, true)): Promise<void> {
    const left = [...rules];
    while (await this.there()) {
      left.unshift(...this.#options.rules.filter((rule) => this.#unsure.has(rule)));
      this.#unsure.clear();
      const rule = left.shift();
      if (!rule) return;
      if (!this.#goings.isCulprit(rule.id))
        await (rules.includes(rule) ? run(rule) : this.#runRule(rule, true));
    }
  }

  /** Finds out whether the receiver is as it was, before more is sent. */
  async prove(): Promise<void> {
    if (!this.over) await this.#contact.prove();
  }

  /** Lets the receiver have its time, so that it is seen when it goes of what was sent. */
  async rest(): Promise<void> {
    if (!this.over) await this.#contact.goes(restMs);
  }

  /** Whether there is somebody to send to: where he went, it is found out why, and he is given up where he does not come back. */
  async there(): Promise<boolean> {
    while (this.#contact.gone && !this.over) {
      if (await this.#contact.accepts()) continue;
      const { suspects, refusal } = this.#contact;
      const stop = await this.#goings.explain();
      this.#stopped ??= stop;
      if (refusal) this.#withdraw(unproved(suspects, refusal));
      else this.#takeBack(suspects);
    }
    return !this.over;
  }

  /** Takes back what suspects were judged: all of it where they can be sent again, or else what rests on the receiver. */
  #takeBack(suspects: readonly Sent[]): void {
    const resting = suspects.filter(({ rule: id, tried }) => {
      const survived = findRule(id).group === 'survive' && this.#ledger.outcome(id) === 'passed';
      return isCut(tried) || survived || this.#stopped === undefined;
    });
    this.#withdraw(resting);
  }

  #withdraw(suspects: readonly Sent[]): void {
    for (const { rule: id } of suspects) {
      if (this.#goings.isCulprit(id) || !this.#ledger.withdraw(id)) continue;
      this.#bad.delete(id);
      this.#unsure.add(findRule(id));
    }
  }

  /** Sends messages in their order, and adds what came of them. */
  async tryAll(rule: string, trials: readonly Trial[], tried: Tried[]): Promise<void> {
    for (const some of together(trials, this.#ledger.outcome('concurrent') === 'passed')) {
      if (this.over || this.#contact.gone) return;
      tried.push(...(await Promise.all(some.map((trial) => this.#try(rule, trial)))));
    }
  }

  async #try(rule: string, trial: Trial): Promise<Tried> {
    const tried = await this.#contact.try(rule, trial);
    if (isLimited(tried))
      this.#stopped ??= { kind: 'limited', why: limitWords(tried.answer, this.#options.now()) };
    return tried;
  }

  async #sendAgain(rule: Rule, label?: string): Promise<void> {
    const trials = rule.trials(this.#freshKit(rule));
    await this.tryAll(
      rule.id,
      trials.filter((trial) => label === undefined || trial.label === label),
      [],
    );
  }

  /** When a rule comes again, it is of other deliveries. */
  #freshKit(rule: Rule): Kit {
    const times = this.#begun.get(rule.id) ?? 0;
    this.#begun.set(rule.id, times + 1);
    return kitOf(this.#options.bench, rule.id + ' again'.repeat(times));
  }

  /** What a rule makes its messages of, or why it is skipped, which is judged. */
  kitFor(rule: Rule): Kit | undefined {
    const kit = this.#freshKit(rule);
    const reason = rule.skip?.(kit);
    if (reason === undefined) return kit;
    this.#ledger.judge(rule.id, { outcome: 'skipped', reason });
    return undefined;
  }

  async #runRule(rule: Rule, alone: boolean): Promise<void> {
    const kit = this.kitFor(rule);
    if (!kit) return;
    const began = performance.now();
    const trials = rule.trials(kit);
    const tried: Tried[] = [];
    await this.tryAll(rule.id, trials, tried);
    const ms = performance.now() - began;
    const isVoid = (await this.#wentAt(tried)) ? isCut : (each: Tried) => !alone && isDropped(each);
    const sure = told(tried.filter((each) => !isVoid(each)));
    const judgement = withoutEffects(rule, judgeTold(rule, sure, kit));
    // What was cut short proves nothing, unless it has failed already.
    if (sure.length === trials.length || judgement.outcome === 'failed')
      this.judge(rule, judgement, tried, ms);
    else if (!this.over) this.#unsure.add(rule);
  }

  /** Whether the receiver is gone; where it dropped something it may be about to. */
  async #wentAt(tried: readonly Tried[]): Promise<boolean> {
    return tried.some(isDropped) && !this.over ? this.#contact.goes(endingMs) : this.#contact.gone;
  }

  /** Whether a rule is put off, because the receiver is gone. */
  async putOff(rule: Rule, tried: readonly Tried[]): Promise<boolean> {
    const went = await this.#wentAt(tried);
    if (went) this.#unsure.add(rule);
    return went;
  }

  /** Judges a rule, unless it is known that the receiver goes at it. */
  judge(rule: Rule, judgement: Judgement, tried: readonly Tried[], ms: number): void {
    if (this.#goings.isCulprit(rule.id)) return;
    this.#bad.set(
      rule.id,
      told(tried).filter(({ trial }) => trial.bad),
    );
    this.#ledger.judge(rule.id, this.#withGoing(rule, judgement), ms);
  }

  /** The last rule does not pass while it is not known what made the receiver go before. */
  #withGoing({ turn }: Rule, judgement: Judgement): Judgement {
    const { unexplained } = this.#goings;
    if (turn !== 'last' || judgement.outcome !== 'passed' || !unexplained) return judgement;
    const reason = `the receiver went, and came back, and that was not to be repeated; ${suspectWords(unexplained)}`;
    return { outcome: 'failed', reason };
  }

  /** Why a rule that was not judged was not. */
  unfinished(id: string): string {
    if (this.#stopped === undefined) return 'interrupted';
    if (this.#stopped.kind === 'limited') return this.#stopped.why;
    const isNear = this.#stopped.suspects.some(({ rule }) => rule === id);
    return untriedWords(this.#stopped.kind, isNear);
  }
}
