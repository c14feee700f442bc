import { judgeRefusals, refusalRule } from '../core/check/answer.ts';
import { type Effects, judgeEffects, withoutEffects } from '../core/check/effects.ts';
import { isGone, judgeAll } from '../core/check/judge.ts';
import { type Bench, kitOf } from '../core/check/kit.ts';
import type { Judgement, Message, Rule, Trial, Tried } from '../core/check/rule.ts';
import { rules } from '../core/check/rules.ts';
import type { Answer } from '../core/types.ts';
import { pause } from './pause.ts';

/** How a receiver is checked. */
export interface CheckOptions {
  readonly bench: Bench;
  /** The rules that are judged; the baseline is sent in any case. */
  readonly rules: readonly Rule[];
  readonly send: (message: Message) => Promise<Answer>;
  /** Reads what the receiver has done so far, where that can be seen. */
  readonly probe?: (() => Promise<string>) | undefined;
  /** How long an effect is waited for, ms. */
  readonly effectWaitMs: number;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Told what comes of it. */
export interface CheckWatch {
  readonly judged: (rule: Rule, judgement: Judgement) => void;
  readonly sent?: () => void;
}

/** How a check ended. */
export type CheckEnd =
  | { readonly kind: 'done' | 'gone' }
  /** The genuine delivery was refused, so nothing else would mean anything. */
  | { readonly kind: 'baseline'; readonly tried: Tried }
  /** What shows the effects shows none, or others. */
  | { readonly kind: 'probe'; readonly why: string };

/** So many rules run side by side. */
const lanes = 8;

/** Checks a receiver: the baseline first, then every rule; tells each judgement in the rules' own order. */
export async function check(options: CheckOptions, watch: CheckWatch): Promise<CheckEnd> {
  const run = new Run(options, watch);
  const [baseline] = await run.tryAll(rules.find(({ id }) => id === 'valid') as Rule);
  if (!baseline?.accepted)
    return run.gone ? { kind: 'gone' } : { kind: 'baseline', tried: baseline as Tried };
  run.judge('valid', { outcome: 'passed' });
  const fault = await proveProbe(run, options);
  if (fault !== undefined) return { kind: 'probe', why: fault };
  const wanted = options.rules.filter(({ id }) => id !== 'valid' && id !== refusalRule.id);
  const visible = (rule: Rule) => options.probe !== undefined && rule.effect !== undefined;
  const of = (turn: Rule['turn']) => wanted.filter((rule) => rule.turn === turn && !visible(rule));
  const beside = of(undefined).filter(({ group }) => group !== 'survive');
  const survival = of(undefined).filter(({ group }) => group === 'survive');
  await run.inLanes(of('alone'), 1);
  const slow = run.inLanes(of('slow'), lanes);
  await run.inLanes(beside, lanes);
  await slow;
  // One after the other: what a receiver does not survive is to be told from what came before.
  await run.inLanes(survival, 1);
  await run.inLanes(wanted.filter(visible), 1);
  await run.inLanes(of('last'), 1);
  run.judge(refusalRule.id, judgeRefusals(run.bad));
  run.tellRest();
  return { kind: run.gone ? 'gone' : 'done' };
}

/** What is known in the middle of a check. */
class Run {
  /** Nothing listens there any more. */
  gone = false;
  /** The bad deliveries, and how they were answered. */
  readonly bad: Tried[] = [];
  readonly #options: CheckOptions;
  readonly #watch: CheckWatch;
  readonly #judgements = new Map<string, Judgement>();
  #told = 0;

  constructor(options: CheckOptions, watch: CheckWatch) {
    this.#options = options;
    this.#watch = watch;
  }

  /** Notes a judgement, and tells all whose turn it is. */
  judge(id: string, judgement: Judgement): void {
    this.#judgements.set(id, judgement);
    for (;;) {
      const rule = this.#options.rules[this.#told];
      const next = rule && this.#judgements.get(rule.id);
      if (!rule || !next) return;
      this.#told += 1;
      this.#watch.judged(rule, next);
    }
  }

