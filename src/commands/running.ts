import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { Ending } from '../core/gate.ts';
import type { Provider } from '../core/provider.ts';
import { UsageError } from '../errors.ts';
import type { ChildEnd, Task } from '../io/child.ts';
import type { RunningGate } from './gating.ts';
import { valueOption } from './options.ts';
import { type Secrets, secretVariable } from './secrets.ts';

/** The flags that say what runs beside a listener. */
export interface TaskFlags {
  readonly exec?: string;
}

export function taskOptions(command: Command): Command {
  return command
    .usage('[options] [-- command...]')
    .argument(
      '[command...]',
      'run it once we listen; 0 when it ends with 0, all that is expected has come, and nothing invalid',
    )
    .addOption(valueOption('--exec <line>', "the same with a line for a shell: 'npm test'"));
}

/**
 * What runs beside the listener, if anything does.
 * @param words what the parser took for arguments
 * @param argv all words as they were written: only they still have the `--`
 * @throws {UsageError} for words that do not stand behind it, for none behind it, and where there is a line, too
 */
export function readTask(
  { exec }: TaskFlags,
  words: readonly string[],
  argv: readonly string[],
): Task | undefined {
  const at = argv.indexOf('--');
  const behind = at < 0 ? [] : argv.slice(at + 1);
  if (words.length !== behind.length)
    throw new UsageError(
      `"${words[0] ?? '--'}" is a word too many`,
      'a command to run stands behind two dashes: hooks listen -- npm test',
    );
  if (at >= 0 && exec !== undefined)
    throw new UsageError('one command can run: --exec or what stands behind --', 'leave one of them out');
  if (at >= 0 && (words[0] ?? '').trim() === '')
    throw new UsageError('there is no command behind --', 'write hooks listen -- npm test');
  if (exec !== undefined) return { line: exec };
  return at >= 0 ? { words } : undefined;
}

/**
 * What a command needs to send to a listener.
 * @param url the listener's
 */
export function taskEnvironment(
  url: string,
  secrets: Secrets,
  providers: readonly Provider[],
): Readonly<Record<string, string | undefined>> {
  // The address that means all of them is none to send to.
  const reachable = url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
  const own = providers.map((provider) => [secretVariable(provider), secrets.of(provider)[0]]);
  return { HOOKS_URL: reachable, ...Object.fromEntries(own) };
}

/**
 * Runs a command until it ends, the gate's time is over, or we are interrupted; then it has ended, with its children.
 * @returns how it ended, or what ended it; nothing when interrupted
 * @throws {UsageError} when it cannot be started
 */
export async function accompany(
  task: Task,
  env: Readonly<Record<string, string | undefined>>,
  gate: RunningGate,
  context: Context,
  json: boolean,
): Promise<Ending | undefined> {
  const { startChild } = await import('../io/child.ts');
  const { interrupt, out, err } = context;
  // A pipe that we opened later would be made non-blocking, for the command that shares it too.
  for (const { write } of [out, err]) write('');
  const child = await startChild(task, { ...context.env, ...env }, json ? 'stderr' : 'stdout');
  const ending = await Promise.race([child.ended.then(endingOf), gate.ended, cutShort(interrupt)]);
  await child.stop(interrupt.reason === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
  return ending;
}

/** A reader that left does not end a command: its exit code is still to come. */
function cutShort(interrupt: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    const look = () => {
      if (interrupt.aborted && interrupt.reason !== 'EPIPE') resolve(undefined);
    };
    interrupt.addEventListener('abort', look, { once: true });
    look();
  });
}

function endingOf(end: ChildEnd): Ending {
  const failed = (how: string): Ending => ({
    met: false,
    code: 'COMMAND_FAILED',
    why: `the command ${how}`,
  });
  if ('signal' in end) return failed(`was ended by ${end.signal}`);
  if (end.code === 0) return { met: true };
  const unknown = end.code === 127 ? ', as a shell does where there is no such command' : '';
  return failed(`ended with exit code ${end.code}${unknown}`);
}
