/** What can happen to a record. */
export type Change = 'created' | 'updated' | 'deleted';

/** Seconds from a record's birth to each change. */
export type Ages = Readonly<Record<Change, number>>;

/** The times of a record as a change finds them; null: it has not happened yet. */
export interface Life {
  readonly created: string;
  readonly updated: string | null;
  readonly deleted: string | null;
  /** The time of something that came between birth and update, at that part of the way; null before the update. */
  readonly between: (part: number) => string | null;
}

/** `YYYY-MM-DD HH:MM:SS`, as the documented sample has it; the zone is not said, here it is UTC. */
const stamp = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

/** A record that is deleted was updated before, so the changes of one seed tell one story. */
export function lifeOf(change: Change, ages: Ages, now: Date): Life {
  const at = (age: number) => stamp(now.getTime() + (age - ages[change]) * 1000);
  const changed = change !== 'created';
  return {
    created: at(0),
    updated: changed ? at(ages.updated) : null,
    deleted: change === 'deleted' ? at(ages.deleted) : null,
    between: (part) => (changed ? at(Math.floor(ages.updated * part)) : null),
  };
}
