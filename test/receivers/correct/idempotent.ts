import { receiver } from './by-hand.ts';

/** Remembers the ids that it has acted upon; the same one again is answered 200 and nothing happens. */
export const start = receiver({
  handle: (_event, { id }, { seen, act }) => {
    if (seen.has(id)) return;
    seen.add(id);
    act();
  },
});
