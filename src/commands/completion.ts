import type { Command } from 'commander';
import type { Run } from '../cli.ts';

/** Declares `hooks completion`. */
export function configure(command: Command, run: Run): void {
  command.action(() => run(async () => 0));
}
