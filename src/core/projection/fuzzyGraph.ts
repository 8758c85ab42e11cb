import type { KnnGraph } from '../neighbors/knnGraph';

/**
 * UMAP's weighted graph: symmetric, both directions of an edge present, in rows (compressed sparse rows). The weight is
 * the degree to which two points are neighbors, in (0, 1].
 */
export interface FuzzyGraph {
  count: number;
  /** n + 1: edges of point i lie at `rowStart[i]` to `rowStart[i + 1]`. */
  rowStart: Int32Array;
  tail: Int32Array;
  weight: Float32Array;
}

/** Distance below which rounding alone can make two vectors differ. */
const sameDistance = 1e-6;

/** Cosine distance as UMAP counts it. */
export function cosineDistance(similarity: number): number {
  const distance = 1 - similarity;
  return distance < sameDistance ? 0 : distance;
}

export interface Calibration {
  /** Distance to the nearest neighbor that is not a twin. */
  rho: Float64Array;
  /** Bandwidth at which the memberships of a point's neighbors add up to log2(neighbors). */
  sigma: Float64Array;
}

/**
 * Smooth-kNN calibration: rho and sigma such that sum exp(-max(0, d - rho) / sigma) = log2(neighbors) over a point's
 * neighbors (McInnes, Healy and Melville 2018, algorithm 3; umap-learn's `smooth_knn_dist`).
 *
 * @param neighbors n_neighbors, the point itself counted: one less is taken from the graph.
 */
export function calibrate(graph: KnnGraph, neighbors: number): Calibration {
  const { count, k } = graph;
  const used = Math.min(neighbors - 1, k);
  const rho = new Float64Array(count);
  const sigma = new Float64Array(count);
  const distances = new Float64Array(Math.max(0, used));
  let total = 0;
  let pairs = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < used && graph.indices[i * k + j] >= 0; j++) {
      total += cosineDistance(graph.similarities[i * k + j]);
      pairs++;
    }
  }
  const meanOfAll = pairs === 0 ? 0 : total / pairs;
  const target = Math.log2(Math.max(2, neighbors));
  for (let i = 0; i < count; i++) {
    let found = 0;
    let sum = 0;
    for (let j = 0; j < used && graph.indices[i * k + j] >= 0; j++) {
      const distance = cosineDistance(graph.similarities[i * k + j]);
      distances[found++] = distance;
      sum += distance;
      if (rho[i] === 0 && distance > 0) rho[i] = distance;
    }
    const bandwidth = bandwidthFor(distances, found, rho[i], target);
    // Never so narrow that rounding decides; the self, at no distance, counts in the mean as it does in umap-learn.
    const floor = 1e-3 * (rho[i] > 0 ? sum / (found + 1) : meanOfAll);
    sigma[i] = Math.max(bandwidth, floor, Number.MIN_VALUE);
  }
  return { rho, sigma };
}

function bandwidthFor(distances: Float64Array, found: number, rho: number, target: number): number {
  let low = 0;
  let high = Infinity;
  let middle = 1;
  for (let iteration = 0; iteration < 64; iteration++) {
    let sum = 0;
    for (let j = 0; j < found; j++) {
      const beyond = distances[j] - rho;
      sum += beyond > 0 ? Math.exp(-beyond / middle) : 1;
    }
    if (Math.abs(sum - target) < 1e-5) break;
    if (sum > target) {
      high = middle;
      middle = (low + high) / 2;
    } else {
      low = middle;
      // A point with fewer neighbors than asked for can't reach the target: stop where all of them count in full.
      if (middle > 1e6) break;
      middle = high === Infinity ? middle * 2 : (low + high) / 2;
    }
  }
  return middle;
}

/** Degree to which a neighbor at this distance belongs to a point's neighborhood. */
export function membership(distance: number, rho: number, sigma: number): number {
  return distance <= rho ? 1 : Math.exp(-(distance - rho) / sigma);
}

/**
 * Fuzzy union of all neighborhoods, w = p + q - p q for the two directions of an edge (algorithm 1).
 * @param neighbors n_neighbors, the point itself counted.
 */
export function fuzzyGraph(graph: KnnGraph, neighbors: number): FuzzyGraph {
  const { count, k } = graph;
  const used = Math.max(0, Math.min(neighbors - 1, k));
  const { rho, sigma } = calibrate(graph, neighbors);
  const forward = new Float32Array(count * used);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < used && graph.indices[i * k + j] >= 0; j++) {
      forward[i * used + j] = membership(cosineDistance(graph.similarities[i * k + j]), rho[i], sigma[i]);
    }
  }
  return joinDirections(graph, used, forward, (p, q) => p + q - p * q);
}

/**
 * Makes a graph of weighted neighborhoods symmetric.
 * @param used neighbors of each point that count.
 * @param forward n x used, weights from each point to its neighbors.
 * @param join the weight of an edge whose both directions are there.
 */
export function joinDirections(
  graph: KnnGraph,
  used: number,
  forward: Float32Array,
  join: (p: number, q: number) => number,
): FuzzyGraph {
  const { count, k } = graph;
  const incoming = new Int32Array(count + 1);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < used && graph.indices[i * k + j] >= 0; j++) incoming[graph.indices[i * k + j] + 1]++;
  }
  for (let i = 0; i < count; i++) incoming[i + 1] += incoming[i];
  const source = new Int32Array(incoming[count]);
  const backward = new Float32Array(incoming[count]);
  const next = incoming.slice(0, count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < used; j++) {
      const neighbor = graph.indices[i * k + j];
      if (neighbor < 0) break;
      source[next[neighbor]] = i;
      backward[next[neighbor]++] = forward[i * used + j];
    }
  }
  const rowStart = new Int32Array(count + 1);
  const tail = new Int32Array(2 * incoming[count]);
  const weight = new Float32Array(2 * incoming[count]);
  // Where a point lies in the row that is being written, plus one; rows before are told apart by their start.
  const written = new Int32Array(count).fill(-1);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const start = at;
    rowStart[i] = start;
    for (let j = 0; j < used; j++) {
      const neighbor = graph.indices[i * k + j];
      if (neighbor < 0) break;
      written[neighbor] = at;
      tail[at] = neighbor;
      weight[at++] = forward[i * used + j];
    }
    for (let e = incoming[i]; e < incoming[i + 1]; e++) {
      const other = source[e];
      const place = written[other];
      if (place >= start && place < at && tail[place] === other) {
        weight[place] = join(weight[place], backward[e]);
      } else {
        tail[at] = other;
        weight[at++] = backward[e];
      }
    }
  }
  rowStart[count] = at;
  return { count, rowStart, tail: tail.slice(0, at), weight: weight.slice(0, at) };
}
