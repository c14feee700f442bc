import { groups } from '../core/check/words.ts';
import type { CheckFact } from '../core/facts.ts';
import { printable } from '../core/printable.ts';

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

/** The result as JUnit's XML, a suite a group: what CI servers show. */
export function junit({ provider, url, at, ms, facts, strict }: CheckResult): string {
  const fails = ({ outcome, level }: CheckFact) => outcome === 'failed' && (strict || level === 'MUST');
  const counts = (some: readonly CheckFact[]) => ({
    tests: some.length,
    failures: some.filter(fails).length,
    errors: 0,
    skipped: some.filter((fact) => fact.outcome === 'skipped' || (fact.outcome === 'failed' && !fails(fact)))
      .length,
  });
  const suites = groups.flatMap((group) => {
    const some = facts.filter((fact) => fact.group === group);
    if (some.length === 0) return [];
    const head = attributes({
      name: `${provider} ${group}`,
      ...counts(some),
      time: '0.000',
      timestamp: at.slice(0, 19),
    });
    return [
      `  <testsuite${head}>`,
      ...some.flatMap((fact) => caseLines(fact, provider, fails(fact))),
      '  </testsuite>',
    ];
  });
  const { skipped: _skipped, ...total } = counts(facts);
  const head = attributes({ name: `hooks check ${provider} ${url}`, ...total, time: (ms / 1000).toFixed(3) });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${head}>\n${suites.join('\n')}\n</testsuites>\n`;
}

function caseLines(fact: CheckFact, provider: string, fails: boolean): string[] {
  const { rule, group, title, outcome, level, reason = '', why, remedy, link } = fact;
  const head = attributes({ name: `${rule}: ${title}`, classname: `${provider}.${group}`, time: '0.000' });
  if (fails) {
    const text = [reason, why, `Remedy: ${remedy}`, link].filter((line) => line !== '').join('\n');
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
