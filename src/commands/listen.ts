import { type Command, Option } from 'commander';
import { startListener } from '../actions/listen.ts';
import type { Context } from '../context.ts';
import type { Fact } from '../core/facts.ts';
import type { Provider } from '../core/provider.ts';
import { parseSize } from '../core/quantity.ts';
import { type EventFilter, eventFilter, findProvider } from '../core/select.ts';
import { defaultPort, isLoopback } from '../core/target.ts';
import { isoTime } from '../core/wire.ts';
import { UsageError } from '../errors.ts';
import { codeAfter, interruptionCode } from '../exit-codes.ts';
import { defaultLimits } from '../io/server.ts';
import { providers } from '../providers/index.ts';
import { type Detail, detailLevels, type Reporter } from '../report/reporter.ts';
import { type AnswerFlags, answerOptions } from './answering.ts';
import type { Run } from './command.ts';
import { type GateFlags, gateOptions, openGate } from './gating.ts';
import {
  dashed,
  eventsOption,
  examples,
  jsonOption,
  secretOptions,
  valueOption,
  wholeNumber,
} from './options.ts';
import { notice, openReporter, type ReportFlags } from './reporting.ts';
import { exampleAdvice, findSecrets, type SecretFlags, type Secrets } from './secrets.ts';

interface ListenFlags extends SecretFlags, ReportFlags, GateFlags, AnswerFlags {
  readonly port: number;
  readonly host?: string;
  readonly provider?: string;
  readonly events?: readonly string[];
  readonly strict?: boolean;
  readonly output?: Detail;
  readonly maxBody?: number;
  readonly printSecret?: boolean;
}

/** Declares `hooks listen`. */
export function configure(command: Command, run: Run): void {
  command
    .addOption(valueOption('-p, --port <n>', '0 is any free one', wholeNumber(0, 65535)).default(defaultPort))
    .addOption(valueOption('--host <address>', 'listen on this address (default: loopback only)'))
    .addOption(valueOption('--provider <name>', 'whose deliveries these are (default: recognise them)'))
    .addOption(eventsOption('show'))
    .addOption(new Option('--strict', 'turn warnings into errors'))
    .addOption(new Option('--output <detail>', 'how much to print (default: compact)').choices(detailLevels))
    .addOption(valueOption('--max-body <size>', 'the largest body taken (default: 1mb)', parseSize));
  gateOptions(command.optionsGroup('Assertions:'));
  answerOptions(command.optionsGroup('Answers:'));
  secretOptions(command.optionsGroup('Secrets and output:'))
    .addOption(new Option('--print-secret', 'print the secret in use and exit; with --provider, only that'))
    .addOption(jsonOption());
  examples(command, [
    ['hooks listen', 'on http://localhost:4665/'],
    ['hooks listen --port 3000 --provider roastify --strict', 'one provider, warnings are errors'],
    ['hooks listen --json | jq .verdict.valid', 'as NDJSON'],
    [
      "hooks listen --expect order.created --expect 'fulfillment.*=3' --within 30s",
      'exit 0 when they have come',
    ],
    ['hooks listen --respond 500x2,200', 'fail twice, then take everything'],
    ['hooks listen --provider roastify --print-secret', 'the secret to give to your sender'],
  ]);
  command.action(() => run((context) => listen(command.optsWithGlobals<ListenFlags>(), context)));
}

/** Listens until it is interrupted; gives the exit code. */
export async function listen(flags: ListenFlags, context: Context): Promise<number> {
  const provider = flags.provider === undefined ? undefined : findProvider(flags.provider, providers);
  const secrets = await findSecrets(flags, context, providers, provider);
  refuseIdle(flags);
  if (flags.printSecret) return printSecrets(secrets, provider, context);
  const filter = flags.events && eventFilter(flags.events, providers, provider);
  const gate = openGate(flags, providers, provider);
  const reporter = await openReporter(flags, context, flags.output);
  const counts = new Counts();
  const adviseOnce = secretAdvice(secrets, context, reporter);
  const server = await startListener(
    {
      providers,
      provider,
      secretsOf: secrets.of,
      strict: flags.strict ?? false,
      port: flags.port,
      host: flags.host,
      limits: { ...defaultLimits, bodyBytes: flags.maxBody ?? defaultLimits.bodyBytes },
      now: context.now,
      answers: { script: flags.respond, headers: flags.respondHeader ?? [], delayMs: flags.delay ?? 0 },
    },
    (fact) => {
      if (!shown(fact, filter)) return;
      counts.add(fact);
      reporter.fact(fact);
      adviseOnce(fact);
      gate?.take(fact);
    },
  ).catch((error: unknown) => {
    throw portAdvice(error, flags);
  });
  announce(server.port, flags, provider, secrets, context, reporter);
  gate?.start();
  const ending = await Promise.race([interrupted(context), gate?.ended ?? never]);
  await server.close();
  // The last connections tell of their end after the server's.
  await new Promise((resolve) => setImmediate(resolve));
  reporter.fact({ kind: 'summary', at: isoTime(context.now()), ...counts.value });
  if (ending && !ending.met) reporter.fact(notice(context, 'error', 'EXPECTATION_UNMET', ending.why));
  if (ending) return codeAfter(context.interrupt, ending.met ? 0 : 1);
  // With nothing to assert, Ctrl-C is how it is meant to end.
  return context.interrupt.reason === 'SIGINT' && !gate ? 0 : interruptionCode(context.interrupt);
}

