import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keysOf } from '../../../src/core/infer/keys.ts';
import { readValue } from '../../../src/core/infer/shapes.ts';

const bytes = Buffer.from('00112233445566778899aabbccddeeff00112233445566778899aabbccddeefb', 'hex');
const hex = bytes.toString('hex');
const base64 = bytes.toString('base64');
/** The likeliest form of a value that holds these bytes. */
const formOf = (value: string) => {
  const { bytes: found, ...form } = readValue(value).find((each) => each.bytes.equals(bytes))!;
  expect(found).toEqual(bytes);
  return form;
};

describe('a value is read as', () => {
  it.each<[string, object]>([
    [hex, { encoding: 'hex', value: '{signature}', separator: undefined }],
    [hex.toUpperCase(), { encoding: 'HEX' }],
    [base64, { encoding: 'base64', value: '{signature}' }],
    [bytes.toString('base64url'), { encoding: 'base64url', value: '{signature}' }],
    [`sha256=${hex}`, { value: 'sha256={signature}' }],
    [`v1,${base64}`, { value: 'v1,{signature}', separator: ' ' }],
    [`v1,${base64} v1,${base64}`, { value: 'v1,{signature}', separator: ' ' }],
    [
      `t=1795000000,v1=${hex}`,
      { value: 't={timestamp},v1={signature}', separator: ',', timestamp: '1795000000' },
    ],
    [
      `t=1795000000,v1=${hex},v0=${'0'.repeat(64)}`,
      { value: 't={timestamp},v1={signature}', separator: ',' },
    ],
    [`ts=1795000000;h1=${hex}`, { value: 'ts={timestamp};h1={signature}', separator: ';' }],
    [`${hex},${hex}`, { value: '{signature}', separator: ',' }],
    [`id=abc,${hex}`, { value: 'id={id},{signature}', separator: ',', id: 'abc' }],
    [`v1_${hex}`, { value: 'v1_{signature}' }],
    [`HMAC ${hex}`, { value: 'HMAC {signature}' }],
    [`signature="${base64}"`, { value: 'signature="{signature}"' }],
  ])('%s', (value, form) => {
    expect(formOf(value)).toMatchObject(form);
  });

  it('nothing where there is nothing', () => {
    for (const value of ['', 'application/json', '1795000000', 'a'.repeat(5000)])
      expect(readValue(value)).toEqual([]);
  });

  it('whatever it is, by forms that hold what they say', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (value) => {
        for (const each of readValue(`${value}${hex}`, 16)) expect(each.value).toContain('{signature}');
      }),
    );
  });
});

describe('a secret is a key as', () => {
  const forms = (text: string) =>
    keysOf([{ text }]).map(({ key, keyPrefix }) => [key, keyPrefix].filter((each) => each).join(' '));

  it.each([
    ['not.base64!', ['utf8']],
    [base64, ['utf8', 'base64']],
    [`whsec_${base64}`, ['utf8', 'utf8 whsec_', 'base64 whsec_']],
    [
      'sk_live_ab',
      [
        'utf8',
        'base64url',
        'utf8 sk_',
        'base64url sk_',
        'utf8 sk_live_',
        'base64url sk_live_',
        'hex sk_live_',
      ],
    ],
    ['00ff', ['utf8', 'base64', 'hex']],
  ])('%s', (text, expected) => {
    expect(forms(text)).toEqual(expected);
  });

  it('each once, with the white space around it last', () => {
    expect(keysOf([{ text: 'a.b', spaced: ' a.b\n' }, { text: 'a.b' }])).toMatchObject([
      { bytes: Buffer.from('a.b'), secret: 0 },
      { bytes: Buffer.from('a.b\n'), keySuffix: '\n', secret: 0 },
      { bytes: Buffer.from(' a.b'), spaceBefore: ' ', secret: 0 },
      { bytes: Buffer.from(' a.b\n'), spaceBefore: ' ', keySuffix: '\n', secret: 0 },
    ]);
  });
});
