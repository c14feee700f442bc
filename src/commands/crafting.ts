import { type Command, Option } from 'commander';
import type { Context } from '../context.ts';
import { draft } from '../core/craft.ts';
import { findBreakage } from '../core/invalid.ts';
import { type ExactJson, stringifyExact } from '../core/json.ts';
import { applyEdits, type Edit, parseMerge, parseSet, parseUnset } from '../core/patch.ts';
import type { Draft, EventType, Provider } from '../core/provider.ts';
import type { Json } from '../core/types.ts';
import { UsageError } from '../errors.ts';
import { readInput, readText, refuseTwoStdins } from './input.ts';
import { deliveryId, isoInstant, listOption, valueOption, wholeNumber } from './options.ts';

/** The flags that shape a payload. */
export interface CraftFlags {
  readonly seed?: number;
  readonly at?: number;
  readonly set?: readonly Edit[];
  readonly unset?: readonly Edit[];
  readonly data?: string;
  readonly body?: string;
  readonly force?: boolean;
  readonly invalid?: boolean;
  readonly id?: string;
  readonly secretFile?: string;
}

/** Drafts, and what should be said of how they came to be. */
export interface Crafted {
  readonly drafts: readonly Draft[];
  readonly notes: readonly string[];
}

export function craftOptions(command: Command): Command {
  return command
    .addOption(valueOption('--seed <n>', 'make the same payload again', wholeNumber(0, 2 ** 32 - 1)))
    .addOption(valueOption('--at <time>', "the payload's clock, ISO 8601 (default: now)", isoInstant))
    .addOption(listOption('--set <path=value>', 'change a field; path:=json forces JSON', parseSet))
    .addOption(listOption('--unset <path>', 'remove a field', parseUnset))
    .addOption(valueOption('--data <file>', 'merge this JSON into the payload (RFC 7396; - is stdin)'))
    .addOption(valueOption('--body <file>', 'send exactly these bytes (- is stdin)'))
    .addOption(new Option('--force', 'set paths that the payload does not have'))
    .addOption(new Option('--invalid', "break one rule of the event's schema, chosen by the seed"))
    .addOption(valueOption('--id <id>', "the delivery's id, where the provider sends one", deliveryId));
}

/**
 * Makes what is to be sent.
 * @param events machine names, in lifecycle order
 * @throws {UsageError} for flags that do not go together, unreadable input, an unknown path
 */
export async function craft(
  provider: Provider,
  events: readonly string[],
  flags: CraftFlags,
  context: Context,
): Promise<Crafted> {
  refuseConflicts(provider, events, flags);
  const origin = { seed: flags.seed ?? context.randomSeed(), at: flags.at ?? context.now() };
  if (flags.body !== undefined) {
    const body = await readInput(flags.body, '--body', context);
    return { drafts: [{ ...draft(provider, body, origin, flags.id), seed: undefined }], notes: [] };
  }
  const edits = await readEdits(flags, context);
  // Faker is the heaviest part, and only made payloads need it.
  const { payloadOf } = await import('../core/fake.ts');
  const notes: string[] = [];
  const drafts: Draft[] = [];
  for (const [name, at] of storyClock(provider, events, origin.at)) {
    const event = provider.events[name] as EventType;
    const story = { seed: origin.seed, at };
    const payload = payloadOf(event, story);
    let edited = applyEdits(payload, edits, { schema: event.schema, force: flags.force ?? false });
    if (flags.invalid) {
      const [broken, words] = await breakOne(edited, event, provider, origin.seed, edits);
      edited = broken;
      notes.push(`--invalid: ${name}: ${words}`);
    }
    const text = edited === payload ? JSON.stringify(payload) : stringifyExact(edited);
    drafts.push({ ...draft(provider, Buffer.from(text), story, flags.id), event: name });
  }
  return { drafts, notes };
}

/**
 * The clock of each event: one alone happens now; several tell the story of one subject, which was born long enough ago
 * for the last of them to happen now.
 */
function storyClock(provider: Provider, events: readonly string[], at: number): [string, number][] {
  const age = (name: string) => (provider.events[name]?.age ?? 0) * 1000;
  const birth = at - Math.max(...events.map(age));
  return events.map((name) => [name, events.length === 1 ? at : birth + age(name)]);
}

async function breakOne(
  value: ExactJson,
  event: EventType,
  provider: Provider,
  seed: number,
  edits: readonly Edit[],
): Promise<[ExactJson, string]> {
  const { makeFake } = await import('../core/fake.ts');
  const { makeValidate } = await import('../core/validate.ts');
  const plain = JSON.parse(stringifyExact(value)) as Json;
  const breakage = findBreakage(
    plain,
    event.schema,
    provider.eventAt.path,
    makeFake(seed, 0),
    makeValidate(),
    edits.flatMap((edit) => (edit.kind === 'merge' ? [] : [edit.path])),
  );
  if (!breakage)
    throw new UsageError('--invalid finds nothing to break: the payload has no field that the schema knows');
  return [applyEdits(value, [breakage.edit], { force: true }), breakage.words];
}

async function readEdits({ data, set = [], unset = [] }: CraftFlags, context: Context): Promise<Edit[]> {
  const merge =
    data === undefined ? [] : [parseMerge(await readText(data, '--data', context), `--data ${data}`)];
  return [...merge, ...set, ...unset];
}

function refuseConflicts(provider: Provider, events: readonly string[], flags: CraftFlags): void {
  refuseTwoStdins({ '--secret-file': flags.secretFile, '--data': flags.data, '--body': flags.body });
  const made = (['seed', 'at', 'set', 'unset', 'data', 'invalid', 'force'] as const).filter(
    (name) => flags[name] !== undefined,
  );
  if (flags.body !== undefined && made.length > 0) {
    throw new UsageError(
      `--body sends exact bytes, so --${made[0]} cannot apply`,
      'use --data to merge JSON into a made payload',
    );
  }
  if (flags.force && !flags.set && !flags.unset)
    throw new UsageError('--force goes with --set or --unset', 'add one of them, or leave it out');
  if (flags.body !== undefined && events.length > 0) {
    throw new UsageError(
      `--body says by itself which event it is, so "${events[0]}" cannot apply`,
      'leave the event out',
    );
  }
  if (flags.id === undefined) return;
  if (!provider.scheme.record?.newId) {
    throw new UsageError(
      `${provider.title} deliveries carry no id, so --id cannot apply`,
      `their identity is made of ${provider.identity.join(' + ')}`,
    );
  }
  if (events.length > 1)
    throw new UsageError(`--id would give ${events.length} deliveries the same id`, 'send one event with it');
}
