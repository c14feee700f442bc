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

/** So many are named. */
const mostNamed = 6;

const named = ({ rule, label }: Suspect): string => `${rule} (${label})`;

/** `it went at, or shortly after: stale (a day old), wrong-secret (another secret) and 3 more`. */
export function suspectWords(suspects: readonly Suspect[]): string {
  const list = suspects.slice(0, mostNamed).map(named).join(', ');
  const more = suspects.length - mostNamed;
  return `it went at, or shortly after: ${list}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Why a receiver went that came back, as far as that is known. */
export const wentWords = (suspects: readonly Suspect[], found: boolean): string =>
  found
    ? `it went again at ${suspects.map(named).join(', ')}, sent alone`
    : `${suspectWords(suspects)}; sent again, none of it made it go`;

/** How a receiver went that is not tried any more. */
export interface Going {
  /** What may have made it go, the likeliest first. */
  readonly suspects: readonly Suspect[];
  /** It came back, and went so often for no reason that was found; else it did not come back. */
  readonly times?: number;
  /** A gateway answers in its place. */
  readonly gateway?: true;
}

/** Why a receiver is not tried any more. */
export function goneWords({ suspects, times, gateway }: Going): string {
  const untried = `${suspectWords(suspects)}; the rules that are left were not tried`;
  if (times !== undefined)
    return `the receiver went ${times} times, and nothing that was sent explains it: the last time ${untried}`;
  const gone = `the receiver is gone${gateway ? ' (a gateway answers genuine deliveries in its place)' : ''}`;
  return `${gone}: ${untried}: where it is started again within 2 s, what was sent is sent again, alone, and the one is found`;
}
