import type { Answer } from '../types.ts';
import { isCut, isGone, isMet } from './judge.ts';
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

/** What was sent since a genuine delivery was accepted last, the first of it first, with one that was sent now. */
export function sinceAccepted(sent: readonly Sent[], now: Sent): Sent[] {
  const { trial, accepted } = now.tried;
  const left = accepted && trial.expect === 'accept' ? sent.filter(({ to }) => to > now.from) : sent;
  return accepted && isPlain(now) ? [...left] : [...left, now].sort((one, other) => one.from - other.from);
}

/** An answer that says: I do not know you, or will not have you. */
export const isBan = (answer: Answer): boolean => 'status' in answer && [401, 403].includes(answer.status);

/**
 * The rule that sent something first, if it had the receiver to itself: what it found is not the doing of others. None
 * where the receiver may only have had enough of all of them.
 * @param refusal how genuine deliveries are refused
 */
export function firstAlone(sent: readonly Sent[], refusal: Answer): string | undefined {
  const rule = sent[0]?.rule;
  const end = Math.max(...sent.filter((each) => each.rule === rule).map(({ to }) => to));
  const alone = sent.every((each) => each.rule === rule || each.from >= end);
  return alone && !isBan(refusal) ? rule : undefined;
}

/** Whether what must be refused was accepted: that is so whatever becomes of the receiver. */
export const isProof = ({ tried }: Sent): boolean => tried.accepted && !isMet(tried);

/** What a receiver that refuses genuine deliveries may have answered for that alone: no forgery that it accepted. */
export function unproved(sent: readonly Sent[], refusal: Answer): Sent[] {
  const sure = [firstAlone(sent, refusal), ...sent.filter(isProof).map(({ rule }) => rule)];
  return sent.filter(({ rule }) => !sure.includes(rule));
}

/** What may have left something behind: the odd ones; all where there is none. */
export function oddOnes(sent: readonly Sent[]): readonly Sent[] {
  const odd = sent.filter((each) => !isPlain(each));
  return odd.length > 0 ? odd : sent;
}

/** It in words that facts know. */
export const suspectOf = ({ rule, tried }: Sent): Suspect => ({ rule, label: tried.trial.label });
