import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contract } from '../../src/core/contract.ts';
import { hold } from '../../src/core/declared-events.ts';
import { makeDrawing } from '../../src/core/drawing.ts';
import { makeFake, payloadMaker, payloadOf } from '../../src/core/fake.ts';
import { providerOf } from '../../src/core/provider-data.ts';
import { makeValidate } from '../../src/core/validate.ts';
import { providers } from '../../src/providers/index.ts';
import { now } from '../helpers/deliveries.ts';
import { faults } from '../providers/catalogue.ts';

const drawing = makeDrawing();
const text = { type: 'string' };
const object = (properties: object, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
});

const declared = (event: object, more: object = {}) =>
  providerOf(
    { name: 'acme', eventAt: 'type', events: { 'thing.made': event }, ...more },
    'acme.json',
    drawing,
  );
const eventOf = (event: object, more?: object) => declared(event, more).events['thing.made']!;

const schemas: Record<string, object> = {
  formats: object({
    a: { ...text, format: 'date-time' },
    b: { ...text, format: 'uuid' },
    c: { ...text, format: 'email' },
    d: { ...text, format: 'uri' },
    e: { ...text, format: 'date' },
    f: { ...text, format: 'duration' },
    g: { ...text, format: 'int64' },
  }),
  numbers: object({
    a: { type: 'integer', minimum: 3, maximum: 5 },
    b: { type: 'number', multipleOf: 0.01, minimum: 0, maximum: 1 },
    c: { type: 'integer', exclusiveMinimum: 10, maximum: 11 },
    id: { type: 'integer', minimum: 1 },
  }),
  texts: object({
    id: { ...text, pattern: '^evt_[A-Za-z0-9]{24}$' },
    b: { ...text, minLength: 5, maxLength: 5 },
    c: { ...text, pattern: '^(?!x)[a-z]{3}$' },
    type: { enum: ['thing.made', 'thing.lost'] },
  }),
  choices: object({
    a: { type: ['string', 'null'] },
    b: { oneOf: [text, { type: 'integer' }] },
    c: { anyOf: [{ ...text, maxLength: 2 }, { type: 'boolean' }] },
    d: { allOf: [object({ x: { type: 'integer' } }), object({ y: text })] },
  }),
  recursion: {
    $ref: '#/$defs/node',
    $defs: {
      node: object({
        value: { type: 'integer' },
        next: { anyOf: [{ type: 'null' }, { $ref: '#/$defs/node' }] },
        children: { type: 'array', items: { $ref: '#/$defs/node' } },
      }),
    },
  },
  self: object({ value: text, child: { $ref: '#' } }, ['value']),
  lists: object({
    a: { type: 'array', items: { type: 'integer', minimum: 0, maximum: 3 }, minItems: 3, uniqueItems: true },
    b: { type: 'array', prefixItems: [text, { type: 'integer' }], items: false, minItems: 2 },
  }),
  branches: {
    type: 'object',
    oneOf: [
      object({ kind: { const: 'a' }, x: text }),
      object({ kind: { const: 'b' }, y: { type: 'integer' } }),
    ],
  },
};

describe('a payload of a schema alone', () => {
  it.each(Object.entries(schemas))(
    '%s: fits it, and is the same for the same seed and clock',
    (_, schema) => {
      const event = eventOf({ schema });
      const loose = makeValidate();
      fc.assert(
        fc.property(fc.nat(), fc.integer({ min: 1e12, max: 3e12 }), (seed, at) => {
          const payload = payloadOf(event, { seed, at });
          expect(loose(event.schema, payload, 0)).toEqual([]);
          expect(JSON.stringify(payloadOf(event, { seed, at }))).toBe(JSON.stringify(payload));
          expect(payload.type).toBe('thing.made');
        }),
        { numRuns: 40 },
      );
    },
  );

  it('has its latest time now, and none ahead', () => {
    const event = eventOf({
      schema: object({ a: { ...text, format: 'date-time' }, b: { ...text, format: 'date-time' } }),
    });
    for (const seed of [1, 2, 3]) {
      const { a, b } = payloadOf(event, { seed, at: now }) as { a: string; b: string };
      expect(Math.max(Date.parse(a), Date.parse(b))).toBe(now);
    }
  });
});

