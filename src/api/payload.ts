import { payloadOf } from '../core/fake.ts';
import type { ExactJson } from '../core/json.ts';
import { applyEdits, type Edit } from '../core/patch.ts';
import { parsePath } from '../core/path.ts';
import type { EventType, Provider } from '../core/provider.ts';
import { UsageError } from '../errors.ts';
import type { PayloadOptions } from './making.ts';

/** A payload of an event with what is set in it. @throws {UsageError} for what is no path, or not in the payload */
export function madeOf(
  provider: Provider,
  name: string,
  origin: { seed: number; at: number },
  { set = {} }: PayloadOptions,
): ExactJson {
  const event = provider.events[name] as EventType;
  const edits = Object.entries(set).map(([text, value]): Edit => {
    const path = parsePath(text);
    if (!path) throw new UsageError(`"${text}" is not a path`);
    return { kind: 'set', path, value: JSON.stringify(value), json: true };
  });
  return applyEdits(payloadOf(event, origin) as ExactJson, edits, { schema: event.schema });
}
