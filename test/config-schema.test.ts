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
    [{ ...acme, knownAnswers: [{ secret: 'a', body: '', headers: {} }] }, true],
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
    expect([
      bySchema.provider(value),
      accepts(() => providerOf(value, 'x', undefined, readScheme).events),
    ]).toEqual([good, good]);
  });

  it('know the schemes, and the built-in declarations', () => {
    for (const use of schemeNames) expect(bySchema.provider({ ...acme, scheme: { use } })).toBe(true);
    for (const name of ['rose-rocket-platform', 'shoprocket-v3'])
      expect(bySchema.provider(read(`../src/providers/${name}/provider.json`))).toBe(true);
  });
});
