import { type Command, Option } from 'commander';
import type { Batch } from '../actions/send.ts';
import type { Context } from '../context.ts';
import { draft, type Origin } from '../core/craft.ts';
import { bodyText } from '../core/form.ts';
import { type Breakage, findBreakage } from '../core/invalid.ts';
import { type ExactJson, jsonText, stringifyExact } from '../core/json.ts';
import { applyEdits, type Edit, parseMerge, parseSet, parseUnset } from '../core/patch.ts';
import type { Draft, EventType, Provider } from '../core/provider.ts';
import { sendsId } from '../core/select.ts';
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
  readonly count?: number;
  readonly same?: boolean;
}

/** What is to be sent, made one by one. */
export interface Crafted extends Batch {
  readonly seed: number;
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
 * Prepares what is to be sent: everything that can go wrong with the flags goes wrong here.
 * @param events machine names, in lifecycle order
 * @param say is told how a payload came to be, for the first round
 * @throws {UsageError} for flags that do not go together, unreadable input, an unknown path
 */
export async function craft(
  provider: Provider,
  events: readonly string[],
  flags: CraftFlags,
  context: Context,
  say: (note: string) => void,
): Promise<Crafted> {
  refuseConflicts(provider, events, flags);
  const seed = flags.seed ?? context.randomSeed();
  const started = flags.at ?? context.now();
  // One event after the other happens when it is made; a story keeps one clock, or its times would not agree.
  const clock = () => (flags.at !== undefined || flags.same || events.length > 1 ? started : context.now());
  const make =
    flags.body === undefined
      ? await payloads(provider, events, flags, context, say)
      : await fixedBody(provider, flags, context);
  const perRound = Math.max(1, events.length);
  const originOf = (index: number): Origin => {
    const round = flags.same ? 0 : Math.floor(index / perRound);
    return { seed: (seed + round) % 2 ** 32, at: clock() };
  };
  const first = Array.from({ length: perRound }, (_, index) => make(index, originOf(index)));
  const draftAt = (index: number): Draft =>
    index < perRound || flags.same
      ? (first[index % perRound] as Draft)
      : makeLater(make, index % perRound, originOf(index));
  return { seed, total: perRound * (flags.count ?? 1), draft: draftAt };
}

/** Makes the draft of an event of a round. */
type Make = (event: number, origin: Origin) => Draft;

/** An edit that fits one payload may not fit another; the first round has shown that it fits some. */
function makeLater(make: Make, event: number, origin: Origin): Draft {
  try {
    return make(event, origin);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`the payload of seed ${origin.seed} cannot be made: ${error.message}`, error.hint);
  }
}

async function fixedBody(provider: Provider, flags: CraftFlags, context: Context): Promise<Make> {
  const body = await readInput(flags.body as string, '--body', context);
  return (_event, origin) => ({ ...draft(provider, body, origin, { id: flags.id }), seed: undefined });
}

async function payloads(
  provider: Provider,
  events: readonly string[],
  flags: CraftFlags,
  context: Context,
  say: (note: string) => void,
): Promise<Make> {
  const edits = await readEdits(flags, context);
  // Faker is the heaviest part, and only made payloads need it.
  const { payloadMaker } = await import('../core/fake.ts');
  const payloadOf = payloadMaker();
  const breakIn = flags.invalid ? await breaker(provider, edits) : undefined;
  const ages = events.map((name) => storyAge(provider, events, name));
  const told = new Set<string>();
  return (index, { seed, at }) => {
    const name = events[index] as string;
    const event = provider.events[name] as EventType;
    const story = { seed, at: at - (ages[index] as number) };
    const payload = payloadOf(event, story);
    let edited = applyEdits(payload, edits, { schema: event.schema, force: flags.force ?? false });
    if (breakIn) {
      const { edit, words } = breakIn(edited, event, seed);
      edited = applyEdits(edited, [edit], { force: true });
      if (!told.has(name)) say(`--invalid: ${name}: ${words}`);
      told.add(name);
    }
    const isPlain = edited === payload && provider.format === undefined;
    const text = isPlain ? jsonText(payload) : bodyText(provider, edited);
    return draft(provider, Buffer.from(text), story, { id: flags.id, value: edited as Json, event: name });
  };
}

/**
 * How long before the end of a story one of its events fires, ms: several events tell the story of one subject, which
 * was born long enough ago for the last of them to happen now.
 */
function storyAge(provider: Provider, events: readonly string[], name: string): number {
  const age = (each: string) => (provider.events[each]?.age ?? 0) * 1000;
  return Math.max(...events.map(age)) - age(name);
}

async function breaker(
  provider: Provider,
  edits: readonly Edit[],
): Promise<(value: ExactJson, event: EventType, seed: number) => Breakage> {
  const { makeFake } = await import('../core/fake.ts');
  const { makeValidate } = await import('../core/validate.ts');
  const validate = makeValidate();
  const spared = edits.flatMap((edit) => (edit.kind === 'merge' ? [] : [edit.path]));
  return (value, { schema }, seed) => {
    const plain = JSON.parse(stringifyExact(value)) as Json;
    const breakage = findBreakage(plain, schema, provider.eventAt.path, makeFake(seed, 0), validate, spared);
    if (breakage) return breakage;
    throw new UsageError('--invalid finds nothing to break: the payload has no field that the schema knows');
  };
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
  if (!sendsId(provider)) {
    throw new UsageError(
      `${provider.title} deliveries carry no id, so --id cannot apply`,
      `their identity is made of ${provider.identity.join(' + ')}`,
    );
  }
  if (events.length > 1 || ((flags.count ?? 1) > 1 && !flags.same))
    throw new UsageError(
      `--id would give ${Math.max(1, events.length) * (flags.count ?? 1)} deliveries the same id`,
      'send one event with it',
    );
}
