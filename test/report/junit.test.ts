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

  const shortfall = { code: 'RECEIVER_GONE', message: 'the receiver is gone: <it> went' } as const;

  it.each([
    ['with what was found', facts],
    ['with nothing', []],
  ])('of a check that broke off has an error of its own, %s', async (_, some) => {
    const xml = junit(checkResult(some, { shortfall }));
    expect(await faults(xml)).toEqual([]);
    expect(suites(xml).at(-1)).toMatchObject({
      name: 'roastify check',
      tests: '1',
      failures: '0',
      errors: '1',
    });
    expect(suites(xml).map(({ id }) => id)).toEqual(suites(xml).map((_suite, index) => String(index)));
    expect(xml).toContain(
      '<testcase name="the check itself" classname="roastify.check" time="0.000">\n      <error message="the receiver is gone: &lt;it&gt; went" type="RECEIVER_GONE">the receiver is gone: &lt;it&gt; went</error>',
    );
    expect(count(xml, 'error')).toBe(1);
  });

  it('has what the failures prove together with each of them, and with their suite', async () => {
    const others = facts.map((fact) => ({ ...fact, rule: fact.group }));
    const xml = junit(
      checkResult(others, { diagnoses: [{ message: 'nothing is checked', rules: ['refuse'] }] }),
    );
    expect(await faults(xml)).toEqual([]);
    expect(xml.match(/<property name="diagnosis" value="nothing is checked"\/>/g)).toHaveLength(1);
    expect(xml.match(/type="MUST">Diagnosis: nothing is checked\nit was taken\n/g)).toHaveLength(1);
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
