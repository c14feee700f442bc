import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { UsageError } from '../errors.ts';

/** A file of facts that grows a line at a time. */
export interface Recording {
  /** Resolves when the line is in the hands of the system; false where it could not be written. */
  readonly append: (line: string) => Promise<boolean>;
  /** The first fault that lost a line, in words. */
  readonly fault: () => string | undefined;
  readonly close: () => void;
}

/**
 * Opens a recording to append to, readable by its owner alone, since it holds what came: credentials too. Lines are
 * written in batches, before anybody is told of them, so that what was answered is there after a kill.
 * @throws {UsageError} when it cannot be opened
 */
export function openRecording(path: string): Recording {
  const file = open(path);
  let fault: string | undefined;
  let batch: { text: string; settle: ((written: boolean) => void)[] } = {
    text: torn(file) ? '\n' : '',
    settle: [],
  };
  const flush = () => {
    const { text, settle } = batch;
    batch = { text: '', settle: [] };
    const written = text === '' || write(file, text);
    for (const done of settle) done(written);
  };
  const write = (to: number, text: string): boolean => {
    const bytes = Buffer.from(text);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(to, bytes, at);
      return true;
    } catch (error) {
      fault ??= (error as Error).message;
      return false;
    }
  };
  return {
    append: (line) =>
      new Promise((settle) => {
        if (batch.settle.length === 0) setImmediate(flush);
        batch.text += `${line}\n`;
        batch.settle.push(settle);
      }),
    fault: () => fault,
    close: () => {
      flush();
      closeSync(file);
    },
  };
}

function open(path: string): number {
  try {
    return openSync(path, 'a+', 0o600);
  } catch (error) {
    throw new UsageError(
      `--record ${path} cannot be written: ${(error as Error).message}`,
      'name a file in a folder of yours',
    );
  }
}

/** Whether the last line was cut off, by a kill or a full disk: the next one must not join it. */
function torn(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last[0] !== 0x0a;
}
