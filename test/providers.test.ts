import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeFake } from '../src/core/fake.ts';
import type { EventType } from '../src/core/provider.ts';
import type { JsonObject } from '../src/core/types.ts';
import { providers } from '../src/providers/index.ts';
import {
  faults,
  fixturesOf,
  identifiers,
  isSchema,
  nullablePaths,
  received,
  subschemas,
  valuesAt,
} from './providers/catalogue.ts';

const now = Date.UTC(2026, 1, 28, 23, 59, 58, 987);
const seeds = Array.from({ length: 50 }, (_, seed) => seed);
const bases = ['documented', 'observed', 'assumed'];

const payloadOf = (event: EventType, seed: number, at = now): JsonObject => event.payload(makeFake(seed, at));

describe.each(providers.map((provider) => [provider.name, provider] as const))('%s', (_name, provider) => {
  const events = Object.entries(provider.events);

  it('tells its sources', () => {
    const { scheme, policy, contentType, userAgent, eventAt } = provider;
    const facts = [scheme, ...Object.values(policy), contentType, eventAt, ...(userAgent ? [userAgent] : [])];
    for (const { basis, source } of facts) {
      expect(bases).toContain(basis);
      expect(source).toMatch(/\S/);
    }
    expect(provider.docs).toMatch(/^https:\/\//);
    expect(scheme.label).not.toMatch(/assumed/i);
  });

  it('prints every event under a name of its own', () => {
    const titles = events.map(([, { title }]) => title.toLowerCase());
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('lets the events of a subject come in the order of its life', () => {
    const ages = new Map<string, number[]>();
    for (const [event, { age }] of events) {
      const subject = event.split('.')[0] as string;
      ages.set(subject, [...(ages.get(subject) ?? []), age]);
      if (event.endsWith('.created')) expect(age).toBe(0);
    }
    for (const list of ages.values()) expect(list).toEqual(list.toSorted((a, b) => a - b));
  });

  it('shows every nullable field with null and with a value', () => {
    const subjects = new Set(events.map(([event]) => event.split('.')[0]));
    for (const subject of subjects) {
      const own = events.filter(([event]) => event.split('.')[0] === subject).map(([, event]) => event);
      const payloads = own.flatMap((event) =>
        Array.from({ length: 200 }, (_, seed) => payloadOf(event, seed)),
      );
      for (const path of new Set(own.flatMap(({ schema }) => nullablePaths(schema)))) {
        const values = payloads.flatMap((payload) => valuesAt(payload, path.split('.')));
        expect([path, values.includes(null), values.some((value) => value !== null)]).toEqual([
          path,
          true,
          true,
        ]);
      }
    }
  });

  it('signs like the known answers', () => {
    const { knownAnswers: answers = [] } = provider;
    expect(answers.length > 0).toBe(provider.scheme.headers.length > 0);
    for (const { source, secret, id, timestamp = 0, body, headers } of answers) {
      expect(source).toMatch(/^https:\/\//);
      const at = timestamp * 1000;
      const bytes = Buffer.from(body);
      expect(Object.fromEntries(provider.scheme.sign({ id, at, body: bytes }, [secret]).headers)).toEqual(
        headers,
      );
      expect(provider.scheme.verify(received(Object.entries(headers), bytes), [secret], at)).toEqual([]);
    }
  });

  it('has only fixtures of its own events, which its schemas accept as they stand', () => {
    for (const [event, bytes] of fixturesOf(provider)) {
      const value = JSON.parse(bytes.toString()) as JsonObject;
      expect(Object.keys(provider.events)).toContain(event);
      expect([event, value[provider.eventAt.path]]).toEqual([event, event]);
      expect([event, faults(provider.events[event]!.schema, value)]).toEqual([event, '']);
      expect(bytes.toString().trim()).toBe(bytes.toString());
    }
  });

  describe.each(events)('%s', (eventName, event) => {
    it('tells its title, what fires it and what that rests on', () => {
      expect(event.title).toMatch(/\S/);
      expect(event.summary).toMatch(/^[A-Z].*\.$/);
      expect(event.source).toMatch(/https:\/\//);
      expect(bases).toContain(event.basis);
      for (const [, schema] of subschemas(event.schema)) {
        if ('x-basis' in schema) expect(bases).toContain(schema['x-basis']);
        expect(schema).not.toHaveProperty('additionalProperties');
      }
    });

    it('has a schema that is itself valid', () => {
      expect(event.schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
      expect(bases).toContain(event.schema['x-basis']);
      expect(isSchema(event.schema)).toBe(true);
    });

    it('makes payloads that its schema accepts, whatever the seed and the clock', () => {
      for (const seed of seeds)
        expect([seed, faults(event.schema, payloadOf(event, seed))]).toEqual([seed, '']);
      const instants = fc.date({
        min: new Date('1971-01-01'),
        max: new Date('2100-01-01'),
        noInvalidDate: true,
      });
      fc.assert(
        fc.property(fc.nat(), instants, (seed, at) => {
          expect(faults(event.schema, payloadOf(event, seed, at.getTime()))).toBe('');
        }),
        { numRuns: 20 },
      );
    });

    it('names itself, and holds what makes a delivery the same one again', () => {
      const payload = payloadOf(event, 1);
      expect(valuesAt(payload, provider.eventAt.path.split('.'))).toEqual([eventName]);
      for (const part of provider.identity.filter((text) => !text.startsWith('header:'))) {
        const found = part.split('|').flatMap((path) => valuesAt(payload, path.split('.')));
        expect([part, found.some((value) => typeof value === 'string')]).toEqual([part, true]);
      }
    });

    it('has the keys in the order of its schema', () => {
      for (const [path, schema] of subschemas(event.schema)) {
        const keys = Object.keys((schema.properties as JsonObject) ?? {});
        if (keys.length === 0) continue;
        for (const value of valuesAt(payloadOf(event, 3), path))
          expect(Object.keys(value as JsonObject)).toEqual(keys);
      }
    });

    it('makes the same bytes from the same seed and clock, and survives JSON', () => {
      for (const seed of seeds) {
        const payload = payloadOf(event, seed);
        expect(JSON.stringify(payloadOf(event, seed))).toBe(JSON.stringify(payload));
        expect(JSON.parse(JSON.stringify(payload))).toStrictEqual(payload);
      }
      expect(new Set(seeds.map((seed) => JSON.stringify(payloadOf(event, seed)))).size).toBe(seeds.length);
    });

    it('is signed so that its own secret fits and another does not', () => {
      const { scheme, exampleSecret } = provider;
      const other = exampleSecret.replace(/.{4}$/, 'AAAA');
      for (const seed of seeds) {
        const body = Buffer.from(JSON.stringify(payloadOf(event, seed)));
        const delivery = received(scheme.sign({ id: 'msg_1', at: now, body }, [exampleSecret]).headers, body);
        expect(scheme.verify(delivery, [exampleSecret], now)).toEqual([]);
        const codes = scheme.headers.length === 0 ? [] : ['SIGNATURE_MISMATCH'];
        expect(scheme.verify(delivery, [other], now).map(({ code }) => code)).toEqual(codes);
      }
    });
  });

  it('means the same subject by a seed in every event', () => {
    for (const seed of seeds) {
      const seen = new Map<string, string>();
      for (const [event, { payload, age }] of events) {
        // The clock of a story: every event that much later than the birth of its subject.
        const body = payload(makeFake(seed, now + age * 1000));
        for (const [path, text] of identifiers(body)) {
          // What identifies the delivery is not the subject's.
          if (provider.identity.length === 1 && path === provider.identity[0]) continue;
          const key = `${event.split('.')[0]} ${path}`;
          expect([seed, event, path, text]).toEqual([seed, event, path, seen.get(key) ?? text]);
          seen.set(key, text);
        }
      }
    }
  });
});

it('has the catalogue that the providers print: 21 + 9 + 6 + 1 + 10 events', () => {
  const counts = providers.map(({ name, events }) => [name, Object.keys(events).length]);
  expect(counts).toEqual([
    ['rose-rocket', 21],
    ['roastify', 9],
    ['shoprocket', 6],
    ['rose-rocket-platform', 1],
    ['shoprocket-v3', 10],
  ]);
});

it('says where its fixtures come from', () => {
  const sources = readFileSync(new URL('../fixtures/SOURCES.md', import.meta.url), 'utf8');
  for (const provider of providers) {
    const section = sources.split('\n## ').find((text) => text.startsWith(provider.name)) ?? '';
    for (const [event] of fixturesOf(provider)) expect(section).toContain(`\`${event}.json\``);
  }
});