/** Says, once a provider, that a signature was held against the public example secret only. */
function secretAdvice(secrets: Secrets, context: Context, reporter: Reporter): (fact: Fact) => void {
  const advised = new Set<Provider>();
  return (fact) => {
    if (fact.kind !== 'received') return;
    const { provider: name, problems } = fact.verdict;
    const provider = providers.find((each) => each.name === name);
    const puzzling = problems.some(({ code, likely }) => code === 'SIGNATURE_MISMATCH' && !likely);
    if (!provider || !puzzling || !secrets.isExample(provider) || advised.has(provider)) return;
    advised.add(provider);
    reporter.fact(notice(context, 'info', 'HINT', exampleAdvice(provider)));
  };
}

function printSecrets(secrets: Secrets, provider: Provider | undefined, { out }: Context): number {
  if (provider) out.write(`${secrets.of(provider).join('\n')}\n`);
  else
    for (const each of providers)
      for (const secret of secrets.of(each)) out.write(`${each.name}=${secret}\n`);
  return 0;
}

const idleWhenPrinting = [
  'json',
  'strict',
  'events',
  'output',
  'maxBody',
  'host',
  'expect',
  'within',
  'once',
  'respond',
  'respondHeader',
  'delay',
] as const;

function refuseIdle(flags: ListenFlags): void {
  const { json, output, printSecret } = flags;
  const idle = printSecret && idleWhenPrinting.find((name) => flags[name] !== undefined);
  if (idle)
    throw new UsageError(
      `--print-secret prints the secret and ends, so ${dashed(idle)} cannot apply`,
      'leave one of them out',
    );
  if (json && output)
    throw new UsageError(
      '--output says how much is printed for people; --json prints every fact',
      'leave one of them out',
    );
}

const shown = (fact: Fact, filter: EventFilter | undefined): boolean =>
  fact.kind !== 'received' || filter === undefined || filter(fact.verdict);

class Counts {
  value = { received: 0, valid: 0, invalid: 0 };

  add(fact: Fact): void {
    if (fact.kind !== 'received') return;
    const { received, valid, invalid } = this.value;
    const good = fact.verdict.valid ? 1 : 0;
    this.value = { received: received + 1, valid: valid + good, invalid: invalid + 1 - good };
  }
}

function portAdvice(error: unknown, { port }: ListenFlags): unknown {
  if (!(error instanceof UsageError) || port !== defaultPort || !error.message.includes('is taken'))
    return error;
  return new UsageError(
    `port ${port}, the default of hooks listen, is taken; is another one running?`,
    error.hint,
  );
}

function announce(
  port: number,
  flags: ListenFlags,
  provider: Provider | undefined,
  secrets: Secrets,
  context: Context,
  reporter: Reporter,
): void {
  const name = flags.host?.includes(':') ? `[${flags.host}]` : flags.host;
  const url = `http://${name ?? 'localhost'}:${port}/`;
  reporter.fact({ kind: 'ready', at: isoTime(context.now()), url, pid: context.pid });
  const say = (level: 'info' | 'warning', code: string, message: string) =>
    reporter.fact(notice(context, level, code, message));
  if (!flags.json) say('info', 'READY', `listening on ${url} (Ctrl-C ends it)`);
  for (const each of provider ? [provider] : providers) {
    const basis = each.scheme.basis === 'documented' ? '' : `, ${each.scheme.basis}`;
    const secret = secrets.isExample(each) ? 'the public example secret' : 'your secret';
    if (!flags.json) say('info', 'SIGNING', `${each.name}: ${each.scheme.label}${basis}, ${secret}`);
  }
  if (flags.host !== undefined && !isLoopback(name ?? '')) {
    say('warning', 'NOT_LOOPBACK', `--host ${flags.host} lets other machines send here`);
  }
  for (const note of secrets.notes) say('warning', 'SECRET_EMPTY', note);
  if (flags.secret)
    say('warning', 'SECRET_ON_COMMAND_LINE', '--secret shows in the process list; --secret-file does not');
}

const never = new Promise<never>(() => {});

function interrupted({ interrupt }: Context): Promise<undefined> {
  if (interrupt.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) =>
    interrupt.addEventListener('abort', () => resolve(undefined), { once: true }),
  );
}
