import { faker as shared } from '@faker-js/faker';
import { expect, it } from 'vitest';
import { makeFake } from '../../src/core/fake.ts';
import { now } from '../helpers/deliveries.ts';

it('gives the same values for the same seed and clock', () => {
  const draw = (seed: number, at = now) => {
    const { faker } = makeFake(seed, at);
    return [faker.person.fullName(), faker.date.recent().toISOString()];
  };
  expect(draw(1)).toEqual(draw(1));
  expect(draw(2)[0]).not.toBe(draw(1)[0]);
  expect(draw(1, 0)[1]).toMatch(/^19(69|70)-/);
  expect(makeFake(1, now).now).toEqual(new Date(now));
});

it('never seeds the shared instance of the package', () => {
  shared.seed(7);
  const undisturbed = [shared.number.int(), shared.number.int()];
  shared.seed(7);
  const first = shared.number.int();
  makeFake(1, now).faker.number.int();
  expect([first, shared.number.int()]).toEqual(undisturbed);
});
