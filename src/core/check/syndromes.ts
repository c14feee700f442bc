import type { CheckFact } from '../facts.ts';
import { rewrittenWords } from './accept/bodies.ts';
import { joinedAsText } from './accept/pieces.ts';

/** One mistake that several rules name together. */
export interface Diagnosis {
  readonly message: string;
  /** The ids of the rules that fail by it. */
  readonly rules: readonly string[];
}

/** What is known of each rule. */
interface Found {
  readonly failed: (rule: string) => boolean;
  readonly passed: (rule: string) => boolean;
  /** It failed with a success for what must be refused. */
  readonly took: (rule: string) => boolean;
}

interface Syndrome {
  readonly message: string;
  /** Whether what was found proves it. */
  readonly shows: (found: Found, facts: readonly CheckFact[]) => boolean;
  readonly explains: (fact: CheckFact) => boolean;
}

/** A success was answered to what decided it. */
const isTaken = ({ outcome, answer }: CheckFact): boolean =>
  outcome === 'failed' &&
  answer !== undefined &&
  'status' in answer &&
  answer.status >= 200 &&
  answer.status <= 299;

const isTakenForgery = (fact: CheckFact): boolean => fact.group === 'refuse' && isTaken(fact);

/** An odd delivery was accepted unsigned. */
const isTakenOddity = (fact: CheckFact): boolean =>
  fact.group === 'survive' && isTaken(fact) && fact.trial?.endsWith(', unsigned') === true;

const oneOf =
  (...rules: readonly string[]) =>
  ({ rule, outcome }: CheckFact): boolean =>
    outcome === 'failed' && rules.includes(rule);

const isJoinedAsText = ({ outcome, reason = '' }: CheckFact): boolean =>
  outcome === 'failed' && reason.includes(joinedAsText);

const unchecked =
  'it does not check signatures, or answers before the check’s result is there (a promise that is not awaited)';

/** What explains all others: where this is so, nothing else is known. */
const everything: Syndrome = {
  message: `everything is accepted, also without a signature: ${unchecked}`,
  shows: ({ took }, facts) =>
    took('no-signature') &&
    took('wrong-secret') &&
    !facts.some(({ group, outcome }) => group === 'refuse' && outcome === 'passed'),
  explains: (fact) => isTakenForgery(fact) || isTakenOddity(fact),
};

/** The most important first. */
const syndromes: readonly Syndrome[] = [
  {
    message: `whatever signature there is, and none, is accepted: ${unchecked}`,
    shows: ({ took }) => took('no-signature') && took('wrong-secret'),
    explains: (fact) => isTakenForgery(fact) || isTakenOddity(fact),
  },
  {
    message:
      'any signature is accepted, as long as there is one: it is not compared, or the result of its check is not used (a promise that is not awaited)',
    shows: ({ took, passed }) => took('wrong-secret') && passed('no-signature'),
    explains: isTakenForgery,
  },
  {
    message:
      'a signature is checked only where there is one: a wrong one is refused, and what carries none is accepted',
    shows: ({ took, passed }) => took('no-signature') && passed('wrong-secret'),
    explains: (fact) =>
      oneOf('no-signature', 'empty-signature', 'signature-in-query')(fact) || isTakenOddity(fact),
  },
  {
    message:
      'a part of the right digest is enough: it is compared by its first characters, or up to the length of what came (startsWith, slice)',
    shows: ({ took, passed }) =>
      took('truncated-signature') && took('prefix-signature') && passed('wrong-secret'),
    explains: oneOf('empty-signature', 'truncated-signature', 'prefix-signature', 'extended-signature'),
  },
  {
    message: rewrittenWords,
    shows: ({ took, failed }) =>
      took('tampered-whitespace') && failed('reformatted-body') && failed('big-numbers'),
    explains: oneOf('tampered-whitespace', 'reformatted-body', 'big-numbers'),
  },
  {
    message:
      'what was seen once can be sent again for days: its time is not compared with now, or by far too wide a measure (milliseconds for seconds)',
    shows: ({ took, passed }) => took('stale') && took('stale-by-a-day') && !passed('future'),
    explains: oneOf(
      'stale',
      'stale-by-a-day',
      'future',
      'timestamp-garbage',
      'timestamp-ms',
      'timestamp-negative',
    ),
  },
  {
    message:
      'what comes again is handled again: the id is not looked at, or remembered where not every worker sees it',
    // By the answers alone it fails with no success.
    shows: ({ took, failed }) => took('duplicate') && failed('duplicate-at-once'),
    explains: oneOf('duplicate', 'duplicate-at-once'),
  },
  {
    message: joinedAsText,
    shows: (_, facts) => facts.filter(isJoinedAsText).length > 1,
    explains: isJoinedAsText,
  },
];

/** What the results of several rules prove together, the most important first. */
export function diagnosesOf(facts: readonly CheckFact[]): Diagnosis[] {
  const of = (rule: string) => facts.find((fact) => fact.rule === rule);
  const found: Found = {
    failed: (rule) => of(rule)?.outcome === 'failed',
    passed: (rule) => of(rule)?.outcome === 'passed',
    took: (rule) => facts.some((fact) => fact.rule === rule && isTaken(fact)),
  };
  const shown = everything.shows(found, facts)
    ? [everything]
    : syndromes.filter(({ shows }) => shows(found, facts));
  return shown.map(({ message, explains }) => ({
    message,
    rules: facts.filter(explains).map(({ rule }) => rule),
  }));
}

/** The rules of a diagnosis in a few words: `stale, future and 12 others`. */
export function ruleList(rules: readonly string[]): string {
  const most = 6;
  return rules.length <= most
    ? rules.join(', ')
    : `${rules.slice(0, most).join(', ')} and ${rules.length - most} others`;
}
