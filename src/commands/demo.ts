import type { Command } from 'commander';
import { type Attempt, deliver } from '../actions/deliver.ts';
import { startListener } from '../actions/listen.ts';
import type { Context } from '../context.ts';
import type { Fact, ReceivedFact } from '../core/facts.ts';
import type { Provider } from '../core/provider.ts';
import { parseStatuses } from '../core/status.ts';
import { isoTime } from '../core/wire.ts';
import { interruptionCode } from '../exit-codes.ts';
import { defaultLimits } from '../io/server.ts';
import type { Transport } from '../io/transport.ts';
import { providers } from '../providers/index.ts';
import type { Run } from './command.ts';
import { craft } from './crafting.ts';
import { examples, jsonOption, valueOption, wholeNumber } from './options.ts';
import { openChalk, openReporter, type ReportFlags } from './reporting.ts';
import { type ConfigFlags, refuseConfig } from './settings.ts';

interface DemoFlags extends ConfigFlags, ReportFlags {
  readonly seed?: number;
}

/** Declares `hooks demo`. */
export function configure(command: Command, run: Run): void {
  command
    .addOption(valueOption('--seed <n>', 'make the same payloads again', wholeNumber(0, 2 ** 32 - 1)))
    .addOption(jsonOption());
  examples(command, [
    ['hooks demo', 'every event of every provider, signed, delivered and judged'],
    ['hooks demo --json | jq -r .verdict.event', 'as NDJSON'],
  ]);
  command.action(() => run((context) => demo(command.optsWithGlobals<DemoFlags>(), context)));
}

/** Sends every event to a listener of our own; 0 only when each one is accepted and valid. */
export async function demo(flags: DemoFlags, context: Context): Promise<number> {
  refuseConfig(flags, 'the demo is of what comes with hooks');
  const reporter = await openReporter(flags, context, providers);
  const facts: Fact[] = [];
  const emit = (fact: Fact) => {
    facts.push(fact);
    reporter.fact(fact);
  };
  const seed = flags.seed ?? context.randomSeed();
  const secretsOf = ({ exampleSecret }: Provider) => [exampleSecret];
  const server = await startListener(
    { providers, secretsOf, port: 0, limits: defaultLimits, now: context.now },
    emit,
  );
  const { openTransport } = await import('../io/transport.ts');
  const transport = openTransport({ timeoutMs: 15_000 });
  const attempts: Attempt[] = [];
  try {
    for (const provider of providers) {
      attempts.push(
        ...(await sendEvery(provider, seed, `http://localhost:${server.port}/`, transport, context)),
      );
    }
  } finally {
    await transport.close();
    await server.close();
  }
  if (context.interrupt.aborted) return interruptionCode(context.interrupt);
  const received = facts.filter((fact): fact is ReceivedFact => fact.kind === 'received');
  if (flags.json) reporter.fact(summaryOf(received, attempts, seed, context));
  else context.out.write(await tableOf(received, seed, flags, context));
  const expected = providers.reduce((sum, { events }) => sum + Object.keys(events).length, 0);
  const unsigned = providers.filter(({ scheme }) => scheme.headers.length === 0).map(({ name }) => name);
  const good = received.filter(({ verdict: { valid, signed, provider = '', problems } }) => {
    return valid && problems.length === 0 && signed !== unsigned.includes(provider);
  }).length;
  return good === expected && attempts.every(({ accepted }) => accepted) ? 0 : 1;
}

async function sendEvery(
  provider: Provider,
  seed: number,
  url: string,
  transport: Transport,
  context: Context,
): Promise<Attempt[]> {
  const batch = await craft(provider, Object.keys(provider.events), { seed }, context, () => {});
  const accepts = parseStatuses(provider.policy.accepts.value);
  const secrets = [provider.exampleSecret];
  const options = { transport, url, secrets, accepts, now: context.now, signal: context.interrupt };
  const attempts: Attempt[] = [];
  for (let index = 0; index < batch.total && !context.interrupt.aborted; index++) {
    attempts.push(await deliver(batch.draft(index), options));
  }
  return attempts;
}

function summaryOf(
  received: readonly ReceivedFact[],
  attempts: readonly Attempt[],
  seed: number,
  { now }: Context,
) {
  const valid = received.filter(({ verdict }) => verdict.valid).length;
  const accepted = attempts.filter((attempt) => attempt.accepted).length;
  return {
    kind: 'summary',
    at: isoTime(now()),
    sent: attempts.length,
    accepted,
    received: received.length,
    valid,
    seed,
  } as const;
}

async function tableOf(
  received: readonly ReceivedFact[],
  seed: number,
  flags: DemoFlags,
  context: Context,
): Promise<string> {
  const chalk = await openChalk(flags, context);
  const width = Math.max(...providers.map(({ name }) => name.length));
  const rows = providers.map(({ name, scheme, events }) => {
    const own = received.filter(({ verdict }) => verdict.provider === name);
    const valid = own.filter(({ verdict }) => verdict.valid).length;
    const total = Object.keys(events).length;
    const mark = valid === total ? chalk.green('✓') : chalk.red('✗');
    const basis = scheme.basis === 'documented' ? scheme.basis : chalk.yellow(scheme.basis);
    return `${mark} ${name.padEnd(width)} ${`${valid} of ${total}`.padEnd(9)} valid  signing: ${scheme.label} (${basis})`;
  });
  return `\n${rows.join('\n')}\nseed ${seed}\n`;
}
