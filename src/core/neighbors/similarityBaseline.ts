import type { VectorRows } from './blockedKnn';
import { seededRandom } from './seededRandom';

/** Range of {@link SimilarityBaseline.histogram}: cosine similarities below and above are counted in its outer bins. */
export const histogramRange = { from: -0.25, to: 1 } as const;

/** Pairs drawn by default: the 99.9th percentile then still rests on fifty of them. */
const defaultPairs = 50_000;

/** How similar random pairs are: what a single similarity is read against. */
export class SimilarityBaseline {
  private constructor(private readonly sorted: Float32Array) {}

  /** @param similarities of at least one pair; the array is kept and sorted. */
  static of(similarities: Float32Array): SimilarityBaseline | undefined {
    return similarities.length === 0 ? undefined : new SimilarityBaseline(similarities.sort());
  }

  get pairs(): number {
    return this.sorted.length;
  }

  /** Percentage of pairs that are less similar, ties counted half: 0 to 100. */
  percentileOf(similarity: number): number {
    const below = this.firstAtLeast(similarity, false);
    const upTo = this.firstAtLeast(similarity, true);
    return (100 * (below + upTo)) / 2 / this.sorted.length;
  }

  /** Similarity that `percentile` of the pairs stay below, linearly interpolated. */
  quantile(percentile: number): number {
    const position = (Math.min(100, Math.max(0, percentile)) / 100) * (this.sorted.length - 1);
    const lower = Math.floor(position);
    const upper = Math.min(this.sorted.length - 1, lower + 1);
    return this.sorted[lower] + (position - lower) * (this.sorted[upper] - this.sorted[lower]);
  }

  /** Number of pairs in equal bins over {@link histogramRange}, for display. */
  histogram(bins = 50): number[] {
    const counts = new Array<number>(bins).fill(0);
    const width = (histogramRange.to - histogramRange.from) / bins;
    for (const similarity of this.sorted) {
      const bin = Math.floor((similarity - histogramRange.from) / width);
      counts[Math.min(bins - 1, Math.max(0, bin))]++;
    }
    return counts;
  }

  /** First position whose value is at least (or, when `after` is set, above) the similarity. */
  private firstAtLeast(similarity: number, after: boolean): number {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const value = this.sorted[middle];
      if (value < similarity || (after && value === similarity)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export interface BaselineOptions {
  pairs?: number;
  seed?: number;
  /** Rows that count; all when left out. */
  rows?: Int32Array;
}

/**
 * Similarity of seeded random pairs of distinct rows; of every pair when there are no more than asked for.
 * @returns undefined when there are fewer than two rows.
 */
export function pairBaseline(data: VectorRows, options: BaselineOptions = {}): SimilarityBaseline | undefined {
  const { pairs = defaultPairs, seed = 42, rows } = options;
  const { vectors, dimensions } = data;
  const count = rows?.length ?? data.count;
  const rowAt = (index: number): number => (rows === undefined ? index : rows[index]);
  const every = (count * (count - 1)) / 2;
  if (every <= pairs) {
    const similarities = new Float32Array(Math.max(0, every));
    let at = 0;
    for (let row = 1; row < count; row++) {
      for (let other = 0; other < row; other++)
        similarities[at++] = dot(vectors, rowAt(row), vectors, rowAt(other), dimensions);
    }
    return SimilarityBaseline.of(similarities);
  }
  const random = seededRandom(seed);
  const similarities = new Float32Array(pairs);
  for (let at = 0; at < pairs; at++) {
    const row = random.below(count);
    const other = (row + 1 + random.below(count - 1)) % count;
    similarities[at] = dot(vectors, rowAt(row), vectors, rowAt(other), dimensions);
  }
  return SimilarityBaseline.of(similarities);
}

/**
 * Similarity of queries and rows in seeded random pairs: a query, being short, is never as near to a chunk as chunks are
 * to each other, so search hits are read against this.
 * @returns undefined when either side is empty.
 */
export function queryBaseline(
  queries: VectorRows,
  data: VectorRows,
  options: BaselineOptions = {},
): SimilarityBaseline | undefined {
  const { pairs = defaultPairs, seed = 42, rows } = options;
  const count = rows?.length ?? data.count;
  const every = queries.count * count;
  const random = seededRandom(seed);
  const similarities = new Float32Array(Math.min(pairs, every));
  for (let at = 0; at < similarities.length; at++) {
    const query = every <= pairs ? Math.floor(at / count) : random.below(queries.count);
    const index = every <= pairs ? at % count : random.below(count);
    const row = rows === undefined ? index : rows[index];
    similarities[at] = dot(queries.vectors, query, data.vectors, row, data.dimensions);
  }
  return SimilarityBaseline.of(similarities);
}

function dot(left: Float32Array, leftRow: number, right: Float32Array, rightRow: number, dimensions: number): number {
  const leftBase = leftRow * dimensions;
  const rightBase = rightRow * dimensions;
  let sum = 0;
  for (let d = 0; d < dimensions; d++) sum += left[leftBase + d] * right[rightBase + d];
  return sum;
}
