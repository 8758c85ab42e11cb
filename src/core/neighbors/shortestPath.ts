import type { KnnGraph } from './knnGraph';

/** An edge is never shorter: twins that rounding parts would otherwise be free to visit. */
const shortestEdge = 1e-4;

export interface Path {
  /** From the first to the last node. */
  nodes: number[];
  /** Sum of the edges' distances, 1 - similarity each. */
  length: number;
}

export interface PathOptions {
  /** Neighbors of each node that are taken, both ways. */
  neighbors: number;
  /** Leaves nodes out that answer false. */
  accept?: (node: number) => boolean;
}

/**
 * The shortest path over the kNN graph, edges taken both ways (Dijkstra 1959): distance 1 - cosine similarity, half the
 * squared Euclidean distance, so that two small steps are shorter than one large one and the path goes through what
 * lies between.
 *
 * @returns undefined when no path leads there.
 */
export function shortestPath(graph: KnnGraph, from: number, to: number, options: PathOptions): Path | undefined {
  const { count } = graph;
  const { accept } = options;
  const edges = bothWays(graph, Math.min(options.neighbors, graph.k));
  const distance = new Float64Array(count).fill(Infinity);
  const before = new Int32Array(count).fill(-1);
  const done = new Uint8Array(count);
  const queue = new NodeQueue();
  distance[from] = 0;
  queue.push(from, 0);
  for (let node = queue.pop(); node >= 0; node = queue.pop()) {
    if (done[node] === 1) continue;
    done[node] = 1;
    if (node === to) break;
    for (let e = edges.rowStart[node]; e < edges.rowStart[node + 1]; e++) {
      const other = edges.tail[e];
      if (done[other] === 1 || (accept !== undefined && !accept(other))) continue;
      const length = distance[node] + Math.max(shortestEdge, 1 - edges.similarity[e]);
      if (length >= distance[other]) continue;
      distance[other] = length;
      before[other] = node;
      queue.push(other, length);
    }
  }
  if (distance[to] === Infinity) return undefined;
  const nodes = [to];
  while (nodes[0] !== from) nodes.unshift(before[nodes[0]]);
  return { nodes, length: distance[to] };
}

/** Edges of the first `k` neighbors in both directions, in compressed rows. */
function bothWays(graph: KnnGraph, k: number): { rowStart: Int32Array; tail: Int32Array; similarity: Float32Array } {
  const { count, indices, similarities } = graph;
  const rowStart = new Int32Array(count + 1);
  const each = (visit: (from: number, to: number, similarity: number) => void) => {
    for (let node = 0; node < count; node++) {
      for (let rank = 0; rank < k; rank++) {
        const other = indices[node * graph.k + rank];
        if (other >= 0) visit(node, other, similarities[node * graph.k + rank]);
      }
    }
  };
  each((from, to) => {
    rowStart[from + 1]++;
    rowStart[to + 1]++;
  });
  for (let node = 0; node < count; node++) rowStart[node + 1] += rowStart[node];
  const next = rowStart.slice();
  const tail = new Int32Array(rowStart[count]);
  const similarity = new Float32Array(tail.length);
  each((from, to, value) => {
    tail[next[from]] = to;
    similarity[next[from]++] = value;
    tail[next[to]] = from;
    similarity[next[to]++] = value;
  });
  return { rowStart, tail, similarity };
}

/** A binary heap of nodes by distance; equal distances come in the order of the nodes. */
class NodeQueue {
  private readonly nodes: number[] = [];
  private readonly distances: number[] = [];

  push(node: number, distance: number): void {
    const { nodes, distances } = this;
    let at = nodes.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(distance, node, parent)) break;
      nodes[at] = nodes[parent];
      distances[at] = distances[parent];
      at = parent;
    }
    nodes[at] = node;
    distances[at] = distance;
  }

  /** -1 when empty. */
  pop(): number {
    const { nodes, distances } = this;
    if (nodes.length === 0) return -1;
    const first = nodes[0];
    const node = nodes.pop()!;
    const distance = distances.pop()!;
    const size = nodes.length;
    let at = 0;
    while (size > 0) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.isBefore(distances[child + 1], nodes[child + 1], child)) child++;
      if (this.isBefore(distance, node, child)) break;
      nodes[at] = nodes[child];
      distances[at] = distances[child];
      at = child;
    }
    if (size > 0) {
      nodes[at] = node;
      distances[at] = distance;
    }
    return first;
  }

  private isBefore(distance: number, node: number, at: number): boolean {
    return distance < this.distances[at] || (distance === this.distances[at] && node < this.nodes[at]);
  }
}
