import type { KnnGraph } from '../neighbors/knnGraph';
import { fuzzyGraph } from '../projection/fuzzyGraph';
import { aggregate, leiden, type CommunityGraph } from './leiden';

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
/**
 * Natural logarithm of the factor by which the number of clusters may miss the one wanted: the graph has its say. The main
 * level may miss it by 2.2, as long as it can be read: planted topics and chapters are found better so.
 */
const closeEnoughMain = 0.8;
const closeEnoughOthers = 0.35;
const mostReadable = 40;
/** A coarse level is worth its labels from this many clusters on; it has a third of them. */
const clustersForCoarse = 9;
const coarseShare = 1 / 3;
/** A fine level is worth its labels from this many points on; it has this many times the clusters. */
const pointsForFine = 300;
const fineFactor = 3.5;

/** Clusters of all points in levels, coarse to fine: each cluster lies in one of the level before. */
export interface ClusterHierarchy {
  /** n each: number of the cluster, the largest first, {@link noCluster} for a point that hangs on none. */
  levels: Uint16Array[];
  /** The level with a readable number of clusters: 8 of 100 points, 18 of 10,000. It colors the map. */
  main: number;
}

/** What was chosen by `npm run bench:clusters`, which sets it anew to compare. */
export interface ClusterChoices {
  /** Neighbors whose edges make communities. */
  neighbors?: number;
  /** Resolution of the communities that are joined. */
  fineResolution?: number;
  /** Natural logarithm of the factor by which the number of clusters may miss the one wanted. */
  closeEnough?: number;
}

/**
 * Communities of the kNN graph by Leiden on UMAP's weights, which put dense and sparse regions on one scale. Found once at
 * a fine resolution; their graph, small as it is, is then searched for the resolution that joins them to a readable
 * number. A coarser level joins these, a finer one joins the communities anew inside each of these. Clusters too small
 * to be a topic go to the cluster that they are tied to most.
 */
export function clusterHierarchy(knn: KnnGraph, seed: number, choices: ClusterChoices = {}): ClusterHierarchy {
  const { count } = knn;
  const none = { levels: [new Uint16Array(count).fill(noCluster)], main: 0 };
  if (count < fewestNeighbors) return none;
  const neighbors = Math.max(
    fewestNeighbors,
    Math.min(choices.neighbors ?? mostNeighbors, Math.round(Math.sqrt(count))),
  );
  const graph = fuzzyGraph(knn, neighbors + 1);
  const communities = leiden(graph, choices.fineResolution ?? fineResolution, seed);
  const joined = aggregate(graph, communities.of, communities.count);
  const sizes = new Float64Array(communities.count);
  for (const community of communities.of) sizes[community]++;

  const wanted = Math.max(fewestClusters, Math.min(mostClusters, 5 * Math.log10(count) - 2));
  const smallest = Math.max(2, Math.min(50, Math.round(count * 0.008)));
  const main = join(joined, sizes, { wanted, smallest, seed, closeEnough: choices.closeEnough ?? closeEnoughMain });
  const toPoints = (of: Int32Array): Uint16Array => Uint16Array.from(communities.of, (node) => of[node]);
  const levels = [toPoints(main.of)];

  if (count >= pointsForFine) {
    const within = withoutEdgesBetween(joined, main.of);
    const least = Math.max(4, Math.min(25, Math.round(count * 0.002)));
    const fine = join(within, sizes, { wanted: fineFactor * main.count, smallest: least, seed });
    if (fine.count > 1.5 * main.count) levels.push(toPoints(fine.of));
  }
  if (main.count < clustersForCoarse) return { levels, main: 0 };
  const clustered = main.of.map((cluster) => (cluster === noCluster ? main.count : cluster));
  const mainSizes = new Float64Array(main.count + 1);
  clustered.forEach((cluster, node) => (mainSizes[cluster] += sizes[node]));
  const together = aggregate(joined, clustered, main.count + 1);
  const coarse = join(together, mainSizes, { wanted: coarseShare * main.count, smallest, seed });
  if (coarse.count < 2 || coarse.count > 0.7 * main.count) return { levels, main: 0 };
  levels.unshift(levels[0].map((cluster) => (cluster === noCluster ? noCluster : coarse.of[cluster])));
  return { levels, main: 1 };
}

/** Searches for the resolution that joins nodes to about the number of clusters that is wanted. */
function join(
  graph: Required<CommunityGraph>,
  sizes: Float64Array,
  {
    wanted,
    smallest,
    seed,
    closeEnough = closeEnoughOthers,
  }: { wanted: number; smallest: number; seed: number; closeEnough?: number },
): { of: Int32Array; count: number } {
  let best: { of: Int32Array; distance: number } | undefined;
  let low: number | undefined;
  let high: number | undefined;
  let resolution = 1;
  for (let round = 0; round < searchRounds; round++) {
    const merged = withoutDust(graph, leiden(graph, resolution, seed).of, sizes, smallest);
    const distance = Math.abs(Math.log(Math.max(0.5, merged.count) / wanted));
    if (best === undefined || distance < best.distance) best = { of: merged.of, distance };
    if (distance <= closeEnough && (merged.count <= mostReadable || wanted > mostReadable)) break;
    if (merged.count < wanted) low = resolution;
    else high = resolution;
    if (low === undefined) resolution /= resolutionStep;
    else if (high === undefined) resolution *= resolutionStep;
    else resolution = Math.sqrt(low * high);
  }
  return bySize(best?.of ?? new Int32Array(0), sizes, smallest);
}

/** Edges inside clusters alone: what is joined along them lies in one cluster. */
function withoutEdgesBetween(graph: Required<CommunityGraph>, cluster: Int32Array): Required<CommunityGraph> {
  const rowStart = new Int32Array(graph.count + 1);
  const kept: number[] = [];
  for (let node = 0; node < graph.count; node++) {
    for (let e = graph.rowStart[node]; e < graph.rowStart[node + 1]; e++) {
      if (cluster[graph.tail[e]] === cluster[node] && cluster[node] !== noCluster) kept.push(e);
    }
    rowStart[node + 1] = kept.length;
  }
  return {
    count: graph.count,
    rowStart,
    tail: Int32Array.from(kept, (e) => graph.tail[e]),
    weight: Float64Array.from(kept, (e) => graph.weight[e]),
    inside: graph.inside,
  };
}

/** Joins clusters of fewer than `smallest` points to the one that they share most weight with, smallest first. */
function withoutDust(
  graph: CommunityGraph,
  of: Int32Array,
  sizes: Float64Array,
  smallest: number,
): { of: Int32Array; count: number } {
  const cluster = of.slice();
  const clusters = cluster.reduce((most, c) => Math.max(most, c + 1), 0);
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
    for (let node = 0; node < graph.count; node++) {
      if (cluster[node] !== dust) continue;
      for (let e = graph.rowStart[node]; e < graph.rowStart[node + 1]; e++) {
        shared[cluster[graph.tail[e]]] += graph.weight[e];
      }
    }
    shared[dust] = 0;
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
function bySize(cluster: Int32Array, sizes: Float64Array, smallest: number): { of: Int32Array; count: number } {
  const size = new Float64Array(cluster.length);
  cluster.forEach((c, node) => (size[c] += sizes[node]));
  const order = Array.from({ length: size.length }, (_, c) => c)
    .filter((c) => size[c] >= smallest)
    .sort((a, b) => size[b] - size[a] || a - b);
  const numbers = new Int32Array(size.length).fill(noCluster);
  order.forEach((c, number) => (numbers[c] = number));
  return { of: cluster.map((c) => numbers[c]), count: order.length };
}
