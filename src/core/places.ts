/** So many places are added at a time. */
const blockSize = 65_536;

/** A list of places in a file, 8 bytes each and outside the heap, where a growing array would be copied time and again. */
export class Places {
  readonly #blocks: Float64Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(place: number): void {
    if (this.#length === this.#blocks.length * blockSize) this.#blocks.push(new Float64Array(blockSize));
    this.#length += 1;
    this.set(this.#length - 1, place);
  }

  /** The place at an index; NaN where there is none. */
  at(index: number): number {
    if (index >= this.#length) return Number.NaN;
    return (this.#blocks[Math.floor(index / blockSize)] as Float64Array)[index % blockSize] as number;
  }

  set(index: number, place: number): void {
    const block = this.#blocks[Math.floor(index / blockSize)];
    if (block) block[index % blockSize] = place;
  }

  /** Takes out all places of one value; the others keep their order. */
  remove(unwanted: number): void {
    let kept = 0;
    for (let index = 0; index < this.#length; index++) {
      const place = this.at(index);
      if (place !== unwanted) this.set(kept++, place);
    }
    this.#length = kept;
    this.#blocks.length = Math.ceil(kept / blockSize);
  }
}
