import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeFake } from '../../src/core/fake.ts';
import { observedSchema } from '../../src/core/observe.ts';
import type { Json, JsonObject } from '../../src/core/types.ts';
import { makeValidate } from '../../src/core/validate.ts';
import { vary } from '../../src/core/vary.ts';
import { now } from '../helpers/deliveries.ts';

const varied = (payload: JsonObject, base = 1, more: object = {}): JsonObject =>
  vary(payload, { fake: makeFake(1, now), base, schema: {}, event: 'a.b', ...more });

describe('vary', () => {
  it.each([
    ['id', 'evt_1a2B3c4D', /^evt_[a-z0-9A-Z]{8}$/],
    ['order_id', 'ord-12345', /^ord-[1-9]\d{4}$/],
    [
      'orderId',
      '172dfbff-ebd9-4c9c-868c-cb79ef7775ed',
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
    ],
    ['anything', '172DFBFF-EBD9-4C9C-868C-CB79EF7775ED', /^[0-9A-F-]{36}$/],
    ['id', 1042, /^[1-9]\d{3}$/],
  ])('%s %j gets other letters of the same kind', (key, value, form) => {
    const { [key]: made } = varied({ [key]: value });
    expect(String(made)).toMatch(form);
    expect(made).not.toBe(value);
    expect(typeof made).toBe(typeof value);
  });

  it.each([
    ['name', 'Room 101'],
    ['status', 'paid'],
    ['id', 'no digits here'],
    ['amount', 1200],
    ['identity', 'a1'],
  ])('%s %j stays', (key, value) => expect(varied({ [key]: value })).toEqual({ [key]: value }));

  it.each([
    ['2020-01-01T00:00:00Z', '2020-01-01T00:00:10Z'],
    ['2020-01-01T02:00:00.000+02:00', '2020-01-01T02:00:10.000+02:00'],
    ['2020-01-01 00:00:00', '2020-01-01 00:00:10'],
  ])('times move together, in the form they have: %s', (early, late) => {
    const { a, b } = varied({ a: early, b: late }) as { a: string; b: string };
    const form = (text: string) => text.replace(/\d/g, '0');
    expect([form(a), form(b)]).toEqual([form(early), form(late)]);
    const ms = (text: string) => Date.parse(/Z|\+/.test(text) ? text : `${text.replace(' ', 'T')}Z`);
    expect([Math.floor(ms(b) / 1000), ms(b) - ms(a)]).toEqual([Math.floor(now / 1000), 10_000]);
  });

  it('numbers that are times move under a key that says so', () => {
    expect(varied({ created: 1_600_000_000, count: 1_600_000_000 })).toEqual({
      created: Math.floor(now / 1000),
      count: 1_600_000_000,
    });
    expect(varied({ createdAt: 1_600_000_000_000 })).toEqual({ createdAt: now });
  });

  it('the same id becomes the same one wherever it stands, another for another seed', () => {
    const payload = { id: 'evt_1234', data: { id: 'ord_1234' }, items: [{ order_id: 'ord_1234' }] };
    const one = varied(payload) as typeof payload;
    expect(one.items[0]!.order_id).toBe(one.data.id);
    expect(varied(payload)).toEqual(one);
    expect(varied(payload, 2)).not.toEqual(one);
    const other = varied(payload, 1, { event: 'a.c', once: 'id' }) as typeof payload;
    expect([other.data.id, other.id === one.id]).toEqual([one.data.id, false]);
  });

  it('a number with both bounds is drawn within them', () => {
    const schema = { properties: { n: { type: 'integer', minimum: 3, maximum: 9 } } };
    const drawn = Array.from({ length: 60 }, (_, base) => varied({ n: 5 }, base, { schema }).n as number);
    expect([Math.min(...drawn), Math.max(...drawn), drawn.every(Number.isInteger)]).toEqual([3, 9, true]);
  });

  it('keeps the shape of any JSON', () => {
    const shape = (value: Json): unknown => {
      if (Array.isArray(value)) return value.map(shape);
      if (typeof value === 'object' && value !== null)
        return Object.entries(value).map(([key, inner]) => [key, shape(inner)]);
      return typeof value;
    };
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (payload, base) => {
        const plain = JSON.parse(JSON.stringify(payload)) as JsonObject;
        expect(shape(varied(plain, base))).toEqual(shape(plain));
      }),
    );
  });
});

describe('an observed schema', () => {
  it('accepts everything it was made of', () => {
    const validate = makeValidate();
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1, maxLength: 5 }), (values) => {
        const plain = JSON.parse(JSON.stringify(values)) as Json[];
        const schema = observedSchema(plain);
        for (const value of plain) expect(validate(schema, value, 0)).toEqual([]);
      }),
    );
  });

  it('requires what was always there, and unites types', () => {
    expect(
      observedSchema([
        { a: 1, b: 'x' },
        { a: 1.5, c: null },
        { a: 2, c: true },
      ]),
    ).toEqual({
      type: 'object',
      properties: { a: { type: 'number' }, b: { type: 'string' }, c: { type: ['boolean', 'null'] } },
      required: ['a'],
    });
  });
});
