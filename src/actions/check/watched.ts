import { type Effects, judgeEffects, withoutTrust } from '../../core/check/effects.ts';
import { isDropped, judgeTold, told } from '../../core/check/judge.ts';
import type { Kit } from '../../core/check/kit.ts';
import type { Judgement, Rule, Trial, Tried } from '../../core/check/rule.ts';
import type { Run } from './run.ts';
import type { Seen, Watcher } from './watcher.ts';

/** A rule whose effects were watched, and not judged yet. */
interface Held {
  readonly rule: Rule;
  readonly tried: readonly Tried[];
  readonly byAnswers: Judgement;
  readonly seen: Seen<{ readonly effects: Effects }>;
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

const unrepeated =
  'a fault was seen once, and not when the same was sent again: it changes by itself, or by chance';

/** Runs rules and watches their effects; judges them when it is known that what was seen can be trusted. */
export async function watchRules(rules: readonly Rule[], run: Run, watcher: Watcher): Promise<void> {
  const alone = (some: readonly Rule[]) => watchAlone(some, run, watcher);
  const held = await alone(rules.filter((rule) => !isQuiet(rule)));
  held.push(...(await watchTogether(rules.filter(isQuiet), run, watcher, alone)));
  const doubt = run.over ? undefined : await watcher.settle();
  for (const each of held) run.judge(each.rule, judged(each, doubt), each.tried, each.ms);
}

/** Watches rules one by one; one that fails by its effects is tried again. */
async function watchAlone(rules: readonly Rule[], run: Run, watcher: Watcher): Promise<Held[]> {
  const held: Held[] = [];
  await run.oneByOne(rules, async (rule) => {
    const known = held.some((each) => each.rule.id === rule.beyond && accuses(each));
    const first = known ? passedOver(rule) : await watchOnce(rule, run, watcher);
    if (!first) return;
    held.push(first);
    if (!accuses(first) || run.over) return;
    const again = await watchOnce(rule, run, watcher);
    if (again && !accuses(again)) held.splice(-1, 1, { ...first, seen: { why: unrepeated } });
    // What comes at once may go well by chance.
    if (again && !accuses(again) && rule.effect !== 'once') watcher.distrust(unrepeated);
  });
  return held;
}

/** Watches rules of which nothing may come, all at once; one by one where something came, or was cut short. */
async function watchTogether(
  rules: readonly Rule[],
  run: Run,
  watcher: Watcher,
  alone: (rules: readonly Rule[]) => Promise<Held[]>,
): Promise<Held[]> {
  if (rules.length < 2 || watcher.doubt !== undefined || !(await run.there())) return alone(rules);
  const begun = rules.flatMap((rule) => begin(rule, run) ?? []);
  if (begun.length === 0) return [];
  const began = performance.now();
  const seen = await watcher.watch(begun.map((each) => sendingOf(each, run)));
  const ms = (performance.now() - began) / begun.length;
  const effects = 'effects' in seen ? seen.effects : [];
  const moved = effects.some(({ first, last }) => first !== last);
  const whole = begun.every(
    ({ tried, trials }) => told(tried).length === trials.length && !tried.some(isDropped),
  );
  if (effects.length > 0 && !moved && whole && !run.over)
    return begun.map((each, index) => heldOf(each, { effects: effects[index] as Effects }, ms));
  const held = await alone(begun.map(({ rule }) => rule));
  if (moved && whole && !run.over && !held.some(accuses)) watcher.distrust(unrepeated);
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

const heldOf = ({ rule, kit, tried }: Begun, seen: Held['seen'], ms: number): Held => ({
  rule,
  tried,
  byAnswers: judgeTold(rule, told(tried), kit),
  seen,
  ms,
});

/** A rule that would say again what the one before it has said. */
const passedOver = (rule: Rule): Held => {
  const why = `it is tried where ${rule.beyond} finds no second effect`;
  return { rule, tried: [], byAnswers: { outcome: 'skipped', reason: why }, seen: { why }, ms: 0 };
};

/** Sends what a rule sends, once; nothing where that was cut short, or is judged already. */
async function watchOnce(rule: Rule, run: Run, watcher: Watcher): Promise<Held | undefined> {
  const begun = begin(rule, run);
  if (!begun) return undefined;
  const { trials, tried } = begun;
  const began = performance.now();
  const seen = await seenOf(begun, run, watcher);
  const ms = performance.now() - began;
  if (await run.putOff(rule, tried)) return undefined;
  const held = heldOf(begun, seen, ms);
  const whole = !run.over && told(tried).length === trials.length;
  return whole || held.byAnswers.outcome === 'failed' ? held : undefined;
}

/** Sends what a rule sends, and watches what comes of it; where nothing can be told of that, the rest is only sent. */
async function seenOf(begun: Begun, run: Run, watcher: Watcher): Promise<Held['seen']> {
  const { trials, tried } = begun;
  const sending = sendingOf(begun, run);
  const seen = watcher.doubt === undefined ? await watcher.watch([sending]) : { why: watcher.doubt };
  if ('effects' in seen) return { effects: seen.effects[0] as Effects };
  await sending.send(trials.slice(tried.length));
  return seen;
}

/** @param doubt why nothing that was seen can be trusted, if so */
function judged({ rule, tried, byAnswers, seen }: Held, doubt?: string): Judgement {
  if ('why' in seen) return withoutTrust(rule, byAnswers, seen.why);
  if (doubt !== undefined) return withoutTrust(rule, byAnswers, doubt);
  return judgeEffects(rule, byAnswers, seen.effects, tried);
}

/** Whether it is the effects that a rule fails by. */
const accuses = (held: Held): boolean =>
  'effects' in held.seen && held.byAnswers.outcome !== 'failed' && judged(held).outcome === 'failed';
