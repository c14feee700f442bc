import type { ChalkInstance } from 'chalk';
import { summaryWords } from '../core/check/summary.ts';
import { ruleList } from '../core/check/syndromes.ts';
import type { Group } from '../core/check/words.ts';
import type { CheckFact, NoticeFact, RuleFact } from '../core/facts.ts';
import { maskFact } from '../core/mask.ts';
import { clip, printable } from '../core/printable.ts';
import { type AnswerFact, bodyLines, cameWords, curlOf } from './check-evidence.ts';
import { pretty } from './pretty.ts';
import type { Reporter, ReportIo } from './reporter.ts';

const headings: Readonly<Record<Group, string>> = {
  accept: 'Accept: what a provider sends',
  refuse: 'Refuse: what only looks like it',
  survive: 'Survive: what anybody may send',
  answer: 'Answer: how it refuses',
};

const marks: Readonly<Record<CheckFact['outcome'], string>> = {
  passed: '✓',
  failed: '✗',
  skipped: '–',
  reported: '·',
};

const ruleWidth = 24;

/** A table by group, row by row, and at the end the diagnoses, the failures in full and the counts. */
export function checkReport(io: ReportIo, chalk: ChalkInstance, showSecrets: boolean): Reporter {
  const others = pretty(io, chalk);
  const failures: CheckFact[] = [];
  const diagnoses: NoticeFact[] = [];
  let group: Group | undefined;
  const line = (text: string) => io.out.write(`${text}\n`);
  return {
    fact(raw) {
      const fact = showSecrets ? raw : maskFact(raw, io.places);
      if (fact.kind === 'check') {
        // The summary counts them.
        if (fact.unfinished) return;
        if (fact.group !== group)
          line(`${group === undefined ? '' : '\n'}${chalk.bold(headings[fact.group])}`);
        group = fact.group;
        line(rowOf(fact, chalk));
        if (fact.outcome === 'failed') failures.push(fact);
      } else if (fact.kind === 'notice' && fact.rules) diagnoses.push(fact);
      else if (fact.kind === 'summary') {
        if (diagnoses.length > 0) line(`\n${diagnosisLines(diagnoses, chalk).join('\n')}`);
        for (const failure of failures) line(`\n${failureLines(failure, chalk).join('\n')}`);
        line(`\n${summaryWords(fact)}, seed ${fact.seed}`);
      } else others.fact(fact);
    },
  };
}

function rowOf({ outcome, rule, level, reason }: CheckFact, chalk: ChalkInstance): string {
  const paint = { passed: chalk.green, failed: chalk.red, skipped: chalk.dim, reported: chalk.yellow }[
    outcome
  ];
  const name = rule.padEnd(ruleWidth);
  const should = level === 'SHOULD' ? chalk.dim('should ') : '       ';
  const words = reason === undefined ? '' : chalk.dim(printable(clip(reason, 160)));
  return `  ${paint(marks[outcome])} ${outcome === 'failed' ? chalk.red(name) : name} ${should}${words}`.trimEnd();
}

/** What the failures say together, above all of them. */
const diagnosisLines = (diagnoses: readonly NoticeFact[], chalk: ChalkInstance): string[] => [
  chalk.bold('Diagnosis: what the failures say together'),
  ...diagnoses.flatMap(({ message, rules = [] }) => [
    `  ${chalk.red('✗')} ${message}`,
    `    ${chalk.dim(ruleList(rules))}`,
  ]),
];

const label = (text: string, chalk: ChalkInstance): string => chalk.dim(text.padEnd(10));

/** What was sent, what came back, why it matters and what to do. */
function failureLines(fact: CheckFact, chalk: ChalkInstance): string[] {
  const { rule, level, title, reason, trial, delivery, answer } = fact;
  return [
    `${chalk.red(`✗ ${rule}`)} (${level}) ${title}`,
    ...(reason === undefined ? [] : [`  ${printable(reason)}`]),
    ...(trial === undefined ? [] : [`  ${label('sent', chalk)}${printable(trial)}`]),
    ...(delivery ? curlOf(delivery).map((text) => `    ${text}`) : []),
    `  ${label('expected', chalk)}${fact.expected}`,
    ...(answer ? answerLines(answer, chalk) : []),
    `  ${label('why', chalk)}${fact.why} ${chalk.dim(fact.link)}`,
    `  ${label('remedy', chalk)}${fact.remedy}`,
  ];
}

const answerLines = (answer: AnswerFact, chalk: ChalkInstance): string[] => [
  `  ${label('came', chalk)}${cameWords(answer)}`,
  ...bodyLines(answer).map((each) => `    ${each}`),
];

/** The rules, one a line. */
export function ruleRow({ rule, level, title }: RuleFact, chalk: ChalkInstance): string {
  return `  ${chalk.bold(rule.padEnd(ruleWidth))} ${chalk.dim(level.padEnd(6))} ${title}`;
}

/** A rule in full. */
export function ruleLines(fact: RuleFact, chalk: ChalkInstance): string[] {
  return [
    `${chalk.bold(fact.rule)} (${fact.level}) ${fact.title}`,
    '',
    fact.why,
    chalk.dim(fact.link),
    '',
    `${label('sends', chalk)}${fact.sends}`,
    `${label('expects', chalk)}${fact.expected}`,
    `${label('remedy', chalk)}${fact.remedy}`,
  ];
}

export { headings };
