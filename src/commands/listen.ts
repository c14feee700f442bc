import { type Command, Option } from 'commander';
import { type Forwarding, forwardMs, startListener } from '../actions/listen.ts';
import type { Context } from '../context.ts';
import type { Fact } from '../core/facts.ts';
import type { Provider } from '../core/provider.ts';
import { parseSize } from '../core/quantity.ts';
import { type EventFilter, eventFilter, findProvider, isSigned } from '../core/select.ts';
import { defaultPort, isLoopback } from '../core/target.ts';
import { isoTime } from '../core/wire.ts';
import { UsageError } from '../errors.ts';
import { codeAfter, interruptionCode } from '../exit-codes.ts';
import type { Task } from '../io/child.ts';
import { defaultLimits } from '../io/server.ts';
import { type Detail, detailLevels } from '../report/reporter.ts';
import { type AnswerFlags, answerOptions } from './answering.ts';
import type { Run } from './command.ts';
import { type ForwardFlags, findForwarding, forwardOptions } from './forwarding.ts';
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
import { closeRecord, openRecord } from './recording.ts';
import { notice, openReporter, type ReportFlags } from './reporting.ts';
import { accompany, readTask, type TaskFlags, taskEnvironment, taskOptions } from './running.ts';
import { exampleAdvice, findSecrets, learnable, type SecretFlags, type Secrets } from './secrets.ts';
import { type ConfigFlags, openSettings, type Settings } from './settings.ts';
import { adviceOn } from './targeting.ts';

interface ListenFlags
  extends ConfigFlags,
    SecretFlags,
    ReportFlags,
    GateFlags,
    TaskFlags,
    AnswerFlags,
    ForwardFlags {
  readonly port?: number;
  readonly host?: string;
  readonly provider?: string;
  readonly events?: readonly string[];
  readonly strict?: boolean;
  readonly output?: Detail;
  readonly maxBody?: number;
  readonly record?: string;
  readonly printSecret?: boolean;
  /** What runs beside. */
  readonly task?: Task | undefined;
}

/** Declares `hooks listen`. */
export function configure(command: Command, run: Run): void {
  command
    .addOption(valueOption('-p, --port <n>', '0 is any free one (default: 4665)', wholeNumber(0, 65535)))
    .addOption(valueOption('--host <address>', 'listen on this address (default: loopback only)'))
    .addOption(valueOption('--provider <name>', 'whose deliveries these are (default: recognise them)'))
    .addOption(eventsOption('show'))
    .addOption(new Option('--strict', 'turn warnings into errors'))
    .addOption(new Option('--output <detail>', 'how much to print (default: compact)').choices(detailLevels))
    .addOption(valueOption('--max-body <size>', 'the largest body taken (default: 1mb)', parseSize))
    .addOption(valueOption('--record <file>', 'append every fact to this file, one a line'));
  taskOptions(gateOptions(command.optionsGroup('Assertions:')));
  answerOptions(command.optionsGroup('Answers:'));
  forwardOptions(command.optionsGroup('Passing on:'));
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
    ['hooks listen --port 0 --expect order.created -- npm test', 'a command that sends to $HOOKS_URL'],
    ['hooks listen --forward-to 3000/webhooks', 'look on while your application answers'],
    ['hooks listen --record deliveries.jsonl', 'keep what comes, for `hooks replay` and `hooks verify`'],
    ['hooks listen --respond 500x2,200', 'fail twice, then take everything'],
    ['hooks listen --provider roastify --print-secret', 'the secret to give to your sender'],
  ]);
  command.action((words: string[]) =>
    run((context, argv) => {
      const flags = command.optsWithGlobals<ListenFlags>();
      return listen({ ...flags, task: readTask(flags, words, argv) }, context);
    }),
  );
}

