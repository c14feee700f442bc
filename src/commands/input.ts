import { isUtf8 } from 'node:buffer';
import type { Context } from '../context.ts';
import { formatSize } from '../core/quantity.ts';
import { UsageError } from '../errors.ts';
import type { Pieces, Source } from '../io/source.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'you may not read it',
  ELOOP: 'its links go round in a circle',
  ENOTDIR: 'a part of its path is no directory',
  ENAMETOOLONG: 'its name is too long',
};

/** No capture, body or list of secrets is larger; what never ends is not read for ever. */
const largest = 100 * 1024 * 1024;

/**
 * The bytes of a file, or of stdin for `-`.
 * @param option names the input in an error
 * @throws {UsageError} when it cannot be read
 */
export async function readInput(path: string, option: string, context: Context): Promise<Buffer> {
  try {
    const source = await open(path, context);
    try {
      return await wholeOf(source, context);
    } finally {
      await source.close();
    }
  } catch (error) {
    throw worded(error, path, option, context);
  }
}

/** All bytes of a source. @throws {Error} where they are too many, and what an interruption throws */
async function wholeOf(source: Source, { interrupt }: Context): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source.read()) {
    interrupt.throwIfAborted();
    chunks.push(chunk);
    size += chunk.length;
    if (size > largest) throw new Error(`it is larger than ${formatSize(largest)}`);
  }
  interrupt.throwIfAborted();
  return Buffer.concat(chunks);
}

/** Opens a file, or stdin for `-`; what may keep us waiting ends when we are interrupted. */
async function open(path: string, { stdin, interrupt }: Context): Promise<Source> {
  const { once, openFile } = await import('../io/source.ts');
  return path === '-' ? once(stdin()) : openFile(path, interrupt);
}

/** What is thrown where an input cannot be read: in words, unless it was an interruption. */
function worded(error: unknown, path: string, option: string, { interrupt }: Context): unknown {
  if (interrupt.aborted || error instanceof UsageError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new UsageError(
    `${option} ${path} cannot be read: ${reasons[code] ?? message}`,
    // Of what stands in a configuration, as `hooks.config.json: secrets.acme`, stdin is no part.
    option.includes(': ') ? 'correct its path' : 'give a file, or - for stdin',
  );
}

/**
 * Opens a file, or stdin for `-`, to be read piece by piece, however large it is.
 * @param again it shall be read more than once: what cannot be is copied first, to its end
 * @throws {UsageError} when it cannot be opened; so do its pieces when they cannot be read
 */
export async function openInput(
  path: string,
  option: string,
  context: Context,
  { again = false } = {},
): Promise<Source> {
  const { spool, stayLean, withLineFeed } = await import('../io/source.ts');
  stayLean();
  const bounded = ({ repeatable, read }: Source) => (repeatable ? read : () => withLineFeed(read(), largest));
  try {
    const opened = await open(path, context);
    const source = opened.repeatable || !again ? opened : await spool(bounded(opened)());
    if (source !== opened) await opened.close();
    return { ...source, read: (from) => guarded(bounded(source)(from), path, option, context) };
  } catch (error) {
    throw worded(error, path, option, context);
  }
}

/** Pieces until the interruption, errors in words. */
async function* guarded(
  pieces: Pieces,
  path: string,
  option: string,
  context: Context,
): AsyncGenerator<Buffer> {
  try {
    for await (const piece of pieces) {
      if (context.interrupt.aborted) return;
      yield piece;
    }
  } catch (error) {
    throw worded(error, path, option, context);
  }
}

/**
 * The text of a file, or of stdin for `-`; the byte order mark that editors on Windows begin it with is left out.
 * @throws {UsageError} when it cannot be read, or is not UTF-8
 */
export async function readText(path: string, option: string, context: Context): Promise<string> {
  return textOf(await readInput(path, option, context), path, option);
}

/**
 * The text of what is open already, as `readText` reads it.
 * @throws {UsageError} when it cannot be read, or is not UTF-8
 */
export async function readOpen(
  source: Source,
  path: string,
  option: string,
  context: Context,
): Promise<string> {
  const bytes = await wholeOf(source, context).catch((error) => {
    throw worded(error, path, option, context);
  });
  return textOf(bytes, path, option);
}

function textOf(bytes: Buffer, path: string, option: string): string {
  if (!isUtf8(bytes)) throw new UsageError(`${option} ${path} is not valid UTF-8`, 'save it as UTF-8');
  return bytes.toString().replace(/^\ufeff/, '');
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
