import { type Command, Option } from 'commander';
import { type CheckEnd, check as checkReceiver } from '../actions/check.ts';
import type { Context } from '../context.ts';
import { causesOf } from '../core/check/diagnose.ts';
import { answerWords } from '../core/check/judge.ts';
import { summaryOf } from '../core/check/summary.ts';
import { goneWords, wentWords } from '../core/check/words.ts';
import type { NoticeFact } from '../core/facts.ts';
import type { Provider } from '../core/provider.ts';
import { isoTime } from '../core/wire.ts';
import { UsageError } from '../errors.ts';
import { codeAfter } from '../exit-codes.ts';
import { listens } from '../io/listens.ts';
import { openProgress } from '../report/progress.ts';
import type { Reporter } from '../report/reporter.ts';
import { Result } from './check-result.ts';
import { openSender } from './check-sender.ts';
import { type CheckFlags, type Plan, planOf } from './checking.ts';
import type { Run } from './command.ts';
import { examples, isoInstant, jsonOption, secretOptions, valueOption, wholeNumber } from './options.ts';
import { probeOptions } from './probing.ts';
import { notice, openChalk, reportIo } from './reporting.ts';
import { explainRules } from './rules.ts';
import { exampleAdvice } from './secrets.ts';
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
  targetOptions(command.optionsGroup('Request:'));
  probeOptions(command.optionsGroup('Effects:'));
  secretOptions(command.optionsGroup('Secrets and output:'))
    .addOption(jsonOption())
    .addOption(valueOption('--junit <file>', 'write the result as JUnit XML'))
    .addOption(valueOption('--markdown <file>', 'write the result as Markdown, for a pull request'))
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
  const code = await runPlan(plan, result, flags, reporter, context);
  // The baseline is told where it was refused, wanted or not.
  const rules = Math.max(plan.rules.length, result.facts.length);
  reporter.fact(summaryOf(result.facts, rules, plan.bench.seed, isoTime(context.now())));
  await plan.write(result);
  return codeAfter(context.interrupt, code);
}

async function openReport(provider: Provider, flags: CheckFlags, context: Context): Promise<Reporter> {
  const io = reportIo(context, [provider]);
  if (flags.json) {
    const { ndjson } = await import('../report/ndjson.ts');
    return ndjson(io);
  }
  const { checkReport } = await import('../report/check.ts');
  return checkReport(io, await openChalk(flags, context), flags.showSecrets ?? false);
}

type Say = (level: NoticeFact['level'], code: string, words: string) => void;

/** Runs the rules and tells what came of each; gives the exit code. */
async function runPlan(
  plan: Plan,
  result: Result,
  flags: CheckFlags,
  reporter: Reporter,
  context: Context,
): Promise<number> {
  const say: Say = (level, code, words) => reporter.fact(notice(context, level, code, words));
  const progress = openProgress(context.err, plan.rules.length);
  const waiting = {
    slowed: (ms: number) =>
      say('warning', 'RATE_LIMITED', `the receiver answered 429: we wait ${Math.round(ms)} ms`),
    shortened: (ms: number) =>
      say(
        'warning',
        'NO_ANSWERS',
        `some answers never came: from now on we wait ${ms} ms for one, longer for a genuine delivery’s`,
      ),
  };
  const end = await checkReceiver(
    {
      ...plan,
      send: openSender(plan, flags, context, waiting),
      listens: () => listens(plan.target.url, context.interrupt),
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
        say('warning', 'RECEIVER_WENT', words);
      },
    },
  ).finally(progress.clear);
  if (context.interrupt.aborted) return result.fails ? 1 : 0;
  if (end.kind !== 'done') return tellEnd(end, plan, say);
  if (result.judges) return result.fails ? 1 : 0;
  say('error', 'NOTHING_JUDGED', 'nothing was judged: every rule was skipped, so nothing is known');
  return 1;
}

/**
 * Says why a check ended before its time; gives the exit code.
 * @throws {UsageError} where what shows the effects shows none
 */
function tellEnd(
  end: Exclude<CheckEnd, { kind: 'done' }>,
  { bench, example, repeated }: Plan,
  say: Say,
): number {
  if (end.kind === 'probe')
    throw new UsageError(
      `the effect cannot be judged: ${end.why}`,
      repeated && end.moved === false
        ? 'the same --seed and --at send the same ids: a receiver that has seen them does nothing more; use another seed, or leave --at out'
        : 'it must print what a delivery changes, and nothing else that changes',
    );
  if (end.kind === 'gone') {
    say('error', 'RECEIVER_GONE', goneWords(end));
    return 3;
  }
  if (end.kind === 'limited') {
    const words = `${end.why}; the rules that are left were not tried: lift its limit for the check`;
    say('error', 'RATE_LIMITED', words);
    return 1;
  }
  const { answer } = end.tried;
  const words = `a genuine delivery was refused (${answerWords(answer)}), so nothing else was tried`;
  say('error', 'BASELINE_REFUSED', words);
  for (const cause of causesOf(answer, bench)) say('info', 'CAUSE', `perhaps ${cause}`);
  if (example && 'status' in answer) say('info', 'HINT', exampleAdvice(bench.provider));
  return 'status' in answer ? 1 : 3;
}
