import { closeSync, fstatSync, ftruncateSync, openSync, writeFileSync } from 'node:fs';
import { UsageError } from '../errors.ts';

/** A file that will be written at the end. */
export interface OutputFile {
  /** @throws {UsageError} when it cannot be written after all: the disk is full, say */
  readonly write: (text: string) => void;
}

/**
 * Opens a file now, so that work whose result could not be kept is not begun.
 * @param option names the file in an error
 * @throws {UsageError} when it cannot be written
 */
export function openOutput(path: string, option: string): OutputFile {
  const unwritable = ({ message }: Error) =>
    new UsageError(`${option} ${path} cannot be written: ${message}`, 'name another file');
  try {
    const descriptor = openSync(path, 'a');
    return {
      write(text) {
        try {
          if (fstatSync(descriptor).isFile()) ftruncateSync(descriptor);
          writeFileSync(descriptor, text);
        } catch (error) {
          throw unwritable(error as Error);
        } finally {
          closeSync(descriptor);
        }
      },
    };
  } catch (error) {
    throw unwritable(error as Error);
  }
}
