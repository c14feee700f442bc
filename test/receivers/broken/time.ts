import { careful } from '../correct/by-hand.ts';
import { mistakes } from './mistakes.ts';
import { untimely } from './rules.ts';

/** Mistakes with the time at which a delivery was signed. */
export const time = mistakes({
  'time-unchecked': {
    mistake: 'never looks at the time',
    steps: { fresh: () => true },
    fails: untimely,
  },
  'age-without-abs': {
    mistake: 'compares now − timestamp with the tolerance, so that any time ahead is fresh',
    steps: { fresh: (timestamp, now) => /^\d+$/.test(timestamp) && now - Number(timestamp) <= 300 },
    fails: ['future', 'timestamp-ms'],
  },
  'time-ahead-refused': {
    mistake: 'refuses every time ahead of its own clock',
    steps: { fresh: (timestamp, now) => careful.fresh(timestamp, now) && Number(timestamp) <= now },
    fails: ['clock-skew'],
  },
  'tolerance-of-a-minute': {
    mistake: 'has no patience for clocks that are not quite right',
    steps: { fresh: (timestamp, now) => /^\d+$/.test(timestamp) && Math.abs(now - Number(timestamp)) <= 60 },
    fails: ['clock-skew'],
  },
  'tolerance-in-milliseconds': {
    mistake: 'compares seconds with a tolerance in milliseconds: 83 hours',
    steps: {
      fresh: (timestamp, now) => /^\d+$/.test(timestamp) && Math.abs(now - Number(timestamp)) <= 300_000,
    },
    fails: ['stale', 'stale-by-a-day', 'future'],
  },
  'tolerance-of-an-hour': {
    mistake: 'tolerates an hour',
    steps: {
      fresh: (timestamp, now) => /^\d+$/.test(timestamp) && Math.abs(now - Number(timestamp)) <= 3600,
    },
    fails: ['stale', 'future'],
  },
  'nan-is-fresh': {
    mistake: 'refuses when now − timestamp > 300, which is false for what is no number',
    steps: { fresh: (timestamp, now) => !(Math.abs(now - Number(timestamp)) > 300) },
    fails: ['timestamp-garbage'],
  },
  'parse-int': {
    mistake: 'reads the time with parseInt, which stops at the first character that is no digit',
    steps: { fresh: (timestamp, now) => Math.abs(now - Number.parseInt(timestamp, 10)) <= 300 },
    fails: ['timestamp-garbage'],
  },
  'digits-anywhere': {
    mistake: 'takes the first digits that it finds for the time',
    steps: {
      fresh: (timestamp, now) => Math.abs(now - Number(/\d+/.exec(timestamp)?.[0])) <= 300,
    },
    fails: ['timestamp-garbage', 'timestamp-negative'],
  },
  'dates-too': {
    mistake: 'reads a time in whatever form it comes: seconds, milliseconds, a date',
    steps: {
      fresh: (timestamp, now) => {
        const number = Number(timestamp);
        const ms = Number.isNaN(number) ? Date.parse(timestamp) : number > 1e11 ? number : number * 1000;
        return Math.abs(now * 1000 - ms) <= 300_000;
      },
    },
    fails: ['timestamp-garbage', 'timestamp-ms'],
  },
  'time-optional': {
    mistake: 'checks the time only where there is one, and signs an empty one',
    steps: {
      authentic: (delivery, secret, kit) => {
        const expected = kit.expected(delivery, secret, kit);
        return kit.signatures(delivery.signature).some((given) => kit.same(given, expected));
      },
      fresh: (timestamp, now) => timestamp === '' || careful.fresh(timestamp, now),
    },
    fails: ['timestamp-missing', 'id-missing'],
  },
  'missing-time-is-undefined': {
    mistake:
      'writes a missing time into the signed content as "undefined", and Number("undefined") is never stale',
    steps: {
      readHeaders: (request) => {
        const read = careful.readHeaders(request);
        return { ...read, timestamp: read.timestamp || 'undefined' };
      },
      fresh: (timestamp, now) => timestamp === 'undefined' || careful.fresh(timestamp, now),
    },
    fails: ['timestamp-missing'],
  },
});
