import { type Command, Option } from 'commander';
import { type CheckEnd, check as checkReceiver } from '../actions/check.ts';
import type { Context } from '../context.ts';
import { summaryOf } from '../core/check/summary.ts';
import { mendedWords, wentWords } from '../core/check/words.ts';
import type { NoticeFact } from '../core/facts.ts';
import { isoTime } from '../core/wire.ts';
import { codeAfter } from '../exit-codes.ts';
import { listens } from '../io/listens.ts';
import { openProgress } from '../report/progress.ts';
import type { Reporter } from '../report/reporter.ts';
import { type Ending, endingOf } from './check-end.ts';
import { openReport } from './check-report.ts';
import { Result } from './check-result.ts';
import { openSender } from './check-sender.ts';
import { type CheckFlags, type Plan, planOf } from './checking.ts';
import type { Run } from './command.ts';
import { examples, isoInstant, jsonOption, secretOptions, valueOption, wholeNumber } from './options.ts';
import { probeOptions, watchingEffects } from './probing.ts';
import { notice } from './reporting.ts';
import { explainRules } from './rules.ts';
import { targetOptions } from './targeting.ts';

/** Declares `hooks check`. */
export function configure(command: Command, run: Run): void {
  command
    .argument('[provider]', 'whose deliveries the receiver takes')
    .addOption(
      valueOption('--event <name>', 'what is sent where a rule does not ask for others (default: the first)'),
    )
    .addOption(valueOption('--only <rules>', 'only these: stale,tampered-*', list))
    .addOption(valueOption('--skip <rules>', 'all but these', list))
    .addOption(new Option('--strict', 'a SHOULD that fails is a failure too'))
    .addOption(
      new Option('--scheme <scheme>', 'assumed: the receiver checks the scheme that we assume').choices([
        'assumed',
      ]),
    )
    .addOption(valueOption('--seed <n>', 'send the same battery again', wholeNumber(0, 2 ** 32 - 1)))
    .addOption(valueOption('--at <time>', "the payloads' clock, ISO 8601 (default: now)", isoInstant));
  targetOptions(
    command.optionsGroup('Request:'),
    'wait so long for a receiver that is not there yet, or goes (then 2s at least)',
  );
  probeOptions(command.optionsGroup('Effects:'));
  secretOptions(command.optionsGroup('Secrets and output:'))
    .addOption(jsonOption())
    .addOption(valueOption('--junit <file>', 'write the result as JUnit XML; - is stdout'))
    .addOption(
      valueOption('--markdown <file>', 'write the result as Markdown, for a pull request; - is stdout'),
    )
    .addOption(new Option('--show-secrets', 'print credentials as they are'));
  command
    .optionsGroup('Explain instead of checking:')
    .addOption(new Option('--list', 'list the rules'))
    .addOption(valueOption('--explain <rule>', 'explain a rule'));
  examples(command, [
    ['hooks check roastify --to 3000/webhooks', 'does this receiver do what it must?'],
    ["hooks check roastify --to 3000 --only 'stale*,tampered-*'", 'some rules only'],
    ['hooks check shoprocket --to 3000 --scheme assumed --strict', 'warnings fail too'],
    [
      'hooks check roastify --to 3000 --effect-cmd \'psql -Atc "select count(*) from orders"\'',
      'second effects',
    ],
    ['hooks check roastify --to 3000 --junit check.xml', 'for the CI server'],
    ['hooks check roastify --to 3000 --markdown - >> "$GITHUB_STEP_SUMMARY"', 'as a page'],
    ['hooks check --explain reformatted-body', 'why, and what to do'],
  ]);
  command.action((name: string | undefined) =>
    run((context) => check(name, command.optsWithGlobals<CheckFlags>(), context)),
  );
}

const list = (text: string): string[] => text.split(',').map((part) => part.trim());

/** Checks a receiver, or explains the rules; gives the exit code. */
export async function check(name: string | undefined, flags: CheckFlags, context: Context): Promise<number> {
  if (flags.list || flags.explain !== undefined) return explainRules(name, flags, context);
  const plan = await planOf(name, flags, context);
  const reporter = await openReport(plan.bench.provider, flags, context);
  for (const fact of plan.notices) reporter.fact(fact);
  const result = new Result(plan, context);
  const end = await runPlan(plan, result, flags, reporter, context);
  const ending = endingOf(end, result, plan, context.interrupt);
  tellEnd(ending, result, reporter, context);
  // The baseline is told where it was refused, wanted or not.
  const rules = Math.max(plan.rules.length, result.facts.length);
  reporter.fact(summaryOf(result.facts, rules, plan.bench.seed, isoTime(context.now())));
  await plan.write(result.whole(ending.shortfall));
  return codeAfter(context.interrupt, ending.code);
}

/** Says what the failures prove together, why not everything was found out, and what may be done about that. */
function tellEnd(
  { shortfall, advice = [] }: Ending,
  { diagnoses }: Result,
  reporter: Reporter,
  context: Context,
): void {
  for (const { message, rules } of diagnoses)
    reporter.fact({ ...notice(context, 'info', 'DIAGNOSIS', message), rules });
  // A reader that left reads nothing more.
  if (!shortfall || context.interrupt.reason === 'EPIPE') return;
  const level = shortfall.code === 'INTERRUPTED' ? 'warning' : 'error';
  reporter.fact(notice(context, level, shortfall.code, shortfall.message));
  for (const [code, words] of advice) reporter.fact(notice(context, 'info', code, words));
}

/** Runs the rules and tells what came of each. */
async function runPlan(
  plan: Plan,
  result: Result,
  flags: CheckFlags,
  reporter: Reporter,
  context: Context,
): Promise<CheckEnd> {
  const tell = (level: NoticeFact['level']) => (code: string, words: string) =>
    reporter.fact(notice(context, level, code, words));
  const warn = tell('warning');
  const progress = openProgress(context.err, plan.rules.length);
  const waiting = {
    slowed: (ms: number) => warn('RATE_LIMITED', `the receiver answered 429: we wait ${Math.round(ms)} ms`),
    shortened: (ms: number) =>
      warn(
        'NO_ANSWERS',
        `some answers never came: from now on we wait ${ms} ms for one, longer for a genuine delivery’s`,
      ),
  };
  return checkReceiver(
    {
      ...plan,
      send: openSender(plan, flags, context, waiting),
      listens: () => listens(plan.target.url, context.interrupt),
      backMs: Math.max(2000, flags.wait ?? 0),
      effectWaitMs: flags.effectWait ?? 2000,
      now: context.now,
      signal: context.interrupt,
    },
    {
      judged(rule, judgement, ms) {
        progress.clear();
        reporter.fact(result.add(rule, judgement, ms));
        progress.update(result.facts.length);
      },
      wentAndCame(suspects, found) {
        const words = `the receiver was gone, and is back; ${wentWords(suspects, found)}; what is left is sent one by one`;
        warn('RECEIVER_WENT', words);
      },
      refusedAndCame: (refusing) =>
        warn('RECEIVER_REFUSED', `${mendedWords(refusing)}; what is left is sent one by one`),
      ...watchingEffects(progress, tell('info')),
    },
  ).finally(progress.clear);
}
