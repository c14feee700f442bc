import { withoutEffects } from '../../core/check/effects.ts';
import { isDropped, isGone, isLimited, judgeGone, judgeTold, told } from '../../core/check/judge.ts';
import { type Kit, kitOf } from '../../core/check/kit.ts';
import { limitWords } from '../../core/check/limit.ts';
import type { Judgement, Rule, Trial, Tried } from '../../core/check/rule.ts';
import { type Suspect, suspectWords } from '../../core/check/words.ts';
import type { CheckOptions, CheckWatch } from '../check.ts';
import { pause } from '../pause.ts';
import type { Ledger } from './ledger.ts';

/** Why nothing more is sent: nobody listens there any more, or it goes on limiting the rate. */
export type Stop =
  | { readonly kind: 'gone'; readonly suspects: readonly Suspect[] }
  | { readonly kind: 'limited'; readonly why: string };

/** So many rules run side by side. */
const lanes = 8;
/** A process may answer before it ends: so long it is given where that is likely, ms. */
const lingerMs = 15;
/** A receiver that goes more often than this is not waited for any more. */
const mostTimesGone = 3;

/** Sends what rules send to a receiver that may go, come back, or limit the rate; and judges what comes back. */
export class Run {
  readonly #options: CheckOptions;
  readonly #watch: CheckWatch;
  readonly #ledger: Ledger;
  /** Every bad delivery of the rules that were judged, and its answer. */
  readonly bad: Tried[] = [];
  /** How often each rule was begun. */
  readonly #begun = new Map<string, number>();
  /** Rules whose connection was dropped while others were under way: which of them that was for is not known. */
  readonly #unsure: Rule[] = [];
  #stopped: Stop | undefined;
  #gone = false;
  #timesGone = 0;
  /** What may have made it go. */
  #suspects: Suspect[] = [];
  /** It is known what made it go: that was sent alone. */
  #explained = false;
  /** What may have made it go before it came back, where that is not known. */
  #unexplained: readonly Suspect[] = [];
  #last: Suspect | undefined;

  constructor(options: CheckOptions, watch: CheckWatch, ledger: Ledger) {
    this.#options = options;
    this.#watch = watch;
    this.#ledger = ledger;
  }

  get stopped(): Stop | undefined {
    return this.#stopped;
  }

  /** Nothing more is sent. */
  get over(): boolean {
    return this.#stopped !== undefined || this.#options.signal.aborted;
  }

  /** Runs lists of rules, each in lanes of its own; what was dropped then, or is left, one by one. */
  async sideBySide(...lists: readonly (readonly Rule[])[]): Promise<void> {
    const lefts = lists.map((list) => [...list]);
    const lane = async (left: Rule[]) => {
      while (!this.over && !this.#gone) {
        const rule = left.shift();
        if (!rule) return;
        await this.#runRule(rule, false);
      }
    };
    await Promise.all(lefts.flatMap((left) => Array.from({ length: lanes }, () => lane(left))));
    await this.oneByOne(lefts.flat());
  }

