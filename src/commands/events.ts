import { type Command, Option } from 'commander';
import type { Context } from '../context.ts';
import { catalogueRow } from '../core/catalogue.ts';
import { jsonText, plainJson } from '../core/json.ts';
import type { EventType, Provider } from '../core/provider.ts';
import { findEvents, findProvider } from '../core/select.ts';
import { isoTime } from '../core/wire.ts';
import { UsageError } from '../errors.ts';
import { catalogueText, eventText } from '../report/catalogue.ts';
import { ndjson } from '../report/ndjson.ts';
import type { Run } from './command.ts';
import { examples, isoInstant, jsonOption, valueOption, wholeNumber } from './options.ts';
import { openChalk, type ReportFlags } from './reporting.ts';
import { type ConfigFlags, openSettings } from './settings.ts';

interface EventsFlags extends ConfigFlags, ReportFlags {
  readonly schema?: boolean;
  readonly seed?: number;
  readonly at?: number;
}

/** Declares `hooks events`. */
export function configure(command: Command, run: Run): void {
  command
    .argument('[provider]', 'only its events')
    .argument('[event]', 'a sample payload of this one')
    .addOption(new Option('--schema', 'the JSON Schema of the event instead of a sample'))
    .addOption(valueOption('--seed <n>', 'make the same sample again', wholeNumber(0, 2 ** 32 - 1)))
    .addOption(valueOption('--at <time>', "the sample's clock, ISO 8601 (default: now)", isoInstant))
    .addOption(jsonOption());
  examples(command, [
    ['hooks events', 'every event of every provider'],
    ['hooks events shoprocket order.created', 'a sample payload'],
    ['hooks events roastify fulfillment.shipped --schema', 'its JSON Schema'],
    ['hooks events --json | jq -r .event', 'the names'],
  ]);
  command.action((provider?: string, event?: string) =>
    run((context) => events(provider, event, command.optsWithGlobals<EventsFlags>(), context)),
  );
}

/** Prints the catalogue, or one event's sample or schema; gives the exit code. */
export async function events(
  name: string | undefined,
  event: string | undefined,
  flags: EventsFlags,
  context: Context,
): Promise<number> {
  const { providers } = await openSettings(flags, context);
  const provider = name === undefined ? undefined : findProvider(name, providers);
  if (provider && event !== undefined) return oneEvent(provider, event, flags, context);
  for (const flag of ['schema', 'seed', 'at'] as const) {
    if (flags[flag] !== undefined)
      throw new UsageError(
        `--${flag} goes with one event`,
        `hooks events shoprocket order.created --${flag}`,
      );
  }
  const among = provider ? [provider] : providers;
  const chalk = await openChalk(flags, context);
  if (flags.json) {
    const { fact } = ndjson(context);
    for (const each of among)
      for (const key of Object.keys(each.events)) fact(catalogueRow(each, key, isoTime(context.now())));
  } else {
    const rows = among.map((each) => catalogueText(each, chalk, isoTime(context.now())));
    context.out.write(rows.join('\n'));
  }
  return 0;
}

async function oneEvent(
  provider: Provider,
  word: string,
  flags: EventsFlags,
  context: Context,
): Promise<number> {
  const [name = '', ...more] = findEvents(provider, [word]);
  if (more.length > 0)
    throw new UsageError(`"${word}" is ${more.length + 1} events`, `name one, such as ${name}`);
  const idle = flags.schema && (['seed', 'at'] as const).find((flag) => flags[flag] !== undefined);
  if (idle)
    throw new UsageError(
      `a schema is not made from a seed and a time, so --${idle} cannot apply`,
      'leave one of them out',
    );
  const { schema } = provider.events[name] as EventType;
  const payload = flags.schema ? undefined : await samplePayload(provider, name, flags, context);
  const row = catalogueRow(provider, name, isoTime(context.now()));
  if (flags.json) {
    ndjson(context).fact({
      ...row,
      ...(payload === undefined ? { schema } : { payload: plainJson(payload) }),
    });
    return 0;
  }
  context.out.write(`${payload ? jsonText(payload, 2) : JSON.stringify(schema, null, 2)}\n`);
  context.err.write(eventText(row));
  return 0;
}

async function samplePayload(provider: Provider, name: string, { seed, at }: EventsFlags, context: Context) {
  const { payloadOf } = await import('../core/fake.ts');
  const origin = { seed: seed ?? context.randomSeed(), at: at ?? context.now() };
  return payloadOf(provider.events[name] as EventType, origin);
}