/** Listens until it is interrupted, or what it asserts is decided; gives the exit code. */
export async function listen(given: ListenFlags, context: Context): Promise<number> {
  const settings = await openSettings(given, context);
  const { providers } = settings;
  const flags = withConfigured(given, settings);
  const provider = flags.provider === undefined ? undefined : findProvider(flags.provider, providers);
  const secrets = await findSecrets(flags, context, settings, provider);
  refuseIdle(given);
  if (flags.printSecret) return printSecrets(secrets, providers, provider, context);
  const filter = flags.events && eventFilter(flags.events, providers, provider);
  const { task } = flags;
  const gate = openGate(flags, providers, provider, task !== undefined);
  const forwarding = await findForwarding(flags, context, settings, provider);
  const reporter = await openReporter(flags, context, providers, flags.output);
  const recording = await openRecord(flags.record, reporter, context);
  const counts = new Counts();
  const tell = (fact: Fact) => {
    // A delivery is recorded before it is answered, and so before it is told.
    if (fact.kind !== 'received') void recording?.append(fact);
    if (!shown(fact, filter)) return;
    counts.add(fact);
    reporter.fact(fact);
    adviseOnce(fact);
    gate?.take(fact);
  };
  const adviseOnce = advice(secrets, providers, forwarding, context, tell);
  const server = await startListener(
    {
      providers,
      provider,
      secretsOf: secrets.of,
      strict: flags.strict ?? false,
      learning: { file: flags.record, secretOptions: learnable(flags, settings, secrets, context) },
      port: flags.port,
      host: flags.host,
      limits: { ...defaultLimits, bodyBytes: flags.maxBody ?? defaultLimits.bodyBytes },
      now: context.now,
      answers: { script: flags.respond, headers: flags.respondHeader ?? [], delayMs: flags.delay ?? 0 },
      forwarding,
      async keep(fact) {
        await recording?.append(fact);
        // Who reads slower than senders send slows them down.
        await context.out.drained();
      },
    },
    tell,
  ).catch((error: unknown) => {
    throw portAdvice(error, flags);
  });
  const url = announce(server.port, flags, provider ? [provider] : providers, secrets, context, tell);
  gate?.start();
  const last = async () => {
    if (!task || !gate) return Promise.race([interrupted(context), gate?.ended ?? never]);
    const env = taskEnvironment(url, secrets, (provider ? [provider] : providers).filter(isSigned));
    return accompany(task, env, gate, context, flags.json ?? false);
  };
  const close = async () => {
    // Whoever sent in time gets the answer that is on its way.
    const onItsWay = (flags.delay ?? 0) + (forwarding ? forwardMs : 0);
    await server.close(context.interrupt.aborted ? 0 : onItsWay, context.interrupt);
    gate?.close();
  };
  const ending = await last().finally(close);
  tell({ kind: 'summary', at: isoTime(context.now()), ...counts.value });
  // The gate's own may have come after the one that ended it all, or be the same.
  const endings = new Set(ending && gate ? [ending, gate.close()] : []);
  const faults = [...endings].filter((each) => !each.met);
  for (const { code, why } of faults) tell(notice(context, 'error', code, why));
  if (!closeRecord(recording, reporter, context)) return 1;
  if (ending) return codeAfter(context.interrupt, faults.length === 0 ? 0 : 1);
  // With nothing to assert, Ctrl-C is how it is meant to end.
  return context.interrupt.reason === 'SIGINT' && !gate ? 0 : interruptionCode(context.interrupt);
}

/** The flags, and where they are silent what the configuration says; who scripts the answers passes nothing on by it. */
function withConfigured<T extends ListenFlags>(flags: T, { config }: Settings) {
  const routes = Object.entries(config.routes ?? {}).map(([events, target]) => ({ events, target }));
  const answers = flags.respond !== undefined || flags.respondHeader !== undefined;
  const forwardTo = flags.forwardTo ?? (answers ? undefined : config.forwardTo);
  const route = flags.route ?? (routes.length > 0 && !answers ? routes : undefined);
  return {
    ...flags,
    port: flags.port ?? config.port ?? defaultPort,
    ...(forwardTo === undefined ? {} : { forwardTo }),
    ...(route === undefined ? {} : { route }),
  };
}

