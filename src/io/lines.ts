/** A line of a source. */
export interface Line {
  /** Its bytes without the line feed; absent where it is longer than the limit. */
  readonly bytes?: Buffer;
  /** From 1. */
  readonly number: number;
  /** Where it begins, in bytes. */
  readonly offset: number;
}

const lineFeed = 0x0a;

/**
 * Splits pieces into lines; nothing but the line at hand is held. The last one need not end with a line feed. Empty ones
 * are counted and left out, for a file may hold millions.
 * @param limit a line of more bytes is told without them, once, as soon as that is known
 */
export async function* linesOf(pieces: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Line> {
  let held: Buffer[] = [];
  let size = 0;
  let number = 1;
  let offset = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      if (size === 0 && piece[at] === lineFeed) {
        at += 1;
        offset += 1;
        number += 1;
        continue;
      }
      const end = piece.indexOf(lineFeed, at);
      const part = piece.subarray(at, end < 0 ? piece.length : end);
      const within = size <= limit;
      size += part.length;
      if (size <= limit) held.push(part);
      else {
        held = [];
        if (within) yield { number, offset };
      }
      at += part.length + 1;
      if (end < 0) continue;
      if (size <= limit) yield { bytes: joined(held), number, offset };
      offset += size + 1;
      number += 1;
      size = 0;
      held = [];
    }
  }
  if (size > 0 && size <= limit) yield { bytes: joined(held), number, offset };
}

/** Most lines lie within one piece, and are not copied. */
const joined = (parts: Buffer[]): Buffer =>
  parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
