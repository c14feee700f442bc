import { generateSync } from 'json-schema-faker';
import type { Drawing } from './declared-events.ts';
import { parseScheme } from './schemes/parse.ts';
import { schemeOf } from './schemes.ts';
import { placeWords } from './shape.ts';
import type { Json } from './types.ts';
import { makeAjv, makeMisfits } from './validate.ts';

/** Values are made by json-schema-faker and held against their schemas by ajv, which has the last word. */
export function makeDrawing(): Drawing {
  const misfits = makeMisfits();
  const strict = makeAjv(true, { validateSchema: true, ownProperties: true });
  return {
    scheme: (data, place) => schemeOf(parseScheme(data, placeWords(place))),
    fault(schema) {
      try {
        strict.compile(schema);
        return undefined;
      } catch (error) {
        if (error instanceof RangeError) throw error;
        return `it is no valid JSON Schema: ${(error as Error).message}`;
      }
    },
    misfits,
    draw: (schema, seed, now) =>
      generateSync(schema as Parameters<typeof generateSync>[0], {
        seed,
        optionalsProbability: 0.8,
        formats: clockFormats(now),
      }) as Json,
  };
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
