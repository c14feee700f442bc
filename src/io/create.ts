import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { UsageError } from '../errors.ts';

/**
 * Writes a file that is not there yet.
 * @throws {UsageError} when there is one, which is left as it is, or it cannot be written
 */
export function createFile(path: string, shown: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new UsageError(
        `${shown} is there already, and is left as it is`,
        'move it away, or take another name',
      );
    throw new UsageError(`${shown} cannot be written: ${message}`);
  }
}

/** The text of a file; nothing where there is none. */
export const readIfThere = (path: string): string | undefined =>
  existsSync(path) ? readFileSync(path, 'utf8') : undefined;

/** Writes a file that may be there already. @throws {UsageError} when it cannot be written */
export function rewriteFile(path: string, shown: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(`${shown} cannot be written: ${(error as Error).message}`);
  }
}
