import { type Effects, judgeEffects, withoutTrust } from '../../core/check/effects.ts';
import { judgeTold, told } from '../../core/check/judge.ts';
import type { Judgement, Rule, Trial, Tried } from '../../core/check/rule.ts';
import type { Gauge } from './gauge.ts';
import type { Run } from './run.ts';

/** What was seen, or why nothing can be told of it. */
export type Seen<T> = T | { readonly why: string };

/** A clock that shows seconds has moved by then, ms. */
const clockMs = 1100;
/** One effect may come in several steps, with less than so long between them, ms. */
const restMs = 300;
/** A queue is waited for so long, ms. */
const longestRestMs = 30_000;
/** At the end it is watched for so many times as long as an effect may take. */
const lastTimes = 3;

/** Watches the effects of what rules send, one rule after the other. */
export class Watcher {
  readonly #gauge: Gauge;
  readonly #waitMs: number;
  /** What must still be seen: nothing was sent since, and nothing is on its way. */
  #settled: string | undefined;
  /** What was sent last has had its time. */
  #quiet = false;
  #moved: string | undefined;

  /** @param waitMs how long an effect may take */
  constructor(gauge: Gauge, waitMs: number) {
    this.#gauge = gauge;
    this.#waitMs = waitMs;
  }

  /** What is seen now. */
  now(): Promise<Seen<{ readonly text: string }>> {
    return looked(async () => ({ text: await this.#gauge.still(0, 0) }));
  }

  /** That it moves with a genuine delivery, and stands still without one. */
  prove(before: string): Promise<Seen<{ readonly moved: boolean }>> {
    return looked(async () => {
      if ((await this.#gauge.moved(before)) === before) return { moved: false };
      const stillMs = Math.max(this.#waitMs, clockMs);
      await this.#gauge.still(stillMs, 3 * stillMs);
      return { moved: true };
    });
  }

  /**
   * Sends the first message, the others when its effect was seen, and waits for what they do; and then for what comes of
   * those that are to be accepted afterwards.
   */
  watch(
    trials: readonly Trial[],
    send: (trials: readonly Trial[]) => Promise<unknown>,
  ): Promise<Seen<{ readonly effects: Effects }>> {
    return looked(async () => {
      const before = await this.#start();
      this.#settled = undefined;
      this.#quiet = false;
      await send(trials.slice(0, 1));
      const first = await this.#effectAfter(before);
      const isAfter = ({ role }: Trial) => role === 'after';
      const others = trials.slice(1);
      await send(others.filter((each) => !isAfter(each)));
      const last = await this.#effectAfter(first);
      if (last === first) this.#settled = last;
      this.#quiet = true;
      if (!others.some(isAfter)) return { effects: { before, first, last } };
      this.#settled = undefined;
      await send(others.filter(isAfter));
      const after = await this.#effectAfter(last);
      if (after === last) this.#settled = after;
      return { effects: { before, first, last, after } };
    });
  }

  /** Stands still for a while; gives why nothing that was seen can be trusted, where it moved with no delivery. */
  async settle(): Promise<string | undefined> {
    if (this.#moved !== undefined) return this.#moved;
    const seen = await looked(async () => {
      await this.#start();
      if (this.#moved === undefined) await this.#gauge.still(lastTimes * this.#waitMs, 0);
      return {};
    });
    return this.#moved ?? ('why' in seen ? seen.why : undefined);
  }

  /** What is seen before anything is sent: a receiver that queues may be at work on what came before. */
  async #start(): Promise<string> {
    const seen = await (this.#quiet ? this.#gauge.still(restMs, longestRestMs) : this.#rest());
    if (this.#settled !== undefined && seen !== this.#settled) this.#movedItself(this.#settled, seen);
    return seen;
  }

  /** Nothing that was seen is believed any more. */
  distrust(why: string): void {
    this.#moved ??= why;
  }

  #rest(): Promise<string> {
    return this.#gauge.still(Math.max(restMs, this.#waitMs), longestRestMs);
  }

  async #effectAfter(before: string): Promise<string> {
    return (await this.#gauge.moved(before)) === before ? before : this.#rest();
  }

  #movedItself(one: string, other: string): void {
    this.#moved ??= `it changed from ${JSON.stringify(one)} to ${JSON.stringify(other)} while nothing was sent: by itself, or by an effect that took longer than --effect-wait`;
  }
}

async function looked<T>(look: () => Promise<T>): Promise<Seen<T>> {
  try {
    return await look();
  } catch (error) {
    return { why: (error as Error).message };
  }
}

/** A rule whose effects were watched, and not judged yet. */
interface Held {
  readonly rule: Rule;
  readonly tried: readonly Tried[];
  readonly byAnswers: Judgement;
  readonly seen: Seen<{ readonly effects: Effects }>;
  readonly ms: number;
}

/** Runs rules one by one and watches their effects; judges them when it is known that what was seen can be trusted. */
export async function watchRules(rules: readonly Rule[], run: Run, watcher: Watcher): Promise<void> {
  if (rules.length === 0) return;
  const held: Held[] = [];
  await run.oneByOne(rules, async (rule) => {
    const first = await watchOnce(rule, run, watcher);
    if (!first) return;
    held.push(first);
    if (!accuses(first) || run.over) return;
    const again = await watchOnce(rule, run, watcher);
    if (again && !accuses(again)) held.splice(-1, 1, { ...first, seen: { why: unrepeated } });
    // What comes at once may go well by chance.
    if (again && !accuses(again) && rule.effect !== 'once') watcher.distrust(unrepeated);
  });
  const doubt = run.over ? undefined : await watcher.settle();
  for (const each of held) run.judge(each.rule, judged(each, doubt), each.tried, each.ms);
}

const unrepeated =
  'a fault was seen once, and not when the same was sent again: it changes by itself, or by chance';

/** Sends what a rule sends, once; nothing where that was cut short, or is judged already. */
async function watchOnce(rule: Rule, run: Run, watcher: Watcher): Promise<Held | undefined> {
  const kit = run.kitFor(rule);
  if (!kit) return undefined;
  const began = performance.now();
  const trials = rule.trials(kit);
  const tried: Tried[] = [];
  const seen = await watcher.watch(trials, (some) => run.tryAll(rule.id, some, tried));
  const ms = performance.now() - began;
  if (await run.putOff(rule, tried)) return undefined;
  const sure = told(tried);
  const byAnswers = judgeTold(rule, sure, kit);
  const whole = !run.over && ('why' in seen || sure.length === trials.length);
  return whole || byAnswers.outcome === 'failed' ? { rule, tried, byAnswers, seen, ms } : undefined;
}

/** @param doubt why nothing that was seen can be trusted, if so */
function judged({ rule, tried, byAnswers, seen }: Held, doubt?: string): Judgement {
  if ('why' in seen) return withoutTrust(byAnswers, seen.why);
  if (doubt !== undefined) return withoutTrust(byAnswers, doubt);
  return judgeEffects(rule, byAnswers, seen.effects, tried);
}

/** Whether it is the effects that a rule fails by. */
const accuses = (held: Held): boolean =>
  'effects' in held.seen && held.byAnswers.outcome !== 'failed' && judged(held).outcome === 'failed';
