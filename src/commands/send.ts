import { type Command, Option } from 'commander';
import type { Context } from '../context.ts';
import { isTimed } from '../core/hmac-record.ts';
import type { Provider } from '../core/provider.ts';
import { requestFormats } from '../core/request-text.ts';
import { findEvents, findProvider } from '../core/select.ts';
import { parseStatuses } from '../core/status.ts';
import { guardSecret, type Target } from '../core/target.ts';
import { UsageError } from '../errors.ts';
import type { Run } from './command.ts';
import { type CraftFlags, craft, craftOptions } from './crafting.ts';
import { type DryRunFlags, printRequests } from './dry-run.ts';
import { dashed, examples, isoInstant, jsonOption, secretOptions, valueOption } from './options.ts';
import { notice, openReporter, type ReportFlags } from './reporting.ts';
import { findSecrets, type SecretFlags, schemeNotes, secretAdvice, shownSecretWords } from './secrets.ts';
import { burstOptions, refuseIdleSending, retryOptions, type SendingFlags, sendAll } from './sending.ts';
import { type ConfigFlags, openSettings, type Settings } from './settings.ts';
import { addedHeaders, findTarget, targetNotes, targetOptions } from './targeting.ts';

interface SendFlags extends ConfigFlags, CraftFlags, SendingFlags, SecretFlags, ReportFlags, DryRunFlags {
  readonly secretFile?: string;
  readonly all?: boolean;
  readonly unsigned?: boolean;
  readonly dryRun?: boolean;
}

/** Declares `hooks send`. */
export function configure(command: Command, run: Run): void {
  command
    .argument('<provider>', 'whose event')
    .argument('[event...]', 'its name, or a glob: fulfillment.*')
    .addOption(new Option('--all', 'every event of the provider, in lifecycle order'))
    .addOption(jsonOption());
  craftOptions(command.optionsGroup('Payload:'));
  secretOptions(command.optionsGroup('Signature:'))
    .addOption(
      new Option('--unsigned', 'leave the signature out').conflicts(['secret', 'secretFile', 'signedAt']),
    )
    .addOption(
      valueOption('--signed-at <time>', 'stamp the signature with this time (default: now)', isoInstant),
    );
  targetOptions(command.optionsGroup('Request:')).addOption(
    valueOption('--expect-status <list>', 'what counts as success: 401, 4xx, 2xx,409', parseStatuses),
  );
  retryOptions(command.optionsGroup('Retries:'));
  burstOptions(command.optionsGroup('Bursts and faults:'));
  command
    .optionsGroup('Print instead of sending:')
    .addOption(new Option('--dry-run', 'print the request, send nothing'))
    .addOption(new Option('--format <format>', 'how --dry-run prints it').choices(requestFormats))
    .addOption(new Option('--show-secrets', 'with --dry-run: print credentials as they are'));
  examples(command, [
    ['hooks send shoprocket order.created --to localhost', 'to `hooks listen`'],
    ['hooks send roastify --all --to 3000/webhooks', 'every event, in lifecycle order'],
    ['hooks send shoprocket order.created --to 3000 --set data.total_amount=0.00', 'change a field'],
    ['hooks send roastify fulfillment.shipped --unsigned --to 3000 --expect-status 4xx', 'must be refused'],
    ['hooks send roastify fulfillment.created --dry-run --format curl', 'as a curl line'],
  ]);
  command.action((name: string, events: string[]) =>
    run((context) => send(name, events, command.optsWithGlobals<SendFlags>(), context)),
  );
}