/** Says, once each, what would most likely help: where a signature was held against the public example secret only, and
 *  where no receiver answers. */
function advice(
  secrets: Secrets,
  providers: readonly Provider[],
  forwarding: Forwarding | undefined,
  context: Context,
  tell: (fact: Fact) => void,
): (fact: Fact) => void {
  const given = new Set<string>();
  const once = (words: string | undefined) => {
    if (words === undefined || given.has(words)) return;
    given.add(words);
    tell(notice(context, 'info', 'HINT', words));
  };
  return (fact) => {
    if (fact.kind !== 'received') return;
    const { provider: name, problems } = fact.verdict;
    const provider = providers.find((each) => each.name === name);
    const puzzling = problems.some(({ code, likely }) => code === 'SIGNATURE_MISMATCH' && !likely);
    if (provider && puzzling && secrets.isExample(provider)) once(exampleAdvice(provider));
    const target = fact.forwarded && forwarding?.targetOf(fact.verdict);
    if (fact.forwarded && target) once(adviceOn(fact.forwarded.answer, target, false));
  };
}

function printSecrets(
  secrets: Secrets,
  providers: readonly Provider[],
  only: Provider | undefined,
  { out }: Context,
): number {
  if (only && !isSigned(only))
    throw new UsageError(`deliveries of ${only.name} are not signed, so there is no secret`);
  for (const each of (only ? [only] : providers).filter(isSigned))
    for (const secret of secrets.of(each)) out.write(`${only ? '' : `${each.name}=`}${secret}\n`);
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
  'forwardTo',
  'route',
  'insecure',
  'allowRemote',
  'record',
] as const;

function refuseIdle(flags: ListenFlags): void {
  const { json, output, printSecret, forwardTo, task } = flags;
  const idle = printSecret && idleWhenPrinting.find((name) => flags[name] !== undefined);
  if (idle || (printSecret && task))
    throw new UsageError(
      `--print-secret prints the secret and ends, so ${idle ? dashed(idle) : 'a command'} cannot apply`,
      'leave one of them out',
    );
  for (const name of ['respond', 'respondHeader'] as const) {
    if (forwardTo !== undefined && flags[name] !== undefined)
      throw new UsageError(
        `--forward-to lets your application answer, so ${dashed(name)} cannot apply`,
        'pass only some events on with --route, or leave one of them out',
      );
  }
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
  among: readonly Provider[],
  secrets: Secrets,
  context: Context,
  tell: (fact: Fact) => void,
): string {
  const name = flags.host?.includes(':') ? `[${flags.host}]` : flags.host;
  const url = `http://${name ?? 'localhost'}:${port}/`;
  tell({ kind: 'ready', at: isoTime(context.now()), url, pid: context.pid });
  const say = (level: 'info' | 'warning', code: string, message: string) =>
    tell(notice(context, level, code, message));
  if (!flags.json) say('info', 'READY', `listening on ${url} (Ctrl-C ends it)`);
  for (const each of among) {
    const basis = each.scheme.basis === 'documented' ? '' : `, ${each.scheme.basis}`;
    const secret = secrets.isExample(each) ? ', the public example secret' : ', your secret';
    const words = `${each.name}: ${each.scheme.label}${basis}${isSigned(each) ? secret : ''}`;
    if (!flags.json) say('info', 'SIGNING', words);
  }
  if (flags.host !== undefined && !isLoopback(name ?? '')) {
    say('warning', 'NOT_LOOPBACK', `--host ${flags.host} lets other machines send here`);
  }
  for (const note of secrets.notes) say('warning', 'SECRET_EMPTY', note);
  if (flags.secret)
    say('warning', 'SECRET_ON_COMMAND_LINE', '--secret shows in the process list; --secret-file does not');
  return url;
}

const never = new Promise<never>(() => {});

function interrupted({ interrupt }: Context): Promise<undefined> {
  if (interrupt.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) =>
    interrupt.addEventListener('abort', () => resolve(undefined), { once: true }),
  );
}
