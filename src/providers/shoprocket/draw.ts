import type { Faker } from '@faker-js/faker';

/** How many digits of a base one draw of the fake holds; it has 32 bits. */
const digitsPerDraw = { 16: 8, 36: 6 } as const;

/**
 * A code of that many random digits: hexadecimal, or letters and figures. Several digits come of one draw, for a
 * draw takes as long as all the rest of making a value.
 */
export function drawCode(faker: Faker, base: keyof typeof digitsPerDraw, length: number): string {
  const digits = digitsPerDraw[base];
  let code = '';
  while (code.length < length) {
    code += faker.number
      .int(base ** digits - 1)
      .toString(base)
      .padStart(digits, '0');
  }
  return code.slice(0, length);
}

/** A number of that many decimal digits, as text. */
export const drawDigits = (faker: Faker, length: number): string =>
  String(faker.number.int({ min: 10 ** (length - 1), max: 10 ** length - 1 }));

/** What there is half of the time. */
export const drawMaybe = <T>(faker: Faker, make: () => T): T | null => faker.helpers.maybe(make) ?? null;
