import { UsageError } from '../errors.ts';
import type { Drawing } from './declared-events.ts';
import { type Sound, schemaFault } from './schema-fault.ts';
import { type Place, placeWords } from './shape.ts';
import type { Shared } from './shared-schemas.ts';
import type { JsonSchema } from './types.ts';

/** Refuses a schema that has a fault. @throws {UsageError} */
export function refuse(fault: string | undefined, place: Place): void {
  if (fault !== undefined) throw new UsageError(`${placeWords(place)}: ${fault}`);
}

/**
 * A schema with its title, its basis and those that it needs of what the provider's events share. An `$id` would only stand
 * in the way of the local references.
 * @param heading its title and its basis, where it does not say them
 * @throws {UsageError} where something is wrong with it, as far as its text shows
 */
export function wholeSchema(
  { $id: _id, ...given }: JsonSchema = { type: 'object' },
  heading: object,
  shared: Shared,
  drawing: Drawing | undefined,
  place: Place,
): JsonSchema {
  const own: JsonSchema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...heading,
    ...given,
  };
  try {
    const needed = shared.neededBy(own);
    const $defs = own.$defs === undefined ? needed : { ...needed, ...(own.$defs as object) };
    const whole = Object.keys($defs).length > 0 ? { ...own, $defs } : own;
    if (drawing) refuse(faultOf(whole, own, shared.soundFor(own), drawing), place);
    return whole;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    refuse('it is nested too deeply', place);
    throw error;
  }
}

function faultOf(whole: JsonSchema, own: JsonSchema, sound: Sound, drawing: Drawing): string | undefined {
  const $defs = (whole.$defs ?? {}) as Readonly<Record<string, JsonSchema>>;
  const unread = Object.entries($defs).filter(([, each]) => !sound.led.has(each));
  const fault = schemaFault(whole, sound) ?? drawing.fault(own, 'data');
  if (fault !== undefined) return fault;
  return unread
    .map(([name, each]) => drawing.fault(each, `data/$defs/${name}`))
    .find((found) => found !== undefined);
}
