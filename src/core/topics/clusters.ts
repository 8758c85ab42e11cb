import { UndirectedGraph } from 'graphology';
import louvain from 'graphology-communities-louvain';
import type { KnnGraph } from '../neighbors/knnGraph';
import { seededRandom } from '../neighbors/seededRandom';
import { fuzzyGraph, type FuzzyGraph } from '../projection/fuzzyGraph';

/** Mark of a point without a cluster. */
export const noCluster = 65535;

/** Neighbors whose edges make communities: 15, fewer among few points, where 15 would reach across topics. */
const mostNeighbors = 15;
const fewestNeighbors = 4;
/** Number of clusters that people can read. */
const mostClusters = 30;
const fewestClusters = 5;
/** Resolution at which the first, fine communities are found; they are then joined, never split. */
const fineResolution = 4;
const searchRounds = 10;
const resolutionStep = 1.5;
/** Natural logarithm of the factor by which the number of clusters may miss the one wanted: the graph has its say. */
const closeEnough = 0.35;

/**
 * Communities of the kNN graph by Louvain (Blondel et al. 2008, modularity with resolution: Lambiotte et al. 2009) on
 * UMAP's weights, which put dense and sparse regions on one scale. Found once at a fine resolution; their graph, small
 * as it is, is then searched for the resolution that joins them to a readable number (8 of 100 points, 18 of 10,000). Clusters too small to be a topic
 * go to the cluster that they are tied to most.
 *
 * @returns for each point the number of its cluster, the largest first, {@link noCluster} for a point that hangs on none.
 */
export function clusterPoints(knn: KnnGraph, seed: number): Uint16Array {
  const { count } = knn;
  const result = new Uint16Array(count).fill(noCluster);
  if (count < fewestNeighbors) return result;
  const neighbors = Math.max(fewestNeighbors, Math.min(mostNeighbors, Math.round(Math.sqrt(count))));
  const graph = fuzzyGraph(knn, neighbors + 1);
  const fine = communities(edgesOf(graph), count, fineResolution, seed);
  const joined = aggregate(edgesOf(graph), fine.of, fine.count);
  const sizes = new Float64Array(fine.count);
  for (const community of fine.of) sizes[community]++;

  const smallest = Math.max(2, Math.min(50, Math.round(count * 0.008)));
  const wanted = Math.max(fewestClusters, Math.min(mostClusters, 5 * Math.log10(count) - 2));
  let best: { of: Int32Array; distance: number } | undefined;
  let low: number | undefined;
  let high: number | undefined;
  let resolution = 1;
  for (let round = 0; round < searchRounds; round++) {
    const coarse = communities(joined, fine.count, resolution, seed);
    const merged = withoutDust(joined, coarse.of, sizes, smallest);
    const distance = Math.abs(Math.log(Math.max(0.5, merged.count) / wanted));
    if (best === undefined || distance < best.distance) best = { of: merged.of, distance };
    if (distance <= closeEnough) break;
    if (merged.count < wanted) low = resolution;
    else high = resolution;
    if (low === undefined) resolution /= resolutionStep;
    else if (high === undefined) resolution *= resolutionStep;
    else resolution = Math.sqrt(low * high);
  }
  if (best === undefined) return result;
  const numbers = bySize(best.of, sizes, smallest);
  for (let i = 0; i < count; i++) result[i] = numbers[best.of[fine.of[i]]];
  return result;
}

/** Undirected weighted edges, each once; an edge of a node to itself stands for what lies inside it. */
interface Edges {
  from: Int32Array;
  to: Int32Array;
  weight: Float64Array;
}

function edgesOf(graph: FuzzyGraph): Edges {
  const edges = graph.tail.length / 2;
  const from = new Int32Array(edges);
  const to = new Int32Array(edges);
  const weight = new Float64Array(edges);
  let at = 0;
  for (let i = 0; i < graph.count; i++) {
    for (let e = graph.rowStart[i]; e < graph.rowStart[i + 1]; e++) {
      if (graph.tail[e] <= i) continue;
      from[at] = i;
      to[at] = graph.tail[e];
      weight[at++] = graph.weight[e];
    }
  }
  return { from, to, weight };
}

