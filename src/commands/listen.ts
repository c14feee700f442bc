import { type Command, Option } from 'commander';
import type { Context } from '../context.ts';
import type { Provider } from '../core/provider.ts';
import { parseSize } from '../core/quantity.ts';
import { eventFilter, findProvider, isSigned } from '../core/select.ts';
import { UsageError } from '../errors.ts';
import { detailLevels } from '../report/reporter.ts';
import { answerOptions } from './answering.ts';
import type { Run } from './command.ts';
import { findForwarding, forwardOptions } from './forwarding.ts';
import { gateOptions, openGate } from './gating.ts';
import { type ListenFlags, refuseIdle, withConfigured } from './listen-flags.ts';
import { runListener } from './listening.ts';
import { eventsOption, examples, jsonOption, secretOptions, valueOption, wholeNumber } from './options.ts';
import { readTask, taskOptions } from './running.ts';
import { findSecrets, type Secrets } from './secrets.ts';
import { openSettings } from './settings.ts';

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
  const flags = withConfigured(given, settings);
  const provider =
    flags.provider === undefined ? undefined : findProvider(flags.provider, settings.providers);
  const among = provider ? [provider] : settings.providers;
  const secrets = await findSecrets(flags, context, settings, provider);
  refuseIdle(given);
  if (flags.printSecret) return printSecrets(secrets, among, provider, context);
  const filter = flags.events && eventFilter(flags.events, settings.providers, provider);
  const gate = openGate(flags, settings.providers, provider, filter, flags.task !== undefined);
  const forwarding = await findForwarding(flags, context, settings, provider);
  return runListener({ flags, settings, provider, among, secrets, filter, gate, forwarding, context });
}

function printSecrets(
  secrets: Secrets,
  among: readonly Provider[],
  only: Provider | undefined,
  { out }: Context,
): number {
  if (only && !isSigned(only))
    throw new UsageError(`deliveries of ${only.name} are not signed, so there is no secret`);
  for (const each of among.filter(isSigned))
    for (const secret of secrets.of(each)) out.write(`${only ? '' : `${each.name}=`}${secret}\n`);
  return 0;
}
