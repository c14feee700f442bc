import type { Command } from 'commander';
import { parseDuration } from '../core/quantity.ts';
import { parseScript, type Script } from '../core/respond.ts';
import type { Headers } from '../core/types.ts';
import { listOption, valueOption } from './options.ts';
import { parseHeader } from './targeting.ts';

/** The flags that say how a listener answers. */
export interface AnswerFlags {
  readonly respond?: Script;
  readonly respondHeader?: Headers;
  readonly delay?: number;
}

export function answerOptions(command: Command): Command {
  return command
    .addOption(
      valueOption('--respond <statuses>', 'answer with these, the last for good: 500x2,200', parseScript),
    )
    .addOption(listOption('--respond-header <header>', "add a header to each answer: 'K: V'", parseHeader))
    .addOption(valueOption('--delay <time>', 'wait so long before each answer', parseDuration));
}
