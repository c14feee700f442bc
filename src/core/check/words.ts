/** The words in which facts speak of a check. */

export const groups = ['accept', 'refuse', 'survive', 'answer'] as const;
/** What a rule is about: what must be accepted, refused, survived, and how it is refused. */
export type Group = (typeof groups)[number];

/** MUST: who breaks it loses deliveries or takes forged ones. SHOULD: who breaks it will be sorry. */
export type Level = 'MUST' | 'SHOULD';

/** How the bytes of a request go over the wire. */
export type Pace = 'whole' | 'chunked' | 'slow' | 'cut';

/** `reported`: correct receivers differ here, so it is told and not judged. */
export type Outcome = 'passed' | 'failed' | 'skipped' | 'reported';
