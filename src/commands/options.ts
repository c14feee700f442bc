import { type Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../errors.ts';

const looksLikeOption = /^(?:--(?:[a-z]|$)|-[a-zA-Z]$)/;

/** An option that takes a value; what looks like another option is refused, for it was most likely forgotten. */
export function valueOption<T = string>(
  flags: string,
  description: string,
  parse?: (text: string) => T,
): Option {
  return new Option(flags, description).argParser((text: string) => {
    refuseOption(text);
    return parse ? named(flags, () => parse(text)) : text;
  });
}

/** Those that may stand there any number of times. */
const repeatable = new WeakSet<Option>();

/**
 * Lets a command, and what belongs to it, refuse an option with a value that stands there twice: the first value would be
 * forgotten.
 */
export function refuseTwice(command: Command): void {
  for (const option of command.options) {
    if ((!option.required && !option.optional) || repeatable.has(option)) continue;
    let given = false;
    command.on(`option:${option.name()}`, () => {
      if (given)
        throw new UsageError(
          `${option.long} stands there twice`,
          /<(?:globs|rules|pauses)>/.test(option.flags)
            ? 'give it once, with commas in between'
            : 'give it once',
        );
      given = true;
    });
  }
  for (const each of command.commands) refuseTwice(each);
}

/** The same, given any number of times: the values in a list. */
export function listOption<T = string>(
  flags: string,
  description: string,
  parse?: (text: string) => T,
): Option {
  const option = new Option(flags, `${description} (repeatable)`).argParser(
    (text: string, before: unknown) => {
      refuseOption(text);
      return [...((before as T[] | undefined) ?? []), parse ? named(flags, () => parse(text)) : (text as T)];
    },
  );
  repeatable.add(option);
  return option;
}

/** An error that does not name the option itself is given its name. */
function named<T>(flags: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof UsageError) || error.message.startsWith('-')) throw error;
    throw new UsageError(`${/--[a-z-]+/.exec(flags)?.[0]}: ${error.message}`, error.hint);
  }
}

function refuseOption(text: string): void {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty.');
  if (looksLikeOption.test(text))
    throw new InvalidArgumentError('It looks like an option; its value is missing.');
}

/**
 * A whole number from `least` to `most`.
 * @throws {UsageError} for anything else
 */
export const wholeNumber = (least: number, most: number) => (text: string) => {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`"${text}" is not a whole number from ${least} to ${most}`);
};

/** A number as it is written in most languages: 20, 0.5, 1e5. */
const decimal = /^(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * A number above 0.
 * @throws {UsageError} for anything else
 */
export function aboveZero(text: string): number {
  const value = decimal.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && Number.isFinite(value)) return value;
  throw new UsageError(`"${text}" is not a number above 0`, 'write it as 20, 0.5 or 1e5');
}

/**
 * A probability, from 0 to 1.
 * @throws {UsageError} for anything else
 */
export function probability(text: string): number {
  const value = decimal.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= 1) return value;
  throw new UsageError(`"${text}" is not a probability`, 'write a number from 0 to 1, such as 0.1');
}

const iso = /^(\d{4})-(\d\d)-(\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * A time in ISO 8601, as ms since the epoch. Without a zone it is UTC: the same words mean the same everywhere.
 * @throws {UsageError} for anything else, and for a day that no calendar has
 */
export function isoInstant(text: string): number {
  const [, year, month, day, zone] = iso.exec(text) ?? [];
  const dated = new Date(`${year}-${month}-${day}T00:00:00Z`).getUTCDate() === Number(day);
  const value = dated ? Date.parse(text.length > 10 && !zone ? `${text}Z` : text) : Number.NaN;
  if (value >= 0) return value;
  throw new UsageError(
    `"${text}" is not a time`,
    'write ISO 8601, such as 2026-11-21T10:00:00Z, from 1970 on',
  );
}

/**
 * An id as a header can carry it.
 * @throws {UsageError} for anything else
 */
export function deliveryId(text: string): string {
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new UsageError(
    'the id is sent in a header, and so is made of visible ASCII characters',
    'write --id msg_1',
  );
}

/** Adds examples under the help of a command. */
export function examples(command: Command, lines: readonly (readonly [string, string])[]): Command {
  const width = Math.max(...lines.map(([line]) => line.length));
  const text = lines.map(([line, what]) => `  $ ${line.padEnd(width)}  # ${what}`).join('\n');
  return command.addHelpText('after', `\nExamples:\n${text}`);
}

/** The options that say by which secrets to sign or verify. */
export function secretOptions(command: Command): Command {
  return command
    .addOption(valueOption('--secret-file <file>', 'read the secrets from a file, one a line (- is stdin)'))
    .addOption(listOption('-s, --secret <secret>', 'a secret; it shows in the process list'));
}

/** The option that picks deliveries by their events. */
export const eventsOption = (verb: string): Option =>
  valueOption('-e, --events <globs>', `${verb} only these: order.*,shoprocket:customer.created`, (text) =>
    text.split(','),
  );

/** The option that turns facts into NDJSON on stdout. */
export const jsonOption = (): Option => new Option('--json', 'print facts as NDJSON');

/** The option behind a name: `--max-body` for `maxBody`. */
export const dashed = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
