import { type Effects, judgeEffects, ownOf, shown, withoutTrust } from '../../core/check/effects.ts';
import { isDropped, judgeTold, told } from '../../core/check/judge.ts';
import type { Kit } from '../../core/check/kit.ts';
import type { Judgement, Rule, Trial, Tried } from '../../core/check/rule.ts';
import type { Firsts } from './firsts.ts';
import type { Run } from './run.ts';
import type { Seen, Watcher } from './watcher.ts';

/** What it takes to watch rules. */
export interface Watching {
  readonly run: Run;
  readonly watcher: Watcher;
  readonly firsts: Firsts;
}

/** A rule whose effects were watched, and not judged yet. */
interface Held {
  readonly rule: Rule;
  readonly tried: readonly Tried[];
  readonly byAnswers: Judgement;
  /** `beyond`: the rule whose fault was seen, so that this one was not sent. */
  readonly seen: Seen<{ readonly effects: Effects } | { readonly beyond: string }>;
  readonly ms: number;
}

/** A rule that is being tried. */
interface Begun {
  readonly rule: Rule;
  readonly kit: Kit;
  readonly trials: readonly Trial[];
  readonly tried: Tried[];
}

/** Whether nothing more must come of it: several such rules can be waited for at once. */
const isQuiet = ({ effect }: Rule): boolean => effect === 'none' || effect === 'refused';

/** @param what the fault, and whose it is */
const unrepeated = (what: string): string =>
  `a fault was seen once (${what}), and not when the same was sent again: it changes by itself, or by chance`;

/** Runs rules and watches their effects; judges them when it is known that what was seen can be trusted. */
export async function watchRules(rules: readonly Rule[], watching: Watching): Promise<void> {
  const { run, watcher } = watching;
  if (rules.length === 0) return;
  const held = await watchAlone(
    rules.filter((rule) => !isQuiet(rule)),
    watching,
  );
  held.push(...(await watchTogether(rules.filter(isQuiet), watching)));
  const doubt = run.over ? undefined : await watcher.settle();
  for (const each of held) run.judge(each.rule, judged(each, doubt), each.tried, each.ms);
}

/** The same for what comes at the very end, behind all that was watched standing still. */
export async function watchLast(rules: readonly Rule[], watching: Watching): Promise<void> {
  const { run, watcher } = watching;
  for (const each of await watchAlone(rules, watching))
    run.judge(each.rule, judged(each, watcher.doubt), each.tried, each.ms);
}

/** Watches rules one by one; one that fails by its effects is tried again. */
async function watchAlone(rules: readonly Rule[], watching: Watching): Promise<Held[]> {
  const { run, watcher } = watching;
  const held: Held[] = [];
  await run.oneByOne(rules, async (rule) => {
    const known = held.some((each) => each.rule.id === rule.beyond && accuses(each));
    const first = known ? passedOver(rule, rule.beyond ?? '') : await watchOnce(rule, watching);
    if (!first) return;
    held.push(first);
    if (!accuses(first) || run.over) return;
    const again = await watchOnce(rule, watching);
    if (!again || accuses(again)) return;
    const why = unrepeated(`${rule.id}: ${judged(first).reason}`);
    held.splice(-1, 1, { ...first, seen: { why } });
    // What comes at once may go well by chance.
    if (rule.effect !== 'once') watcher.distrust(why);
  });
  return held;
}

