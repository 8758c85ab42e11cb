/**
 * Keeps the k most similar candidates of one row in two slices of larger arrays: a binary heap whose root is the worst
 * kept one. Among equal similarities the lower index wins, so the outcome does not depend on the order of offers.
 */
export class TopK {
  private size = 0;
  private base = 0;
  /** Similarity that a candidate must reach to be kept; equal ones still need a lower index. */
  floor = -Infinity;

  constructor(
    private readonly k: number,
    private readonly indices: Int32Array,
    private readonly similarities: Float32Array,
  ) {}

  /** Starts a row whose slice begins at `base`. */
  start(base: number): void {
    this.base = base;
    this.size = 0;
    this.floor = -Infinity;
  }

  /** Goes on with a row whose `size` entries form a heap already. */
  resume(base: number, size: number): void {
    this.base = base;
    this.size = size;
    this.floor = size < this.k ? -Infinity : this.similarities[base];
  }

  get count(): number {
    return this.size;
  }

  offer(index: number, similarity: number): void {
    const { base, indices, similarities } = this;
    if (this.size < this.k) {
      let at = this.size++;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!this.worse(similarity, index, base + parent)) break;
        similarities[base + at] = similarities[base + parent]!;
        indices[base + at] = indices[base + parent]!;
        at = parent;
      }
      similarities[base + at] = similarity;
      indices[base + at] = index;
      if (this.size === this.k) this.floor = similarities[base]!;
    } else if (!this.worse(similarity, index, base)) {
      this.sink(0, this.k, index, similarity);
      this.floor = similarities[base]!;
    }
  }

  /** Orders the row most similar first and fills what is missing with -1 and -2. */
  finish(): void {
    const { base, indices, similarities } = this;
    for (let last = this.size - 1; last > 0; last--) {
      const index = indices[base + last];
      const similarity = similarities[base + last];
      indices[base + last] = indices[base]!;
      similarities[base + last] = similarities[base]!;
      this.sink(0, last, index, similarity);
    }
    indices.fill(-1, base + this.size, base + this.k);
    similarities.fill(-2, base + this.size, base + this.k);
  }

  private sink(from: number, size: number, index: number, similarity: number): void {
    const { base, indices, similarities } = this;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.worse(similarities[base + child + 1], indices[base + child + 1], base + child))
        child++;
      if (this.worse(similarity, index, base + child)) break;
      similarities[base + at] = similarities[base + child]!;
      indices[base + at] = indices[base + child]!;
      at = child;
    }
    similarities[base + at] = similarity;
    indices[base + at] = index;
  }

  /** Whether a candidate is worse than the entry at `at`. */
  private worse(similarity: number, index: number, at: number): boolean {
    const other = this.similarities[at];
    return similarity < other || (similarity === other && index > this.indices[at]);
  }
}
