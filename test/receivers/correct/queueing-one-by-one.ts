import type { Start } from '../serve.ts';
import { receiver } from './by-hand.ts';

const jobMs = 15;

/** Answers 202 at once; a worker acts on one delivery after the other, and is at it for a while after a burst. */
export const start: Start = (options) => {
  let worker = Promise.resolve();
  const job = (act: () => void) =>
    new Promise<void>((resolve) => {
      setTimeout(() => resolve(act()), jobMs).unref();
    });
  const handle = (_event: unknown, { id }: { id: string }, { act }: { act: (id: string) => void }) => {
    worker = worker.then(() => job(() => act(id)));
    return 202;
  };
  return receiver({ handle })(options);
};
