import type { Command, Option } from 'commander';
import type { Provider } from '../core/provider.ts';

/** A word that may come next. */
export interface Candidate {
  readonly word: string;
  readonly summary: string;
}

/** What is completed: the words before, and the one that is being typed. */
export interface Line {
  readonly before: readonly string[];
  readonly current: string;
}

/** What has names of its own. */
export interface Known {
  readonly providers: readonly Provider[];
  /** The rules of `hooks check`. */
  readonly rules: readonly Candidate[];
}

/**
 * What may stand where the line ends; empty: whatever a shell completes by itself, such as files.
 * @param command the line's command, declared; nothing while it is still being typed
 */
export function complete(
  program: Command,
  command: Command | undefined,
  line: Line,
  { providers, rules }: Known,
): Candidate[] {
  // A command of somebody else's, or words that are no options.
  if (line.before.includes('--')) return [];
  const inner = innerOf(program, command, line);
  const options = [program, command, inner].flatMap((each) => each?.options ?? []).filter(isShown);
  const awaited = line.before.length > 0 ? optionOf(options, line.before.at(-1) as string) : undefined;
  if (awaited && takesValue(awaited))
    return matching(valuesOf(awaited, line, { providers, rules }), line.current);
  if (line.current.startsWith('-')) return matching(options.map(candidateOf), line.current);
  if (!command) return matching(commandWords(program), line.current);
  const given = wordsIn(line.before, options).slice(1);
  if (!inner && command.commands.length > 0) return matching(commandWords(command), line.current);
  const words = inner
    ? argumentWords(inner, given.slice(1), providers)
    : argumentWords(command, given, providers);
  return matching(words, line.current);
}

const isShown = ({ hidden }: Option): boolean => !hidden;

/** The command within a command that a line names. */
function innerOf(program: Command, command: Command | undefined, { before }: Line): Command | undefined {
  if (!command) return undefined;
  const [, name] = wordsIn(before, [...program.options, ...command.options]);
  return command.commands.find((each) => each.name() === name);
}

const commandWords = ({ commands }: Command): Candidate[] =>
  commands.map((each) => ({ word: each.name(), summary: each.description() }));

const matching = (candidates: readonly Candidate[], start: string): Candidate[] =>
  candidates.filter(({ word }) => word.startsWith(start));

const takesValue = ({ required, optional }: Option): boolean => required || optional;

const optionOf = (options: readonly Option[], word: string): Option | undefined =>
  options.find(({ long, short }) => word === long || word === short);

const candidateOf = ({ long, short, description }: Option): Candidate => ({
  word: long ?? short ?? '',
  summary: description,
});

const plain = (words: readonly string[]): Candidate[] => words.map((word) => ({ word, summary: '' }));

const providerWords = (providers: readonly Provider[]): Candidate[] =>
  providers.map(({ name, title }) => ({ word: name, summary: title }));

const eventWords = ({ events }: Provider): Candidate[] =>
  Object.entries(events).map(([word, { summary }]) => ({ word, summary }));

function valuesOf(option: Option, { current, before }: Line, { providers, rules }: Known): Candidate[] {
  if (option.argChoices) return plain(option.argChoices);
  if (option.long === '--provider') return providerWords(providers);
  if (option.long === '--to') return plain(['localhost']);
  if (option.long === '--explain') return [...rules];
  if (option.long === '--event')
    return providers.filter(({ name }) => before.includes(name)).flatMap(eventWords);
  const done = current.slice(0, current.lastIndexOf(',') + 1);
  if (['--only', '--skip'].includes(option.long ?? ''))
    return rules.map(({ word, summary }) => ({ word: done + word, summary }));
  if (option.long !== '--events') return [];
  const qualified = (provider: Provider) =>
    eventWords(provider).map(({ word, summary }) => ({ word: `${provider.name}:${word}`, summary }));
  const all = providers.flatMap((provider) => [...eventWords(provider), ...qualified(provider)]);
  const unique = [...new Map(all.map((candidate) => [candidate.word, candidate])).values()];
  return unique.map(({ word, summary }) => ({ word: done + word, summary }));
}

/** The words of a line that are neither options nor their values: the command's name, and its arguments. */
export const wordsIn = (words: readonly string[], options: readonly Option[]): string[] =>
  words.filter((word, index) => {
    const option = index > 0 ? optionOf(options, words[index - 1] as string) : undefined;
    return !word.startsWith('-') && !(option && takesValue(option));
  });

function argumentWords(
  command: Command,
  given: readonly string[],
  providers: readonly Provider[],
): Candidate[] {
  const declared = command.registeredArguments;
  const last = declared.at(-1);
  const argument = declared[given.length] ?? (last?.variadic ? last : undefined);
  if (argument === undefined) return [];
  if (argument.argChoices) return plain(argument.argChoices);
  if (argument.name() === 'provider') return providerWords(providers);
  const provider = providers.find(({ name }) => name === given[0]);
  return argument.name() === 'event' && provider ? eventWords(provider) : [];
}
