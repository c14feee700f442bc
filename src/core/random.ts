import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { skipN } from 'pure-rand/utils/skipN';

/** A stream of numbers that follows from a seed. */
export interface Random {
  /** From 0 to below 1. */
  readonly next: () => number;
  readonly seed: (seed: number) => void;
}

/** The first numbers of near seeds are near each other; after so many they are not. */
const warmUp = 16;

function start(seed: number) {
  const generator = xoroshiro128plus(seed);
  skipN(generator, warmUp);
  return generator;
}

/** A seeded stream. Seeding it again costs nothing, unlike the generator that faker brings. */
export function makeRandom(seed: number): Random {
  let generator = start(seed);
  return {
    next: () => (generator.next() >>> 0) / 2 ** 32,
    seed: (seed) => {
      generator = start(seed);
    },
  };
}
