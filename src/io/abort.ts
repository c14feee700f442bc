/** One who waits, and the place in the list. */
interface Waiter {
  readonly callback: () => void;
  place: number;
}

/**
 * Who waits under a signal: a burst has many at once. A list that is filled up from its end: listeners of the signal itself,
 * or a Set, chain what is over to what comes next, so that it all outlives the young generation.
 */
const lists = new WeakMap<AbortSignal, Waiter[]>();

/**
 * Calls back once when the signal is aborted, unless that is taken back before.
 * @returns a function that takes it back
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (!signal) return () => {};
  const list = lists.get(signal) ?? open(signal);
  const waiter: Waiter = { callback, place: list.length };
  list.push(waiter);
  return () => {
    if (list[waiter.place] !== waiter) return;
    const last = list.pop() as Waiter;
    if (last === waiter) return;
    list[waiter.place] = last;
    last.place = waiter.place;
  };
}

function open(signal: AbortSignal): Waiter[] {
  const list: Waiter[] = [];
  lists.set(signal, list);
  signal.addEventListener('abort', () => {
    for (const { callback } of [...list]) callback();
  });
  return list;
}
