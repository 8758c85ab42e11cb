import assert from 'node:assert/strict';
import { UndirectedGraph } from 'graphology';
import louvain from 'graphology-communities-louvain';
import { blockedKnn, type VectorRows } from '../../../src/core/neighbors/blockedKnn';
import { seededRandom } from '../../../src/core/neighbors/seededRandom';
import { fuzzyGraph } from '../../../src/core/projection/fuzzyGraph';
import { clusterHierarchy, noCluster } from '../../../src/core/topics/clusters';
import { aggregate, leiden, type CommunityGraph } from '../../../src/core/topics/leiden';
import { plantedVectors } from '../neighbors/plantedVectors';

/** Modularity with a resolution (Newman and Girvan 2004), by its definition. */
function modularity(graph: CommunityGraph, of: ArrayLike<number>, resolution: number): number {
  const strength = new Map<number, number>();
  let within = 0;
  let total = 0;
  for (let node = 0; node < graph.count; node++) {
    for (let e = graph.rowStart[node]; e < graph.rowStart[node + 1]; e++) {
      total += graph.weight[e];
      strength.set(of[node], (strength.get(of[node]) ?? 0) + graph.weight[e]);
      if (of[graph.tail[e]] === of[node]) within += graph.weight[e];
    }
  }
  const expected = [...strength.values()].reduce((sum, value) => sum + (value / total) ** 2, 0);
  return within / total - resolution * expected;
}

function libraryLouvain(graph: CommunityGraph, resolution: number): number[] {
  const library = new UndirectedGraph<Record<string, never>, { weight: number }>();
  for (let node = 0; node < graph.count; node++) library.addNode(node);
  for (let node = 0; node < graph.count; node++) {
    for (let e = graph.rowStart[node]; e < graph.rowStart[node + 1]; e++) {
      if (graph.tail[e] > node) library.addUndirectedEdge(node, graph.tail[e], { weight: graph.weight[e] });
    }
  }
  const random = seededRandom(1);
  const found = louvain(library, { getEdgeWeight: 'weight', resolution, rng: () => random.next() });
  return Array.from({ length: graph.count }, (_, node) => found[node]);
}

/** Nodes that edges inside the community reach from its first node. */
function reached(graph: CommunityGraph, of: Int32Array, first: number): number {
  const seen = new Set([first]);
  const waiting = [first];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (let e = graph.rowStart[node]; e < graph.rowStart[node + 1]; e++) {
      const other = graph.tail[e];
      if (of[other] !== of[first] || seen.has(other)) continue;
      seen.add(other);
      waiting.push(other);
    }
  }
  return seen.size;
}

describe('Leiden communities', () => {
  const graph = fuzzyGraph(blockedKnn(plantedVectors(700, 24, 12, 1.3, 5), 15), 16);

  it('are worth as much modularity as those of the library’s Louvain, at any resolution', () => {
    for (const resolution of [0.5, 1, 4]) {
      const ours = modularity(graph, leiden(graph, resolution, 42).of, resolution);
      const theirs = modularity(graph, libraryLouvain(graph, resolution), resolution);
      assert.ok(ours > theirs - 0.01, `${ours} beside ${theirs} at ${resolution}`);
    }
  });

  it('hang together, are numbered without gaps, and depend on the seed alone', () => {
    const { of, count } = leiden(graph, 4, 7);
    assert.deepEqual(leiden(graph, 4, 7).of, of);
    for (let community = 0; community < count; community++) {
      const size = of.reduce((sum, each) => sum + (each === community ? 1 : 0), 0);
      assert.ok(size > 0);
      assert.equal(reached(graph, of, of.indexOf(community)), size);
    }
  });

  it('of a graph without edges are its nodes; of two cliques with a bridge the cliques', () => {
    const lonely = { count: 3, rowStart: new Int32Array(4), tail: new Int32Array(0), weight: new Float32Array(0) };
    assert.deepEqual([...leiden(lonely, 1, 1).of], [0, 1, 2]);
    const edges: [number, number][] = [[0, 4]];
    for (const clique of [0, 4])
      for (let a = 0; a < 4; a++) for (let b = 0; b < a; b++) edges.push([clique + a, clique + b]);
    const rows = Array.from({ length: 8 }, (_, node) =>
      edges.flatMap(([a, b]) => (a === node ? [b] : b === node ? [a] : [])),
    );
    const rowStart = Int32Array.from({ length: 9 }, (_, i) => rows.slice(0, i).flat().length);
    const cliques = { count: 8, rowStart, tail: Int32Array.from(rows.flat()), weight: new Float32Array(26).fill(1) };
    assert.deepEqual([...leiden(cliques, 1, 3).of], [0, 0, 0, 0, 1, 1, 1, 1]);
  });

  it('keep all weight when they become the nodes of a graph', () => {
    const { of, count } = leiden(graph, 4, 7);
    const joined = aggregate(graph, of, count);
    const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
    assert.ok(Math.abs(sum(graph.weight) - sum(joined.weight) - 2 * sum(joined.inside)) < 1e-3);
  });
});

/** Five fields of six topics each, which differ by a part of what fields differ by. */
function nested(count: number): VectorRows {
  const fields = plantedVectors(5, 32, 5, 0, 1);
  const topics = plantedVectors(30, 32, 30, 0, 2);
  const random = seededRandom(3);
  const vectors = new Float32Array(count * 32);
  for (let row = 0; row < count; row++) {
    const topic = row % 30;
    const values = Array.from({ length: 32 }, (_, d) => {
      const center = fields.vectors[(topic % 5) * 32 + d] + 0.5 * topics.vectors[topic * 32 + d];
      return center + (0.75 * random.normal()) / Math.sqrt(32);
    });
    const length = Math.hypot(...values);
    vectors.set(
      values.map((value) => value / length),
      row * 32,
    );
  }
  return { vectors, count, dimensions: 32 };
}

describe('Levels of clusters', () => {
  it('go from coarse to fine, each cluster within one of the level before', () => {
    const { levels, main } = clusterHierarchy(blockedKnn(nested(1500), 15), 42);
    const counts = levels.map((level) => new Set([...level].filter((cluster) => cluster !== noCluster)).size);
    assert.ok(levels.length === 3 && main === 1, counts.join());
    assert.ok(counts[0] < counts[1] && counts[1] < counts[2], counts.join());
    for (let i = 1; i < levels.length; i++) {
      const parent = new Map<number, number>();
      levels[i].forEach((cluster, point) => {
        if (cluster === noCluster) return;
        const above = levels[i - 1][point];
        assert.equal(parent.get(cluster) ?? above, above);
        parent.set(cluster, above);
      });
    }
  });
});
