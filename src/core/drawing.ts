import { generateSync } from 'json-schema-faker';
import type { Drawing } from './declared-events.ts';
import { perObject } from './memo.ts';
import { bounded } from './schema-size.ts';
import { parseScheme } from './schemes/parse.ts';
import { schemeOf } from './schemes.ts';
import { placeWords } from './shape.ts';
import type { Json } from './types.ts';
import { makeAjv, makeMisfits } from './validate.ts';

/** Values are made by json-schema-faker and held against their schemas by ajv, which has the last word. */
export function makeDrawing(): Drawing {
  const misfits = makeMisfits();
  const boundedOnce = perObject(bounded);
  const strict = makeAjv(false, { ownProperties: true });
  return {
    scheme: (data, place) => schemeOf(parseScheme(data, placeWords(place))),
    fault: (schema, called) =>
      faultIn(() => {
        if (!strict.validateSchema(schema))
          throw new Error(`schema is invalid: ${strict.errorsText(strict.errors, { dataVar: called })}`);
      }),
    unusable: (schema) => faultIn(() => misfits(schema, null)),
    misfits,
    draw: (schema, seed, now) =>
      generateSync(boundedOnce(schema) as Parameters<typeof generateSync>[0], {
        seed,
        optionalsProbability: 0.8,
        formats: clockFormats(now),
      }) as Json,
  };
}

/** What a schema is refused for, in words. */
function faultIn(use: () => void): string | undefined {
  try {
    use();
    return undefined;
  } catch (error) {
    if (error instanceof RangeError) return 'it is nested too deeply';
    return `it is no valid JSON Schema: ${(error as Error).message}`;
  }
}

const day = 24 * 3600 * 1000;

/** The times of a payload lie in the days before its clock. */
function clockFormats(now: Date) {
  const before = (random: { readonly next: () => number }) =>
    new Date(now.getTime() - Math.floor(random.next() * 3 * day)).toISOString();
  return {
    'date-time': before,
    date: (random: { readonly next: () => number }) => before(random).slice(0, 10),
    time: (random: { readonly next: () => number }) => before(random).slice(11),
  };
}
