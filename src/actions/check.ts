import { judgeRefusals, refusalRule } from '../core/check/answer.ts';
import { type Effects, judgeEffects, withoutEffects } from '../core/check/effects.ts';
import { isGone, isLimited, judgeTold, told } from '../core/check/judge.ts';
import { type Bench, kitOf } from '../core/check/kit.ts';
import type { Judgement, Message, Rule, Trial, Tried } from '../core/check/rule.ts';
import { rules } from '../core/check/rules.ts';
import type { Answer } from '../core/types.ts';
import type { Probe } from '../io/probe.ts';
import { type Gauge, openGauge } from './gauge.ts';

/** How a receiver is checked. */
export interface CheckOptions {
  readonly bench: Bench;
  /** The rules that are judged; the baseline is sent in any case. */
  readonly rules: readonly Rule[];
  readonly send: (message: Message) => Promise<Answer>;
  /** Reads what the receiver has done so far, where that can be seen. */
  readonly probe?: Probe | undefined;
  /** How long an effect is waited for, ms. */
  readonly effectWaitMs: number;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Told what comes of it. */
export interface CheckWatch {
  readonly judged: (rule: Rule, judgement: Judgement) => void;
}

/** Why nothing more is sent: nobody listens there any more, or it goes on limiting the rate. */
type Stop = 'gone' | 'limited';

/** How a check ended. */
export type CheckEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'limited' }
  /** The genuine delivery was refused, so nothing else would mean anything. */
  | { readonly kind: 'baseline'; readonly tried: Tried }
  /** What shows the effects shows none, or others. */
  | { readonly kind: 'probe'; readonly why: string };

/** So many rules run side by side. */
const lanes = 8;

/** Checks a receiver: the baseline first, then every rule; tells each judgement in the rules' own order. */
export async function check(options: CheckOptions, watch: CheckWatch): Promise<CheckEnd> {
  const { probe, effectWaitMs, signal } = options;
  const gauge = probe && openGauge(probe, effectWaitMs, signal);
  const run = new Run(options, watch, gauge);
  const early = await run.begin();
  if (early) return early;
  const wanted = options.rules.filter(({ id }) => id !== 'valid' && id !== refusalRule.id);
  const watched = (rule: Rule) => gauge !== undefined && rule.effect !== undefined;
  const of = (turn: Rule['turn']) => wanted.filter((rule) => rule.turn === turn && !watched(rule));
  await run.inLanes(of('alone'), 1);
  // A receiver that is busy with 20 would refuse much else for that reason.
  const count = run.failed('concurrent') ? 1 : lanes;
  const slow = run.inLanes(of('slow'), count);
  if (count === 1) await slow;
  await run.inLanes(
    of(undefined).filter(({ group }) => group !== 'survive'),
    count,
  );
  await slow;
  // One after the other: what a receiver does not survive is to be told from what came before.
  await run.inLanes(
    of(undefined).filter(({ group }) => group === 'survive'),
    1,
  );
  await run.inLanes(wanted.filter(watched), 1);
  await run.inLanes(of('last'), 1);
  return run.end();
}

/** The state of one check. */
class Run {
  /** Every bad delivery and its answer. */
  readonly #bad: Tried[] = [];
  #stopped: Stop | undefined;
  readonly #options: CheckOptions;
  readonly #watch: CheckWatch;
  readonly #gauge: Gauge | undefined;
  readonly #judgements = new Map<string, Judgement>();
  #told = 0;

  constructor(options: CheckOptions, watch: CheckWatch, gauge: Gauge | undefined) {
    this.#options = options;
    this.#watch = watch;
    this.#gauge = gauge;
  }

  /** Sends the genuine delivery, and proves that what shows effects shows its effect; gives why it cannot go on. */
  async begin(): Promise<CheckEnd | undefined> {
    const rule = rules.find(({ id }) => id === 'valid') as Rule;
    const seen = await this.#seen((gauge) => gauge.still(0, 0));
    if (typeof seen === 'object') return { kind: 'probe', why: seen.why };
    const [tried] = await this.#tryAll(rule.trials(kitOf(this.#options.bench, rule.id)));
    if (!tried?.accepted) return { kind: 'baseline', tried: tried as Tried };
    this.#judge('valid', { outcome: 'passed' });
    const proof = await this.#seen((gauge) => this.#prove(gauge, seen ?? ''));
    return typeof proof === 'object' ? { kind: 'probe', why: proof.why } : undefined;
  }

  /** Whether a rule was tried, and failed. */
  failed(id: string): boolean {
    return this.#judgements.get(id)?.outcome === 'failed';
  }

