import type { Shortfall } from '../core/check/shortfall.ts';
import type { Diagnosis } from '../core/check/syndromes.ts';
import { groups } from '../core/check/words.ts';
import type { CheckFact } from '../core/facts.ts';
import { printable } from '../core/printable.ts';
import { bodyLines, cameWords, curlOf } from './check-evidence.ts';
import type { CheckResult } from './check-result.ts';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for XML 1.0, which has no control characters. */
const xml = (text: string): string =>
  printable(text.toWellFormed().replace(/[\ufffe\uffff]/g, '\ufffd')).replace(
    /[&<>"]/g,
    (char) => escapes[char] ?? char,
  );

const attributes = (pairs: Readonly<Record<string, string | number>>): string =>
  Object.entries(pairs)
    .map(([name, value]) => ` ${name}="${xml(String(value))}"`)
    .join('');

/**
 * The result as JUnit's XML, a suite a group, and one with an error where the check found out less than it was to: what CI
 * servers show. It keeps to what both common schemas allow, that of Ant's task (Windy Road) and that of Jenkins: no
 * attributes on the root, every part of a suite there.
 */
export function junit(result: CheckResult): string {
  const suites = [
    ...groups
      .map((group) => result.facts.filter((fact) => fact.group === group))
      .filter((facts) => facts.length > 0)
      .map((facts) => suiteOf(result, facts)),
    ...(result.shortfall ? [brokenSuite(result, result.shortfall)] : []),
  ].flatMap((suite, id) => suiteLines(result, suite, id));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('\n')}\n</testsuites>\n`;
}

/** A suite: its name behind the provider's, its counts, and its cases as lines. */
interface Suite {
  readonly name: string;
  readonly counts: Readonly<Record<'tests' | 'failures' | 'errors' | 'skipped', number>>;
  readonly ms: number;
  readonly diagnoses: readonly Diagnosis[];
  readonly cases: readonly string[];
}

/** The rules of a group. */
function suiteOf({ provider, strict, diagnoses }: CheckResult, facts: readonly CheckFact[]): Suite {
  const fails = ({ outcome, level }: CheckFact) => outcome === 'failed' && (strict || level === 'MUST');
  const skips = (fact: CheckFact) =>
    fact.outcome === 'skipped' || (fact.outcome === 'failed' && !fails(fact));
  const failures = facts.filter(fails).length;
  return {
    name: facts[0]?.group ?? '',
    counts: { tests: facts.length, failures, errors: 0, skipped: facts.filter(skips).length },
    ms: facts.reduce((sum, fact) => sum + fact.ms, 0),
    diagnoses: diagnoses.filter(({ rules }) => facts.some(({ rule }) => rules.includes(rule))),
    cases: facts.flatMap((fact) => caseLines(fact, provider, fails(fact), diagnoses)),
  };
}

/** What is no rule's doing: a check that broke off is an error, so that it is not taken for a success. */
function brokenSuite({ provider }: CheckResult, { code, message }: Shortfall): Suite {
  const head = attributes({ name: 'the check itself', classname: `${provider}.check`, time: seconds(0) });
  const error = `<error${attributes({ message, type: code })}>${xml(message)}</error>`;
  return {
    name: 'check',
    counts: { tests: 1, failures: 0, errors: 1, skipped: 0 },
    ms: 0,
    diagnoses: [],
    cases: [`    <testcase${head}>`, `      ${error}`, '    </testcase>'],
  };
}

function suiteLines({ provider, url, seed, at, ms }: CheckResult, suite: Suite, id: number): string[] {
  const head = attributes({
    id,
    package: 'hooks',
    name: `${provider} ${suite.name}`,
    hostname: new URL(url).hostname,
    timestamp: at.slice(0, 19),
    ...suite.counts,
    time: seconds(suite.ms),
  });
  const properties = [
    ...Object.entries({ url, seed, seconds: seconds(ms) }),
    ...suite.diagnoses.map(({ message }) => ['diagnosis', message] as const),
  ];
  return [
    `  <testsuite${head}>`,
    '    <properties>',
    ...properties.map(([name, value]) => `      <property${attributes({ name, value })}/>`),
    '    </properties>',
    ...suite.cases,
    '    <system-out/>',
    '    <system-err/>',
    '  </testsuite>',
  ];
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** What was sent, and what came back. */
const exchangeLines = ({ trial, delivery, answer }: CheckFact): string[] => [
  ...(trial === undefined ? [] : [`Sent: ${trial}`]),
  ...(delivery ? curlOf(delivery) : []),
  ...(answer ? [`Came: ${cameWords(answer)}`, ...bodyLines(answer)] : []),
];

function caseLines(
  fact: CheckFact,
  provider: string,
  fails: boolean,
  diagnoses: readonly Diagnosis[],
): string[] {
  const { rule, group, title, outcome, level, reason = '', why, remedy, link } = fact;
  const head = attributes({
    name: `${rule}: ${title}`,
    classname: `${provider}.${group}`,
    time: seconds(fact.ms),
  });
  if (fails) {
    const known = diagnoses.filter(({ rules }) => rules.includes(rule));
    const text = [
      ...known.map(({ message }) => `Diagnosis: ${message}`),
      reason,
      ...exchangeLines(fact),
      why,
      `Remedy: ${remedy}`,
      link,
    ]
      .filter((line) => line !== '')
      .join('\n');
    return [
      `    <testcase${head}>`,
      `      <failure${attributes({ message: reason, type: level })}>${xml(text).replaceAll('\\x0a', '\n')}</failure>`,
      '    </testcase>',
    ];
  }
  if (outcome === 'skipped' || outcome === 'failed') {
    const message = outcome === 'failed' ? `a SHOULD that failed: ${reason}` : reason;
    return [`    <testcase${head}>`, `      <skipped${attributes({ message })}/>`, '    </testcase>'];
  }
  return [`    <testcase${head}/>`];
}
