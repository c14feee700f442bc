import { type Effects, headsOf } from '../../core/check/effects.ts';
import type { Trial } from '../../core/check/rule.ts';
import type { Gauge } from './gauge.ts';

/** What was seen, or why nothing can be told of it. */
export type Seen<T> = T | { readonly why: string };

/** What a rule sends, and how. */
export interface Sending {
  readonly trials: readonly Trial[];
  readonly send: (trials: readonly Trial[]) => Promise<unknown>;
}

/** A clock that shows seconds has moved by then, ms. */
const clockMs = 1100;
/** One effect may come in several steps, with less than so long between them, ms. */
const restMs = 300;
/** A queue with few deliveries is waited for so long, ms. */
const longestRestMs = 30_000;
/** At the end it is watched for so many times as long as an effect may take. */
const lastTimes = 3;

const isAfter = ({ role }: Trial): boolean => role === 'after';

/** Watches the effects of what rules send. */
export class Watcher {
  readonly #gauge: Gauge;
  readonly #waitMs: number;
  /** So many changes were seen of one delivery. */
  #steps = 1;
  /** What must still be seen: nothing was sent since, and nothing is on its way. */
  #settled: string | undefined;
  /** What was sent last has had its time. */
  #quiet = false;
  #doubt: string | undefined;
  #repeats = false;

  /** @param waitMs how long an effect may take */
  constructor(gauge: Gauge, waitMs: number) {
    this.#gauge = gauge;
    this.#waitMs = waitMs;
  }

  /** Why nothing that was seen can be trusted, if so. */
  get doubt(): string | undefined {
    return this.#doubt;
  }

  /** A second genuine delivery moved it, too. */
  get repeats(): boolean {
    return this.#repeats;
  }

  /** Nothing that was seen is believed any more. */
  distrust(why: string): void {
    this.#doubt ??= why;
  }

