import { describe, expect, it } from 'vitest';
import { makeFake, payloadOf } from '../../src/core/fake.ts';
import { findBreakage } from '../../src/core/invalid.ts';
import { stringifyExact } from '../../src/core/json.ts';
import { applyEdits } from '../../src/core/patch.ts';
import type { EventType, Provider } from '../../src/core/provider.ts';
import type { JsonSchema } from '../../src/core/types.ts';
import { makeValidate } from '../../src/core/validate.ts';
import { providers } from '../../src/providers/index.ts';
import { json, judged, now, request } from '../helpers/deliveries.ts';
import { subschemas } from '../providers/catalogue.ts';

const validate = makeValidate();
const seeds = [0, 1, 2, 3, 4, 5, 6, 7];

function broken({ eventAt, scheme, exampleSecret }: Provider, event: EventType, seed: number) {
  const payload = payloadOf(event, { seed, at: now });
  const found = findBreakage(payload, event.schema, eventAt.path, makeFake(seed, 0), validate)!;
  const body = Buffer.from(stringifyExact(applyEdits(payload, [found.edit], { force: true })));
  const signature = scheme.sign({ id: 'msg_1', at: now, body }, [exampleSecret]).headers;
  return { words: found.words, received: request([json, ...signature], body) };
}

/** Whether a rule of the schema, beside that on the event's name, is the provider's own word. */
const hasDocumented = (schema: JsonSchema) =>
  [...subschemas(schema)].some(([, part]) => part['x-basis'] === 'documented');

describe.each(providers.map((provider) => [provider.name, provider] as const))('%s', (_, provider) => {
  it.each(Object.entries(provider.events))('%s', (name, event) => {
    for (const seed of seeds) {
      const { received, words } = broken(provider, event, seed);
      // Without what makes it known again, an unsigned delivery may be of several.
      const verdict = judged(received, { provider });
      expect(verdict.event).toBe(name);
      expect(verdict.valid).toBe(!hasDocumented(event.schema));
      expect(new Set(verdict.problems.map(({ code }) => code))).toEqual(new Set(['SCHEMA']));
      expect(judged(received, { provider, strict: true }).valid).toBe(false);
      const [path] = words.split(' is ');
      expect(verdict.problems.some((problem) => problem.path?.startsWith(path!))).toBe(true);
    }
  });

  it('breaks something else for another seed, and the same for the same', () => {
    const [event] = Object.values(provider.events) as [EventType];
    const words = seeds.map((seed) => broken(provider, event, seed).words);
    expect(new Set(words).size).toBeGreaterThan(1);
    expect(seeds.map((seed) => broken(provider, event, seed).words)).toEqual(words);
  });
});

it('finds nothing where the schema knows nothing of the payload', () => {
  const schema = { type: 'object', properties: { type: { const: 'a' }, b: {} } };
  expect(findBreakage({ type: 'a', c: 1 }, schema, 'type', makeFake(1, 0), validate)).toBeUndefined();
});
