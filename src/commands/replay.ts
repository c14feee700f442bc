import { type Command, Option } from 'commander';
import { type Plan, planReplay, type Selection } from '../actions/replay-plan.ts';
import type { Context } from '../context.ts';
import { parseSet, parseUnset } from '../core/patch.ts';
import type { Provider } from '../core/provider.ts';
import { eventFilter, findProvider, sendsId } from '../core/select.ts';
import { parseStatuses } from '../core/status.ts';
import { guardSecret, type Target } from '../core/target.ts';
import { UsageError } from '../errors.ts';
import type { Source } from '../io/source.ts';
import { openProgress } from '../report/progress.ts';
import { noDelivery, SkippedCount } from './captured.ts';
import type { Run } from './command.ts';
import { openInput, refuseTwoStdins } from './input.ts';
import {
  aboveZero,
  eventsOption,
  examples,
  isoInstant,
  jsonOption,
  listOption,
  secretOptions,
  valueOption,
  wholeNumber,
} from './options.ts';
import { bodyIdWords, type ReplayFlags, sendPlan, tellPlan } from './replaying.ts';
import { openReporter } from './reporting.ts';
import { findSecrets, type Secrets, secretAdvice } from './secrets.ts';
import { openSettings } from './settings.ts';
import { findTarget, targetOptions } from './targeting.ts';

/** Declares `hooks replay`. */
export function configure(command: Command, run: Run): void {
  command
    .argument('<file>', 'a recording, a HAR file or a raw HTTP request; - is stdin, read to its end first')
    .addOption(jsonOption());
  command
    .optionsGroup('Which deliveries:')
    .addOption(eventsOption('send'))
    .addOption(valueOption('--since <time>', 'those recorded from then on, ISO 8601', isoInstant))
    .addOption(valueOption('--until <time>', 'those recorded up to then, ISO 8601', isoInstant))
    .addOption(valueOption('--provider <name>', 'whose deliveries these are (default: recognise them)'));
  command
    .optionsGroup('What they hold:')
    .addOption(listOption('--set <path=value>', 'change a field of each; path:=json forces JSON', parseSet))
    .addOption(listOption('--unset <path>', 'remove a field of each', parseUnset))
    .addOption(new Option('--force', 'set paths that the payload does not have'))
    .addOption(new Option('--new-ids', 'give each a fresh id, where the provider sends one'))
    .addOption(
      new Option('--as-recorded', 'keep the old headers, the signature too').conflicts([
        'newIds',
        'set',
        'unset',
        'force',
        'secret',
        'secretFile',
      ]),
    );
  secretOptions(command.optionsGroup('Signature:'));
  command
    .optionsGroup('Order and time:')
    .addOption(new Option('--shuffle', 'send out of order'))
    .addOption(valueOption('--seed <n>', 'with --shuffle: the same order again', wholeNumber(0, 2 ** 32 - 1)))
    .addOption(
      valueOption('--speed <n>', 'keep the pauses between them, n times shorter (default: none)', aboveZero),
    );
  targetOptions(command.optionsGroup('Request:')).addOption(
    valueOption('--expect-status <list>', 'what counts as success: 401, 4xx, 2xx,409', parseStatuses),
  );
  examples(command, [
    ['hooks listen --json > deliveries.jsonl', 'record what comes'],
    ['hooks replay deliveries.jsonl --to 3000', 'send it again, freshly signed'],
    ["hooks replay deliveries.jsonl --to 3000 -e 'order.*' --since 2026-11-21", 'some of it'],
    ['hooks replay deliveries.jsonl --to 3000 --speed 60', 'an hour in a minute'],
    ['hooks replay deliveries.jsonl --to 3000 --shuffle --seed 7', 'out of order'],
    ['hooks replay deliveries.jsonl --to 3000 --as-recorded --expect-status 4xx', 'stale: must be refused'],
  ]);
  command.action((file: string) =>
    run((context) => replay(file, command.optsWithGlobals<ReplayFlags>(), context)),
  );
}

/** Sends what was recorded again; gives the exit code. */
export async function replay(file: string, flags: ReplayFlags, context: Context): Promise<number> {
  refuseTwoStdins({ FILE: file, '--secret-file': flags.secretFile });
  const settings = await openSettings(flags, context);
  const { providers } = settings;
  const provider = flags.provider === undefined ? undefined : findProvider(flags.provider, providers);
  refuseIdle(flags, provider);
  const { since, until } = flags;
  const filter = flags.events && eventFilter(flags.events, providers, provider);
  const target = findTarget(flags, context, settings);
  const secrets = flags.asRecorded ? undefined : await findSecrets(flags, context, settings, provider);
  const source = await openInput(file, 'FILE', context, { again: true });
  try {
    const skipped = new SkippedCount();
    const plan = await read(source, { providers, provider, filter, since, until }, skipped, context);
    const isNone = plan.found === 0 && !skipped.isRecording && !skipped.isShort;
    if (isNone && !context.interrupt.aborted) throw noDelivery(file, '`hooks send --body`');
    if (secrets) guardSecrets(plan, target, secrets);
    const reporter = await openReporter(flags, context, providers);
    const replaying = { plan, target, providers, provider, secrets, flags, context, reporter };
    tellPlan(replaying, skipped);
    const code = await sendPlan(replaying);
    return skipped.isShort && code === 0 ? 1 : code;
  } finally {
    await source.close();
  }
}

async function read(
  source: Source,
  selection: Selection,
  skipped: SkippedCount,
  { err }: Context,
): Promise<Plan> {
  const progress = openProgress(err, 1);
  progress.say('reading the recording');
  try {
    return await planReplay(source, selection, skipped.take);
  } finally {
    progress.clear();
  }
}

/** Refuses options that would do nothing. */
function refuseIdle(flags: ReplayFlags, provider: Provider | undefined): void {
  if (flags.seed !== undefined && !flags.shuffle)
    throw new UsageError('--seed goes with --shuffle', 'add it, or leave this out');
  if (flags.force && !flags.set && !flags.unset)
    throw new UsageError('--force goes with --set or --unset', 'add one of them, or leave it out');
  if (flags.shuffle && flags.speed !== undefined)
    throw new UsageError(
      '--speed keeps the recorded order, so --shuffle cannot apply',
      'leave one of them out',
    );
  if (flags.since !== undefined && flags.until !== undefined && flags.since > flags.until)
    throw new UsageError('--since is later than --until, so nothing lies between', 'turn them round');
  if (flags.newIds && provider && !sendsId(provider))
    throw new UsageError(`--new-ids cannot apply: ${bodyIdWords(provider)}`, 'change those with --set');
}

function guardSecrets({ senders }: Plan, target: Target, secrets: Secrets): void {
  for (const sender of senders)
    guardSecret(
      sender,
      target,
      secrets.isExample(sender),
      `${secretAdvice(sender)}, or send it --as-recorded`,
    );
}