  /** Runs rules so that whatever happens is the doing of one. */
  async oneByOne(rules: readonly Rule[], run = (rule: Rule) => this.#runRule(rule, true)): Promise<void> {
    const left = [...rules];
    for (;;) {
      left.unshift(...this.#unsure.splice(0));
      if (left.length === 0 || !(await this.there())) return;
      await run(left.shift() as Rule);
    }
  }

  /** Whether there is somebody to send to: who is gone is waited for, and given up when he goes again and again. */
  async there(): Promise<boolean> {
    if (this.over) return false;
    if (!this.#gone) return true;
    const suspects = this.#suspects.length > 0 || !this.#last ? this.#suspects : [this.#last];
    this.#timesGone += 1;
    const back = this.#timesGone <= mostTimesGone && (await this.#isBack());
    if (this.#options.signal.aborted) return false;
    if (!back) {
      this.#stopped = { kind: 'gone', suspects };
      return false;
    }
    this.#watch.wentAndCame(suspects);
    this.#unexplained = this.#explained ? [] : suspects;
    this.#explained = false;
    this.#gone = false;
    this.#suspects = [];
    return true;
  }

  async #isBack(): Promise<boolean> {
    const { listens, signal, backMs = 2000 } = this.#options;
    const deadline = performance.now() + backMs;
    for (;;) {
      if (await listens()) return true;
      if (signal.aborted || performance.now() >= deadline) return false;
      await pause(100, signal);
    }
  }

  /** Sends messages in their order, and adds what came of them. */
  async tryAll(rule: string, trials: readonly Trial[], tried: Tried[]): Promise<void> {
    for (const some of together(trials)) {
      if (this.over || this.#gone) return;
      tried.push(...(await Promise.all(some.map((trial) => this.#try(rule, trial)))));
    }
  }

  async #try(rule: string, trial: Trial): Promise<Tried> {
    const { send, now, bench } = this.#options;
    const message = trial.make(now());
    const answer = await send(message);
    const accepted = 'status' in answer && bench.accepts(answer.status);
    const tried = { trial, message, answer, accepted };
    if (isGone(answer)) this.#gone = true;
    else this.#last = { rule, label: trial.label };
    if (isLimited(tried)) this.#stopped ??= { kind: 'limited', why: limitWords(answer, now()) };
    return tried;
  }

  /** What a rule makes its messages of, or why it is skipped, which is judged; when it comes again, of other deliveries. */
  kitFor(rule: Rule): Kit | undefined {
    const { bench } = this.#options;
    const times = this.#begun.get(rule.id) ?? 0;
    const kit = kitOf(bench, rule.id + ' again'.repeat(times));
    this.#begun.set(rule.id, times + 1);
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
    if (await this.blamed(rule, tried, alone, ms)) return;
    const sure = told(alone ? tried : tried.filter((each) => !isDropped(each)));
    const judgement = this.#withGoing(rule, withoutEffects(rule, judgeTold(rule, sure, kit)));
    // What was cut short proves nothing, unless it has failed already.
    if (sure.length === trials.length || judgement.outcome === 'failed')
      this.judge(rule, judgement, tried, ms);
    else if (!this.over) this.#unsure.push(rule);
  }

  judge(rule: Rule, judgement: Judgement, tried: readonly Tried[], ms: number): void {
    this.bad.push(...told(tried).filter(({ trial }) => trial.bad));
    this.#ledger.judge(rule.id, judgement, ms);
  }

  /** The last rule does not pass while it is not known what made the receiver go before. */
  #withGoing({ turn }: Rule, judgement: Judgement): Judgement {
    if (turn !== 'last' || judgement.outcome !== 'passed' || this.#unexplained.length === 0) return judgement;
    const reason = `the receiver went, and came back; ${suspectWords(this.#unexplained)}`;
    return { outcome: 'failed', reason };
  }

  /** Why a rule that was not judged was not. */
  unfinished(id: string): string {
    if (this.#stopped === undefined) return 'interrupted';
    if (this.#stopped.kind === 'limited') return this.#stopped.why;
    return this.#stopped.suspects.some(({ rule }) => rule === id)
      ? 'it was under way when the receiver went'
      : 'the receiver was gone';
  }

  /** Whether it is judged, or put off, because the receiver is gone. */
  async blamed(rule: Rule, tried: readonly Tried[], alone: boolean, ms: number): Promise<boolean> {
    const dropped = tried.find(isDropped);
    const lingers = alone && (rule.group === 'survive' || this.#timesGone > 0);
    if (lingers && !this.#gone) await pause(lingerMs, this.#options.signal);
    const looks = lingers || dropped !== undefined;
    if (looks && !this.#gone && !this.over && !(await this.#options.listens())) this.#gone = true;
    if (!this.#gone || this.#options.signal.aborted) return false;
    if (!alone) {
      if (dropped) this.#suspects.push({ rule: rule.id, label: dropped.trial.label });
      return false;
    }
    const culprit = tried.findLast(({ answer }) => !isGone(answer));
    if (!culprit) {
      // It was gone before.
      this.#unsure.push(rule);
      return true;
    }
    this.#suspects = [{ rule: rule.id, label: culprit.trial.label }];
    this.#explained = true;
    // How it refuses is no question any more.
    this.#ledger.judge(rule.id, judgeGone(culprit), ms);
    return true;
  }
}

/** Trials that are sent at once, in one list. */
function together(trials: readonly Trial[]): Trial[][] {
  const lists: Trial[][] = [];
  for (const trial of trials) {
    if (trial.together && lists.length > 0) lists.at(-1)?.push(trial);
    else lists.push([trial]);
  }
  return lists;
}
