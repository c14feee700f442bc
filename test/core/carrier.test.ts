import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fieldValues,
  queryValues,
  withMember,
  withoutMember,
  withoutParameter,
  withParameter,
} from '../../src/core/carrier.ts';

const word = fc.stringMatching(/^[a-z]{1,6}$/);
const any = fc.string({ unit: 'binary' });

describe('a parameter of the query', () => {
  it.each([
    ['http://a/', 'http://a/?sig=x'],
    ['http://a/?b=c', 'http://a/?b=c&sig=x'],
    ['http://a/?', 'http://a/?sig=x'],
    ['http://a/?sig=old&b=c&sig=older', 'http://a/?b=c&sig=x'],
    ['/path?b', '/path?b&sig=x'],
    ['/?b=c&', '/?b=c&&sig=x'],
    ['/?&', '/?&&sig=x'],
  ])('is put at the end of %s', (url, expected) => expect(withParameter(url, 'sig', 'x')).toBe(expected));

  it.each([
    ['/?sig=a', ['a']],
    ['/?sig=a&sig=', ['a', '']],
    ['/?sig', ['']],
    ['/?s%69g=a%2Bb', ['a+b']],
    ['/?sig=a+b==', ['a+b==']],
    ['/?sig=%zz', ['%zz']],
    ['/?other=sig', []],
    ['/sig=a', []],
  ])('is read from %s', (url, expected) => expect(queryValues(url, 'sig')).toEqual(expected));

  it('is read as it was put, and leaves the address as it was', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), any, (url, value) => {
        const put = withParameter(url, 'x_sig', value.toWellFormed());
        expect(queryValues(put, 'x_sig')).toEqual([value.toWellFormed()]);
        expect(withoutParameter(put, 'x_sig')).toBe(url.replace(/^([^?]*)\?$/, '$1'));
      }),
    );
  });
});

describe('a field of the body', () => {
  const text = (body: Uint8Array | undefined) => body && Buffer.from(body).toString();

  it.each([
    ['{}', '{"sig":"x"}'],
    ['{ }', '{ "sig":"x"}'],
    ['{"a":1}', '{"a":1,"sig":"x"}'],
    ['{"sig":"old","a":{"sig":2}}', '{"a":{"sig":2},"sig":"x"}'],
    ['{"a":"}\\"","sig":[1,"]"],"b":2}', '{"a":"}\\"","b":2,"sig":"x"}'],
    ['{\n  "a": 1,\n  "sig": "old"\n}\n', '{\n  "a": 1,"sig":"x"\n}\n'],
    ['{"s\\u0069g":"old"}', '{"sig":"x"}'],
    ['{"sig":1,"sig":2,"a":3,"sig":4}', '{"a":3,"sig":"x"}'],
  ])('is put behind the others of %s', (body, expected) =>
    expect(text(withMember(Buffer.from(body), 'sig', 'x'))).toBe(expected),
  );

  it.each(['', '[]', 'null', '"{}"', '{', '{"a"', '{"a":', '{"a":1', '{"a":"', '{"a":[}', '{1:2}', '{,}'])(
    'is not put into %s',
    (body) => {
      expect(withMember(Buffer.from(body), 'sig', 'x')).toBeUndefined();
      expect(fieldValues(Buffer.from(body), 'sig')).toEqual([]);
      expect(text(withoutMember(Buffer.from(body), 'sig'))).toBe(body);
    },
  );

  it('is read as it was put, and leaves every other byte as it was', () => {
    const objects = fc.dictionary(word, fc.jsonValue(), { maxKeys: 5 });
    fc.assert(
      fc.property(objects, fc.constantFrom(undefined, 2, '\t'), any, (object, indent, value) => {
        const body = Buffer.from(JSON.stringify(object, null, indent));
        const put = withMember(body, 'x_sig', value.toWellFormed())!;
        expect(fieldValues(put, 'x_sig')).toEqual([value.toWellFormed()]);
        expect(text(withoutMember(put, 'x_sig'))).toBe(body.toString());
        expect(JSON.parse(text(put)!)).toEqual({
          ...JSON.parse(body.toString()),
          x_sig: value.toWellFormed(),
        });
      }),
    );
  });

  it('is taken out wherever it stands, as the sender wrote the rest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(word, fc.jsonValue()), { maxLength: 5 }),
        fc.nat(),
        fc.constantFrom(undefined, 2),
        (entries, place, indent) => {
          const others = Object.entries(Object.fromEntries(entries));
          const all = others.toSpliced(place % (others.length + 1), 0, ['x_sig', 'abc']);
          const written = (some: typeof others) => JSON.stringify(Object.fromEntries(some), null, indent);
          const left = text(withoutMember(Buffer.from(written(all)), 'x_sig'))!;
          // Of the only field, the white space around it stays.
          expect(others.length > 0 ? left : left.replace(/\s/g, '')).toBe(written(others));
        },
      ),
    );
  });

  it('leaves bytes that are not UTF-8 alone', () => {
    const body = Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xff, 0xc3), Buffer.from('"}')]);
    const put = withMember(body, 'sig', 'x')!;
    expect(Buffer.from(withoutMember(put, 'sig'))).toEqual(body);
  });

  it('is found in a body of any depth and size, without a hang', () => {
    const deep = `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)},"sig":"x"}`;
    expect(fieldValues(Buffer.from(deep), 'sig')).toEqual(['x']);
    const many = `{${Array.from({ length: 100_000 }, () => '"sig":"x"').join(',')}}`;
    expect(fieldValues(Buffer.from(many), 'sig')).toHaveLength(100_000);
    expect(text(withoutMember(Buffer.from(many), 'sig'))).toBe('{}');
  });
});
