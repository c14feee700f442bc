import { base, en, Faker } from '@faker-js/faker';
import type { Origin } from './craft.ts';
import type { EventType, Fake } from './provider.ts';
import type { JsonObject } from './types.ts';

/**
 * A fake of our own, so that the shared instance of the package is never seeded.
 * @param seed a whole number; the same one gives the same values
 * @param now the payload's clock, ms since the epoch
 */
export function makeFake(seed: number, now: number): Fake {
  const faker = new Faker({ locale: [en, base], seed });
  faker.setDefaultRefDate(now);
  return { faker, now: new Date(now) };
}

/** The payload of an event: the same origin gives the same one. */
export function payloadOf(event: EventType, { seed, at }: Origin): JsonObject {
  return event.payload(makeFake(seed, at));
}
