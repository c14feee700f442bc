import { summaryOf, summaryWords } from '../core/check/summary.ts';
import { ruleList } from '../core/check/syndromes.ts';
import type { CheckFact } from '../core/facts.ts';
import { printable } from '../core/printable.ts';
import { cameWords, curlOf } from './check-evidence.ts';
import type { CheckResult } from './check-result.ts';

/** Text of unknown origin in a table of Markdown. */
const text = (words: string): string =>
  printable(words)
    .replace(/[\\`*_{}[\]<>()#+!|~-]/g, '\\$&')
    .replace(/@/g, '@\u200b');

/** A block of code, fenced by more backticks than stand in it. */
function code(words: string): string {
  const longest = Math.max(2, ...[...words.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${words}\n${fence}`;
}

const marks = { passed: '✅', failed: '❌', skipped: '➖', reported: 'ℹ️' } as const;

/** The result as Markdown, for a pull request: what was not found out and why, the failures, then all rules. */
export function markdown({ provider, url, facts, diagnoses, shortfall, seed }: CheckResult): string {
  const failures = facts.filter(({ outcome }) => outcome === 'failed');
  const summary = summaryOf(facts, facts.length, seed, '');
  const rows = facts.map(
    ({ outcome, rule, level, reason = '' }) => `| ${marks[outcome]} | ${rule} | ${level} | ${text(reason)} |`,
  );
  return [
    `## hooks check ${provider}`,
    '',
    ...(shortfall ? [`**⚠️ ${text(shortfall.message)}**`, ''] : []),
    `${text(url)}: ${summaryWords(summary)}. Seed ${seed}.`,
    ...(diagnoses.length > 0 ? [''] : []),
    ...diagnoses.map(({ message, rules }) => `- **${text(message)}** (${text(ruleList(rules))})`),
    ...failures.flatMap(failure),
    '',
    '<details><summary>All rules</summary>',
    '',
    '| | rule | level | |',
    '|---|---|---|---|',
    ...rows,
    '',
    '</details>',
    '',
  ].join('\n');
}

function failure({
  rule,
  level,
  title,
  reason = '',
  expected,
  why,
  link,
  remedy,
  delivery,
  answer,
}: CheckFact): string[] {
  return [
    '',
    `### ❌ ${rule} (${level}): ${text(title)}`,
    '',
    text(reason),
    '',
    `Expected: ${text(expected)}.${answer ? ` Came: ${text(cameWords(answer))}.` : ''}`,
    '',
    `${text(why)} [Why](${link})`,
    '',
    `**Remedy:** ${text(remedy)}`,
    ...(delivery
      ? ['', '<details><summary>What was sent</summary>', '', code(printableCurl(delivery)), '', '</details>']
      : []),
  ];
}

const printableCurl = (delivery: NonNullable<CheckFact['delivery']>): string =>
  curlOf(delivery).map(printable).join('\n');
