import {
  type Capture,
  captureForm,
  capturesInDocument,
  capturesInLine,
  isBlank,
  isOurFact,
  lostInLine,
} from '../core/capture.ts';
import { formatSize } from '../core/quantity.ts';
import { UsageError } from '../errors.ts';
import { linesOf } from '../io/lines.ts';
import type { Pieces } from '../io/source.ts';

/** What a file of captures holds at a place: a delivery, a line (or entry of a document) that is none, or a gap. */
export type Found =
  | {
      readonly capture: Capture;
      /** Where its line begins; absent in a document. */
      readonly offset?: number;
      /** Which entry of a document it is, from 1. */
      readonly number?: number;
    }
  | {
      /** So many facts were lost here when it was written. */
      readonly lost: number;
    }
  | { readonly skipped: 'line' | 'entry'; readonly number: number; readonly tooLong?: true }
  /** A fact that is no delivery. */
  | { readonly passed: 'fact' };

/** No line and no document is longer. */
export const longest = 100 * 1024 * 1024;

/**
 * The captures of a file, as they are read: a recording is not held, a document (a HAR file, a raw request, JSON over
 * several lines, curl command lines) is, whole.
 * @param wanted the lines that are looked at; all, unless it says otherwise
 * @throws {UsageError} for a document that is too large, and for a curl command line that is not understood
 */
export async function* readCaptures(
  pieces: Pieces,
  wanted: (line: Buffer) => boolean = () => true,
): AsyncGenerator<Found> {
  const reader = pieces[Symbol.asyncIterator]();
  try {
    const head: Buffer[] = [];
    let form: ReturnType<typeof captureForm>;
    while (form === undefined) {
      const { value, done } = await reader.next();
      if (!done) head.push(value);
      form = captureForm(Buffer.concat(head), done === true);
    }
    const all = chain(head, reader);
    yield* form === 'lines' ? inLines(all, wanted) : form === 'curl' ? inCurl(all) : inDocument(all);
  } finally {
    await reader.return?.();
  }
}

async function* chain(head: readonly Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield* head;
  for (;;) {
    const { value, done } = await rest.next();
    if (done) return;
    yield value;
  }
}

async function* inLines(pieces: Pieces, wanted: (line: Buffer) => boolean): AsyncGenerator<Found> {
  for await (const { bytes, number, offset } of linesOf(pieces, longest)) {
    if (bytes && (isBlank(bytes) || !wanted(bytes))) continue;
    const lost = bytes ? lostInLine(bytes) : 0;
    if (lost > 0) yield { lost };
    const captures = bytes && capturesInLine(bytes);
    if (bytes && captures?.length === 0 && isOurFact(bytes)) yield { passed: 'fact' };
    else if (captures) for (const capture of captures) yield { capture, offset };
    else yield { skipped: 'line', number, ...(bytes ? {} : { tooLong: true }) };
  }
}

async function* inDocument(pieces: Pieces): AsyncGenerator<Found> {
  for (const [index, captures] of capturesInDocument(await wholeOf(pieces)).entries()) {
    const number = index + 1;
    if (captures) for (const capture of captures) yield { capture, number };
    else yield { skipped: 'entry', number };
  }
}

/** Reading the words of a shell loads where there are some. */
async function* inCurl(pieces: Pieces): AsyncGenerator<Found> {
  const { readCurl } = await import('../core/curl.ts');
  for (const curled of readCurl(await wholeOf(pieces))) yield { capture: { ...curled, came: true } };
}

async function wholeOf(pieces: Pieces): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    parts.push(piece);
    size += piece.length;
    if (size > longest)
      throw new UsageError(
        `FILE is not made of lines, and as a whole it is larger than ${formatSize(longest)}`,
        'leave out what is no delivery; a recording, with a fact on each line, may be of any size',
      );
  }
  return Buffer.concat(parts);
}

/** The capture in the line that begins at a place; nothing where there is none any more. */
export async function captureAt(pieces: Pieces): Promise<Capture | undefined> {
  for await (const { bytes, offset } of linesOf(pieces, longest))
    return bytes && offset === 0 ? capturesInLine(bytes)?.[0] : undefined;
  return undefined;
}
