import type { SignatureForm } from '../../hmac-record.ts';
import { timeText } from '../../hmac-value.ts';
import type { Draft } from '../../provider.ts';
import { stamp } from '../forge.ts';
import { links } from '../links.ts';
import type { Rule } from '../rule.ts';
import {
  needsDigest,
  needsFuture,
  needsNumber,
  needsSeconds,
  needsSignedId,
  needsTime,
  needsTolerance,
  oneOf,
} from '../skip.ts';
import { refuses } from './forgery.ts';

/** Text between letters and digits: what a careless template makes of nothing. */
const absent = ['', 'undefined', 'null', 'None'] as const;

/** How far from now the signed time may be, ms. */
const tolerance = (form: SignatureForm | undefined): number => (form?.tolerance?.seconds ?? 0) * 1000;

/** Times that are none, or not now; and an id that is missing. */
export const timeRules: readonly Rule[] = [
  refuses({
    id: 'stale',
    title: 'refuses what is older than the tolerance',
    why: 'A delivery that was seen once, in a log or on the way, stays correctly signed for ever. The time is what ends that.',
    link: links.windmill,
    sends: 'a correctly signed delivery, a minute older than the tolerance',
    remedy: 'refuse when the signed time is further from now than the tolerance',
    skip: needsTolerance,
    forgeries: ({ form }) => [
      ['a minute too old', (_made, now, kit) => ({ timestamp: stamp(kit, now - tolerance(form) - 60_000) })],
    ],
  }),
  refuses({
    id: 'stale-by-a-day',
    title: 'refuses what is a day old',
    why: 'A tolerance of a day, or in the wrong unit, is none. Whoever has an old log can play it again.',
    link: links.windmill,
    sends: 'a correctly signed delivery that is a day old',
    remedy: 'compare seconds with seconds',
    skip: needsTolerance,
    forgeries: () => [['a day old', (_made, now, kit) => ({ timestamp: stamp(kit, now - 86_400_000) })]],
  }),
  refuses({
    id: 'future',
    title: 'refuses what comes from the future',
    why: 'A check of one side only (now - time > 300) takes any time ahead. A delivery stamped years ahead can be played again until then.',
    link: links.standard,
    sends: 'correctly signed deliveries, a minute and a year further ahead than the tolerance',
    remedy: 'compare the absolute difference with the tolerance',
    skip: needsFuture,
    forgeries: ({ form }) =>
      (
        [
          ['a minute too far ahead', 60_000],
          ['a year ahead', 31_536_000_000],
        ] as const
      ).map(([label, more]) => [
        label,
        (_made, now, kit) => ({ timestamp: stamp(kit, now + tolerance(form) + more) }),
      ]),
  }),
  refuses({
    id: 'timestamp-missing',
    title: 'refuses what carries no time',
    why: 'A comparison with what is not there is false in most languages, so nothing is ever too old. The content then holds an empty text or the word undefined, which anybody can replay for ever.',
    link: links.cweReplay,
    sends:
      'deliveries without a time, each signed over what a careless receiver would make of it: nothing, undefined, null, None',
    remedy: 'refuse first when a header is missing',
    skip: oneOf(needsTime, needsDigest),
    forgeries: () =>
      absent.map((text) => [
        `signed over ${text === '' ? 'nothing' : text}`,
        () => ({ timestamp: null, signed: { timestamp: text } }),
      ]),
  }),
  refuses({
    id: 'id-missing',
    title: 'refuses what carries no id',
    why: 'Without an id there is nothing to tell a repetition by. The content then holds an empty text or the word undefined.',
    link: links.cweReplay,
    sends:
      'deliveries without an id, each signed over what a careless receiver would make of it: nothing, undefined, null, None',
    remedy: 'refuse first when a header is missing',
    skip: oneOf(needsSignedId, needsDigest),
    forgeries: () =>
      absent.map((text) => [
        `signed over ${text === '' ? 'nothing' : text}`,
        () => ({ id: null, signed: { id: text } }),
      ]),
  }),
  refuses({
    id: 'timestamp-garbage',
    title: 'refuses a time that is none',
    why: 'NaN is neither too old nor too new: every comparison with it is false. Parsers that stop at the first strange character read a number where there is none.',
    link: links.cweNumber,
    sends:
      'deliveries correctly signed over a time that is a word, 1e9, a fraction, digits with text behind, an ISO date',
    remedy: 'take digits only, and refuse everything else before you compare',
    skip: oneOf(needsTime, needsDigest),
    forgeries: ({ form }) => [
      ['yesterday', () => ({ timestamp: 'yesterday' })],
      ['1e9', () => ({ timestamp: '1e9' })],
      ['a fraction', (_made, now, kit) => ({ timestamp: `${stamp(kit, now)}.5` })],
      ['text behind', (_made, now, kit) => ({ timestamp: `${stamp(kit, now)}abc` })],
      ...(form?.time === 'iso'
        ? []
        : [
            [
              'an ISO date',
              (_made: Draft, now: number) => ({ timestamp: timeText({ time: 'iso' }, now) }),
            ] as const,
          ]),
    ],
  }),
  refuses({
    id: 'timestamp-ms',
    title: 'refuses a time in milliseconds',
    why: 'Taken as seconds it lies 50,000 years ahead. A receiver that guesses the unit, or checks one side only, takes it for ever.',
    link: links.standard,
    sends: 'a delivery correctly signed over a time in milliseconds',
    remedy: 'read seconds, and compare both ways',
    skip: oneOf(needsFuture, needsSeconds, needsDigest),
    forgeries: () => [
      ['milliseconds', (_made, now) => ({ timestamp: timeText({ time: 'milliseconds' }, now) })],
    ],
  }),
  refuses({
    id: 'timestamp-negative',
    title: 'refuses a negative time',
    why: 'A sign that is dropped, or an absolute value in the wrong place, turns it into a time that is right. No provider sends one.',
    link: links.cweNumber,
    sends: 'a delivery correctly signed over the present time with a minus before it',
    remedy: 'take digits only',
    skip: oneOf(needsTime, needsTolerance, needsNumber, needsDigest),
    forgeries: () => [['negative', (_made, now, kit) => ({ timestamp: `-${stamp(kit, now)}` })]],
  }),
];
