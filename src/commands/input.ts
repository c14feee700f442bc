import type { Context } from '../context.ts';
import { UsageError } from '../errors.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'you may not read it',
};

/**
 * The bytes of a file, or of stdin for `-`.
 * @param option names the input in an error
 * @throws {UsageError} when it cannot be read
 */
export async function readInput(path: string, option: string, context: Context): Promise<Buffer> {
  try {
    return path === '-' ? await context.readStdin() : context.readFile(path);
  } catch (error) {
    if (context.interrupt.aborted) throw error;
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `${option} ${path} cannot be read: ${reasons[code] ?? message}`,
      'give a file, or - for stdin',
    );
  }
}

/**
 * Refuses that two inputs are both read from stdin.
 * @throws {UsageError} that names them
 */
export function refuseTwoStdins(inputs: Readonly<Record<string, string | undefined>>): void {
  const both = Object.keys(inputs).filter((name) => inputs[name] === '-');
  if (both.length > 1)
    throw new UsageError(`${both.join(' and ')} cannot both read stdin`, 'give one of them a file');
}
