/** The true neighbors that a layout was made from, kept for the questions that are asked of a map. */
import type { KnnGraph } from '../core/neighbors/knnGraph';

/** Exact neighbors of the points of a layout: positions in `graph` stand for these rows. */
export interface MapGraph {
  rows: Int32Array;
  /** Position of each row, -1 for rows that came later. */
  position: Int32Array;
  /** From a stored map: {@link neighborsStored} of each point. */
  graph: KnnGraph;
}

/** Neighbors of each point that are kept on the disk: what ways and groups are read from. */
const neighborsStored = 15;

/** @param rows row of each point of the graph, -1 for one that is gone. */
export function mapGraph(rows: Int32Array, graph: KnnGraph, capacity: number): MapGraph {
  const position = new Int32Array(capacity).fill(-1);
  rows.forEach((row, i) => {
    if (row >= 0) position[row] = i;
  });
  return { rows, position, graph };
}

/** The same neighbors by the positions of other rows, as many as are stored. */
export function graphOver({ rows: of, position, graph }: MapGraph, rows: readonly number[]): KnnGraph {
  const k = Math.min(neighborsStored, graph.k);
  const indices = new Int32Array(rows.length * k).fill(-1);
  const similarities = new Float32Array(rows.length * k).fill(-2);
  const now = new Map(rows.map((row, i) => [row, i]));
  rows.forEach((row, i) => {
    const at = position[row] ?? -1;
    if (at < 0) return;
    let kept = 0;
    for (let rank = 0; rank < graph.k && kept < k; rank++) {
      const neighbor = graph.indices[at * graph.k + rank];
      const target = neighbor < 0 ? undefined : now.get(of[neighbor]);
      if (target === undefined) continue;
      indices[i * k + kept] = target;
      similarities[i * k + kept++] = graph.similarities[at * graph.k + rank];
    }
  });
  return { count: rows.length, k, indices, similarities };
}
