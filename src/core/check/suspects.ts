import { isCut, isGone } from './judge.ts';
import type { Tried } from './rule.ts';
import type { Suspect } from './words.ts';

/** A message that was sent, and when, ms of one clock. */
export interface Sent {
  /** The id of its rule. */
  readonly rule: string;
  readonly tried: Tried;
  readonly from: number;
  /** When its answer came, or was given up. */
  readonly to: number;
}

/** A receiver may answer what it does not survive, and go so much later, ms. */
export const lateMs = 500;

/** What may still make a receiver go that was seen alive at a time, ms. */
export const openAt = (sent: readonly Sent[], aliveAt: number): Sent[] =>
  sent.filter(({ to }) => to > aliveAt - lateMs);

/** A genuine delivery with nothing special about it: many of them did no harm. */
const isPlain = ({ tried }: Sent): boolean => tried.trial.role !== undefined;

/**
 * What may have made a receiver go, the likeliest first: what was cut off, the first of it before all, for others may have
 * met a process that was ending; then what was answered, the last before all.
 */
export function likeliestFirst(sent: readonly Sent[]): Sent[] {
  const reached = sent.filter(({ tried }) => !isGone(tried.answer));
  const cut = reached.filter(({ tried }) => isCut(tried)).sort((one, other) => one.from - other.from);
  const answered = reached.filter(({ tried }) => !isCut(tried)).sort((one, other) => other.to - one.to);
  const list = [...cut, ...answered];
  return [...list.filter((each) => !isPlain(each)), ...list.filter(isPlain)];
}

/** It in words that facts know. */
export const suspectOf = ({ rule, tried }: Sent): Suspect => ({ rule, label: tried.trial.label });
