import type { Context } from '../context.ts';
import type { Rule } from '../core/check/rule.ts';
import { findRule, rules } from '../core/check/rules.ts';
import { groups } from '../core/check/words.ts';
import type { RuleFact } from '../core/facts.ts';
import { isoTime } from '../core/wire.ts';
import { UsageError } from '../errors.ts';
import { headings, ruleLines, ruleRow } from '../report/check.ts';
import { ndjson } from '../report/ndjson.ts';
import type { CheckFlags } from './checking.ts';
import { dashed } from './options.ts';
import { openChalk } from './reporting.ts';

const withExplanations = ['json', 'color', 'debug', 'list', 'explain'];

/**
 * Lists the rules, or explains one; gives the exit code.
 * @throws {UsageError} for an unknown rule, and for what goes with a check only
 */
export async function explainRules(
  name: string | undefined,
  flags: CheckFlags,
  context: Context,
): Promise<number> {
  const { list, explain } = flags;
  const idle = name ?? Object.keys(flags).find((key) => !withExplanations.includes(key));
  if (idle !== undefined || (list && explain !== undefined)) {
    const what = idle === undefined ? '--list' : idle === name ? `"${name}"` : dashed(idle);
    throw new UsageError(
      `${explain === undefined ? '--list' : '--explain'} sends nothing, so ${what} cannot apply`,
      'leave one of them out',
    );
  }
  const facts = (explain === undefined ? rules : [findRule(explain)]).map((rule) => factOf(rule, context));
  if (flags.json) for (const fact of facts) ndjson(context).fact(fact);
  else context.out.write(await pageOf(facts, explain !== undefined, flags, context));
  return 0;
}

function factOf(
  { id, group, level, title, sends, expects, why, link, remedy }: Rule,
  { now }: Context,
): RuleFact {
  return {
    kind: 'rule',
    at: isoTime(now()),
    rule: id,
    group,
    level,
    title,
    sends,
    expected: expects,
    why,
    link,
    remedy,
  };
}

async function pageOf(
  facts: readonly RuleFact[],
  whole: boolean,
  flags: CheckFlags,
  context: Context,
): Promise<string> {
  const chalk = await openChalk(flags, context);
  if (whole) return `${facts.flatMap((fact) => ruleLines(fact, chalk)).join('\n')}\n`;
  const pages = groups.map((group) => {
    const rows = facts.filter((fact) => fact.group === group).map((fact) => ruleRow(fact, chalk));
    return [chalk.bold(headings[group]), ...rows].join('\n');
  });
  return `${pages.join('\n\n')}\n`;
}
