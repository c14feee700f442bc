import { randomUUID } from 'node:crypto';
import { closeSync, constants, createReadStream, fstatSync, openSync } from 'node:fs';
import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { formatSize } from '../core/quantity.ts';
import { untilAborted } from './abort.ts';

/**
 * Keeps V8's space for young objects as small as it is at the start: it grows twentyfold otherwise, for objects that live
 * no longer than a line, and costs more memory than all else that a stream takes. It makes nothing slower.
 */
export const stayLean = (): void => setFlagsFromString('--semi-space-growth-factor=1');

/** Bytes, piece by piece. */
export type Pieces = AsyncIterable<Buffer>;

/** What bytes are read from. */
export interface Source {
  /** It can be read more than once, and from any place. */
  readonly repeatable: boolean;
  /**
   * The bytes from a place on, to the end that a file had when it was opened: what is written behind it meanwhile does
   * not count, and it may be a recording of what we send. A file that shrank ends earlier.
   */
  readonly read: (from?: number) => Pieces;
  readonly close: () => Promise<void>;
}

/**
 * Pieces grow from one size to the other: who wants one line does not read much more. Larger ones outlive the young
 * generation while their lines are read: tens of MB of them would be held.
 */
const firstPiece = 4 * 1024;
const largestPiece = 16 * 1024;

/**
 * Opens a file for reading: a regular one is repeatable, a pipe or a device is read once.
 * @param signal ends the reading of what is no regular file: who writes to a pipe may never come, or say nothing
 * @throws {NodeJS.ErrnoException} when it cannot be opened
 */
export async function openFile(path: string, signal?: AbortSignal): Promise<Source> {
  if ((await stat(path)).isFile()) {
    const file = await open(path, 'r');
    return regular(file, (await file.stat()).size);
  }
  const stream = await openStream(path);
  // What goes wrong before it is read is told when it is read.
  stream.on('error', () => {});
  return once(untilAborted(stream, signal), async () => void stream.destroy());
}

/** Opens what may keep us waiting, in a way that does not: reading a file does, in a thread that nothing ends. */
async function openStream(path: string): Promise<Readable> {
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const { isatty, ReadStream } = await import('node:tty');
    if (isatty(descriptor)) return new ReadStream(descriptor);
    if (!fstatSync(descriptor).isFIFO()) return createReadStream(path, { fd: descriptor });
    const { Socket } = await import('node:net');
    return new Socket({ fd: descriptor, readable: true, writable: false });
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** A source that is read once. */
export const once = (pieces: Pieces, close: () => Promise<void> = async () => {}): Source => ({
  repeatable: false,
  read: () => pieces,
  close,
});

/**
 * A repeatable copy of what can be read once: a file of our own, which nobody else may read, and which has no name any
 * more while it is in use, so that nothing is left behind however we end.
 * @throws {NodeJS.ErrnoException} when there is no room for it
 */
export async function spool(pieces: Pieces): Promise<Source> {
  const path = join(tmpdir(), `hooks-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  try {
    await rm(path);
    let size = 0;
    for await (const piece of pieces) {
      await file.writeFile(piece);
      size += piece.length;
    }
    return regular(file, size);
  } catch (error) {
    await file.close();
    throw error;
  }
}

const regular = (file: FileHandle, size: number): Source => ({
  repeatable: true,
  read: (from = 0) => piecesOf(file, from, size),
  close: () => file.close(),
});

async function* piecesOf(file: FileHandle, from: number, to: number): AsyncGenerator<Buffer> {
  let length = firstPiece;
  for (let at = from; at < to; ) {
    const piece = Buffer.allocUnsafeSlow(Math.min(length, to - at));
    const { bytesRead } = await file.read(piece, 0, piece.length, at);
    if (bytesRead === 0) return;
    yield piece.subarray(0, bytesRead);
    at += bytesRead;
    length = Math.min(length * 4, largestPiece);
  }
}

/**
 * The same pieces, unless they are a device or a pipe that never ends a line.
 * @throws {Error} after so many bytes without a line feed
 */
export async function* withLineFeed(pieces: Pieces, limit: number): AsyncGenerator<Buffer> {
  let size = 0;
  let seen = false;
  for await (const piece of pieces) {
    seen ||= piece.includes(0x0a);
    size += piece.length;
    if (!seen && size > limit) throw new Error(`it is larger than ${formatSize(limit)}`);
    yield piece;
  }
}
