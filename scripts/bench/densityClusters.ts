import type { KnnGraph } from '../../src/core/neighbors/knnGraph';

const none = 65535;

/**
 * Density clusters as HDBSCAN* finds them (Campello, Moulavi and Sander 2013; McInnes, Healy and Astels 2017), to compare
 * communities with: mutual reachability over the kNN graph, single linkage, condensed by `leastSize`, clusters by excess of
 * mass. Edges beyond the graph are not there, so its parts stay apart.
 *
 * @returns the cluster of each point, 65535 for what is called noise.
 */
export function densityClusters(graph: KnnGraph, leastSize: number): Uint16Array {
  const { count, k, indices, similarities } = graph;
  const core = Float64Array.from({ length: count }, (_, i) => 1 - similarities[i * k + Math.min(k, leastSize) - 1]);
  const edges: { a: number; b: number; distance: number }[] = [];
  for (let a = 0; a < count; a++) {
    for (let rank = 0; rank < k; rank++) {
      const b = indices[a * k + rank];
      if (b < 0) continue;
      edges.push({ a, b, distance: Math.max(core[a], core[b], 1 - similarities[a * k + rank], 1e-6) });
    }
  }
  edges.sort((x, y) => x.distance - y.distance);
  const nodes = linkage(count, edges);
  const of = new Uint16Array(count).fill(none);
  let clusters = 0;
  const roots = nodes.filter(({ parent }) => parent < 0);
  for (const root of roots) {
    for (const chosen of excessOfMass(nodes, root, leastSize, roots.length > 1)) {
      for (const point of pointsBelow(nodes, chosen)) of[point] = clusters;
      clusters++;
    }
  }
  return of;
}

interface LinkNode {
  index: number;
  parent: number;
  children: number[];
  size: number;
  /** 1 / distance at which its children join. */
  density: number;
}

/** Single linkage: points first, then one node a join. */
function linkage(count: number, edges: readonly { a: number; b: number; distance: number }[]): LinkNode[] {
  const nodes: LinkNode[] = Array.from({ length: count }, (_, index) => ({
    index,
    parent: -1,
    children: [],
    size: 1,
    density: Infinity,
  }));
  const top = Int32Array.from({ length: count }, (_, i) => i);
  const leader = Int32Array.from({ length: count }, (_, i) => i);
  const find = (point: number): number => {
    let at = point;
    while (leader[at] !== at) at = leader[at] = leader[leader[at]];
    return at;
  };
  for (const { a, b, distance } of edges) {
    const [x, y] = [find(a), find(b)];
    if (x === y) continue;
    const children = [top[x], top[y]];
    const index = nodes.length;
    nodes.push({
      index,
      parent: -1,
      children,
      size: nodes[children[0]].size + nodes[children[1]].size,
      density: 1 / distance,
    });
    for (const child of children) nodes[child].parent = index;
    leader[y] = x;
    top[x] = index;
  }
  return nodes;
}

/** Clusters of the condensed tree below a root whose stability is greater than that of their parts together. */
function excessOfMass(
  nodes: readonly LinkNode[],
  root: LinkNode,
  leastSize: number,
  /** Whether all of it may be one cluster. */
  mayBeWhole: boolean,
): LinkNode[] {
  if (root.size < leastSize) return [];
  /** A cluster goes on as its larger part as long as only dust falls off. */
  const grow = (cluster: LinkNode, bornAt: number): { chosen: LinkNode[]; stability: number } => {
    let stability = 0;
    let node = cluster;
    for (;;) {
      const parts = node.children.map((child) => nodes[child]).filter(({ size }) => size >= leastSize);
      if (parts.length === 1) {
        stability += (node.size - parts[0].size) * (node.density - bornAt);
        [node] = parts;
        continue;
      }
      const leaves = Number.isFinite(node.density) ? node.size * (node.density - bornAt) : 0;
      stability += leaves;
      if (parts.length === 0) return { chosen: [cluster], stability };
      const below = parts.map((part) => grow(part, node.density));
      const sum = below.reduce((total, part) => total + part.stability, 0);
      return sum > stability || (cluster === root && !mayBeWhole)
        ? { chosen: below.flatMap((part) => part.chosen), stability: sum }
        : { chosen: [cluster], stability };
    }
  };
  return grow(root, 0).chosen;
}

function pointsBelow(nodes: readonly LinkNode[], node: LinkNode): number[] {
  const points: number[] = [];
  const waiting = [node];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (at.children.length === 0) points.push(at.index);
    for (const child of at.children) waiting.push(nodes[child]);
  }
  return points;
}
