import { noCluster } from './clusters';

/**
 * The assignment of rows to columns with the greatest sum (Kuhn 1955, Munkres 1957; shortest augmenting paths of Jonker
 * and Volgenant 1987, O(n^3)), at most one each.
 *
 * @param value rows x columns, row-major.
 * @returns the column of each row, -1 where there are fewer columns than rows.
 */
export function bestAssignment(value: Float64Array, rows: number, columns: number): Int32Array {
  const size = Math.max(rows, columns);
  const cost = (row: number, column: number) => (row < rows && column < columns ? -value[row * columns + column] : 0);
  // One-based, as row and column 0 stand for "none yet".
  const rowPotential = new Float64Array(size + 1);
  const columnPotential = new Float64Array(size + 1);
  const rowOf = new Int32Array(size + 1);
  const way = new Int32Array(size + 1);
  for (let row = 1; row <= size; row++) {
    rowOf[0] = row;
    let column = 0;
    const slack = new Float64Array(size + 1).fill(Infinity);
    const used = new Uint8Array(size + 1);
    do {
      used[column] = 1;
      const at = rowOf[column];
      let least = Infinity;
      let next = 0;
      for (let c = 1; c <= size; c++) {
        if (used[c] === 1) continue;
        const reduced = cost(at - 1, c - 1) - rowPotential[at] - columnPotential[c];
        if (reduced < slack[c]) {
          slack[c] = reduced;
          way[c] = column;
        }
        if (slack[c] < least) {
          least = slack[c];
          next = c;
        }
      }
      for (let c = 0; c <= size; c++) {
        if (used[c] === 1) {
          rowPotential[rowOf[c]] += least;
          columnPotential[c] -= least;
        } else slack[c] -= least;
      }
      column = next;
    } while (rowOf[column] !== 0);
    while (column !== 0) {
      rowOf[column] = rowOf[way[column]];
      column = way[column];
    }
  }
  const assigned = new Int32Array(rows).fill(-1);
  for (let column = 1; column <= columns; column++) if (rowOf[column] <= rows) assigned[rowOf[column] - 1] = column - 1;
  return assigned;
}

export interface ClusterMatch {
  /** Cluster before, -1 for none. */
  before: number;
  /** Shared points over points of either (Jaccard), of the points that both know. */
  overlap: number;
}

/** Share of points in common from which a cluster is the one that it was. */
const leastOverlap = 0.25;

/**
 * Which cluster of before each cluster is: the assignment with the most points in common. Points that came or went say
 * nothing.
 *
 * @param before cluster of each point in the clustering before, {@link noCluster} for none; `after` beside it.
 * @returns one entry for each cluster of `after`.
 */
export function matchClusters(before: Uint16Array, after: Uint16Array): ClusterMatch[] {
  const rows = clusterCount(after);
  const columns = clusterCount(before);
  const shared = new Float64Array(rows * columns);
  const sizeBefore = new Float64Array(columns);
  const sizeAfter = new Float64Array(rows);
  for (let i = 0; i < after.length; i++) {
    if (before[i] === noCluster || after[i] === noCluster) continue;
    shared[after[i] * columns + before[i]]++;
    sizeBefore[before[i]]++;
    sizeAfter[after[i]]++;
  }
  const assigned = bestAssignment(shared, rows, columns);
  return Array.from(assigned, (column, row) => {
    if (column < 0) return { before: -1, overlap: 0 };
    const both = shared[row * columns + column];
    const overlap = both === 0 ? 0 : both / (sizeAfter[row] + sizeBefore[column] - both);
    return overlap < leastOverlap ? { before: -1, overlap } : { before: column, overlap };
  });
}

function clusterCount(clusters: Uint16Array): number {
  let count = 0;
  for (const cluster of clusters) if (cluster !== noCluster && cluster >= count) count = cluster + 1;
  return count;
}
