import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { groups } from '../../src/core/check/words.ts';
import { junit } from '../../src/report/junit.ts';
import { checkFact, checkResult } from '../helpers/checks.ts';
import { hostile, unsafe } from '../helpers/facts.ts';

const schema = readFileSync(new URL('../fixtures/junit.xsd', import.meta.url), 'utf8');

/** What a validator has to say of a file. */
const faults = async (contents: string): Promise<readonly string[]> => {
  const { errors } = await validateXML({ xml: { fileName: 'check.xml', contents }, schema });
  return errors.map(({ message }) => message);
};

const facts = groups.flatMap((group) => [
  checkFact('it was taken', { group }),
  checkFact('it was slow', { group, level: 'SHOULD' }),
  checkFact('no time', { group, outcome: 'skipped' }),
  checkFact('told', { group, outcome: 'reported' }),
  { ...checkFact('', { group, outcome: 'passed' }), reason: undefined },
]) as ReturnType<typeof checkFact>[];

/** The attributes of each suite. */
const suites = (xml: string): Record<string, string>[] =>
  [...xml.matchAll(/<testsuite ([^>]*)>/g)].map(([, text = '']) =>
    Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value])),
  );

const count = (xml: string, tag: string): number => xml.match(new RegExp(`<${tag}[ >]`, 'g'))?.length ?? 0;

describe('the report for CI servers', () => {
  it.each([
    ['of everything', facts],
    ['of one', facts.slice(0, 1)],
    ['of nothing', []],
  ])('%s is valid', async (_, some) => {
    expect(await faults(junit(checkResult(some)))).toEqual([]);
  });

  it('would be found invalid', async () => {
    expect(await faults(junit(checkResult(facts)).replace(' errors="0"', ''))).not.toEqual([]);
  });

  it.each([
    [false, 1],
    [true, 2],
  ])('counts what there is (strict: %s)', (strict, failures) => {
    const xml = junit(checkResult(facts, { strict }));
    expect(suites(xml)).toMatchObject(
      groups.map((group, id) => ({
        id: String(id),
        name: `roastify ${group}`,
        hostname: 'localhost',
        timestamp: '2026-11-21T10:00:00',
        tests: '5',
        failures: String(failures),
        time: '0.123',
        skipped: String(3 - failures),
        errors: '0',
      })),
    );
    expect([count(xml, 'testcase'), count(xml, 'failure'), count(xml, 'skipped')]).toEqual([
      20,
      4 * failures,
      4 * (3 - failures),
    ]);
  });

  it('says why, and what to do', () => {
    const xml = junit(checkResult(facts));
    expect(xml).toContain(
      '<failure message="it was taken" type="MUST">it was taken\nSent: a minute too old\ncurl -sS',
    );
    expect(xml).toContain(
      "--data-raw 'it was taken'\nCame: answered 200 after 12 ms\nit was taken\nIt can be",
    );
    expect(xml).toContain('Remedy: look at the time\nhttps://example.com/why</failure>');
    expect(xml).toContain('<skipped message="a SHOULD that failed: it was slow"/>');
    expect(xml).toContain('<skipped message="no time"/>');
    expect(xml).toContain('<property name="seed" value="4821"/>');
  });

  it('is harmed by nothing that a receiver says', async () => {
    const words = fc.oneof(
      hostile,
      fc.constantFrom(']]>', '<!--', '"/><testcase', '&#0;', '\ufffe\uffff', '\ud800', '--'),
    );
    const texts = fc.sample(words, 200);
    const xml = junit(
      checkResult(texts.map((text) => checkFact(text, { outcome: text.length % 2 ? 'failed' : 'skipped' }))),
    );
    expect(await faults(xml)).toEqual([]);
    expect(count(xml, 'testcase')).toBe(200);
    expect(xml).not.toMatch(unsafe);
  });
});