  /** Tells the rules that could not be judged any more. */
  tellRest(): void {
    for (const { id } of this.#options.rules) {
      if (!this.#judgements.has(id)) this.judge(id, { outcome: 'skipped', reason: 'the receiver is gone' });
    }
  }

  /** Runs rules, so many at once. */
  async inLanes(some: readonly Rule[], count: number): Promise<void> {
    const left = [...some];
    const lane = async () => {
      for (let rule = left.shift(); rule && !this.#over; rule = left.shift()) await this.#runRule(rule);
    };
    await Promise.all(Array.from({ length: count }, lane));
  }

  get #over(): boolean {
    return this.gone || this.#options.signal.aborted;
  }

  async #runRule(rule: Rule): Promise<void> {
    const kit = kitOf(this.#options.bench, rule.id);
    const reason = rule.skip?.(kit);
    if (reason !== undefined) return this.judge(rule.id, { outcome: 'skipped', reason });
    const { probe } = this.#options;
    const seen = probe && rule.effect !== undefined ? await this.#tryWatched(rule, probe) : undefined;
    const tried = seen?.tried ?? (await this.tryAll(rule));
    if (this.#options.signal.aborted) return;
    const byAnswers = rule.conclude?.(tried, kit) ?? judgeAll(tried);
    this.judge(
      rule.id,
      seen ? judgeEffects(rule, byAnswers, seen.effects, tried) : withoutEffects(rule, byAnswers),
    );
  }

  /** Sends what a rule sends. */
  async tryAll(rule: Rule): Promise<Tried[]> {
    const tried: Tried[] = [];
    for (const trials of together(rule.trials(kitOf(this.#options.bench, rule.id)))) {
      if (this.#over) break;
      tried.push(...(await Promise.all(trials.map((trial) => this.#try(trial)))));
    }
    return tried;
  }

  async #try(trial: Trial): Promise<Tried> {
    const { send, now, bench } = this.#options;
    const message = trial.make(now());
    const answer = await send(message);
    this.#watch.sent?.();
    if (isGone(answer)) this.gone = true;
    const accepted = 'status' in answer && bench.accepts(answer.status);
    const tried = { trial, message, answer, accepted };
    if (trial.bad) this.bad.push(tried);
    return tried;
  }

  /** Sends the first delivery, the others when its effect was seen, and waits for a second one. */
  async #tryWatched(rule: Rule, probe: () => Promise<string>): Promise<{ tried: Tried[]; effects: Effects }> {
    const { effectWaitMs, signal, bench } = this.#options;
    const [first, ...others] = rule.trials(kitOf(bench, rule.id));
    const before = await probe();
    const tried = [await this.#try(first as Trial)];
    const moved = await untilMoved(probe, before, effectWaitMs, signal);
    for (const trial of others) if (!this.#over) tried.push(await this.#try(trial));
    const last = await untilMoved(probe, moved, effectWaitMs, signal);
    return { tried, effects: { before, first: moved, last } };
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

const pollMs = 50;

/** What the probe shows once it shows something else than before, or when the time is over. */
async function untilMoved(
  probe: () => Promise<string>,
  before: string,
  waitMs: number,
  signal: AbortSignal,
): Promise<string> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const seen = await probe();
    if (seen !== before || performance.now() >= deadline || signal.aborted) return seen;
    await pause(Math.min(pollMs, waitMs), signal);
  }
}

/** Whether the probe moves with a delivery and stands still without one; else what is wrong with it. */
async function proveProbe(
  run: Run,
  { probe, effectWaitMs, signal }: CheckOptions,
): Promise<string | undefined> {
  if (!probe) return undefined;
  // The effect of the baseline may still be on its way.
  await pause(Math.min(effectWaitMs, 500), signal);
  const still = [await probe(), await probe()] as const;
  await pause(pollMs, signal);
  const later = await probe();
  if (still[0] !== still[1] || still[1] !== later)
    return `it changes by itself: ${JSON.stringify(still[0])}, then ${JSON.stringify(later)} without a delivery between`;
  await run.tryAll({ ...(rules[0] as Rule), id: 'probe' });
  const after = await untilMoved(probe, later, effectWaitMs, signal);
  return after === later
    ? `a genuine delivery that was accepted does not move it: it shows ${JSON.stringify(later)} before and after`
    : undefined;
}
