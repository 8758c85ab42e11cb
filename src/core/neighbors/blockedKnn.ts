import { emptyGraph, type KnnGraph } from './knnGraph';
import { TopK } from './topK';
import type { VectorBlock } from './vectorBlock';

/** Neighbors kept per point: enough for lists, layout (15 to 50), clusters, trust and false neighbors at 50. */
export const defaultNeighborsKept = 50;

/** Rows of vectors, n x dimensions, row-major, L2-normalised. */
export interface VectorRows {
  vectors: Float32Array;
  count: number;
  dimensions: number;
  /** What holds the rows, where it can compare them faster than a plain loop does. */
  block?: VectorBlock;
}

/** The most similar rows of one query, most similar first. */
export interface NearestRows {
  indices: Int32Array;
  similarities: Float32Array;
}

/** Rows of queries that share one pass over the candidates: 32 x 384 floats stay in the second cache beside them. */
const rowsPerBlock = 32;

/**
 * Exact nearest neighbors in plain JavaScript: dot products in tiles of four queries by two candidates, so that every
 * value that is loaded is used several times. For few rows, and where no ONNX runtime is at hand.
 *
 * @param rows which rows to find neighbors of; all when left out. The graph returned has one row for each of them.
 * @returns count = rows asked for, k as asked; indices refer to all rows of `data`, the row itself is left out.
 * @throws the reason given by `onBlock` when it throws: it is called between blocks with the share that is done.
 */
export function blockedKnn(
  data: VectorRows,
  k: number = defaultNeighborsKept,
  rows?: Int32Array,
  onBlock?: (share: number) => void,
): KnnGraph {
  const { vectors, count, dimensions } = data;
  const asked = rows?.length ?? count;
  const graph = emptyGraph(asked, k);
  const { indices, similarities } = graph;
  const heaps = Array.from({ length: rowsPerBlock }, () => new TopK(k, indices, similarities));
  const products = new Float64Array(8);
  const rowAt = (position: number) => (rows === undefined ? position : rows[position]);
  for (let from = 0; from < asked; from += rowsPerBlock) {
    const to = Math.min(asked, from + rowsPerBlock);
    for (let position = from; position < to; position++) heaps[position - from].start(position * k);
    for (let candidate = 0; candidate < count; candidate += 2) {
      // A last tile that is not full repeats its last row; what it repeats is not offered.
      const second = Math.min(candidate + 1, count - 1);
      for (let position = from; position < to; position += 4) {
        const left = Math.min(4, to - position);
        dotTile(
          vectors,
          dimensions,
          rowAt(position) * dimensions,
          rowAt(position + Math.min(1, left - 1)) * dimensions,
          rowAt(position + Math.min(2, left - 1)) * dimensions,
          rowAt(position + left - 1) * dimensions,
          candidate * dimensions,
          second * dimensions,
          products,
        );
        for (let offset = 0; offset < left; offset++) {
          const row = rowAt(position + offset);
          const heap = heaps[position + offset - from];
          const first = Math.fround(products[2 * offset]);
          if (first >= heap.floor && row !== candidate) heap.offer(candidate, first);
          if (second === candidate) continue;
          const next = Math.fround(products[2 * offset + 1]);
          if (next >= heap.floor && row !== second) heap.offer(second, next);
        }
      }
    }
    for (let position = from; position < to; position++) heaps[position - from].finish();
    onBlock?.(to / asked);
  }
  return graph;
}

/** Eight dot products of four queries and two candidates; offsets are those of their first values. */
function dotTile(
  vectors: Float32Array,
  dimensions: number,
  q0: number,
  q1: number,
  q2: number,
  q3: number,
  c0: number,
  c1: number,
  products: Float64Array,
): void {
  let p00 = 0;
  let p01 = 0;
  let p10 = 0;
  let p11 = 0;
  let p20 = 0;
  let p21 = 0;
  let p30 = 0;
  let p31 = 0;
  for (let d = 0; d < dimensions; d++) {
    const x = vectors[c0 + d];
    const y = vectors[c1 + d];
    const a = vectors[q0 + d];
    const b = vectors[q1 + d];
    const c = vectors[q2 + d];
    const e = vectors[q3 + d];
    p00 += a * x;
    p01 += a * y;
    p10 += b * x;
    p11 += b * y;
    p20 += c * x;
    p21 += c * y;
    p30 += e * x;
    p31 += e * y;
  }
  products[0] = p00;
  products[1] = p01;
  products[2] = p10;
  products[3] = p11;
  products[4] = p20;
  products[5] = p21;
  products[6] = p30;
  products[7] = p31;
}

/** Cosine similarity of a query and every row; `query` is L2-normalised, `dimensions` long. */
export function similaritiesTo(data: VectorRows, query: Float32Array): Float32Array {
  const similarities = new Float32Array(data.count);
  for (let row = 0; row < data.count; row++) similarities[row] = similarityTo(data, row, query);
  return similarities;
}

function similarityTo({ vectors, dimensions }: VectorRows, row: number, query: Float32Array): number {
  const base = row * dimensions;
  let a = 0;
  let b = 0;
  let c = 0;
  let e = 0;
  let d = 0;
  for (; d + 3 < dimensions; d += 4) {
    a += vectors[base + d] * query[d];
    b += vectors[base + d + 1] * query[d + 1];
    c += vectors[base + d + 2] * query[d + 2];
    e += vectors[base + d + 3] * query[d + 3];
  }
  for (; d < dimensions; d++) a += vectors[base + d] * query[d];
  return a + b + (c + e);
}

/** Candidates that are kept beyond those asked for: single precision may order otherwise what is nearly equal. */
const spareCandidates = 32;

/**
 * The k rows most similar to one query, exact, by one pass over all of them. With SIMD the pass is in single precision
 * and what it keeps is compared again in double precision, so that the outcome is that of the plain loop.
 *
 * @param accept leaves rows out that answer false.
 */
export function nearest(
  data: VectorRows,
  query: Float32Array,
  k: number,
  accept?: (row: number) => boolean,
): NearestRows {
  const kept = Math.max(0, Math.min(k, data.count));
  const best = new BestRows(kept);
  if (kept === 0) return best.finish();
  const { block } = data;
  if (block === undefined || !block.holds(data.vectors) || !block.usesSimd) {
    best.offer(0, similaritiesTo(data, query), accept);
    return best.finish();
  }
  const candidates = new BestRows(Math.min(data.count, kept + spareCandidates));
  block.eachBlock(query, data.count, (first, similarities) => candidates.offer(first, similarities, accept));
  for (const row of candidates.finish().indices) best.offer(row, Float32Array.of(similarityTo(data, row, query)));
  return best.finish();
}

class BestRows {
  private readonly indices: Int32Array;
  private readonly similarities: Float32Array;
  private readonly heap: TopK;

  constructor(kept: number) {
    this.indices = new Int32Array(kept);
    this.similarities = new Float32Array(kept);
    this.heap = new TopK(kept, this.indices, this.similarities);
    this.heap.start(0);
  }

  /** Offers rows in a line, the first of which is `first`. */
  offer(first: number, similarities: Float32Array, accept?: (row: number) => boolean): void {
    const { heap } = this;
    for (let i = 0; i < similarities.length; i++) {
      if (similarities[i] >= heap.floor && (accept === undefined || accept(first + i)))
        heap.offer(first + i, similarities[i]);
    }
  }

  /** Best first. */
  finish(): NearestRows {
    this.heap.finish();
    const { count } = this.heap;
    return { indices: this.indices.subarray(0, count), similarities: this.similarities.subarray(0, count) };
  }
}