/** Watches rules of which nothing may come, all at once; one by one where something came, or was cut short. */
async function watchTogether(rules: readonly Rule[], watching: Watching): Promise<Held[]> {
  const { run, watcher } = watching;
  if (rules.length < 2 || watcher.doubt !== undefined || !(await run.there()))
    return watchAlone(rules, watching);
  const begun = rules.flatMap((rule) => begin(rule, run) ?? []);
  if (begun.length === 0) return [];
  const began = performance.now();
  const seen = await watcher.watch(begun.map((each) => sendingOf(each, run)));
  const ms = (performance.now() - began) / begun.length;
  const effects = 'effects' in seen ? seen.effects : [];
  const moved = effects.find(({ first, last }) => first !== last);
  const whole = begun.every(
    ({ tried, trials }) => told(tried).length === trials.length && !tried.some(isDropped),
  );
  if (effects.length > 0 && !moved && whole && !run.over)
    return begun.map((each, index) => heldOf(each, { effects: effects[index] as Effects }, ms, watching));
  const held = await watchAlone(
    begun.map(({ rule }) => rule),
    watching,
  );
  if (moved && whole && !run.over && !held.some(accuses)) {
    const ids = begun.map(({ rule }) => rule.id).join(', ');
    watcher.distrust(
      unrepeated(
        `an effect where none may be: ${shown(moved.first)} → ${shown(moved.last)}, at one of ${ids}`,
      ),
    );
  }
  return held;
}

/** A rule with what it sends now; nothing where it is skipped, which is judged. */
function begin(rule: Rule, run: Run): Begun | undefined {
  const kit = run.kitFor(rule);
  return kit && { rule, kit, trials: rule.trials(kit), tried: [] };
}

const sendingOf = ({ rule, trials, tried }: Begun, run: Run) => ({
  trials,
  send: (some: readonly Trial[]) => run.tryAll(rule.id, some, tried),
});

function heldOf(
  { rule, kit, tried }: Begun,
  seen: Seen<{ readonly effects: Effects }>,
  ms: number,
  { watcher, firsts }: Watching,
): Held {
  const fresh = ownOf(tried).every(({ message }) => firsts.has(message));
  return {
    rule,
    tried,
    byAnswers: judgeTold(rule, told(tried), kit),
    seen: 'effects' in seen ? { effects: { ...seen.effects, fresh, repeats: watcher.repeats } } : seen,
    ms,
  };
}

/** A rule that would say again what the one before it has said. */
const passedOver = (rule: Rule, beyond: string): Held => ({
  rule,
  tried: [],
  byAnswers: { outcome: 'passed' },
  seen: { beyond },
  ms: 0,
});

/** Sends what a rule sends, once; nothing where that was cut short, or is judged already. */
async function watchOnce(rule: Rule, watching: Watching): Promise<Held | undefined> {
  const { run } = watching;
  const begun = begin(rule, run);
  if (!begun) return undefined;
  const { trials, tried } = begun;
  const began = performance.now();
  const seen = await seenOf(begun, watching);
  const ms = performance.now() - began;
  if (await run.putOff(rule, tried)) return undefined;
  const held = heldOf(begun, seen, ms, watching);
  const whole = !run.over && told(tried).length === trials.length;
  return whole || held.byAnswers.outcome === 'failed' ? held : undefined;
}

/** Sends what a rule sends, and watches what comes of it; where nothing can be told of that, the rest is only sent. */
async function seenOf(
  begun: Begun,
  { run, watcher }: Watching,
): Promise<Seen<{ readonly effects: Effects }>> {
  const { rule, trials, tried } = begun;
  const sending = sendingOf(begun, run);
  const watch = () => (rule.effect === 'own' ? watcher.watchOwn(sending) : watcher.watch([sending]));
  const seen = watcher.doubt === undefined ? await watch() : { why: watcher.doubt };
  if ('effects' in seen) return { effects: seen.effects[0] as Effects };
  await sending.send(trials.slice(tried.length));
  return seen;
}

/** @param doubt why nothing that was seen can be trusted, if so */
function judged({ rule, tried, byAnswers, seen }: Held, doubt?: string): Judgement {
  if ('why' in seen) return withoutTrust(rule, byAnswers, seen.why);
  if (doubt !== undefined) return withoutTrust(rule, byAnswers, doubt);
  if ('beyond' in seen)
    return { outcome: 'skipped', reason: `it is tried where ${seen.beyond} finds no second effect` };
  return judgeEffects(rule, byAnswers, seen.effects, tried);
}

/** Whether it is the effects that a rule fails by. */
const accuses = (held: Held): boolean =>
  'effects' in held.seen && held.byAnswers.outcome !== 'failed' && judged(held).outcome === 'failed';
