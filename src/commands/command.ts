import type { Command } from 'commander';
import type { Context } from '../context.ts';

/**
 * Hands the work of a command to main(), which turns its result into an exit code. The work is given the context, and
 * the words after `hooks` as they were written.
 */
export type Run = (work: (context: Context, argv: readonly string[]) => Promise<number>) => Promise<void>;

/** Declares the options and arguments of the program's command of a name, if there is one, and gives it. */
export type Declare = (name: string) => Promise<Command | undefined>;

/** What a file of commands/ exports. */
export interface CommandModule {
  readonly configure: (command: Command, run: Run, declare: Declare) => void;
}
