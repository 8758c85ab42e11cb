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
}
