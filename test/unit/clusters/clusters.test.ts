import assert from 'node:assert/strict';
import { blockedKnn } from '../../../src/core/neighbors/blockedKnn';
import { seededRandom } from '../../../src/core/neighbors/seededRandom';
import { labelClusters } from '../../../src/core/topics/clusterLabels';
import { clusterHierarchy, noCluster } from '../../../src/core/topics/clusters';
import type { KnnGraph } from '../../../src/core/neighbors/knnGraph';
import { plantedVectors } from '../neighbors/plantedVectors';

/** Adjusted Rand index (Hubert and Arabie 1985). */
function adjustedRand(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const pairs = (count: number) => (count * (count - 1)) / 2;
  const both = new Map<string, number>();
  const left = new Map<number, number>();
  const right = new Map<number, number>();
  for (let i = 0; i < a.length; i++) {
    both.set(`${a[i]} ${b[i]}`, (both.get(`${a[i]} ${b[i]}`) ?? 0) + 1);
    left.set(a[i], (left.get(a[i]) ?? 0) + 1);
    right.set(b[i], (right.get(b[i]) ?? 0) + 1);
  }
  const sum = (counts: Iterable<number>) => [...counts].reduce((total, count) => total + pairs(count), 0);
  const expected = (sum(left.values()) * sum(right.values())) / pairs(a.length);
  const index = sum(both.values());
  return (index - expected) / ((sum(left.values()) + sum(right.values())) / 2 - expected);
}

/** The level that colors the map. */
function clusterPoints(graph: KnnGraph, seed: number): Uint16Array {
  const { levels, main } = clusterHierarchy(graph, seed);
  return levels[main];
}

describe('clusters', () => {
  it('find planted topics, of a hundred points and of many', () => {
    for (const [count, topics] of [
      [100, 7],
      [600, 12],
    ]) {
      const data = plantedVectors(count, 48, topics, 0.8, 3);
      const clusters = clusterPoints(blockedKnn(data, 50), 42);
      const rand = adjustedRand(clusters, data.labels);
      assert.ok(rand > 0.95, `adjusted Rand index ${rand} of ${count} points`);
    }
  });

  it('are numbered from the largest, depend on the seed alone, and leave no dust', () => {
    const data = plantedVectors(500, 24, 9, 1.1, 12);
    const graph = blockedKnn(data, 50);
    const clusters = clusterPoints(graph, 7);
    assert.deepEqual(clusters, clusterPoints(graph, 7));
    const sizes: number[] = [];
    for (const cluster of clusters) sizes[cluster] = (sizes[cluster] ?? 0) + 1;
    assert.deepEqual(
      sizes,
      [...sizes].sort((a, b) => b - a),
    );
    assert.ok(sizes.length >= 5 && sizes.length <= 30, `${sizes.length} clusters`);
    assert.ok(sizes.at(-1)! >= 4);
  });

  it('of structureless points are still few enough to read', () => {
    const random = seededRandom(1);
    const vectors = Float32Array.from({ length: 800 * 16 }, () => random.normal());
    for (let row = 0; row < 800; row++) {
      const length = Math.hypot(...vectors.subarray(row * 16, row * 16 + 16));
      for (let d = 0; d < 16; d++) vectors[row * 16 + d] /= length;
    }
    const found = new Set(clusterPoints(blockedKnn({ vectors, count: 800, dimensions: 16 }, 50), 42)).size;
    assert.ok(found >= 5 && found <= 30, `${found} clusters`);
  });

  it('of next to nothing, and of twins alone, do not fail', () => {
    for (const count of [0, 1, 2, 3, 5, 9]) {
      const clusters = clusterPoints(blockedKnn(plantedVectors(count, 8, 2), 50), 42);
      assert.equal(clusters.length, count);
    }
    const twins = new Float32Array(60 * 4);
    for (let row = 0; row < 60; row++) twins[row * 4] = 1;
    assert.equal(clusterPoints(blockedKnn({ vectors: twins, count: 60, dimensions: 4 }, 50), 42).length, 60);
  });
});

describe('labels of clusters', () => {
  const topics = [
    [
      'Borrowing moves ownership; threads share data safely.',
      'A thread that owns data moves it.',
      'Two threads and a mutex for a thread pool.',
    ],
    [
      'The refund reaches your account in five days.',
      'Refunds for an order: see `refundPolicy` of the order.',
      'A refund_policy names each order.',
    ],
    ['Goals in the league: the team won.', 'The league table after the match, 3 : 1.', 'A team, a match, a goal.'],
  ];
  const texts = topics.flat();
  const clusters = Uint16Array.from(texts, (_, i) => Math.floor(i / 3));
  const coordinates = Float32Array.from(texts.flatMap((_, i) => [Math.floor(i / 3), (i % 3) * 0.1]));

  it('are words of their own, plurals and identifiers folded, without stop words and numbers', () => {
    const labels = labelClusters(texts, { levels: [clusters], main: 0 }, coordinates)[0];
    assert.equal(labels.length, 3);
    assert.deepEqual(
      labels.map(({ count }) => count),
      [3, 3, 3],
    );
    assert.ok(
      labels[0].terms.some((term) => /^threads?$/.test(term)),
      labels[0].terms.join(),
    );
    assert.equal(labels[0].terms.filter((term) => /^threads?$/.test(term)).length, 1);
    assert.ok(labels[1].terms.includes('refund') && labels[1].terms.includes('policy'), labels[1].terms.join());
    assert.ok(labels[2].terms.includes('league') && labels[2].terms.includes('team'), labels[2].terms.join());
    for (const { terms, name } of labels) {
      assert.equal(name, terms.slice(0, 2).join(', '));
      assert.ok(
        terms.every((term) => !/^(the|and|your|for|in|a)$|^\d+$|_/.test(term)),
        terms.join(),
      );
    }
    assert.equal(new Set(labels.map(({ terms }) => terms[0])).size, 3);
  });

  it('stand at the densest place of their cluster, not in the middle of it', () => {
    const points = 40;
    const places = Float32Array.from({ length: 2 * points }, (_, at) =>
      at < 60 ? 0.5 + 0.001 * at : -1 + 0.1 * (at - 60),
    );
    const alike = new Array<string>(points).fill('alpha beta');
    const [[label]] = labelClusters(alike, { levels: [new Uint16Array(points)], main: 0 }, places);
    assert.ok(Math.abs(label.x - 0.53) < 0.05 && Math.abs(label.y - 0.53) < 0.05, `${label.x}, ${label.y}`);
  });

  it('exist without words, without places and without clusters', () => {
    const one = { levels: [Uint16Array.of(0, 0)], main: 0 };
    const [[nameless]] = labelClusters(['', '1 2 3'], one, Float32Array.of(NaN, NaN, NaN, NaN));
    assert.deepEqual([nameless.name, nameless.terms, nameless.x, nameless.y], ['Cluster 1', [], 0, 0]);
    const none = { levels: [Uint16Array.of(noCluster)], main: 0 };
    assert.deepEqual(labelClusters(['word'], none, Float32Array.of(0, 0)), [[]]);
  });
});
