import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Places } from '../../src/core/places.ts';

it('are a list, from which a value can be taken out', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(-1, 0, 7, 2 ** 40)), (values) => {
      const places = new Places();
      for (const value of values) places.push(value);
      expect(Array.from({ length: places.length }, (_, index) => places.at(index))).toEqual(values);
      places.remove(-1);
      const kept = values.filter((value) => value !== -1);
      expect(Array.from({ length: places.length }, (_, index) => places.at(index))).toEqual(kept);
      expect(places.at(kept.length + 1)).toBeNaN();
    }),
  );
});

it('may be many', () => {
  const places = new Places();
  const count = 200_000;
  for (let index = 0; index < count; index++) places.push(index);
  places.set(70_000, -1);
  places.remove(-1);
  expect([places.length, places.at(69_999), places.at(70_000), places.at(count - 2)]).toEqual([
    count - 1,
    69_999,
    70_001,
    count - 1,
  ]);
});
