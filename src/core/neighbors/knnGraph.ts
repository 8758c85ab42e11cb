/**
 * Nearest neighbors of every point in the original space, the point itself left out. Computed once; lists, layout,
 * clusters and trust all read it.
 */
export interface KnnGraph {
  /** Number of points, n. */
  count: number;
  /** Neighbors kept per point. */
  k: number;
  /** n x k, row-major, most similar first; -1 where there are fewer than k other points. */
  indices: Int32Array;
  /** n x k cosine similarities beside `indices`; -2 where there is no neighbor. */
  similarities: Float32Array;
  /** Share of the true neighbors that it holds, measured on some rows; undefined for an exact graph. */
  recall?: number;
}

/** A graph without neighbors, in shared memory: threads pass it on without a copy. */
export function emptyGraph(count: number, k: number): KnnGraph {
  return {
    count,
    k,
    indices: new Int32Array(new SharedArrayBuffer(4 * count * k)).fill(-1),
    similarities: new Float32Array(new SharedArrayBuffer(4 * count * k)).fill(-2),
  };
}
