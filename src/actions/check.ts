import { afterwards } from '../core/check/accept/genuine.ts';
import { judgeRefusals, refusalRule } from '../core/check/answer.ts';
import { judgeBaseline, untriedReason } from '../core/check/baseline.ts';
import { type Bench, kitOf } from '../core/check/kit.ts';
import type { Expectation, Judgement, Message, Rule, Tried } from '../core/check/rule.ts';
import { rules } from '../core/check/rules.ts';
import type { Refusing, Suspect } from '../core/check/words.ts';
import type { Answer } from '../core/types.ts';
import type { Probe } from '../io/probe.ts';
import { Firsts } from './check/firsts.ts';
import { openGauge } from './check/gauge.ts';
import { type Ledger, openLedger } from './check/ledger.ts';
import { Run, type Stop } from './check/run.ts';
import { watchLast, watchRules } from './check/watched.ts';
import { Watcher } from './check/watcher.ts';

/** How a receiver is checked. */
export interface CheckOptions {
  readonly bench: Bench;
  /** The rules that are judged; the baseline is sent in any case. */
  readonly rules: readonly Rule[];
  /** @param expect what must come of it */
  readonly send: (message: Message, expect: Expectation) => Promise<Answer>;
  /** Whether anybody listens there. */
  readonly listens: () => Promise<boolean>;
  /** How long one that went is waited for, ms: it may be starting again. @default 2000 */
  readonly backMs?: number;
  /** How long what is sent again is given to make it go, ms. @default 600 */
  readonly repeatedMs?: number;
  /** Reads what the receiver has done so far, where that can be seen. */
  readonly probe?: Probe | undefined;
  /** How long an effect is waited for, ms. */
  readonly effectWaitMs: number;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Told what comes of it. */
export interface CheckWatch {
  /** @param ms how long the rule took */
  readonly judged: (rule: Rule, judgement: Judgement, ms: number) => void;
  /**
   * The receiver was gone, and is back.
   * @param suspects what may have made it go, the likeliest first
   * @param found it is the one, which was sent again alone
   */
  readonly wentAndCame: (suspects: readonly Suspect[], found: boolean) => void;
  /** The receiver refused genuine deliveries, and accepts them again. */
  readonly refusedAndCame: (refusing: Refusing) => void;
  /** Effects are watched from now on, which takes its time. */
  readonly watching: () => void;
  /** The receiver is still at work on what was sent: it is waited for, perhaps so long, ms. */
  readonly draining: (ms: number) => void;
}

/** How a check ended. */
export type CheckEnd =
  | { readonly kind: 'done' }
  | Stop
  /** The genuine delivery was refused, so nothing else would mean anything. */
  | { readonly kind: 'baseline'; readonly tried: Tried }
  /** What shows the effects shows none, or others. */
  | { readonly kind: 'probe'; readonly why: string; readonly moved?: boolean };

const baseline = rules.find(({ id }) => id === 'valid') as Rule;

/** Checks a receiver: the baseline first, then every rule; tells each judgement in the rules' own order. */
export async function check(options: CheckOptions, watch: CheckWatch): Promise<CheckEnd> {
  const { probe, effectWaitMs, signal } = options;
  // The baseline is told at once; of all others it may turn out what the receiver does not survive.
  const isHeld = (id: string) => id !== baseline.id && run.holds(id);
  const ledger = openLedger(options.rules, watch.judged, isHeld);
  const firsts = new Firsts();
  const send: CheckOptions['send'] = (message, expect) => {
    firsts.note(message);
    return options.send(message, expect);
  };
  const run: Run = new Run({ ...options, send }, watch, ledger);
  const watcher = probe && new Watcher(openGauge(probe, effectWaitMs, signal), effectWaitMs);
  const early = await begin(options, watch, run, ledger, watcher);
  if (early) return early;
  const wanted = options.rules.filter(({ id }) => id !== baseline.id && id !== refusalRule.id);
  const isWatched = ({ effect }: Rule) => watcher !== undefined && effect !== undefined;
  const isLast = ({ turn }: Rule) => turn === 'last';
  const [last, others] = [wanted.filter(isLast), wanted.filter((rule) => !isLast(rule))];
  await runUnwatched(
    others.filter((rule) => !isWatched(rule)),
    run,
    ledger,
  );
  const watching = watcher && wanted.some(isWatched) && !run.over ? { run, watcher, firsts } : undefined;
  if (watching) {
    watch.watching();
    await watching.watcher.drain(firsts.noted, watch.draining);
    await watchRules(others.filter(isWatched), watching);
  }
  await run.rest();
  await run.oneByOne(last.filter((rule) => !isWatched(rule)));
  if (watching) await watchLast(last.filter(isWatched), watching);
  return end(run, ledger);
}

/** Runs the rules that the answers alone decide. */
async function runUnwatched(rules: readonly Rule[], run: Run, ledger: Ledger): Promise<void> {
  const of = (turn: Rule['turn']) => rules.filter((rule) => rule.turn === turn);
  const [survive, others] = [
    of(undefined).filter(({ group }) => group === 'survive'),
    of(undefined).filter(({ group }) => group !== 'survive'),
  ];
  await run.oneByOne(of('alone'));
  // A receiver that is busy with 20 would refuse much else for that reason.
  if (ledger.outcome('concurrent') === 'failed') await run.oneByOne([...of('slow'), ...others]);
  else await run.sideBySide(of('slow'), others);
  // One after the other: what a receiver does not survive is to be told from what came before.
  if (survive.length > 0) await run.prove();
  await run.oneByOne(survive);
}

/** Sends the genuine delivery, and proves that what shows effects shows its effect; gives why it cannot go on. */
async function begin(
  { bench, rules: wanted, signal }: CheckOptions,
  watch: CheckWatch,
  run: Run,
  ledger: Ledger,
  watcher: Watcher | undefined,
): Promise<CheckEnd | undefined> {
  const before = await watcher?.now();
  const blind = (why: string, moved?: false): CheckEnd => {
    ledger.close(() => unfinished('the effect cannot be judged'));
    return { kind: 'probe', why, ...(moved === undefined ? {} : { moved }) };
  };
  if (before && 'why' in before) return blind(before.why);
  const all: Tried[] = [];
  await run.tryAll(baseline.id, baseline.trials(kitOf(bench, baseline.id)), all);
  const [tried] = all;
  if (run.over || !tried) return undefined;
  if (!tried.accepted) {
    const judgement = judgeBaseline(tried, bench);
    if (!wanted.includes(baseline)) watch.judged(baseline, judgement, tried.answer.ms);
    ledger.judge(baseline.id, judgement, tried.answer.ms);
    ledger.close(() => unfinished(untriedReason(tried.answer)));
    return { kind: 'baseline', tried };
  }
  ledger.judge(baseline.id, { outcome: 'passed' }, tried.answer.ms);
  if (!watcher || before === undefined) return undefined;
  const proof = await watcher.prove(before.text);
  if (signal.aborted) return undefined;
  if ('why' in proof) return blind(proof.why);
  const shown = JSON.stringify(before.text);
  if (!proof.moved)
    return blind(
      `a genuine delivery that was accepted does not move it: it shows ${shown} before and after`,
      false,
    );
  const another = afterwards(kitOf(bench, `${baseline.id} again`));
  if (wanted.some(({ effect }) => effect === 'own'))
    await watcher.proveAgain(() => run.tryAll(baseline.id, [another], []));
  return undefined;
}

/** Judges what was collected, and tells what could not be told yet. */
function end(run: Run, ledger: Ledger): CheckEnd {
  const refusals = judgeRefusals(run.bad);
  // Whoever was cut short may have refused the rest in any way.
  if (!run.over || refusals.outcome === 'failed') ledger.judge(refusalRule.id, refusals);
  ledger.close((id) => unfinished(run.unfinished(id)));
  return run.stopped ?? { kind: 'done' };
}

const unfinished = (reason: string): Judgement => ({ outcome: 'skipped', reason, unfinished: true });
