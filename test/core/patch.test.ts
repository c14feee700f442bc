import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ExactJson, parseExact, stringifyExact } from '../../src/core/json.ts';
import { applyEdits, type EditRules, parseMerge, parseSet, parseUnset } from '../../src/core/patch.ts';
import { array, document, object, text } from '../../src/core/schema.ts';
import { UsageError } from '../../src/errors.ts';

const payload =
  '{"type":"order.created","n":1,"big":12345678901234567890,"none":null,"flag":true,"a.b":"dot","data":{"name":"Cup","items":[{"sku":"a"},{"sku":"b"}]}}';
const schema = document('t', 'assumed', object({ note: text, list: array(object({ sku: text })) }));

/** The payload after `--set` or, with a minus first, `--unset`, as text. */
const edited = (words: readonly string[], rules: EditRules = {}, from = payload) =>
  stringifyExact(
    applyEdits(
      parseExact(from),
      words.map((word) => (word.startsWith('-') ? parseUnset(word.slice(1)) : parseSet(word))),
      rules,
    ),
  );

/** The same, of which only what has changed is told: `[before, after]`. */
const change = (word: string, part: string, rules?: EditRules) => {
  expect(payload).toContain(part);
  return edited([word], rules).replace(payload.slice(0, payload.indexOf(part)), '');
};

describe('--set', () => {
  it.each([
    ['a text stays text', 'data.name=12', '"name":"Cup"', '"name":"12"'],
    ['a text may become empty', 'data.name=', '"name":"Cup"', '"name":""'],
    ['a text may hold = and :', 'data.name=a=b:=c', '"name":"Cup"', '"name":"a=b:=c"'],
    ['a text may hold line breaks', 'data.name=a\nb', '"name":"Cup"', '"name":"a\\nb"'],
    ['a number takes a number', 'n=2', '"n":1', '"n":2'],
    ['digits are kept', 'n=1.50', '"n":1', '"n":1.50'],
    ['digits no double can hold are kept', 'n=98765432109876543210', '"n":1', '"n":98765432109876543210'],
    ['exponents are kept', 'n=1e3', '"n":1', '"n":1e3'],
    ['what is no JSON becomes text', 'n=two', '"n":1', '"n":"two"'],
    ['null takes JSON', 'none={"a":[1]}', '"none":null', '"none":{"a":[1]}'],
    ['a flag takes JSON', 'flag=false', '"flag":true', '"flag":false'],
    [':= forces JSON', 'data.name:=12.0', '"name":"Cup"', '"name":12.0'],
    [':= takes null', 'data.name:=null', '"name":"Cup"', '"name":null'],
    ['a quoted key', '"a.b"=x', '"a.b":"dot"', '"a.b":"x"'],
    ['a quoted key in brackets', '["a.b"]=x', '"a.b":"dot"', '"a.b":"x"'],
    ['an item', 'data.items[1].sku=c', '{"sku":"b"}', '{"sku":"c"}'],
    ['a whole item', 'data.items[0]:=7', '{"sku":"a"}', '7'],
  ])('%s: %s', (_, word, before, after) => {
    expect(edited([word])).toBe(payload.replace(before, after));
    expect(change(word, before)).toMatch(after);
  });

  it('keeps everything else to the digit', () => {
    expect(edited(['n=1'])).toBe(payload);
  });

  it('applies in order', () => {
    expect(edited(['n=2', '-n', 'n=3'], { force: true })).toBe(
      payload.replace('"n":1,', '').replace(/}$/, ',"n":3}'),
    );
  });

  it('appends right behind the last item', () => {
    expect(edited(['data.items[2].sku=c'], { force: true })).toContain(
      '[{"sku":"a"},{"sku":"b"},{"sku":"c"}]',
    );
    expect(edited(['list[0].sku=a'], { schema })).toContain('"list":[{"sku":"a"}]');
  });

  it('refuses a gap, forced or not', () => {
    expect(() => edited(['data.items[3].sku=c'], { force: true })).toThrow(/gap.*2 items/);
    expect(() => edited(['list[1].sku=c'], { schema, force: true })).toThrow(/gap.*0 items/);
  });

  it.each([
    ['data.nam=x', 'did you mean data.name?'],
    ['data.itms[0].sku=x', 'did you mean data.items[0].sku?'],
    ['nte=x', 'did you mean note?'],
    ['zzzzzzzzzz=x', '--force'],
    ['n.deep=x', '--force'],
    ['-data.nam', 'did you mean data.name?'],
  ])('refuses a place that is neither in the payload nor in its schema: %s', (word, hint) => {
    const refused = () => edited([word], { schema });
    expect(refused).toThrow(UsageError);
    expect(refused).toThrow(expect.objectContaining({ hint: expect.stringContaining(hint) }));
  });

  it('takes a place that only the schema knows', () => {
    expect(edited(['note=x'], { schema })).toBe(payload.replace(/}$/, ',"note":"x"}'));
  });

  it.each([
    ['makes objects', 'new.deep=x', '"new":{"deep":"x"}'],
    ['makes lists', 'new[0]=x', '"new":["x"]'],
    ['replaces what cannot hold the key', 'n.deep=x', '"n":{"deep":"x"}'],
    ['replaces a list by an object', 'data.items.sku=x', '"items":{"sku":"x"}'],
  ])('--force %s', (_, word, part) => expect(edited([word], { force: true })).toContain(part));

  it('takes __proto__ for a key like any other', () => {
    const from = '{"__proto__":{"a":"1"},"b":2}';
    expect(edited(['__proto__.a=x'], {}, from)).toBe('{"__proto__":{"a":"x"},"b":2}');
    expect(edited(['__proto__.polluted=x'], { force: true }, '{}')).toBe('{"__proto__":{"polluted":"x"}}');
    expect(edited(['constructor.prototype.polluted=x'], { force: true }, '{}')).toContain('polluted');
    expect({}).not.toHaveProperty('polluted');
    expect(() => edited(['constructor=x'], {}, '{}')).toThrow(UsageError);
  });

  it('leaves the given payload as it is', () => {
    const before = parseExact(payload);
    applyEdits(
      before,
      [parseSet('data.items[0].sku=z'), parseUnset('data.name'), parseMerge('{"n":null}', 't')],
      {},
    );
    expect(stringifyExact(before)).toBe(payload);
  });

  it.each(['', 'a', '=x', 'a.=x', 'a[=x', 'a[]=x', '"a=x'])('is refused where it is none: "%s"', (word) => {
    expect(() => parseSet(word)).toThrow(UsageError);
  });

  it.each(['a:=', 'a:={', "a:='x'", 'a:=01', 'a:=NaN'])('is refused where := has no JSON: %s', (word) => {
    expect(() => parseSet(word)).toThrow(/is not JSON|is empty/);
  });
});

