/** The words in which facts speak of a check. */

export const groups = ['accept', 'refuse', 'survive', 'answer'] as const;
/** What a rule is about: what must be accepted, refused, survived, and how it is refused. */
export type Group = (typeof groups)[number];

/** MUST: who breaks it loses deliveries or takes forged ones. SHOULD: who breaks it will be sorry. */
export type Level = 'MUST' | 'SHOULD';

/** How the bytes of a request go over the wire. `split`: in pieces that end inside of characters, where there are any. */
export type Pace = 'whole' | 'chunked' | 'split' | 'slow' | 'cut';

/** `reported`: correct receivers differ here, so it is told and not judged. */
export type Outcome = 'passed' | 'failed' | 'skipped' | 'reported';

/** A message that may have made a receiver go. */
export interface Suspect {
  /** The id of its rule. */
  readonly rule: string;
  readonly label: string;
}

/** `one of these made it go: stale (a day old), wrong-secret (another secret)`. */
export function suspectWords(suspects: readonly Suspect[]): string {
  const list = suspects.map(({ rule, label }) => `${rule} (${label})`).join(', ');
  return suspects.length === 1 ? `it went at ${list}` : `one of these made it go: ${list}`;
}
