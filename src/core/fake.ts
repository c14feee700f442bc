import { base, en, Faker } from '@faker-js/faker';
import type { Origin } from './craft.ts';
import type { EventType, Fake } from './provider.ts';
import { makeRandom } from './random.ts';
import type { JsonObject } from './types.ts';

/**
 * A fake of our own, so that the shared instance of the package is never seeded.
 * @param seed a whole number; the same one gives the same values
 * @param now the payload's clock, ms since the epoch
 */
export function makeFake(seed: number, now: number): Fake {
  const random = makeRandom(seed);
  const randomizer = {
    next: random.next,
    seed: (seed: number | number[]) => random.seed([seed].flat()[0] ?? 0),
  };
  const faker = new Faker({ locale: [en, base], randomizer });
  faker.setDefaultRefDate(now);
  return { faker, now: new Date(now) };
}

/** Makes payloads with one fake, seeded anew for each: making a fake takes longer than making a payload. */
export function payloadMaker(): (event: EventType, origin: Origin) => JsonObject {
  const { faker } = makeFake(0, 0);
  return (event, { seed, at }) => {
    faker.seed(seed);
    faker.setDefaultRefDate(at);
    return event.payload({ faker, now: new Date(at) });
  };
}

/** The payload of an event: the same origin gives the same one. */
export const payloadOf = (event: EventType, origin: Origin): JsonObject => payloadMaker()(event, origin);
