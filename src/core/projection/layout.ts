import type { LayoutMethod, LayoutSettings } from '../../shared/layoutMethods';
import type { KnnGraph } from '../neighbors/knnGraph';
import type { ClusterHierarchy } from '../topics/clusters';

/** What a layout worker is given: everything that decides a map. The same job gives the same coordinates. */
export interface LayoutJob extends LayoutSettings {
  /** Rows of L2-normalised vectors, row-major; may lie in shared memory. */
  vectors: Float32Array;
  /** Rows of `vectors` that are laid out, in this order; the first `count` when left out. */
  rows?: Int32Array;
  /** Points that are laid out. */
  count: number;
  dimensions: number;
  method: LayoutMethod;
  /** Coordinates of the map before, 2 n, NaN for points that are new: a warm start. */
  start?: Float32Array;
  /** Takes `start` as no more than a place to begin: every point moves as freely as in a new map. */
  renew?: boolean;
  /** A graph that is known already, and for each point its place in that graph, -1 for one that is new. */
  known?: { graph: KnnGraph; origin: Int32Array };
}

export interface LayoutResult {
  /** True neighbors, by cosine whatever the layout counts. */
  graph: KnnGraph;
  /** 2 n, longer side about 2, centered on 0. */
  coordinates: Float32Array;
  /** Per point: how many of its true 15 nearest are among the map's 15 nearest. */
  trust: Uint8Array;
  /** Per point: how many of the map's 15 nearest are not among its true 50. */
  falseNeighbors: Uint8Array;
  /** Communities of the kNN graph, coarse to fine. */
  clusters: ClusterHierarchy;
  stages: { name: string; elapsedMs: number }[];
}