describe('what is refused, with the place and the words', () => {
  const sample = { samples: [{ id: '1' }] };
  it.each<[string, object, string]>([
    ['no name', { eventAt: 'type', events: { a: sample } }, 'acme.json: name is missing'],
    [
      'a bad name',
      { name: 'Acme Inc', eventAt: 'type', events: { a: sample } },
      'acme.json: name must be lower-case',
    ],
    ['no events', { name: 'acme', eventAt: 'type', events: {} }, 'it has no events'],
    ['an unknown key', { name: 'acme', eventAt: 'type', evnts: {} }, 'acme.json: evnts is not known here'],
    [
      'nothing to make a payload of',
      { name: 'acme', eventAt: 'type', events: { a: {} } },
      'events.a has neither a schema nor a sample',
    ],
    [
      'a wrong type',
      { name: 'acme', eventAt: 'type', policy: { timeoutMs: '5s' }, events: { a: sample } },
      'policy.timeoutMs must be a whole number',
    ],
    ...['Content-Length', 'transfer-encoding'].map((name): [string, object, string] => [
      `a header ${name}`,
      { name: 'acme', eventAt: 'type', headers: { [name]: '5' }, events: { a: sample } },
      `acme.json: headers.${name} cannot be sent: it is set by the connection itself`,
    ]),
    [
      'a known answer without headers',
      {
        name: 'acme',
        eventAt: 'type',
        knownAnswers: [{ secret: 'k', body: '', headers: {} }],
        events: { a: sample },
      },
      'acme.json: knownAnswers[0].headers must be the headers that sign it, one or more, and is {}',
    ],
    [
      'a host',
      { name: 'acme', eventAt: 'type', headers: { Host: 'a' }, events: { a: sample } },
      'acme.json: headers.Host cannot be sent: the target decides it',
    ],
    [
      'a header of a bad name',
      { name: 'acme', eventAt: 'type', headers: { 'a b': '1' }, events: { a: sample } },
      'cannot be sent: its name has characters that no header may have',
    ],
    [
      'a wrong basis',
      { name: 'acme', basis: 'guessed', eventAt: 'type', events: { a: sample } },
      'basis must be "documented" or "observed" or "assumed"',
    ],
    [
      'a path that is none',
      { name: 'acme', eventAt: 'a..b', events: { a: sample } },
      'eventAt must be a path',
    ],
    [
      'a header that breaks lines',
      { name: 'acme', eventAt: 'type', headers: { a: 'b\r\nc: d' }, events: { a: sample } },
      "headers.a must be a header's value",
    ],
    [
      'an unsuitable example secret',
      { name: 'acme', scheme: { use: 'svix' }, exampleSecret: 'x', eventAt: 'type', events: { a: sample } },
      'example secret does not suit',
    ],
    ['no object', [], 'acme.json must be an object'],
  ])('%s', (_what, data, words) => {
    expect(() => providerOf(data, 'acme.json', drawing)).toThrow(words);
  });

  it.each<[string, object, string]>([
    ['invalid', { type: 'objekt' }, 'no valid JSON Schema'],
    [
      'a remote reference',
      object({ a: { $ref: 'https://example.com/a.json' } }),
      'points to another document',
    ],
    ['a reference to nothing', object({ a: { $ref: '#/$defs/none' } }), 'points to nothing'],
    ['endless', object({ a: { $ref: '#' } }), 'never comes to an end'],
    [
      'endless by two',
      {
        $defs: { a: object({ b: { $ref: '#/$defs/b' } }), b: object({ a: { $ref: '#/$defs/a' } }) },
        ...object({ a: { $ref: '#/$defs/a' } }),
      },
      'never comes to an end',
    ],
    [
      'endless in every branch',
      {
        $defs: { a: { anyOf: [object({ x: { $ref: '#/$defs/a' } }), object({ y: { $ref: '#/$defs/a' } })] } },
        ...object({ a: { $ref: '#/$defs/a' } }),
      },
      'never comes to an end',
    ],
  ])('a schema that is %s', (_what, schema, words) => {
    expect(() => declared({ schema })).toThrow(`acme.json: events."thing.made".schema`);
    expect(() => declared({ schema })).toThrow(words);
  });

  it('a sample that breaks its own schema', () => {
    const event = { schema: object({ n: { type: 'integer' } }), samples: [{ n: 1 }, { n: '1' }] };
    expect(() => hold(eventOf(event))).toThrow(
      'events."thing.made".samples[1] breaks the schema of its own event: n must be integer',
    );
  });

  it.each<[string, object, string]>([
    [
      'a choice of nothing',
      { a: { enum: [] } },
      'it is no valid JSON Schema: enum must have non-empty array',
    ],
    ['a name that nothing has', { a: { $ref: '#far' } }, "it is no valid JSON Schema: can't resolve"],
  ])('%s, when it is used; what comes is judged all the same', (_, properties, words) => {
    const event = eventOf({ schema: object(properties) });
    const place = 'acme.json: events."thing.made".schema: ';
    expect(() => hold(event)).toThrow(place + words);
    expect(() => payloadOf(event, { seed: 1, at: now })).toThrow(place + words);
    expect(makeValidate()(event.schema, { a: 1 }, 0)).toEqual([
      { code: 'SCHEMA', path: '', basis: 'assumed', fault: expect.stringContaining('cannot be checked') },
    ]);
  });

  it('a shared schema, with its name', () => {
    const $defs = { far: { type: 'strung' }, near: { $ref: '#/$defs/far' } };
    expect(() => declared({ schema: { $ref: '#/$defs/near' } }, { $defs })).toThrow(
      'events."thing.made".schema: it is no valid JSON Schema: schema is invalid: data/$defs/far/type must be',
    );
  });

  it('a schema of which no payload can be made, when one is asked for', () => {
    const event = eventOf({ schema: object({ n: { type: 'integer', minimum: 2, maximum: 1 } }) });
    expect(() => payloadOf(event, { seed: 1, at: now })).toThrow('no payload could be made');
    const list = eventOf({ schema: { type: 'array' } });
    expect(() => payloadOf(list, { seed: 1, at: now })).toThrow('makes no JSON object');
  });

  it('recursion that can end is none of them', () => {
    for (const schema of [schemas.recursion, schemas.self]) expect(() => declared({ schema })).not.toThrow();
  });
});

