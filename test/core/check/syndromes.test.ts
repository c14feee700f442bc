import { describe, expect, it } from 'vitest';
import { joinedAsText } from '../../../src/core/check/accept/pieces.ts';
import { rules } from '../../../src/core/check/rules.ts';
import { diagnosesOf, ruleList } from '../../../src/core/check/syndromes.ts';
import type { CheckFact } from '../../../src/core/facts.ts';
import { checkFact } from '../../helpers/checks.ts';

/** What was found of some rules: a status means that it failed with that answer. */
type Table = Readonly<Record<string, number | 'passed' | 'skipped'>>;

const factsOf = (table: Table, more: Partial<CheckFact> = {}): CheckFact[] =>
  Object.entries(table).map(([rule, found]) =>
    checkFact('', {
      rule,
      group: rules.find(({ id }) => id === rule)!.group,
      outcome: typeof found === 'number' ? 'failed' : found,
      answer: { status: typeof found === 'number' ? found : 401, headers: [], body: '', ms: 1 },
      ...more,
    }),
  );

const allRefuse = (found: number | 'passed'): Table =>
  Object.fromEntries(rules.filter(({ group }) => group === 'refuse').map(({ id }) => [id, found]));
const someTimes = { stale: 200, 'stale-by-a-day': 204 };
const right = allRefuse('passed');

describe('what failures prove together', () => {
  it.each<[string, Table, RegExp[]]>([
    ['nothing, where all is well', right, []],
    ['nothing, of nothing', {}, []],
    [
      'that nothing is checked, and then no more',
      { ...allRefuse(200), 'json-scalar': 200 },
      [/^everything is/],
    ],
    ['the same of a part of the rules', { 'no-signature': 200, 'wrong-secret': 200 }, [/^everything is/]],
    ['the same where the time is', { ...allRefuse(200), stale: 'passed' }, [/^whatever signature there is/]],
    [
      'that there is a check of being there',
      { ...allRefuse(200), 'no-signature': 'passed' },
      [/^any signature is accepted/, /^what was seen once/],
    ],
    ['that a check may be left out', { ...right, 'no-signature': 200 }, [/only where there is one/]],
    [
      'that beginnings are compared',
      { ...right, 'truncated-signature': 200, 'prefix-signature': 200 },
      [/^a part of the right digest is enough/],
    ],
    ['nothing of one rule about beginnings', { ...right, 'prefix-signature': 200 }, []],
    [
      'that JSON is written again',
      { 'tampered-whitespace': 200, 'reformatted-body': 401, 'big-numbers': 401 },
      [/^the signature is checked over JSON that was parsed and written again/],
    ],
    [
      'nothing of a body that is trimmed',
      { 'tampered-whitespace': 200, 'reformatted-body': 401, 'big-numbers': 'passed' },
      [],
    ],
    [
      'that no time is compared',
      { ...right, ...someTimes, future: 200 },
      [/^what was seen once can be sent again/],
    ],
    [
      'the same where no time ahead is refused',
      { ...right, ...someTimes, future: 'skipped' },
      [/^what was seen once/],
    ],
    ['nothing where a time ahead is refused', { ...right, ...someTimes }, []],
    [
      'that no id is kept',
      { duplicate: 200, 'duplicate-at-once': 200 },
      [/^what comes again is handled again: the id is not looked at, or remembered where/],
    ],
    ['nothing of ids that are refused', { duplicate: 409, 'duplicate-at-once': 409 }, []],
    ['nothing of forged ones that ended it', { ...allRefuse(401) }, []],
  ])('%s', (_, table, said) => {
    expect(diagnosesOf(factsOf(table)).map(({ message }) => message)).toEqual(
      said.map((words) => expect.stringMatching(words)),
    );
  });

  it('names the rules that fail by it', () => {
    const [diagnosis] = diagnosesOf(factsOf({ valid: 'passed', 'empty-body': 500, ...allRefuse(200) }));
    expect(diagnosis?.rules).toEqual(Object.keys(right));
  });

  it('names what is accepted unsigned, too', () => {
    const odd = factsOf({ 'json-scalar': 200 }, { trial: 'null, unsigned' });
    const signed = factsOf({ 'deep-nesting': 200 }, { trial: 'lists, signed' });
    const facts = [...factsOf({ 'no-signature': 200, 'wrong-secret': 'passed' }), ...odd, ...signed];
    expect(diagnosesOf(facts)[0]?.rules).toEqual(['no-signature', 'json-scalar']);
  });

  it('knows a body that is joined as text by several rules', () => {
    const facts = factsOf({ unicode: 401, 'very-large-body': 401 }, { reason: `so: ${joinedAsText}` });
    expect(diagnosesOf(facts)).toEqual([{ message: joinedAsText, rules: ['unicode', 'very-large-body'] }]);
    expect(diagnosesOf(facts.slice(1))).toEqual([]);
  });
});

it('many rules are told in few words', () => {
  expect(ruleList(['a', 'b'])).toBe('a, b');
  expect(ruleList([...'abcdefgh'])).toBe('a, b, c, d, e, f and 2 others');
});
