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

export interface QueryBaselineOptions extends BaselineOptions {
  breathe?: () => Promise<void>;
}

/** Pairs that are compared in about a millisecond. */
const pairsAtOnce = 2_000;

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
 * @param breathe called now and then: others may take their turn before it resolves
 * @returns undefined when either side is empty.
 */
export async function queryBaseline(
  queries: VectorRows,
  data: VectorRows,
  { pairs = defaultPairs, seed = 42, rows, breathe = () => Promise.resolve() }: QueryBaselineOptions = {},
): Promise<SimilarityBaseline | undefined> {
  const count = rows?.length ?? data.count;
  const every = queries.count * count;
  const random = seededRandom(seed);
  const similarities = new Float32Array(Math.min(pairs, every));
  for (let at = 0; at < similarities.length; at++) {
    if (at % pairsAtOnce === pairsAtOnce - 1) await breathe();
    const query = every <= pairs ? Math.floor(at / count) : random.below(queries.count);
    const index = every <= pairs ? at % count : random.below(count);
    const row = rows === undefined ? index : rows[index];
    similarities[at] = dot(queries.vectors, query, data.vectors, row, data.dimensions);
  }
  return SimilarityBaseline.of(similarities);
}

/** Four sums hide the latency of an addition: twice as fast as one. */
function dot(left: Float32Array, leftRow: number, right: Float32Array, rightRow: number, dimensions: number): number {
  let a = leftRow * dimensions;
  let b = rightRow * dimensions;
  const end = a + dimensions;
  const whole = end - (dimensions % 4);
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  for (; a < whole; a += 4, b += 4) {
    sum0 += left[a] * right[b];
    sum1 += left[a + 1] * right[b + 1];
    sum2 += left[a + 2] * right[b + 2];
    sum3 += left[a + 3] * right[b + 3];
  }
  for (; a < end; a++, b++) sum0 += left[a] * right[b];
  return sum0 + sum1 + (sum2 + sum3);
}
