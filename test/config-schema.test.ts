import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../src/core/config.ts';
import type { ReadScheme } from '../src/core/declared-events.ts';
import { providerOf } from '../src/core/provider-data.ts';
import { schemeNames } from '../src/core/scheme-data.ts';
import { parseScheme } from '../src/core/schemes/parse.ts';
import { schemeOf } from '../src/core/schemes.ts';
import { placeWords } from '../src/core/shape.ts';

const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const provider = read('../docs/provider.schema.json');
const config = read('../docs/config.schema.json');
const ajv = new Ajv2020({
  strict: true,
  allowUnionTypes: true,
  strictRequired: false,
  strictTypes: false,
  strictTuples: false,
});
ajv.addSchema([read('../docs/scheme.schema.json'), provider]);
const bySchema = { config: ajv.compile(config), provider: ajv.getSchema('provider.schema.json')! };

const accepts = (parse: () => unknown): boolean => {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
};

const readScheme: ReadScheme = (data, place) => schemeOf(parseScheme(data, placeWords(place)));
/** Whether a declaration is read, as far as nothing in it is held against its schemas. */
const isTaken = (value: unknown): boolean =>
  accepts(() => providerOf(value, 'x', undefined, readScheme).events);
const events = { 'a.b': { samples: [{ id: 'x1' }] } };
const acme = { name: 'acme', eventAt: 'type', events };

