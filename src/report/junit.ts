import { groups } from '../core/check/words.ts';
import type { CheckFact } from '../core/facts.ts';
import { printable } from '../core/printable.ts';
import { bodyLines, cameWords, curlOf } from './check.ts';

/** What a report in another form is made of. */
export interface CheckResult {
  readonly provider: string;
  readonly url: string;
  readonly seed: number;
  readonly at: string;
  /** How long it took, ms. */
  readonly ms: number;
  readonly facts: readonly CheckFact[];
  /** A SHOULD that failed counts as a failure. */
  readonly strict: boolean;
}

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
 * The result as JUnit's XML, a suite a group: what CI servers show. It keeps to what both common schemas allow, that of
 * Ant's task (Windy Road) and that of Jenkins: no attributes on the root, every part of a suite there.
 */
export function junit(result: CheckResult): string {
  const suites = groups
    .map((group) => result.facts.filter((fact) => fact.group === group))
    .filter((facts) => facts.length > 0)
    .flatMap((facts, id) => suiteLines(result, facts, id));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('\n')}\n</testsuites>\n`;
}

function suiteLines(
  { provider, url, seed, at, ms, strict }: CheckResult,
  facts: readonly CheckFact[],
  id: number,
): string[] {
  const fails = ({ outcome, level }: CheckFact) => outcome === 'failed' && (strict || level === 'MUST');
  const skips = (fact: CheckFact) =>
    fact.outcome === 'skipped' || (fact.outcome === 'failed' && !fails(fact));
  const head = attributes({
    id,
    package: 'hooks',
    name: `${provider} ${facts[0]?.group}`,
    hostname: new URL(url).hostname,
    timestamp: at.slice(0, 19),
    tests: facts.length,
    failures: facts.filter(fails).length,
    errors: 0,
    skipped: facts.filter(skips).length,
    time: seconds(facts.reduce((sum, fact) => sum + fact.ms, 0)),
  });
  const properties = { url, seed, seconds: seconds(ms) };
  return [
    `  <testsuite${head}>`,
    '    <properties>',
    ...Object.entries(properties).map(([name, value]) => `      <property${attributes({ name, value })}/>`),
    '    </properties>',
    ...facts.flatMap((fact) => caseLines(fact, provider, fails(fact))),
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

function caseLines(fact: CheckFact, provider: string, fails: boolean): string[] {
  const { rule, group, title, outcome, level, reason = '', why, remedy, link } = fact;
  const head = attributes({
    name: `${rule}: ${title}`,
    classname: `${provider}.${group}`,
    time: seconds(fact.ms),
  });
  if (fails) {
    const text = [reason, ...exchangeLines(fact), why, `Remedy: ${remedy}`, link]
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
