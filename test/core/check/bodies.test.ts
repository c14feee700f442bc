import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layouts, padded, tampered, withField } from '../../../src/core/check/bodies.ts';
import { kitOf } from '../../../src/core/check/kit.ts';
import { makeValidate } from '../../../src/core/validate.ts';
import { providers } from '../../../src/providers/index.ts';
import { benchOf } from '../../helpers/battery.ts';

const object = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 });

describe('layouts', () => {
  it.each(layouts)('%s: the same JSON', (_, write) => {
    fc.assert(
      fc.property(object, (value) => {
        const text = JSON.stringify(value);
        expect(JSON.parse(write(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each(layouts)('%s: other bytes of every event', (_, write) => {
    for (const { name, events } of providers)
      for (const event of Object.keys(events)) {
        const text = Buffer.from(kitOf(benchOf(name), 'a').fresh({ event }).body).toString();
        expect(write(text)).not.toBe(text);
        expect(write(write(text))).toBeTypeOf('string');
      }
  });

  it('keep the digits of numbers', () => {
    for (const [label, write] of layouts)
      for (const digits of [/12345678901234567890/, /1\.0\b/])
        expect([label, write('{"a":12345678901234567890,"b":1.0}')]).toEqual([
          label,
          expect.stringMatching(digits),
        ]);
  });
});

describe('a further field', () => {
  it('stands behind the others, as it is written', () => {
    expect(withField('{}', 'c', '1')).toBe('{"c":1}');
    expect(withField('{"a":{"b":1}}', 'c', '1.0')).toBe('{"a":{"b":1},"c":1.0}');
    expect(JSON.parse(withField('{"a":1}', '"', '[]'))).toEqual({ a: 1, '"': [] });
  });

  it('makes a body of exactly so many bytes', () => {
    fc.assert(
      fc.property(
        object,
        fc.integer({ min: 1, max: 5000 }),
        fc.constantFrom('日', 'x'),
        (value, more, filling) => {
          const text = JSON.stringify(value);
          const bytes = Buffer.byteLength(withField(text, 'hooks_check', '""')) + more;
          const big = padded(text, bytes, filling);
          expect(Buffer.byteLength(big)).toBe(bytes);
          expect(JSON.parse(big)).toMatchObject(JSON.parse(text));
        },
      ),
    );
  });
});

describe('what is changed in a body', () => {
  it('is one digit, which leaves it valid', () => {
    const validate = makeValidate();
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (seed, which, at) => {
        const provider = providers[which % providers.length]!;
        const names = Object.keys(provider.events);
        const event = names[at % names.length]!;
        const { body } = kitOf(benchOf(provider, { seed }), 'tampered-body').fresh({ event });
        const text = Buffer.from(body).toString();
        const changed = tampered(text, [...names])!;
        expect(changed).toHaveLength(text.length);
        const places = [...text].flatMap((char, index) => (char === changed[index] ? [] : [index]));
        expect(places).toHaveLength(1);
        expect([text[places[0]!], changed[places[0]!]]).toEqual([
          expect.stringMatching(/\d/),
          expect.stringMatching(/\d/),
        ]);
        expect([
          changed,
          validate(provider.events[event]!.schema, JSON.parse(changed), changed.length),
        ]).toEqual([changed, []]);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['a value of digits', '{"a":"12"}', '{"a":"13"}'],
    ['a nine', '{"a":"x9"}', '{"a":"x0"}'],
    ['digits with letters behind', '{"a":"x1y"}', '{"a":"x2y"}'],
    ['the last value of several', '{"a":"1","b":"1"}', '{"a":"1","b":"2"}'],
    ['not a time', '{"a":"1","b":"2026-01-01T00:00:00Z"}', '{"a":"2","b":"2026-01-01T00:00:00Z"}'],
    ['not what is spared', '{"a":"1","b":"s2"}', '{"a":"2","b":"s2"}'],
    ['nothing, where there are words alone', '{"a":"b"}', undefined],
    ['no number', '{"a":1}', undefined],
  ])('%s', (_, text, changed) => {
    expect(tampered(text, ['s2'])).toBe(changed);
  });
});
