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

/** What a recording says of itself. */
export interface Losses {
  /** Told when facts could not be written, first and after each time it went well again. */
  readonly onLoss: (reason: string) => void;
  /** What stands in the place of so many facts that could not be written. */
  readonly gap: (lost: number) => Fact;
}

/** So often it is looked whether the file is still there, ms. */
const lookMs = 1000;

/**
 * Opens a recording, which only its owner may read: it holds signatures, credentials and whatever else came. What is
 * appended in one turn of the event loop is written at once.
 * @throws {UsageError} when the file cannot be written, or holds something else than facts
 */
export function openRecording(path: string, { onLoss, gap }: Losses): Recording {
  const file = open(path);
  let pending: string[] = [];
  let written: Promise<void> | undefined;
  let kept = 0;
  let lost = 0;
  /** Lost since the last line that was written. */
  let missed = 0;
  let looked = Number.NEGATIVE_INFINITY;
  let gone = false;
  let closed = false;
  let wasLost = false;
  const look = () => {
    looked = performance.now();
    if (gone || !isGone(file)) return;
    gone = true;
    lost += kept;
    onLoss('it was deleted, or another file took its place');
  };
  const flush = () => {
    const lines = pending;
    pending = [];
    written = undefined;
    if (performance.now() - looked >= lookMs) look();
    if (gone) lost += lines.length;
    if (gone || lines.length + missed === 0) return;
    const gaps = missed > 0 ? [lineOf(gap(missed))] : [];
    const { missing, fault } = appendLines(file, [...gaps, ...lines]);
    const failed = Math.min(missing, lines.length);
    missed = failed + (missing > lines.length ? missed : 0);
    kept += lines.length - failed;
    lost += failed;
    if (fault !== undefined && !wasLost) onLoss(fault);
    wasLost = fault !== undefined;
  };
  /** The last time: whether the file is there is looked at, however short ago that was. */
  const finish = () => {
    look();
    flush();
  };
  // Whoever ends the process in the middle of a turn takes nothing away that has come already.
  process.once('exit', finish);
  return {
    append(fact) {
      if (closed) lost += 1;
      if (closed) return Promise.resolve();
      pending.push(lineOf(fact));
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
      finish();
      closed = true;
      process.off('exit', finish);
      closeSync(file.descriptor);
    },
  };
}

const lineOf = (fact: Fact): string => `${printableJson(JSON.stringify(fact))}\n`;

interface File {
  readonly descriptor: number;
  /** It has a name, as far as its file system says. */
  readonly named: boolean;
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
    return { descriptor, named: fstatSync(descriptor).nlink > 0, torn };
  } catch (error) {
    throw new UsageError(
      `--record ${path} cannot be written: ${(error as Error).message}`,
      'name a new file, or a recording to go on with',
    );
  }
}

/** Whether a file has lost its name: nobody will ever read it. */
function isGone({ descriptor, named }: File): boolean {
  try {
    return named && fstatSync(descriptor).nlink === 0;
  } catch {
    return false;
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