function communities(edges: Edges, count: number, resolution: number, seed: number): { of: Int32Array; count: number } {
  const graph = new UndirectedGraph<Record<string, never>, { weight: number }>({ allowSelfLoops: true });
  for (let i = 0; i < count; i++) graph.addNode(i);
  for (let e = 0; e < edges.from.length; e++) {
    graph.addUndirectedEdge(edges.from[e], edges.to[e], { weight: edges.weight[e] });
  }
  const of = new Int32Array(count);
  // The library divides by the total weight.
  if (edges.from.length === 0) return { of: of.map((_, i) => i), count };
  const random = seededRandom(seed);
  const found = louvain(graph, { getEdgeWeight: 'weight', resolution, rng: () => random.next() });
  const numbers = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const community = found[i];
    if (!numbers.has(community)) numbers.set(community, numbers.size);
    of[i] = numbers.get(community)!;
  }
  return { of, count: numbers.size };
}

/** The graph of the communities: weights between them summed, weights inside as an edge to itself. */
function aggregate(edges: Edges, of: Int32Array, count: number): Edges {
  const sums = new Map<number, number>();
  for (let e = 0; e < edges.from.length; e++) {
    const a = Math.min(of[edges.from[e]], of[edges.to[e]]);
    const b = Math.max(of[edges.from[e]], of[edges.to[e]]);
    sums.set(a * count + b, (sums.get(a * count + b) ?? 0) + edges.weight[e]);
  }
  const keys = [...sums.keys()].sort((a, b) => a - b);
  return {
    from: Int32Array.from(keys, (key) => Math.floor(key / count)),
    to: Int32Array.from(keys, (key) => key % count),
    weight: Float64Array.from(keys, (key) => sums.get(key)!),
  };
}

/** Joins clusters of fewer than `smallest` points to the one that they share most weight with, smallest first. */
function withoutDust(
  edges: Edges,
  of: Int32Array,
  sizes: Float64Array,
  smallest: number,
): { of: Int32Array; count: number } {
  const cluster = of.slice();
  const clusters = cluster.length === 0 ? 0 : Math.max(...cluster) + 1;
  const size = new Float64Array(clusters);
  cluster.forEach((c, node) => (size[c] += sizes[node]));
  const final = new Set<number>();
  for (;;) {
    let dust = -1;
    for (let c = 0; c < clusters; c++) {
      if (size[c] > 0 && size[c] < smallest && !final.has(c) && (dust < 0 || size[c] < size[dust])) dust = c;
    }
    if (dust < 0) break;
    const shared = new Float64Array(clusters);
    for (let e = 0; e < edges.from.length; e++) {
      const a = cluster[edges.from[e]];
      const b = cluster[edges.to[e]];
      if (a === b) continue;
      if (a === dust) shared[b] += edges.weight[e];
      else if (b === dust) shared[a] += edges.weight[e];
    }
    let target = -1;
    for (let c = 0; c < clusters; c++) if (shared[c] > 0 && (target < 0 || shared[c] > shared[target])) target = c;
    if (target < 0) {
      final.add(dust);
      continue;
    }
    for (let node = 0; node < cluster.length; node++) if (cluster[node] === dust) cluster[node] = target;
    size[target] += size[dust];
    size[dust] = 0;
  }
  return { of: cluster, count: size.reduce((found, points) => found + (points >= smallest ? 1 : 0), 0) };
}

/** New numbers of clusters, the largest first; what is still too small hangs on nothing and gets none. */
function bySize(cluster: Int32Array, sizes: Float64Array, smallest: number): Int32Array {
  const size = new Float64Array(cluster.length);
  cluster.forEach((c, node) => (size[c] += sizes[node]));
  const order = Array.from({ length: size.length }, (_, c) => c)
    .filter((c) => size[c] >= smallest)
    .sort((a, b) => size[b] - size[a] || a - b);
  const numbers = new Int32Array(size.length).fill(noCluster);
  order.forEach((c, number) => (numbers[c] = number));
  return numbers;
}