/** Sends what the flags ask for; gives the exit code. */
export async function send(
  name: string,
  words: string[],
  flags: SendFlags,
  context: Context,
): Promise<number> {
  const settings = await openSettings(flags, context);
  const provider = findProvider(name, settings.providers);
  const events = eventsOf(provider, words, flags);
  refuseIdle(flags);
  const target = findTarget(flags, context, settings, flags.dryRun ? 'localhost' : undefined);
  const { secrets, notes: secretNotes } = await secretsFor(provider, target, flags, context, settings);
  const notes: string[] = [];
  const batch = await craft(provider, events, flags, context, (note) => notes.push(note));
  refuseIdleSending(flags, batch.total);
  const extra = addedHeaders(flags, target);
  const route = { url: target.url.href, secrets, extra };
  const reporter = await openReporter(flags, context, [provider]);
  for (const note of [
    ...notes,
    ...secretNotes,
    ...(flags.unsigned ? [] : schemeNotes(provider, secrets)),
    ...idleNotes(provider, flags),
    ...targetNotes(flags, target),
  ])
    reporter.fact(notice(context, 'info', 'NOTE', note));
  if (flags.secret && !flags.unsigned) {
    reporter.fact(notice(context, 'warning', 'SECRET_ON_COMMAND_LINE', shownSecretWords(provider)));
  }
  if (flags.dryRun) return printRequests(batch, route, flags, context, reporter);
  return sendAll({ batch, provider, route, target, flags, context, reporter });
}

function eventsOf(provider: Provider, words: string[], { all, body }: SendFlags): string[] {
  if (all && words.length > 0)
    throw new UsageError(`--all is every event, so "${words[0]}" cannot apply`, 'leave one of them out');
  if (all && body !== undefined)
    throw new UsageError('--all makes payloads, so --body cannot apply', 'leave one of them out');
  if (all) return Object.keys(provider.events);
  if (words.length === 0 && body === undefined) {
    throw new UsageError(
      `which event of ${provider.name}?`,
      `name one, or --all; \`hooks events ${provider.name}\` lists them`,
    );
  }
  return findEvents(provider, words);
}

const idleInDryRun = [
  'wait',
  'timeout',
  'insecure',
  'expectStatus',
  'retry',
  'schedule',
  'speed',
  'concurrency',
  'rate',
  'each',
  'duplicate',
  'shuffle',
  'drop',
] as const;

/** Refuses options that would do nothing. */
function refuseIdle(flags: SendFlags): void {
  if (!flags.dryRun) {
    for (const name of ['format', 'showSecrets'] as const) {
      if (flags[name] !== undefined)
        throw new UsageError(`${dashed(name)} goes with --dry-run`, 'add --dry-run, or leave it out');
    }
    return;
  }
  for (const name of idleInDryRun) {
    if (flags[name] !== undefined)
      throw new UsageError(
        `${dashed(name)} cannot apply to --dry-run, which sends nothing`,
        'leave one of them out',
      );
  }
  if (flags.json && flags.format !== undefined && flags.format !== 'json') {
    throw new UsageError(
      `--json and --format ${flags.format} contradict each other`,
      'leave one of them out',
    );
  }
}

/** With what is signed, and what should be said of it. */
interface Signing {
  readonly secrets: readonly string[];
  readonly notes: readonly string[];
}

async function secretsFor(
  provider: Provider,
  target: Target,
  flags: SendFlags,
  context: Context,
  settings: Settings,
): Promise<Signing> {
  if (flags.unsigned) return { secrets: [], notes: [] };
  const secrets = await findSecrets(flags, context, settings, provider);
  guardSecret(provider, target, secrets.isExample(provider), `${secretAdvice(provider)}, or send --unsigned`);
  return { secrets: secrets.of(provider), notes: secrets.notes };
}

/** What changes nothing here; to refuse it would be tiresome for a script that does the same with each provider. */
function idleNotes({ scheme, title, policy }: Provider, flags: SendFlags): string[] {
  const untimed = flags.signedAt !== undefined && !(scheme.form && isTimed(scheme.form));
  const once = flags.retry && !flags.schedule && policy.delaysMs.value.length === 0;
  return [
    ...(once
      ? [
          `${title} does not try again (${policy.delaysMs.basis}): one attempt is made; --schedule 10s,100s gives pauses`,
        ]
      : []),
    ...(untimed ? [`--signed-at changes nothing: a signature of ${title} holds no time`] : []),
  ];
}
