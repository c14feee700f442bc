import { Command, CommanderError, Option } from 'commander';
import type { CommandModule, Declare, Run } from './commands/command.ts';
import { refuseTwice } from './commands/options.ts';
import type { Context } from './context.ts';
import { UsageError } from './errors.ts';
import { interruptionCode } from './exit-codes.ts';
import { version } from './version.ts';

/** A command: named here, loaded when it is called. */
interface Entry {
  readonly name: string;
  readonly alias?: string;
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

const entries: readonly Entry[] = [
  {
    name: 'send',
    alias: 'trigger',
    summary: 'make an event, sign it as its provider does, and POST it',
    load: () => import('./commands/send.ts'),
  },
  {
    name: 'listen',
    summary: 'receive deliveries: verify, validate and print them',
    load: () => import('./commands/listen.ts'),
  },
  {
    name: 'events',
    summary: 'the catalogue: events, samples, schemas',
    load: () => import('./commands/events.ts'),
  },
  {
    name: 'replay',
    summary: 'send recorded deliveries again, freshly signed',
    load: () => import('./commands/replay.ts'),
  },
  { name: 'verify', summary: 'judge a captured delivery', load: () => import('./commands/verify.ts') },
  {
    name: 'sign',
    summary: "print the signature's headers for a body",
    load: () => import('./commands/sign.ts'),
  },
  {
    name: 'check',
    summary: 'find out whether a receiver does what it must',
    load: () => import('./commands/check.ts'),
  },
  {
    name: 'infer',
    summary: 'find the signing scheme of captured deliveries',
    load: () => import('./commands/infer.ts'),
  },
  {
    name: 'provider',
    summary: 'declare a provider of your own: init, import, test',
    load: () => import('./commands/provider.ts'),
  },
  {
    name: 'config',
    summary: 'print the merged configuration, and where each value is from',
    load: () => import('./commands/config.ts'),
  },
  {
    name: 'demo',
    summary: 'send every event to a listener of our own',
    load: () => import('./commands/demo.ts'),
  },
  {
    name: 'completion',
    summary: 'print the completion script of a shell',
    load: () => import('./commands/completion.ts'),
  },
];

const examples = `
Examples:
  $ hooks listen                                           # in one terminal
  $ hooks send shoprocket order.created --to localhost     # in another
  $ hooks demo                                             # every event of every provider, judged

Exit codes: 0 done, 1 the answer is no, 2 could not start, 3 nothing answered.`;

/** The whole program. */
export function makeProgram(run: Run): Command {
  const program = new Command('hooks')
    .description('Test webhooks locally: fake, sign, send, receive and judge the events of a provider.')
    .version(version, '-V, --version', 'print the version')
    .addOption(
      new Option('--color <when>', 'colour the output').choices(['on', 'off', 'auto']).default('auto'),
    )
    .addOption(new Option('--config <file>', 'the configuration (default: the nearest hooks.config.…)'))
    .addOption(new Option('--debug', 'show where an error comes from'))
    .helpOption('-h, --help', 'explain')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', examples);
  refuseTwice(program);
  for (const { name, alias, summary } of entries) {
    const command = program.command(name).description(summary);
    if (alias) command.alias(alias);
  }
  const declared = new Set<Command>();
  const declare: Declare = async (name) => {
    const command = program.commands.find((candidate) =>
      [candidate.name(), candidate.alias()].includes(name),
    );
    const entry = entries.find((candidate) => candidate.name === command?.name());
    if (command && entry && !declared.has(command)) {
      declared.add(command);
      (await entry.load()).configure(command, run, declare);
      refuseTwice(command);
    }
    return command;
  };
  return program.hook('preSubcommand', async (_program, command) => {
    await declare(command.name());
  });
}

/**
 * Runs the program and gives the exit code: the one place where errors become codes.
 * @param argv the words after `hooks`
 */
export async function main(argv: readonly string[], context: Context): Promise<number> {
  let code = 0;
  const program = makeProgram(async (work) => {
    code = await work(context, argv);
  });
  connect(program, context);
  try {
    if (argv.length === 0) {
      program.outputHelp({ error: true });
      return 2;
    }
    await program.parseAsync(helpFirst(argv, program), { from: 'user' });
    return code;
  } catch (error) {
    return codeOf(error, context, ownWords(argv).includes('--debug'));
  }
}

/** The words that are ours: what stands behind `--` is not. */
const ownWords = (argv: readonly string[]): readonly string[] =>
  argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;

/** `hooks help send` is `hooks send --help`; help on what is no command is refused as the command itself is. */
function helpFirst(argv: readonly string[], { commands }: Command): string[] {
  const words = argv[0] === 'help' ? [...argv.slice(1, 2), '--help'] : [...argv];
  const [name = ''] = words;
  const known =
    name.startsWith('-') || commands.some((each) => [each.name(), ...each.aliases()].includes(name));
  return known ? words : [name];
}

function connect(program: Command, { out, err }: Context): void {
  const output = {
    writeOut: (text: string) => out.write(text),
    writeErr: (text: string) => err.write(text),
    getOutHelpWidth: () => out.columns,
    getErrHelpWidth: () => err.columns,
  };
  for (const command of [program, ...program.commands]) command.exitOverride().configureOutput(output);
}

function codeOf(error: unknown, { err, interrupt }: Context, debug: boolean): number {
  // Commander has printed what was wrong already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (interrupt.aborted) return interruptionCode(interrupt);
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const expected = error instanceof UsageError;
  err.write(`error: ${expected ? message : `something went wrong in hooks itself: ${message}`}\n`);
  if (expected && error.hint) err.write(`${error.hint}\n`);
  if (!expected && !debug) err.write('--debug shows where; please report it\n');
  if (debug) err.write(`${stack}\n`);
  return 2;
}
