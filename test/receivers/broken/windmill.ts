import { mistakes } from './mistakes.ts';
import { untimely } from './rules.ts';

/**
 * Windmill's HTTP triggers until March 2026: the time was a part of what was signed, for every provider that sends one,
 * and never compared with the clock. A captured request could be sent again for ever.
 * @see https://github.com/windmill-labs/windmill/security/advisories/GHSA-q9g3-q6fj-hc2x
 * @see https://github.com/windmill-labs/windmill/pull/8596
 */
export const windmill = mistakes({
  'windmill-GHSA-q9g3-q6fj-hc2x': {
    mistake: 'checks a signature over the time, and never how long ago that was; nothing is remembered by id',
    steps: { fresh: () => true, handle: (_event, _delivery, { act }) => act() },
    fails: [...untimely, 'duplicate', 'duplicate-at-once'],
    probed: true,
  },
});
