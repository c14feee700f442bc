import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schemeNames } from '../../../src/core/scheme-data.ts';
import { parseScheme } from '../../../src/core/schemes/parse.ts';
import { schemeSchema } from '../../../src/core/schemes/schema.ts';
import { schemeOf } from '../../../src/core/schemes.ts';
import { UsageError } from '../../../src/errors.ts';
import { records } from '../../helpers/records.ts';

const where = 'hooks.config.json: providers.acme.scheme';

/** An HMAC of one's own; each test says what is different. */
const plain = {
  kind: 'hmac',
  names: { signature: 'X-Acme' },
  over: '{timestamp}.{body}',
  value: 't={timestamp},v1={signature}',
  separator: ',',
  digest: 'sha256',
  encoding: 'hex',
  key: 'utf8',
};

function refusal(value: unknown): UsageError {
  try {
    parseScheme(value, where);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error(`it was taken: ${JSON.stringify(value)}`);
}

describe('a scheme written as JSON', () => {
  it.each(schemeNames)('is %s, ready-made', (use) => {
    expect(parseScheme({ use }, where)).toEqual({ use });
  });

  it('is completed by a label, a basis and a source', () => {
    expect(parseScheme(plain, where)).toEqual({
      ...plain,
      label: 'HMAC-SHA256 (hex) of "{timestamp}.{body}" in X-Acme',
      basis: 'assumed',
      source: 'declared without a source',
    });
    expect(parseScheme({ kind: 'none', basis: 'documented' }, where)).toMatchObject({ basis: 'documented' });
  });

  it('is any record, which comes out as it went in', () => {
    const valid = new Ajv2020({ strict: false }).compile(schemeSchema);
    fc.assert(
      fc.property(records, (record) => {
        const data = { kind: 'hmac', ...record };
        expect(parseScheme(JSON.parse(JSON.stringify(data)), where)).toEqual(data);
        expect(valid(data)).toBe(true);
        expect(schemeOf(parseScheme(data, where)).record).toEqual(record);
      }),
    );
  });

  it.each<[string, unknown, string, RegExp | undefined]>([
    ['text', 'github', `${where}: a scheme is an object, not "github"`, /"use": "github"/],
    ['null', null, 'not null', undefined],
    ['a list', [], 'not []', undefined],
    ['a function', () => 1, 'not function', undefined],
    ['an empty object', {}, 'it has neither "use" nor "kind"', /github.*hmac/],
    ['both doors', { use: 'svix', kind: 'hmac' }, 'it has both "use" and "kind"', undefined],
    ['a misspelt name', { use: 'gihub' }, `${where}.use: there is no "gihub"`, /did you mean github\?/],
    ['a name far off', { use: 'zzzzzzzz' }, 'there is no "zzzzzzzz"', /there are svix/],
    ['a name that is none', { use: 7 }, 'there is no 7', undefined],
    ['a misspelt kind', { kind: 'hmca' }, `${where}.kind: there is no "hmca"`, /did you mean hmac\?/],
    ['a missing field', { ...plain, over: undefined }, `${where}: "over" is missing`, undefined],
    ['a missing name', { ...plain, names: {} }, `${where}.names: "signature" is missing`, undefined],
    ['an unknown field', { ...plain, hedder: 'x' }, `${where}: there is no "hedder" here`, /there are/],
    [
      'a misspelt field',
      { ...plain, toleranse: {} },
      'there is no "toleranse" here',
      /did you mean tolerance\?/,
    ],
    [
      'another digest',
      { ...plain, digest: 'sha-256' },
      `${where}.digest must be one of md5, sha1, sha224, sha256, sha384, sha512, and is "sha-256"`,
      /did you mean sha256\?/,
    ],
    [
      'a field of another type',
      { ...plain, tolerance: { seconds: '300', future: true } },
      `${where}.tolerance.seconds must be number, and is "300"`,
      undefined,
    ],
    [
      'a header that is none',
      { ...plain, names: { signature: 'X Sig' } },
      '.names.signature must match',
      /header/,
    ],
    [
      'an override that is none',
      { use: 'github', with: { over: 1 } },
      `${where}.with.over must be string`,
      undefined,
    ],
    ['an empty override', { use: 'github', with: {} }, `${where}.with must NOT have fewer than 1`, undefined],
    ['a token nowhere', { kind: 'token', name: 'x' }, '"in" is missing', undefined],
    [
      'a token in the body',
      { kind: 'token', in: 'body', name: 'x' },
      'must be one of header, query',
      undefined,
    ],
  ])('%s is refused', (_, value, message, hint) => {
    const error = refusal(value);
    expect(error.message).toContain(message);
    if (hint) expect(error.hint).toMatch(hint);
  });

  it.each<[object, string]>([
    [{ over: '{timestamp}.{bdoy}' }, 'has {bdoy}, which there is not; there are {id}, {timestamp}'],
    [{ over: '{id}.{body}' }, 'stands neither in value nor in a header that names.id names'],
    [{ over: '{id}', names: { signature: 'S', id: 'I' } }, 'signs neither {body} nor {url}'],
    [{ over: '{bodyhash}' }, 'bodyHash does not say how it is made'],
    [{ bodyHash: { digest: 'md5', encoding: 'hex' } }, 'bodyHash changes nothing'],
    [{ bodyHashParameter: 'hash' }, 'bodyHashParameter needs bodyHash'],
    [{ url: 'https://shop.example/' }, 'url changes nothing'],
    [{ keyBytes: [1, 2] }, 'keyBytes changes nothing'],
    [{ over: '{body}', value: '{signature}', time: 'iso' }, 'time changes nothing'],
    [
      { over: '{body}', value: '{signature}', tolerance: { seconds: 1, future: true } },
      'tolerance changes nothing',
    ],
    [{ separator: ';' }, 'must hold one of {signature}, {timestamp} and {id}'],
    [{ value: '{timestamp},{signature}' }, 'its items cannot be told apart'],
    [
      { value: 't={timestamp}-v1={signature}', separator: '-', encoding: 'base64url' },
      'cannot be read again',
    ],
    [{ value: 't={timestamp}:v1={signature}', separator: ':', time: 'iso' }, 'cannot be read again'],
  ])('one that contradicts itself is refused: %o', (change, message) => {
    const error = refusal({ ...plain, ...change });
    expect(error.message).toContain(`${where}: hmac: `);
    expect(error.message).toContain(message);
  });

  it('of another kind that contradicts itself is refused too', () => {
    expect(refusal({ kind: 'token', in: 'query', name: 't', value: '{secret}{secret}' }).message).toContain(
      'must hold one {secret}',
    );
    expect(refusal({ use: 'basic', with: { over: '{body}' } }).message).toContain('"basic" has none');
  });

  it('is refused, not thrown at, where it cannot be shown', () => {
    const round: Record<string, unknown> = { kind: 'hmac' };
    round.names = round;
    expect(refusal({ use: round }).message).toContain('there is no object');
    expect(refusal(round).message).toContain(where);
  });
});

it('docs/scheme.schema.json is the schema that is used', () => {
  const published = readFileSync(new URL('../../../docs/scheme.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(schemeSchema)));
});