describe('what is not said', () => {
  it('is assumed', () => {
    const provider = declared({ samples: [{ id: 'a1' }] });
    const { scheme, policy, contentType, eventAt } = provider;
    for (const { basis } of [
      scheme,
      policy.timeoutMs,
      policy.delaysMs,
      contentType,
      eventAt,
      provider.events['thing.made']!,
    ])
      expect(basis).toBe('assumed');
    expect([scheme.label, policy.accepts.value, policy.delaysMs.value]).toEqual(['unsigned', '2xx', []]);
  });

  it('is what the whole rests on, where that is said', () => {
    const told = { basis: 'documented', docs: 'https://acme.example/', scheme: { use: 'svix' } };
    const provider = declared({ samples: [{}] }, told);
    expect(provider.events['thing.made']).toMatchObject({
      basis: 'documented',
      source: 'https://acme.example/',
    });
    expect(provider.scheme).toMatchObject({ basis: 'documented', source: 'https://acme.example/' });
    expect(provider.scheme.secretFault(provider.exampleSecret)).toBeUndefined();
    expect(provider.identity).toEqual(['header:svix-id']);
  });
});

it.each([
  [{ use: 'token' }, 'example-secret-for-acme'],
  [{ use: 'token', with: { in: 'query' } }, 'example-secret-for-acme'],
  [{ use: 'basic' }, 'acme:example-secret-for-acme'],
  [{ use: 'github' }, 'example-secret-for-acme'],
  [{ use: 'svix' }, `whsec_${Buffer.from('acme'.repeat(8)).toString('base64')}`],
  [{ use: 'standard-webhooks' }, `whsec_${Buffer.from('acme'.repeat(8)).toString('base64')}`],
])('the example secret of %j is %s', (scheme, secret) =>
  expect(declared({ samples: [{}] }, { scheme }).exampleSecret).toBe(secret),
);