  /** Runs rules, so many at once. */
  async inLanes(some: readonly Rule[], count: number): Promise<void> {
    const left = [...some];
    const lane = async () => {
      for (let rule = left.shift(); rule && !this.#over; rule = left.shift()) await this.#runRule(rule);
    };
    await Promise.all(Array.from({ length: count }, lane));
  }

  /** Judges what was collected, and tells what could not be told yet. */
  end(): CheckEnd {
    const refusals = judgeRefusals(this.#bad);
    // Whoever was cut short may have refused the rest in any way.
    if (!this.#over || refusals.outcome === 'failed') this.#judge(refusalRule.id, refusals);
    for (const rule of this.#options.rules.slice(this.#told)) {
      const judgement = this.#judgements.get(rule.id) ?? this.#untried;
      if (judgement) this.#watch.judged(rule, judgement);
    }
    return this.#stopped === undefined ? { kind: 'done' } : { kind: this.#stopped };
  }

  /** What is said of a rule that was not tried any more. */
  get #untried(): Judgement | undefined {
    if (this.#stopped === undefined) return undefined;
    const reason =
      this.#stopped === 'gone' ? 'the receiver is gone' : 'the receiver goes on limiting the rate (429)';
    return { outcome: 'skipped', reason };
  }

  get #over(): boolean {
    return this.#stopped !== undefined || this.#options.signal.aborted;
  }

  /** Notes a judgement, and tells all whose turn it is. */
  #judge(id: string, judgement: Judgement): void {
    this.#judgements.set(id, judgement);
    for (;;) {
      const rule = this.#options.rules[this.#told];
      const next = rule && this.#judgements.get(rule.id);
      if (!rule || !next) return;
      this.#told += 1;
      this.#watch.judged(rule, next);
    }
  }

  async #runRule(rule: Rule): Promise<void> {
    const kit = kitOf(this.#options.bench, rule.id);
    const reason = rule.skip?.(kit);
    if (reason !== undefined) return this.#judge(rule.id, { outcome: 'skipped', reason });
    const trials = rule.trials(kit);
    if (this.#gauge && rule.effect !== undefined) return this.#runWatched(rule, trials, this.#gauge);
    const tried = told(rule, await this.#tryAll(trials));
    const judgement = judgeTold(rule, tried, kit);
    // What was cut short proves nothing, unless it has failed already.
    if (tried.length === trials.length || judgement.outcome === 'failed')
      this.#judge(rule.id, withoutEffects(rule, judgement));
  }

  async #runWatched(rule: Rule, trials: readonly Trial[], gauge: Gauge): Promise<void> {
    const seen = await this.#seen(() => this.#tryWatched(trials, gauge));
    if (this.#options.signal.aborted || seen === undefined) return;
    if ('why' in seen)
      return this.#judge(rule.id, {
        outcome: 'skipped',
        reason: `the effect cannot be told: ${seen.why}`,
        open: true,
      });
    const tried = told(rule, seen.tried);
    const judgement = judgeTold(rule, tried, kitOf(this.#options.bench, rule.id));
    if (tried.length === trials.length || judgement.outcome === 'failed')
      this.#judge(rule.id, judgeEffects(rule, judgement, seen.effects, tried));
  }

  /** Sends what a rule sends. */
  async #tryAll(trials: readonly Trial[]): Promise<Tried[]> {
    const tried: Tried[] = [];
    for (const some of together(trials)) {
      if (this.#over) break;
      tried.push(...(await Promise.all(some.map((trial) => this.#try(trial)))));
    }
    return tried;
  }

  async #try(trial: Trial): Promise<Tried> {
    const { send, now, bench } = this.#options;
    const message = trial.make(now());
    const answer = await send(message);
    const accepted = 'status' in answer && bench.accepts(answer.status);
    const tried = { trial, message, answer, accepted };
    if (isGone(answer)) this.#stopped ??= 'gone';
    if (isLimited(tried)) this.#stopped ??= 'limited';
    if (trial.bad) this.#bad.push(tried);
    return tried;
  }

  /** What is seen with the gauge, where there is one; or why it cannot be read. */
  async #seen<T>(look: (gauge: Gauge) => Promise<T>): Promise<T | { readonly why: string } | undefined> {
    if (!this.#gauge) return undefined;
    try {
      return await look(this.#gauge);
    } catch (error) {
      return { why: (error as Error).message };
    }
  }

  /** That it moves with the genuine delivery, and stands still without one. */
  async #prove(gauge: Gauge, before: string): Promise<string> {
    const { effectWaitMs } = this.#options;
    if ((await gauge.moved(before)) === before)
      throw new Error(
        `a genuine delivery that was accepted does not move it: it shows ${JSON.stringify(before)} before and after`,
      );
    const stillMs = Math.max(effectWaitMs, clockMs);
    return gauge.still(stillMs, 3 * stillMs);
  }

  /** Sends the first delivery, the others when its effect was seen, and waits for a second one. */
  async #tryWatched(trials: readonly Trial[], gauge: Gauge): Promise<{ tried: Tried[]; effects: Effects }> {
    const [trial, ...others] = trials;
    // A receiver that queues may be at work on what came before.
    const rest = Math.max(restMs, this.#options.effectWaitMs);
    const still = () => gauge.still(rest, longestRestMs);
    const before = await still();
    const tried = [await this.#try(trial as Trial)];
    const first = (await gauge.moved(before)) === before ? before : await still();
    tried.push(...(await this.#tryAll(others)));
    return { tried, effects: { before, first, last: await gauge.moved(first) } };
  }
}

/** A clock that shows seconds has moved by then, ms. */
const clockMs = 1100;
/** One effect may come in several steps, with less than so long between them, ms. */
const restMs = 300;
/** A queue is waited for so long, ms. */
const longestRestMs = 30_000;

/** Trials that are sent at once, in one list. */
function together(trials: readonly Trial[]): Trial[][] {
  const lists: Trial[][] = [];
  for (const trial of trials) {
    if (trial.together && lists.length > 0) lists.at(-1)?.push(trial);
    else lists.push([trial]);
  }
  return lists;
}
