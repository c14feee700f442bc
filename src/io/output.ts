import { closeSync, fstatSync, lstatSync, openSync, unlinkSync, writeFileSync } from 'node:fs';
import { UsageError } from '../errors.ts';

/** A file that will be written at the end. */
export interface OutputFile {
  /** @throws {UsageError} when it cannot be written after all: the disk is full, say */
  readonly write: (text: string) => void;
}

/**
 * Opens a file now, so that work whose result could not be kept is not begun. Until it is written, a file is as it was.
 * @param option names the file in an error
 * @throws {UsageError} when it cannot be written
 */
export function openOutput(path: string, option: string): OutputFile {
  const kept = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      const { message } = error as Error;
      throw new UsageError(`${option} ${path} cannot be written: ${message}`, 'name another file');
    }
  };
  const write = kept(() => writerOf(path));
  return { write: (text) => kept(() => write(text)) };
}

/** @throws {Error} of the file system */
function writerOf(path: string): (text: string) => void {
  const isNew = lstatSync(path, { throwIfNoEntry: false }) === undefined;
  const descriptor = openSync(path, 'a');
  if (!fstatSync(descriptor).isFile()) {
    // Who reads a pipe would take its end for the end.
    return (text) => {
      try {
        writeFileSync(descriptor, text);
      } finally {
        closeSync(descriptor);
      }
    };
  }
  closeSync(descriptor);
  if (isNew) unlinkSync(path);
  return (text) => writeFileSync(path, text);
}
