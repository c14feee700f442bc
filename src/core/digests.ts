/** A cell holds two words of a digest, and its number plus one: 0 is an empty cell. */
const cellWords = 3;

/**
 * Numbers kept by digest, in little memory: 12 bytes a cell, of which at most five sixths are in use, so 15 to 29 bytes a
 * digest. Of each, 8 bytes tell it from others: among a million, two are taken for one with a chance of one in thirty
 * million.
 */
export class DigestMap {
  #cells = new Uint32Array(1024 * cellWords);
  #size = 0;

  /** How many digests there are. */
  get size(): number {
    return this.#size;
  }

  /** The number of a digest, or nothing. */
  get(digest: Buffer): number | undefined {
    const value = this.#cells[this.#cellOf(digest.readUInt32LE(0), digest.readUInt32LE(4)) + 2] as number;
    return value === 0 ? undefined : value - 1;
  }

  /** Sets the number of a digest, a whole one below 2³² − 1. */
  set(digest: Buffer, value: number): void {
    if (this.#size * cellWords * 6 >= this.#cells.length * 5) this.#grow();
    this.#put(digest.readUInt32LE(0), digest.readUInt32LE(4), value + 1);
  }

  #put(first: number, second: number, stored: number): void {
    const cell = this.#cellOf(first, second);
    if (this.#cells[cell + 2] === 0) this.#size += 1;
    this.#cells.set([first, second, stored], cell);
  }

  /** Where a digest stands, or would stand. */
  #cellOf(first: number, second: number): number {
    const cells = this.#cells;
    const last = cells.length / cellWords - 1;
    let at = first & last;
    const other = (cell: number) =>
      cells[cell + 2] !== 0 && (cells[cell] !== first || cells[cell + 1] !== second);
    while (other(at * cellWords)) at = (at + 1) & last;
    return at * cellWords;
  }

  #grow(): void {
    const old = this.#cells;
    this.#cells = new Uint32Array(old.length * 2);
    this.#size = 0;
    for (let cell = 0; cell < old.length; cell += cellWords) {
      const stored = old[cell + 2] as number;
      if (stored !== 0) this.#put(old[cell] as number, old[cell + 1] as number, stored);
    }
  }
}
