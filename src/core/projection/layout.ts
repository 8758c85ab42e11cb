import type { KnnGraph } from '../neighbors/knnGraph';

export type LayoutMethod = 'umap' | 'umap-js' | 'pca';

/** UMAP's min_dist and epochs where nobody asked for others. */
export const defaultMinimalDistance = 0.1;
export const defaultEpochs = 200;

/** What a layout worker is given: everything that decides a map. The same job gives the same coordinates. */
export interface LayoutJob {
  /** n x dimensions, row-major, L2-normalised; may lie in shared memory. */
  vectors: Float32Array;
  count: number;
  dimensions: number;
  method: LayoutMethod;
  /** UMAP's n_neighbors, the point itself counted. */
  neighbors: number;
  minimalDistance: number;
  epochs: number;
  seed: number;
  /** Coordinates of the map before, 2 n, NaN for points that are new: a warm start. */
  start?: Float32Array;
  /** Takes `start` as no more than a place to begin: every point moves as freely as in a new map. */
  renew?: boolean;
  /** A graph that is already known for these very vectors. */
  graph?: KnnGraph;
}

export interface LayoutResult {
  graph: KnnGraph;
  /** 2 n, longer side about 2, centered on 0. */
  coordinates: Float32Array;
  /** Per point: how many of its true 15 nearest are among the map's 15 nearest. */
  trust: Uint8Array;
  /** Community of each point on the kNN graph, 65535 for none; largest community first. */
  clusters: Uint16Array;
  stages: { name: string; elapsedMs: number }[];
}