describe('the published schemas say what the code says', () => {
  it.each<[object, boolean]>([
    [{}, true],
    [{ $schema: 'x', to: 3000, port: 0, forwardTo: 'localhost:1', allowHosts: ['web'] }, true],
    [{ secrets: { a: 'b', c: [{ env: 'D' }, { file: 'e' }] } }, true],
    [
      {
        policies: {
          a: {
            timeoutMs: 1,
            accepts: '2xx',
            delaysMs: [],
            jitter: { value: 0.1, basis: 'observed', source: 'x' },
          },
        },
      },
      true,
    ],
    [{ schemes: { a: { use: 'svix' } }, routes: { 'a.*': 3000 }, providers: ['a.json', acme] }, true],
    [{ prot: 1 }, false],
    [{ port: '1' }, false],
    [{ port: 65536 }, false],
    [{ allowHosts: ['http://web'] }, false],
    [{ secrets: { a: 1 } }, false],
    [{ secrets: { a: { env: 'A', file: 'b' } } }, false],
    [{ policies: { a: { timeoutMs: 0 } } }, false],
    [{ policies: { a: { timeout: 1 } } }, false],
    [{ schemes: { a: 'svix' } }, false],
    [{ providers: [1] }, false],
    [{ routes: [] }, false],
  ])('config %j: %s', (value, good) => {
    expect([bySchema.config(value), accepts(() => parseConfig(value, 'x'))]).toEqual([good, good]);
  });

  it.each<[object, boolean]>([
    [acme, true],
    [
      { ...acme, eventAt: { path: 'a.b', basis: 'observed' }, identity: ['a|header:b'], headers: { a: 'b' } },
      true,
    ],
    [{ ...acme, events: { a: { schema: { type: 'object' }, age: 3, title: 'A' } }, $defs: { a: {} } }, true],
    [{ ...acme, knownAnswers: [{ secret: 'a', body: '', headers: { a: 'b' } }] }, true],
    [{ ...acme, knownAnswers: [{ secret: 'a', body: '', headers: {} }] }, false],
    [{ ...acme, name: 'Acme' }, false],
    [{ ...acme, events: {} }, false],
    [{ ...acme, events: { a: {} } }, false],
    [{ ...acme, basis: 'guessed' }, false],
    [{ ...acme, title: ' ' }, false],
    [{ ...acme, scheme: { use: 'svx' } }, false],
    [{ ...acme, scheme: { kind: 'hmac' } }, false],
    [{ ...acme, scheme: { use: 'stripe', with: { tolerence: 3 } } }, false],
    [{ ...acme, samples: [] }, false],
    [{ name: 'acme', events }, false],
    [{ ...acme, knownAnswers: [{ body: '' }] }, false],
  ])('provider %j: %s', (value, good) => {
    expect([bySchema.provider(value), isTaken(value)]).toEqual([good, good]);
  });

  const places: ReadonlyArray<readonly [string, boolean]> = [
    ['type', true],
    ['.data.type', true],
    ['data[0].type', true],
    ['[0]', true],
    ['meta."a.b"', true],
    ['meta["a.b"]', true],
    ["a['b\\'c']", true],
    ['a b', true],
    ['header:x-a', true],
    ['header:X|a', true],
    ['', false],
    [' ', false],
    ['a..b', false],
    ['a.', false],
    ['a[b]', false],
    ['a[0]b', false],
    ['a=b', false],
    ['"a', false],
    ['header:', false],
    ['header:a b', false],
    ['header:a.b=', false],
    ['header:Content-Length', false],
    ['header:host', false],
    ['header:hosts', true],
  ];
  it.each(places)('an event named at %j: %s', (eventAt, good) => {
    for (const value of [
      { ...acme, eventAt },
      { ...acme, eventAt: { path: eventAt } },
    ])
      expect([bySchema.provider(value), isTaken(value)]).toEqual([good, good]);
  });

  it.each([
    ...places.filter(([place]) => !/^header:(?:host|content-length|x\|a)$/i.test(place)),
    ['header:host', true],
    ['a|header:b|c.d', true],
    ['a|', false],
    ['|a', false],
    ['a| ', false],
    ['a|header:', false],
    ['"a|b"', false],
  ] as const)('an identity of %j: %s', (part, good) => {
    const value = { ...acme, identity: [part] };
    expect([bySchema.provider(value), isTaken(value)]).toEqual([good, good]);
  });

  it.each([
    ['x-a', 'b', true],
    ['X_a.b~', '', true],
    ['x-a', 'caf\u00e9\t', true],
    ['x-a', 'a\nb', false],
    ['x-a', '\u0142', false],
    ['x-a', '\u0000', false],
    ['x a', 'b', false],
    ['x:a', 'b', false],
    ['', 'b', false],
    ['\u00e9', 'b', false],
    ['Host', 'b', false],
    ['Content-Length', '1', false],
    ['transfer-encoding', 'b', false],
    ['Connection', 'b', false],
    ['keep-alive', 'b', false],
    ['upgrade', 'b', false],
    ['expect', 'b', false],
    ['TE', 'b', false],
    ['trailer', 'b', false],
    ['trailers', 'b', true],
  ] as const)('the header %j: %j: %s', (name, text, good) => {
    const value = { ...acme, headers: { [name]: text } };
    expect([bySchema.provider(value), isTaken(value)]).toEqual([good, good]);
  });

  it.each([
    ['a', true],
    ['jira:issue_created', true],
    ['Order POD Uploaded', true],
    ['\u017elut\u00fd', true],
    ['', false],
    [' a', false],
    ['a\u00a0', false],
    ['order.*', false],
    ['a,b', false],
    ['a\nb', false],
    ['a\u0085b', false],
    ['a\u2028b', false],
  ] as const)('the event %j: %s', (name, good) => {
    const value = { ...acme, events: { [name]: { schema: {} } } };
    expect([bySchema.provider(value), isTaken(value)]).toEqual([good, good]);
  });

  const form = 'application/x-www-form-urlencoded';
  it.each<[object, boolean]>([
    [{ userAgent: 'a/1', contentType: 'text/json' }, true],
    [{ userAgent: { value: 'a\nb' } }, false],
    [{ userAgent: 'a\nb' }, false],
    [{ contentType: ' ' }, false],
    [{ contentType: '\u0142' }, false],
    [{ format: 'form' }, true],
    [{ format: 'form', contentType: `${form}; charset=utf-8` }, true],
    [{ format: 'form', contentType: { value: form.toUpperCase() } }, true],
    [{ format: 'form', contentType: 'application/json' }, false],
    [{ format: 'form', contentType: { value: 'application/json' } }, false],
    [{ policy: { accepts: '2xx, 409' } }, true],
    [{ policy: { accepts: { value: '2XX' } } }, true],
    [{ policy: { accepts: '2x' } }, false],
    [{ policy: { accepts: '200,' } }, false],
    [{ policy: { accepts: { value: '600' } } }, false],
    [{ policy: { stops: { header: 'x-stop', values: ['1'] } } }, true],
    [{ policy: { stops: { header: 'x stop', values: ['1'] } } }, false],
    [{ policy: { stops: { value: { header: 'x stop', values: ['1'] } } } }, false],
    [{ events: { a: { samples: [] } } }, false],
    [{ events: { a: { samples: [], schema: {} } } }, true],
  ])('a provider with %j: %s', (more, good) => {
    const value = { ...acme, ...more };
    expect([bySchema.provider(value), isTaken(value)]).toEqual([good, good]);
  });

  it('know the schemes, and the built-in declarations', () => {
    for (const use of schemeNames) expect(bySchema.provider({ ...acme, scheme: { use } })).toBe(true);
    for (const name of ['rose-rocket-platform', 'shoprocket-v3'])
      expect(bySchema.provider(read(`../src/providers/${name}/provider.json`))).toBe(true);
  });
});
