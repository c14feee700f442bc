import {
  closeSync,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import type { Fact } from '../core/facts.ts';
import { printableJson } from '../core/printable.ts';
import { UsageError } from '../errors.ts';

/** A file to which facts are appended, one a line. */
export interface Recording {
  /** Resolves when the fact is in the file, or lost. */
  readonly append: (fact: Fact) => Promise<void>;
  /** How many facts could not be written. */
  readonly lost: () => number;
  /** Writes what is still to be written. */
  readonly close: () => void;
}

/**
 * Opens a recording, which only its owner may read: it holds signatures, credentials and whatever else came. What is
 * appended in one turn of the event loop is written at once.
 * @param onLoss told when facts could not be written, first and after each time it went well again
 * @throws {UsageError} when the file cannot be written, or holds something else than facts
 */
export function openRecording(path: string, onLoss: (reason: string) => void): Recording {
  const file = open(path);
  let pending: string[] = [];
  let written: Promise<void> | undefined;
  let lost = 0;
  let closed = false;
  let wasLost = false;
  const flush = () => {
    const lines = pending;
    pending = [];
    written = undefined;
    if (lines.length === 0) return;
    const { missing, fault } = appendLines(file, lines);
    lost += missing;
    if (fault !== undefined && !wasLost) onLoss(fault);
    wasLost = fault !== undefined;
  };
  // Whoever ends the process in the middle of a turn takes nothing away that has come already.
  process.once('exit', flush);
  return {
    append(fact) {
      if (closed) lost += 1;
      if (closed) return Promise.resolve();
      pending.push(`${printableJson(JSON.stringify(fact))}\n`);
      written ??= new Promise((resolve) => {
        setImmediate(() => {
          flush();
          resolve();
        });
      });
      return written;
    },
    lost: () => lost,
    close() {
      flush();
      closed = true;
      process.off('exit', flush);
      closeSync(file.descriptor);
    },
  };
}

interface File {
  readonly descriptor: number;
  /** The last line has no end yet. */
  torn: boolean;
}

function open(path: string): File {
  try {
    const there = statSync(path, { throwIfNoEntry: false });
    // To open a pipe is to wait for its reader.
    if (there?.isFIFO()) throw new Error('it is a pipe');
    const torn = there?.isFile() ? isTorn(path, there.size) : false;
    const descriptor = openSync(path, 'a', 0o600);
    if (there?.isFile()) keepPrivate(descriptor);
    return { descriptor, torn };
  } catch (error) {
    throw new UsageError(
      `--record ${path} cannot be written: ${(error as Error).message}`,
      'name a new file, or a recording to go on with',
    );
  }
}

/** A file of somebody else's keeps its mode. */
function keepPrivate(descriptor: number): void {
  try {
    fchmodSync(descriptor, 0o600);
  } catch {
    // Whose file it is has said who may read it.
  }
}

/** Every fact begins with its kind. */
const factStart = '{"kind":"';

/** Whether a recording ends in the middle of a line, as a process leaves it that is killed; throws where it is none. */
function isTorn(path: string, size: number): boolean {
  if (size === 0) return false;
  const descriptor = openSync(path, 'r');
  try {
    const at = (position: number, length: number) => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, length, position)).toString();
    };
    if (!at(0, factStart.length).startsWith(factStart))
      throw new Error('it holds something else than a recording');
    return at(size - 1, 1) !== '\n';
  } finally {
    closeSync(descriptor);
  }
}

/** Appends whole lines; a piece of one that did not get all the way in is taken out again. */
function appendLines(file: File, lines: readonly string[]): { missing: number; fault?: string } {
  const lead = file.torn ? 1 : 0;
  const bytes = Buffer.from('\n'.repeat(lead) + lines.join(''));
  let done = 0;
  try {
    while (done < bytes.length) done += writeSync(file.descriptor, bytes, done);
    file.torn = false;
    return { missing: 0 };
  } catch (error) {
    const written = bytes.subarray(0, done);
    const whole = written.lastIndexOf('\n') + 1;
    if (done > 0) file.torn = whole < done && !isCut(file, done - whole);
    const kept = written.toString('latin1').split('\n').length - 1 - Math.min(lead, done);
    return { missing: lines.length - kept, fault: (error as Error).message };
  }
}

/** Takes the last bytes out again; a device does not give back. */
function isCut({ descriptor }: File, length: number): boolean {
  try {
    ftruncateSync(descriptor, fstatSync(descriptor).size - length);
    return true;
  } catch {
    return false;
  }
}
