import type { Command } from 'commander';
import { type Found, readCaptures } from '../actions/captures.ts';
import type { Context } from '../context.ts';
import { type Capture, captureOf } from '../core/capture.ts';
import type { ReceivedFact } from '../core/facts.ts';
import { type Bench, judge } from '../core/judge.ts';
import { Memory } from '../core/memory.ts';
import type { Provider } from '../core/provider.ts';
import { findProvider } from '../core/select.ts';
import type { Headers } from '../core/types.ts';
import { isoTime, receivedFact } from '../core/wire.ts';
import { UsageError } from '../errors.ts';
import { codeAfter } from '../exit-codes.ts';
import { noDelivery, SkippedCount } from './captured.ts';
import type { Run } from './command.ts';
import { openInput, readInput, refuseTwoStdins } from './input.ts';
import { examples, isoInstant, jsonOption, listOption, secretOptions, valueOption } from './options.ts';
import { drained, notice, openReporter, type ReportFlags } from './reporting.ts';
import { exampleAdvice, findSecrets, learnable, type SecretFlags, type Secrets } from './secrets.ts';
import { type ConfigFlags, openSettings } from './settings.ts';
import { parseHeader } from './targeting.ts';

interface VerifyFlags extends ConfigFlags, SecretFlags, ReportFlags {
  readonly body?: string;
  readonly header?: Headers;
  readonly provider?: string;
  readonly at?: number;
  readonly strict?: boolean;
}

/** Declares `hooks verify`. */
export function configure(command: Command, run: Run): void {
  command
    .argument('[file]', 'a recording, a fact, a HAR file or a raw HTTP request; - is stdin')
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

/** Judges captured deliveries, each as it is read; 0 when all are valid. */
export async function verify(
  file: string | undefined,
  flags: VerifyFlags,
  context: Context,
): Promise<number> {
  refuseTwoStdins({ FILE: file, '--body': flags.body, '--secret-file': flags.secretFile });
  const settings = await openSettings(flags, context);
  const { providers } = settings;
  const provider = flags.provider === undefined ? undefined : findProvider(flags.provider, providers);
  const secrets = await findSecrets(flags, context, settings, provider);
  const source = await openCaptures(file, flags, context);
  const { makeValidate } = await import('../core/validate.ts');
  const reporter = await openReporter(flags, context, providers);
  const memory = new Memory();
  const bench = {
    providers,
    provider,
    secretsOf: secrets.of,
    strict: flags.strict ?? false,
    validate: makeValidate(),
    known: memory.knows,
    thorough: true,
    learning: {
      file: file === '-' ? undefined : file,
      secretOptions: learnable(flags, settings, secrets, context),
    },
  };
  const hints = new Hints(secrets, providers, flags);
  const skipped = new SkippedCount();
  let judged = 0;
  let allValid = true;
  for (const note of secrets.notes) reporter.fact(notice(context, 'warning', 'SECRET_EMPTY', note));
  try {
    for await (const found of source.captures) {
      if (context.interrupt.aborted) break;
      skipped.take(found);
      if (!('capture' in found)) continue;
      const fact = judgeOne(found.capture, bench, memory, flags.at, context);
      judged += 1;
      allValid &&= fact.verdict.valid;
      hints.take(fact, found.capture);
      reporter.fact(fact);
      await drained(context);
    }
  } finally {
    await source.close();
  }
  const isEmpty = judged === 0 && !context.interrupt.aborted;
  if (isEmpty && !skipped.isRecording && !skipped.isShort) throw noDelivery(file as string, '--body');
  if (isEmpty && skipped.isRecording)
    reporter.fact(notice(context, 'warning', 'NOTHING_JUDGED', 'the recording holds no delivery'));
  if (skipped.words) reporter.fact(notice(context, 'warning', 'LINES_SKIPPED', skipped.words));
  if (skipped.lost) reporter.fact(notice(context, 'warning', 'FACTS_LOST', skipped.lost));
  if (hints.best) reporter.fact(notice(context, 'info', 'HINT', hints.best));
  return codeAfter(context.interrupt, allValid && !isEmpty && !skipped.isShort ? 0 : 1);
}

async function openCaptures(
  file: string | undefined,
  { body, header }: VerifyFlags,
  context: Context,
): Promise<OpenCaptures> {
  if ((file === undefined) === (body === undefined)) {
    throw new UsageError('give either a FILE or --body', '`hooks verify --help` has examples');
  }
  if (body !== undefined) {
    const capture = captureOf(await readInput(body, '--body', context), header ?? []);
    return { captures: [{ capture }], close: async () => {} };
  }
  if (header) throw new UsageError('-H goes with --body; a captured FILE has its own headers');
  const source = await openInput(file as string, 'FILE', context);
  return { captures: readCaptures(source.read()), close: source.close };
}

interface OpenCaptures {
  readonly captures: Iterable<Found> | AsyncIterable<Found>;
  readonly close: () => Promise<void>;
}

function judgeOne(
  { received, at, url }: Capture,
  bench: Omit<Bench, 'now'>,
  memory: Memory,
  clock: number | undefined,
  context: Context,
): ReceivedFact {
  const now = clock ?? at ?? context.now();
  const verdict = judge({ ...received, url }, { ...bench, now, witnesses: memory.witnesses });
  memory.remember(received, verdict, bench.providers);
  return { kind: 'received', at: isoTime(now), received: receivedFact(received), verdict };
}

/** Finds what would most likely turn the answer. */
class Hints {
  readonly #secrets: Secrets;
  readonly #providers: readonly Provider[];
  readonly #clock: number | undefined;
  #mismatch: Provider | undefined;
  #stale = false;
  #timed = false;

  constructor(secrets: Secrets, providers: readonly Provider[], { at }: VerifyFlags) {
    this.#secrets = secrets;
    this.#providers = providers;
    this.#clock = at;
  }

  take({ verdict }: ReceivedFact, { at }: Capture): void {
    // What has an explanation needs no guess at another.
    const has = (wanted: string) => verdict.problems.some(({ code, likely }) => code === wanted && !likely);
    if (has('SIGNATURE_MISMATCH'))
      this.#mismatch ??= this.#providers.find(({ name }) => name === verdict.provider);
    this.#stale ||= has('TIMESTAMP_STALE');
    this.#timed ||= at !== undefined;
  }

  get best(): string | undefined {
    if (this.#mismatch && this.#secrets.isExample(this.#mismatch)) return exampleAdvice(this.#mismatch);
    if (this.#stale && this.#clock === undefined && !this.#timed)
      return 'it was held against the time now; --at 2026-11-21T10:00:00Z judges it as of when it came';
    return undefined;
  }
}
