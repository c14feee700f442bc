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
 * Calls back once when the signal is aborted, unless that is taken back before; where it is aborted already, as soon as
 * whoever asks has come to the end of what it does.
 * @returns a function that takes it back
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (!signal) return () => {};
  if (signal.aborted) return soon(callback);
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

function soon(callback: () => void): () => void {
  let wanted = true;
  queueMicrotask(() => {
    if (wanted) callback();
  });
  return () => {
    wanted = false;
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

/** The pieces of a stream until it ends, or the signal is aborted; either closes it. */
export async function* untilAborted(
  stream: AsyncIterable<Buffer> & { readonly destroy: () => unknown },
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  const forget = onAbort(signal, () => stream.destroy());
  try {
    yield* stream;
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally {
    forget();
  }
}
