import { makeRandom } from './random.ts';

/** So many places ahead a delivery may be shuffled: memory stays the same, however many there are. */
const window = 10_000;

/** 0 to below `total`, each once. */
export function* inOrder(total: number): Generator<number> {
  for (let index = 0; index < total; index++) yield index;
}

/** The same out of order, by a seed: a shuffle over a window that moves on. */
export function* shuffled(total: number, seed: number): Generator<number> {
  const random = makeRandom(seed);
  const waiting: number[] = [];
  const draw = () => {
    const at = Math.floor(random.next() * waiting.length);
    const drawn = waiting[at] as number;
    waiting[at] = waiting.at(-1) as number;
    waiting.pop();
    return drawn;
  };
  for (let index = 0; index < total; index++) {
    waiting.push(index);
    if (waiting.length >= window) yield draw();
  }
  while (waiting.length > 0) yield draw();
}
