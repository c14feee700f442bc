import type { Judgement, Rule, Trial, Tried } from './rule.ts';

/** The messages of a rule that have an effect of their own: the first, and those between it and what is judged. */
export function headsOf(trials: readonly Trial[]): readonly Trial[] {
  const first = trials.findIndex(({ role }, index) => index > 0 && role !== 'between');
  return first < 0 ? trials : trials.slice(0, first);
}

/** What could be seen of a rule's effects: before, after its first messages, after the others, and after a last genuine one. */
export interface Effects {
  readonly before: string;
  readonly first: string;
  readonly last: string;
  readonly after?: string;
  /** What must have an effect of its own was sent for the first time. */
  readonly fresh?: boolean;
  /** At the start a second genuine delivery had an effect, too: so any other must. */
  readonly repeats?: boolean;
}

/** Those of which each must have an effect of its own: a last genuine one, or else the first messages. */
export function ownOf(tried: readonly Tried[]): readonly Tried[] {
  const after = tried.filter(({ trial }) => trial.role === 'after');
  return after.length > 0 ? after : tried.slice(0, headsOf(tried.map(({ trial }) => trial)).length);
}

/** What the answers and the effects mean together. */
export function judgeEffects(
  rule: Rule,
  byAnswers: Judgement,
  effects: Effects,
  tried: readonly Tried[],
): Judgement {
  const { before, first, last } = effects;
  const moved = before !== first && first !== last;
  const words = `${shown(first)} → ${shown(last)}`;
  const failing = (reason: string): Judgement => ({
    outcome: 'failed',
    level: 'MUST',
    reason,
    tried: culpritOf(tried),
  });
  if (moved && rule.effect === 'none') return failing(`there was a second effect: ${words}`);
  if (moved && rule.effect === 'refused') return failing(`a forged delivery had an effect: ${words}`);
  if (byAnswers.outcome === 'failed') return byAnswers;
  if (rule.effect === 'some') return judgeHandled(rule, byAnswers, effects, tried);
  if (rule.effect === 'own') return judgeOwn(rule, byAnswers, effects, tried);
  if (before === first) return unmoved(rule, byAnswers, effects, before);
  if (rule.effect === 'once') {
    const [one, more] = [distance(before, first), distance(first, last)];
    if (Number.isNaN(one + more))
      return { outcome: 'skipped', reason: `it takes a number to tell one effect from several: ${words}` };
    if (more > one)
      return failing(`one delivery alone changes it by ${one}, one that comes five times at once by ${more}`);
  }
  if (rule.effect === 'refused') return { outcome: 'passed', reason: 'no effect of a forged delivery' };
  if (rule.effect === 'reported')
    return {
      outcome: 'reported',
      reason: moved ? `it had a second effect: ${words}` : 'it had no second effect',
    };
  return { outcome: 'passed', reason: 'no second effect' };
}

/** A genuine delivery that was not sent before must have an effect, where one more than the first had it at the start. */
function judgeOwn(rule: Rule, byAnswers: Judgement, effects: Effects, tried: readonly Tried[]): Judgement {
  const { before, first, fresh, repeats } = effects;
  if (before !== first) return { outcome: 'passed', reason: 'it had its effect' };
  if (!fresh || !repeats) return unmoved(rule, byAnswers, effects, before);
  return {
    outcome: 'failed',
    reason: `genuine deliveries are accepted and have no effect any more, as they had at the start: ${shown(before)} stayed`,
    remedy:
      'look at what works behind the answers: a worker that ended, or goes on with one delivery that it cannot handle',
    tried: tried.at(-1),
  };
}

/**
 * Nothing comes of what must have an effect. As one was seen at the start, that leaves it open; unless the same was sent
 * before, as where a provider has few ids.
 * @param stayed what was seen all the time
 */
function unmoved(rule: Rule, byAnswers: Judgement, { fresh }: Effects, stayed: string): Judgement {
  const why = fresh
    ? 'a genuine delivery was accepted and had no effect within --effect-wait, as the first of all had'
    : 'no effect of a genuine delivery with nothing before it was seen';
  return (fresh ? leftOpen : byAnswersAlone)(rule, byAnswers, `${why}: ${shown(stayed)} stayed`);
}

/** The message that is shown: of what came behind the first ones the last that was accepted, or the last of all. */
function culpritOf(tried: readonly Tried[]): Tried | undefined {
  const heads = headsOf(tried.map(({ trial }) => trial)).length;
  return tried.findLast(({ accepted }, index) => accepted && index >= heads) ?? tried.at(-1);
}

/** How far a number moved; NaN for other texts. */
const distance = (one: string, other: string): number =>
  one === '' || other === '' ? Number.NaN : Math.abs(Number(other) - Number(one));

/**
 * A genuine delivery that was accepted behind a forged one must be handled, too; unless nothing comes of any other either,
 * as where a provider's few ids have all been handled before.
 */
function judgeHandled(
  rule: Rule,
  byAnswers: Judgement,
  effects: Effects,
  tried: readonly Tried[],
): Judgement {
  const { first, last, after } = effects;
  if (first !== last) return { outcome: 'passed', reason: 'the genuine delivery had its effect' };
  if (after === last) return unmoved(rule, byAnswers, effects, last);
  return {
    outcome: 'failed',
    reason: `the genuine delivery was accepted and had no effect: ${shown(last)} stayed`,
    tried: tried.findLast(({ trial }) => trial.role !== 'after'),
  };
}

/** Where effects cannot be seen, the answers alone are judged, and that is said. */
export function withoutEffects(rule: Rule, byAnswers: Judgement): Judgement {
  if (rule.effect === undefined) return byAnswers;
  const what = rule.effect === 'some' || rule.effect === 'own' ? 'whether it is handled' : 'a second effect';
  return byAnswersAlone(rule, byAnswers, `--effect-cmd or --effect-url would show ${what}`);
}

/** The same where what was seen cannot be trusted; what was to be judged by it is then left open. */
export const withoutTrust = (rule: Rule, byAnswers: Judgement, why: string): Judgement =>
  leftOpen(rule, byAnswers, `the effect cannot be told: ${why}`);

/** What the answers say; what was to be judged by effects is left open. */
function leftOpen(rule: Rule, byAnswers: Judgement, why: string): Judgement {
  const judgement = byAnswersAlone(rule, byAnswers, why);
  const told = judgement === byAnswers || rule.effect === 'reported';
  return told ? judgement : { ...judgement, open: true };
}

/** What the answers say where effects say nothing: a rule that nothing but effects decides is skipped. */
function byAnswersAlone(rule: Rule, byAnswers: Judgement, why: string): Judgement {
  if (byAnswers.outcome !== 'passed') return byAnswers;
  if (rule.effectOnly) return { outcome: 'skipped', reason: why };
  return { ...byAnswers, reason: `by the answers alone; ${why}` };
}

/** What shows the effects, as words show it. */
export const shown = (text: string): string =>
  JSON.stringify(text.length > 40 ? `${text.slice(0, 39)}…` : text);