it('an event can be named in a header', () => {
  const provider = declared(
    { samples: [{ id: 'a1' }] },
    { eventAt: 'header:x-acme-event', headers: { 'x-acme-version': '2' } },
  );
  const trial = {
    providers: [...providers, provider],
    validate: makeValidate(),
    payload: payloadMaker(),
    now,
  };
  expect([...contract(provider, trial)].filter(({ outcome }) => outcome === 'failed')).toEqual([]);
});

describe.each(providers.map((provider) => [provider.name, provider] as const))('%s', (name, provider) => {
  it('keeps the contract that `hooks provider test` runs', () => {
    const trial = { providers, validate: makeValidate(), payload: payloadMaker(), now };
    const found = [...contract(provider, trial)];
    expect(found.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(found.length).toBe(2 + 6 * Object.keys(provider.events).length);
  });

  it('could be declared by a user, key by key', () => {
    const again = providerOf(provider, name, drawing);
    expect({ ...again, events: Object.keys(again.events) }).toEqual({
      ...provider,
      events: Object.keys(provider.events),
    });
    for (const [event, { payload, ...rest }] of Object.entries(provider.events)) {
      expect(again.events[event]).toEqual({ ...rest, payload: expect.any(Function) });
      expect(payloadOf(again.events[event]!, { seed: 1, at: now })).toEqual(payload(makeFake(1, now)));
    }
  });
});

it.each(['default', 'example', '$ref', 'const'])(
  'a property may be called %s, and refer to nothing',
  (name) => {
    const schema = { type: 'object', properties: { [name]: { $ref: '#/$defs/none' } } };
    expect(() => declared({ schema })).toThrow('"$ref": "#/$defs/none" points to nothing');
    const made = { type: 'object', properties: { a: { type: 'string', [name]: 'x' } } };
    if (name !== '$ref') expect(() => declared({ schema: made })).not.toThrow();
  },
);

describe('a schema that no payload fits', () => {
  const unmade = (properties: object) => {
    const made = declared({ schema: { type: 'object', properties, required: Object.keys(properties) } });
    return () => payloadOf(made.events['thing.made']!, { seed: 1, at: now });
  };

  it.each([
    [
      { n: { type: 'integer', minimum: 5, maximum: 3 } },
      /: n must be .* \("m\w+imum"( or "m\w+imum")? is broken there each time\)/,
    ],
    [
      { data: { type: 'object', properties: { a: false }, required: ['a'] } },
      /: data\.a may not be there, is .* \("false schema" is broken there each time\)/,
    ],
    [{ type: { const: 'other' } }, /: type must be "other", is "thing\.made" \("const" is broken/],
    [{ a: { allOf: [{ type: 'string' }, { type: 'integer' }] } }, /: a must be .* \("type" is broken/],
  ])('%j is told by event, path and keyword', (properties, words) => {
    expect(unmade(properties)).toThrow(words);
    expect(unmade(properties)).toThrow(/^[^:]+: events\."thing\.made"\.schema: no payload could be made/);
  });

  const many = (items: object, count = 1000) => ({ type: 'array', minItems: count, items });
  it.each<[string, object]>([
    ['v would be larger than any payload is ("minLength" asks for it)', { ...text, minLength: 1e8 }],
    [
      'v would be larger than any payload is ("pattern" asks for it)',
      { ...text, pattern: '^(a|b){100000000}$' },
    ],
    [
      'v would be larger than any payload is ("minItems" asks for it)',
      many({ ...text, maxLength: 1e9 }, 1e9),
    ],
    ['v[0] would be larger than any payload is ("minItems" asks for it)', many(many(many(text)))],
    ['v would be larger than any payload is ("minLength" asks for it)', { $ref: '#/$defs/far' }],
    [
      'v would be larger than any payload is ("minLength" asks for it)',
      { anyOf: [text, { $ref: '#/$defs/far' }] },
    ],
  ])('is known by its size: %s', (words, v) => {
    const event = eventOf({ schema: object({ v }) }, { $defs: { far: { ...text, minLength: 1e9 } } });
    expect(() => payloadOf(event, { seed: 1, at: now })).toThrow(
      `events."thing.made".schema: no payload could be made of it that fits it: ${words}`,
    );
  });

  it('is none where a sample stands for it', () => {
    const event = eventOf({ schema: object({ v: { ...text, maxLength: 1e9 } }), samples: [{ v: 'x' }] });
    expect(payloadOf(event, { seed: 1, at: now })).toMatchObject({ v: 'x' });
  });

  it.each<[string, object]>([
    ['a text', { ...text, maxLength: 1e9 }],
    ['a list', { type: 'array', maxItems: 1e9, items: text }],
    [
      'lists in lists',
      { type: 'array', maxItems: 1000, items: { type: 'array', maxItems: 1e9, items: text } },
    ],
    [
      'parts of a list',
      {
        allOf: [
          { type: 'array', maxItems: 1e9 },
          { type: 'array', minItems: 40, items: text },
        ],
      },
    ],
    ['a pattern', { ...text, maxLength: 1000, pattern: '^a{500}$' }],
    ['a name', object({ maxLength: { const: 1000 }, maxItems: { enum: [1e9] } })],
  ])('is not one that allows for much: %s', (_, v) => {
    const event = eventOf({ schema: object({ v }) });
    const payload = payloadOf(event, { seed: 1, at: now });
    expect(faults(event.schema, payload)).toBe('');
    expect(JSON.stringify(payload).length).toBeLessThan(20_000);
  });

  it('is told once', () => {
    const provider = declared({ schema: { type: 'object', properties: { a: false }, required: ['a'] } });
    const trial = { providers, validate: makeValidate(), payload: payloadMaker(), now };
    const found = [...contract(provider, trial)].filter(({ outcome }) => outcome !== 'passed');
    expect(found.map(({ event, clause, outcome }) => [event, clause, outcome])).toEqual([
      [undefined, 'signs like its known answers', 'skipped'],
      ['thing.made', 'makes payloads that fit its schema', 'failed'],
      ['thing.made', 'makes the same bytes of the same seed and clock', 'skipped'],
      ['thing.made', 'names itself in what it sends', 'skipped'],
      ['thing.made', 'can be known again', 'skipped'],
      ['thing.made', 'is judged valid by a listener', 'skipped'],
    ]);
  });
});

describe('a payload of code', () => {
  const circle: Record<string, unknown> = { a: [] };
  (circle.a as unknown[]).push({ b: circle });
  const deep = Array.from({ length: 20_000 }).reduce<object>((inner) => ({ a: inner }), {});

  it.each<[string, () => unknown, string]>([
    ['a BigInt', () => ({ a: [{ n: 3n }] }), 'gives no JSON: a[0].n is a BigInt (3n), which JSON has not'],
    [
      'a promise',
      async () => ({}),
      'must be a function that gives a JSON object at once; it gives a promise',
    ],
    ['a promise of nothing', () => Promise.reject(new Error('no')), 'it gives a promise'],
    ['nothing', () => undefined, 'must be a function that gives a JSON object; it gives undefined'],
    ['a list', () => [], 'it gives a list'],
    ['a circle', () => circle, 'gives no JSON: a[0].b holds itself'],
    ['too deep a tree', () => deep, 'gives no JSON: it is nested too deeply'],
    [
      'an error',
      () => {
        throw new Error('boo');
      },
      'throws: boo',
    ],
  ])('that is %s is told', (_, payload, words) => {
    const provider = declared({ schema: { type: 'object' }, payload });
    expect(() => payloadOf(provider.events['thing.made']!, { seed: 1, at: now })).toThrow(words);
  });
});

describe('the contract', () => {
  const wrong = {
    name: 'acme',
    eventAt: 'type',
    scheme: {
      kind: 'hmac',
      label: 'HMAC',
      basis: 'assumed',
      source: 'a test',
      names: { signature: 'X-Acme' },
      over: '{body}',
      digest: 'sha256',
      encoding: 'hex',
      key: 'utf8',
      value: '{signature}',
    },
    knownAnswers: [{ secret: 'key', body: '{}', headers: { 'x-acme': 'not this' } }],
    identity: ['id'],
    events: {
      a: { schema: object({ n: { type: 'integer' } }), payload: () => ({ n: Math.random(), type: 'b' }) },
    },
  };

  it('is broken by a wrong answer, a payload that misfits, another name, chance, and no identity', () => {
    const provider = providerOf(wrong, 'acme.mjs', drawing);
    const trial = {
      providers: [...providers, provider],
      validate: makeValidate(),
      payload: payloadMaker(),
      now,
    };
    const broken = [...contract(provider, trial)]
      .filter(({ outcome }) => outcome === 'failed')
      .map(({ clause }) => clause);
    expect(broken).toEqual([
      'signs like its known answers',
      'makes payloads that fit its schema',
      'makes the same bytes of the same seed and clock',
      'names itself in what it sends',
      'can be known again',
      'is judged valid by a listener',
    ]);
  });
});

it('a sample stands for its schema, too', () => {
  const event = eventOf({ samples: [{ id: 'evt_1a2b3c4d', at: '2020-01-01T00:00:00Z', n: 5 }] });
  expect(faults({ type: 'object' }, payloadOf(event, { seed: 1, at: now }))).toBe('');
  const made = payloadOf(event, { seed: 1, at: now });
  expect(made).toMatchObject({
    id: expect.stringMatching(/^evt_[a-z0-9]{8}$/),
    at: new Date(now).toISOString().replace(/\.\d+/, ''),
    n: 5,
    type: 'thing.made',
  });
  expect(made.id).not.toBe('evt_1a2b3c4d');
});

it('knows events, properties and headers by names that every object has', () => {
  const properties = { constructor: text, toString: { type: 'integer', minimum: 1, maximum: 9 } };
  // A key of JSON may be called `__proto__`, like any other.
  const sampled = JSON.parse('{"toString":{"samples":[{"valueOf":"x"}]},"__proto__":{"samples":[{}]}}');
  const events = Object.assign(sampled, { constructor: { schema: object(properties) } });
  const provider = declared({}, { headers: { constructor: '1' }, events });
  expect(Object.keys(provider.events)).toEqual(['toString', '__proto__', 'constructor']);
  expect(provider.events.valueOf).toBeUndefined();
  const trial = { providers: [provider], validate: makeValidate(), payload: payloadMaker(), now };
  expect([...contract(provider, trial)].filter(({ outcome }) => outcome === 'failed')).toEqual([]);
});

describe('an event has of the shared schemas', () => {
  const node = { type: 'object', properties: { next: { $ref: '#/$defs/leaf~1b/properties/x' } } };
  const $defs = { node, 'leaf/b': { properties: { x: text } }, other: text };
  const sharedBy = (schema: object, more: object = {}) =>
    Object.keys((eventOf({ schema }, { $defs: { ...$defs, ...more } }).schema.$defs ?? {}) as object);

  it('those that it needs, through any number of others', () => {
    expect(sharedBy({ $ref: '#/$defs/node' })).toEqual(['node', 'leaf/b']);
    expect(sharedBy({ type: 'object' })).toEqual([]);
  });

  it('its own, which stand before them', () => {
    const own = { $ref: '#/$defs/node', $defs: { 'leaf/b': { properties: { x: { const: 'own' } } } } };
    expect(eventOf({ schema: own }, { $defs }).schema.$defs).toEqual({ node, ...own.$defs });
  });

  it('all, where one can be found otherwise than by its path', () => {
    expect(sharedBy({ $ref: '#/$defs/node' }, { named: { $anchor: 'n' } })).toHaveLength(4);
    expect(sharedBy({ $ref: '#/$defs/node' }, { whole: { $ref: '#' } })).toHaveLength(4);
  });
});
