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
const mostNamed = 4;

const named = ({ rule, label }: Suspect): string => `${rule} (${label})`;

const listed = (suspects: readonly Suspect[], others: string): string =>
  suspects.slice(0, mostNamed).map(named).join(', ') + (suspects.length > mostNamed ? ` ${others}` : '');

/** `it went at, or shortly after: stale (a day old), wrong-secret (another secret) and others of its last half second`. */
export const suspectWords = (suspects: readonly Suspect[]): string =>
  `it went at, or shortly after: ${listed(suspects, 'and others of its last half second')}`;

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
  const gone = `the receiver is gone${gateway ? ' (a gateway answers genuine deliveries in its place, if it does not answer 502, 503 or 504 itself)' : ''}`;
  return `${gone}: ${untried}: where it is started again within 2 s (--wait allows more), what was sent is sent again, alone, and the one is found`;
}

/** How a receiver that is there refuses genuine deliveries, which it accepted before. */
export interface Refusing {
  /** What may have left something behind, the first of it first. */
  readonly suspects: readonly Suspect[];
  /** What it answers, in words. */
  readonly answer: string;
  /** It says that it does not know us, or will not have us. */
  readonly banned?: true;
  /** It accepted them again, and refused them so often; else it did not accept them again. */
  readonly times?: number;
}

/** Since when genuine deliveries are refused, and what that may be for. */
function sinceWords({ suspects, banned }: Refusing): string {
  const ban = banned ? '; or it bans senders after so many bad ones' : '';
  return `since ${listed(suspects, 'and others that came then')}; they were accepted before: what was sent there, or shortly before, left something behind${ban}`;
}

/** Why a receiver that refuses genuine deliveries is not tried any more. */
export const brokenWords = (refusing: Refusing): string =>
  `genuine deliveries are refused (${refusing.answer})${refusing.times === undefined ? '' : `, for the ${refusing.times}th time,`} ${sinceWords(refusing)}; the rules that are left were not tried`;

/** Why a receiver refused genuine deliveries that accepts them again. */
export const mendedWords = (refusing: Refusing): string =>
  `genuine deliveries were refused for a while (${refusing.answer}) ${sinceWords(refusing)}`;

/** How the one is found that left something behind. */
export const findingWords = ({ suspects: [first], banned }: Refusing): string =>
  `${banned ? 'let the receiver ban nobody for the check; or ' : ''}start the receiver anew, and send less: --only ${first?.rule}; where that alone does no harm, what came before adds up: --skip it, or add rules one by one`;

/** What became of a receiver, and what it then was. */
const ends = {
  gone: ['the receiver went', 'the receiver was gone'],
  broken: ['genuine deliveries began to be refused', 'genuine deliveries were refused'],
} as const;

/** Why a rule was not judged: it was near when that began, or came later. */
export const untriedWords = (kind: keyof typeof ends, isNear: boolean): string =>
  isNear ? `it was under way, or just over, when ${ends[kind][0]}` : ends[kind][1];
