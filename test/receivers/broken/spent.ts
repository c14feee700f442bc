import { receiver } from '../correct/by-hand.ts';
import { type Broken, refusal, type Start } from '../serve.ts';

const parsed = (body: Buffer) => {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw refusal(400);
  }
};

/** Takes a place in a pool, and gives none back when the body is no JSON. */
const pooled: Start = (options) => {
  let left = 3;
  return receiver({
    parse: (body) => {
      if (left === 0) throw refusal(500);
      left -= 1;
      const event = parsed(body);
      left += 1;
      return event;
    },
  })(options);
};

/** Works on one delivery after the other, and on none any more when one was no JSON. */
const locked: Start = (options) => {
  let before = Promise.resolve();
  return receiver({
    first: async () => {
      await before;
    },
    parse: (body) => {
      let free = () => {};
      before = new Promise((resolve) => {
        free = resolve;
      });
      const event = parsed(body);
      free();
      return event;
    },
  })(options);
};

/** Mistakes after which a receiver is there, and takes nothing any more. */
export const spent: readonly Broken[] = [
  {
    name: 'pool-leaks',
    provider: 'roastify',
    start: pooled,
    mistake: 'keeps its place in a pool of three whenever a body is no JSON',
    fails: ['empty-body'],
  },
  {
    name: 'lock-kept',
    provider: 'roastify',
    start: locked,
    mistake: 'keeps a lock when a body is no JSON, so that everybody waits for ever',
    timeoutMs: 1500,
    fails: ['not-json'],
  },
];
