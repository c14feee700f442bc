import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { type Capture, type Captures, captureOf, readCaptures } from '../core/capture.ts';
import type { ReceivedFact } from '../core/facts.ts';
import { type Bench, judge } from '../core/judge.ts';
import { Memory } from '../core/memory.ts';
import { findProvider } from '../core/select.ts';
import type { Headers } from '../core/types.ts';
import { isoTime, receivedFact } from '../core/wire.ts';
import { UsageError } from '../errors.ts';
import { providers } from '../providers/index.ts';
import type { Run } from './command.ts';
import { readInput, refuseTwoStdins } from './input.ts';
import { examples, isoInstant, jsonOption, listOption, secretOptions, valueOption } from './options.ts';
import { notice, openReporter, type ReportFlags } from './reporting.ts';
import { exampleAdvice, findSecrets, type SecretFlags, type Secrets } from './secrets.ts';
import { parseHeader } from './targeting.ts';

interface VerifyFlags extends SecretFlags, ReportFlags {
  readonly body?: string;
  readonly header?: Headers;
  readonly provider?: string;
  readonly at?: number;
  readonly strict?: boolean;
}

/** Declares `hooks verify`. */
export function configure(command: Command, run: Run): void {
  command
    .argument('[file]', 'a fact, a recording or a raw HTTP request; - is stdin')
    .addOption(valueOption('--body <file>', 'the body alone; its headers come by -H (- is stdin)'))
    .addOption(listOption('-H, --header <header>', "with --body: a header, 'K: V'", parseHeader))
    .addOption(valueOption('--provider <name>', 'whose delivery it is (default: recognise it)'))
    .addOption(
      valueOption(
        '--at <time>',
        'judge as of this time (default: when it was received, else now)',
        isoInstant,
      ),
    )
    .option('--strict', 'turn warnings into errors');
  secretOptions(command).addOption(jsonOption());
  examples(command, [
    ['hooks verify delivery.http', 'a raw HTTP request'],
    ['hooks verify recording.jsonl --json', 'what `hooks listen --json` printed'],
    [
      "hooks verify --body body.json -H 'svix-id: msg_1' -H 'svix-timestamp: …' -H 'svix-signature: …'",
      'by parts',
    ],
  ]);
  command.action((file?: string) =>
    run((context) => verify(file, command.optsWithGlobals<VerifyFlags>(), context)),
  );
}

/** Judges captured deliveries; 0 when all are valid. */
export async function verify(
  file: string | undefined,
  flags: VerifyFlags,
  context: Context,
): Promise<number> {
  refuseTwoStdins({ FILE: file, '--body': flags.body, '--secret-file': flags.secretFile });
  const provider = flags.provider === undefined ? undefined : findProvider(flags.provider, providers);
  const secrets = await findSecrets(flags, context, providers, provider);
  const { captures, skipped } = await readAll(file, flags, context);
  const { makeValidate } = await import('../core/validate.ts');
  const reporter = await openReporter(flags, context);
  const memory = new Memory();
  const bench = {
    providers,
    provider,
    secretsOf: secrets.of,
    strict: flags.strict ?? false,
    validate: makeValidate(),
    known: memory.knows,
    thorough: true,
  };
  for (const note of secrets.notes) reporter.fact(notice(context, 'warning', 'SECRET_EMPTY', note));
  if (skipped.length > 0) {
    const message = `${skipped.length} lines are no facts and were skipped, the first is line ${skipped[0]}`;
    reporter.fact(notice(context, 'warning', 'LINES_SKIPPED', message));
  }
  const facts = captures.map((capture) => judgeOne(capture, bench, memory, flags.at, context));
  for (const fact of facts) reporter.fact(fact);
  const advice = adviceOn(facts, captures, secrets, flags);
  if (advice) reporter.fact(notice(context, 'info', 'HINT', advice));
  return facts.every(({ verdict }) => verdict.valid) ? 0 : 1;
}

async function readAll(
  file: string | undefined,
  { body, header }: VerifyFlags,
  context: Context,
): Promise<Captures> {
  if ((file === undefined) === (body === undefined)) {
    throw new UsageError('give either a FILE or --body', '`hooks verify --help` has examples');
  }
  if (body !== undefined) {
    return { captures: [captureOf(await readInput(body, '--body', context), header ?? [])], skipped: [] };
  }
  if (header) throw new UsageError('-H goes with --body; a captured FILE has its own headers');
  const captures = readCaptures(await readInput(file as string, 'FILE', context));
  if (captures.captures.length > 0) return captures;
  throw new UsageError(
    `FILE ${file} holds no delivery`,
    'it takes a raw HTTP request, or the lines that `hooks listen --json` prints; for a body alone use --body',
  );
}

function judgeOne(
  { received, at }: Capture,
  bench: Omit<Bench, 'now'>,
  memory: Memory,
  clock: number | undefined,
  context: Context,
): ReceivedFact {
  const now = clock ?? at ?? context.now();
  const verdict = judge(received, { ...bench, now, witnesses: memory.witnesses });
  memory.remember(received, verdict, bench.providers);
  return { kind: 'received', at: isoTime(now), received: receivedFact(received), verdict };
}

/** What would most likely turn the answer. */
function adviceOn(
  facts: readonly ReceivedFact[],
  captures: readonly Capture[],
  secrets: Secrets,
  flags: VerifyFlags,
): string | undefined {
  // What has an explanation needs no guess at another.
  const has = (code: string) =>
    facts.find(({ verdict }) => verdict.problems.some((problem) => problem.code === code && !problem.likely));
  const mismatch = has('SIGNATURE_MISMATCH');
  const provider = providers.find(({ name }) => name === mismatch?.verdict.provider);
  if (provider && secrets.isExample(provider)) {
    return exampleAdvice(provider);
  }
  if (has('TIMESTAMP_STALE') && flags.at === undefined && captures.every(({ at }) => at === undefined)) {
    return 'it was held against the time now; --at 2026-11-21T10:00:00Z judges it as of when it came';
  }
  return undefined;
}