describe('--unset', () => {
  it.each([
    ['n', payload.replace('"n":1,', '')],
    ['data.name', payload.replace('"name":"Cup",', '')],
    ['data.items[0]', payload.replace('{"sku":"a"},', '')],
    ['data.items[1].sku', payload.replace('{"sku":"b"}', '{}')],
    ['"a.b"', payload.replace('"a.b":"dot",', '')],
    ['note', payload],
  ])('%s', (path, expected) => expect(edited([`-${path}`], { schema })).toBe(expected));

  it.each(['', 'a.', 'a[', 'a=b'])('is refused where it is no path: "%s"', (path) => {
    expect(() => parseUnset(path)).toThrow(UsageError);
  });

  it('takes __proto__ for a key like any other', () => {
    expect(edited(['-__proto__'], {}, '{"__proto__":1,"b":2}')).toBe('{"b":2}');
  });
});

describe('--data: RFC 7396', () => {
  const merged = (target: string, patch: string) =>
    stringifyExact(applyEdits(parseExact(target), [parseMerge(patch, '--data')], {}));

  it.each([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['["a","b"]', '["c","d"]', '["c","d"]'],
    ['{"a":"b"}', '["c"]', '["c"]'],
    ['{"a":"foo"}', 'null', 'null'],
    ['{"a":"foo"}', '"bar"', '"bar"'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ])('%s + %s = %s', (target, patch, result) => expect(merged(target, patch)).toBe(result));

  it.each([
    [
      'digits are kept',
      '{"a":1}',
      '{"b":1.00,"c":12345678901234567890}',
      '{"a":1,"b":1.00,"c":12345678901234567890}',
    ],
    ['a number stands in for an object', '{"a":{"b":1}}', '{"a":2.0}', '{"a":2.0}'],
    ['__proto__ is a key', '{}', '{"__proto__":{"a":1}}', '{"__proto__":{"a":1}}'],
  ])('%s', (_, target, patch, result) => expect(merged(target, patch)).toBe(result));

  it('takes many keys', () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`k${index}`, 'x']));
    const cleared = Object.fromEntries(Object.keys(many).map((key) => [key, null]));
    expect(merged('{"a":"b"}', JSON.stringify(many))).toBe(JSON.stringify({ a: 'b', ...many }));
    expect(merged(JSON.stringify(many), JSON.stringify(cleared))).toBe('{}');
  });

  it.each(['', ' ', '{', "{'a':1}"])('is refused where it is no JSON: "%s"', (patch) => {
    expect(() => parseMerge(patch, '--data f.json')).toThrow(/^--data f\.json is (empty|not JSON)/);
  });

  it('gives the patch itself over anything that is no object, and is idempotent', () => {
    const value = fc.jsonValue() as fc.Arbitrary<ExactJson>;
    fc.assert(
      fc.property(value, value, (target, patch) => {
        const edit = [{ kind: 'merge', patch }] as const;
        const once = applyEdits(target, edit, {});
        expect(applyEdits(once, edit, {})).toEqual(once);
      }),
    );
  });
});
