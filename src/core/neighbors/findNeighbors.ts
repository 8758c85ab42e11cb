import { defaultNeighborsKept, type VectorRows } from './blockedKnn';
import { clusteredKnn } from './clusteredKnn';
import { exactKnn, type KnnOptions } from './exactKnn';
import type { KnnGraph } from './knnGraph';

/** Up to here all rows are compared with all, by runtime: above, that would be most of what a map costs. */
const exactUpTo = { native: 20_000, wasm: 4_000 } as const;
/** Share of the true neighbors that a graph must hold, measured: with less it is made again with more comparisons. */
const leastRecall = 0.97;
/** Rows whose true neighbors are found to measure that, evenly spread. */
const measuredRows = 250;
/** Share of all rows that each one is compared with: of 10,000, and less of more, as regions get finer. */
const shareOf10k = 0.25;
const moreComparisons = 1.8;
/** Above this share an exact search costs no more. */
const largestShare = 0.6;

/**
 * Neighbors of all rows: exact where that is affordable, else by regions with a measured recall of at least .97, which
 * the graph says.
 */
export async function findNeighbors(data: VectorRows, options: KnnOptions = {}): Promise<KnnGraph> {
  const { runtime, k = defaultNeighborsKept, onBlock } = options;
  if (runtime === undefined || data.count <= exactUpTo[runtime.name]) return exactKnn(data, options);
  const rows = Int32Array.from({ length: measuredRows }, (_, i) => Math.floor(((i + 0.5) * data.count) / measuredRows));
  const truth = await exactKnn(data, { ...options, rows, onBlock: () => onBlock?.(0) });
  let share = shareOf10k * Math.min(1, Math.sqrt(10_000 / data.count));
  for (; share < largestShare; share *= moreComparisons) {
    const graph = await clusteredKnn(runtime, data, { ...options, k, share });
    const recall = recallOf(graph, rows, truth);
    if (recall >= leastRecall) return { ...graph, recall };
  }
  return exactKnn(data, options);
}

/** Share of the true neighbors of some rows that a graph holds. */
function recallOf(graph: KnnGraph, rows: Int32Array, truth: KnnGraph): number {
  const { k } = graph;
  let found = 0;
  let wanted = 0;
  rows.forEach((row, position) => {
    const own = new Set(graph.indices.subarray(row * k, (row + 1) * k));
    for (let rank = 0; rank < k; rank++) {
      const neighbor = truth.indices[position * k + rank];
      if (neighbor < 0) break;
      wanted++;
      if (own.has(neighbor)) found++;
    }
  });
  return wanted === 0 ? 1 : found / wanted;
}
