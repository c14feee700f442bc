import { receiver } from './by-hand.ts';

const laterMs = 100;

/** Answers 202 at once and acts later, on whatever bytes were signed: parsing is the worker's business. */
export const start = receiver({
  parse: (body) => body,
  handle: (_bytes, { id }, { act }) => {
    setTimeout(() => act(id), laterMs).unref();
    return 202;
  },
});