  /** What is seen now. */
  now(): Promise<Seen<{ readonly text: string }>> {
    return looked(async () => ({ text: await this.#gauge.still(0, () => true) }));
  }

  /** That it moves with a genuine delivery, and stands still without one. */
  prove(before: string): Promise<Seen<{ readonly moved: boolean }>> {
    return looked(async () => {
      if ((await this.#gauge.moved(before)) === before) return { moved: false };
      const stillMs = Math.max(this.#waitMs, clockMs);
      await this.#gauge.still(stillMs, (changes, ms) => {
        this.#steps = 1 + changes;
        return ms > 3 * stillMs;
      });
      return { moved: true };
    });
  }

  /** Whether it moves with another genuine delivery as well: a receiver may count what comes of the first one alone. */
  async proveAgain(send: () => Promise<unknown>): Promise<void> {
    const seen = await looked(async () => {
      const before = await this.#gauge.still(0, () => true);
      await send();
      return { moved: (await this.#gauge.moved(before)) !== before };
    });
    this.#repeats = 'moved' in seen && seen.moved;
  }

  /**
   * Waits for the end of what was sent before: a receiver that queues may be at work on it for long. It stood still before
   * that was sent, so it is believed to be a queue until more changes were seen than all of it can make.
   * @param sent so many messages
   * @param draining told when it takes longer than one effect, with what it may take, ms
   */
  async drain(sent: number, draining: (ms: number) => void): Promise<void> {
    const likely = sent * this.#steps;
    // Two steps of an effect may have been seen as one.
    const most = likely + sent;
    let [seen, told] = [0, false];
    const end = await looked(async () => {
      await this.#rest((changes, ms) => {
        seen = changes;
        if (!told && ms > this.#waitMs) draining(Math.max(0, likely - changes) * (ms / changes));
        told ||= ms > this.#waitMs;
        return changes > most;
      });
      this.#quiet = true;
      return {};
    });
    if ('why' in end)
      this.distrust(
        seen > most ? `it goes on changing: ${seen} times after ${sent} messages, so by itself` : end.why,
      );
  }

  /**
   * Sends the first messages of each, one after the other; when their effects were seen, all the others, and waits for what
   * those do; and then for what comes of those that are to be accepted afterwards.
   * @returns the effects of each; what came of the others is that of all together
   */
  watch(list: readonly Sending[]): Promise<Seen<{ readonly effects: readonly Effects[] }>> {
    return looked(async () => {
      const before = await this.#start();
      this.#settled = undefined;
      this.#quiet = false;
      let now = before;
      const moved: boolean[] = [];
      for (const each of list) {
        const heads = await this.#headsOf(each, now);
        moved.push(heads.moved);
        now = heads.seen;
      }
      const first = now === before ? now : await this.#rest();
      if (first === before && moved.includes(true)) throw this.#cameBack(before);
      const last = await this.#tailsOf(list, first, (trial) => !isAfter(trial));
      this.#quiet = true;
      const after = list.some(({ trials }) => trials.some(isAfter))
        ? { after: await this.#tailsOf(list, last, isAfter) }
        : {};
      return { effects: moved.map((each) => ({ before: each ? before : first, first, last, ...after })) };
    });
  }

  /** Sends what must have an effect, and gives that more time than an effect may take. */
  watchOwn({ trials, send }: Sending): Promise<Seen<{ readonly effects: readonly Effects[] }>> {
    return looked(async () => {
      const before = await this.#start();
      await send(trials);
      const first = await this.#gauge.moved(before, lastTimes);
      this.#settled = first === before ? first : undefined;
      this.#quiet = first === before;
      return { effects: [{ before, first, last: first }] };
    });
  }

  /** Stands still for a while; gives why nothing that was seen can be trusted, where it moved with no delivery. */
  async settle(): Promise<string | undefined> {
    if (this.#doubt !== undefined) return this.#doubt;
    const times = this.#quiet ? lastTimes - 1 : lastTimes;
    const seen = await looked(async () => {
      await this.#start();
      if (this.#doubt === undefined) await this.#gauge.still(times * this.#waitMs, () => true);
      return {};
    });
    if ('why' in seen) this.distrust(seen.why);
    return this.#doubt;
  }

  /** What is seen before anything is sent: a receiver that queues may be at work on what came before. */
  async #start(): Promise<string> {
    const seen = await (this.#quiet ? this.#gauge.still(restMs, tooLong) : this.#rest());
    if (this.#settled !== undefined && seen !== this.#settled) this.#movedItself(this.#settled, seen);
    return seen;
  }

  /** What is seen when an effect has had its time since the last change. */
  #rest(restless = tooLong): Promise<string> {
    return this.#gauge.still(Math.max(restMs, this.#waitMs), restless);
  }

  /** What is seen once it has moved, and rested for so long, ms; where it does not move, what was seen before. */
  async #effectAfter(before: string, forMs: number): Promise<string> {
    if ((await this.#gauge.moved(before)) === before) return before;
    const after = await this.#gauge.still(forMs, tooLong);
    if (after === before) throw this.#cameBack(before);
    return after;
  }

  /** Sends the first messages; gives what is seen then, and whether each of them moved it. */
  async #headsOf({ trials, send }: Sending, before: string): Promise<{ seen: string; moved: boolean }> {
    let [seen, moved] = [before, true];
    for (const head of headsOf(trials)) {
      await send([head]);
      const next = await this.#effectAfter(seen, restMs);
      moved &&= next !== seen;
      seen = next;
    }
    return { seen, moved };
  }

  /** Sends what is wanted of all that comes behind the first messages; gives what is seen then. */
  async #tailsOf(
    list: readonly Sending[],
    before: string,
    wanted: (trial: Trial) => boolean,
  ): Promise<string> {
    this.#settled = undefined;
    for (const { trials, send } of list) await send(trials.slice(headsOf(trials).length).filter(wanted));
    const seen = await this.#effectAfter(before, Math.max(restMs, this.#waitMs));
    if (seen === before) this.#settled = seen;
    return seen;
  }

  #cameBack(before: string): Error {
    this.distrust(
      `it went back to ${JSON.stringify(before)} after a delivery had moved it, and an effect must stay to be seen`,
    );
    return new Error(this.#doubt);
  }

  #movedItself(one: string, other: string): void {
    this.distrust(
      `it changed from ${JSON.stringify(one)} to ${JSON.stringify(other)} while nothing was sent: by itself, or by an effect that took longer than --effect-wait`,
    );
  }
}

const tooLong = (_changes: number, ms: number): boolean => ms > longestRestMs;

async function looked<T>(look: () => Promise<T>): Promise<Seen<T>> {
  try {
    return await look();
  } catch (error) {
    return { why: (error as Error).message };
  }
}
