/** A list that grows while a test waits for it. */
export interface Log<T> {
  readonly items: readonly T[];
  readonly add: (item: T) => void;
  /** Resolves when there are so many. */
  readonly reaches: (count: number) => Promise<readonly T[]>;
}

export function makeLog<T>(): Log<T> {
  const items: T[] = [];
  const waiting = new Map<() => void, number>();
  return {
    items,
    add(item) {
      items.push(item);
      for (const [resolve, count] of waiting) if (items.length >= count) resolve();
    },
    reaches: async (count) => {
      if (items.length < count) await new Promise<void>((resolve) => waiting.set(resolve, count));
      return items;
    },
  };
}
