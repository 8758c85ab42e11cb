import assert from 'node:assert/strict';
import { deserialize, serialize } from 'node:v8';
import { blockedKnn } from '../../../src/core/neighbors/blockedKnn';
import { labelClusters } from '../../../src/core/topics/clusterLabels';
import { clusterHierarchy } from '../../../src/core/topics/clusters';
import { MapClusters, type StoredClusters } from '../../../src/engine/mapClusters';
import { hueCount } from '../../../src/shared/palette';
import { plantedVectors } from '../neighbors/plantedVectors';

const subjects =
  'harbor compiler bakery orchestra ledger vaccine goalkeeper glacier violin pepper turbine castle'.split(' ');

/** Planted topics with a word each; the first `old` rows are those of the map before. */
function layOut(clusters: MapClusters, count: number, data: ReturnType<typeof plantedVectors>): void {
  const rows = Int32Array.from({ length: count }, (_, row) => row);
  const { dimensions } = data;
  const hierarchy = clusterHierarchy(
    blockedKnn({ vectors: data.vectors.subarray(0, count * dimensions), count, dimensions }, 15),
    42,
  );
  const texts = Array.from(
    rows,
    (row) => `The ${subjects[data.labels[row]]} and ${subjects[data.labels[row]]}s of day.`,
  );
  const labels = labelClusters(texts, hierarchy, new Float32Array(2 * count));
  clusters.adopt(rows, hierarchy, labels, count);
}

/** 500 points of nine topics, then 10 % more of them, then a folder of 100 about something else. */
function planted() {
  const known = plantedVectors(550, 32, 9, 0.8, 3);
  const alien = plantedVectors(100, 32, 3, 0.5, 99);
  const vectors = new Float32Array(650 * 32);
  vectors.set(known.vectors);
  vectors.set(alien.vectors, 550 * 32);
  const labels = Int32Array.from([...known.labels, ...alien.labels.map((label) => 9 + label)]);
  return { vectors, labels, count: 650, dimensions: 32 };
}

const rowsUpTo = (count: number) => Array.from({ length: count }, (_, row) => row);

describe('Clusters of a map', () => {
  it('keep ids, names, slots and order when a tenth is added, and when an alien folder comes', () => {
    const data = planted();
    const clusters = new MapClusters();
    layOut(clusters, 500, data);
    const first = clusters.columns(rowsUpTo(500)).clusters;
    assert.ok(first.length >= 8, `${first.length} clusters`);
    for (const count of [550, 650]) {
      layOut(clusters, count, data);
      const now = clusters.columns(rowsUpTo(count));
      first.forEach(({ id, name, hue, terms }, i) => {
        const same = now.clusters[i];
        assert.deepEqual([same.id, same.name, same.hue, same.terms], [id, name, hue, terms], `after ${count} points`);
      });
      assert.equal(new Set(now.clusters.map(({ id }) => id)).size, now.clusters.length);
      assert.equal(new Set(now.clusters.map(({ name }) => name)).size, now.clusters.length);
      // The old points still lie in the clusters of those ids.
      const before = new Map<number, number>();
      data.labels.slice(0, 500).forEach((label, row) => before.set(label, now.clusters[now.cluster[row]].id));
      assert.equal(new Set(before.values()).size, 9);
    }
    const aliens = clusters.columns(rowsUpTo(650)).clusters.slice(first.length);
    assert.ok(aliens.length >= 1 && aliens.every(({ id }) => first.every((known) => known.id !== id)));
  });

  it('are the same after a reload, and after the layout that follows it', () => {
    const data = planted();
    const clusters = new MapClusters();
    layOut(clusters, 550, data);
    const before = clusters.columns(rowsUpTo(550));
    const stored = deserialize(serialize(clusters.stored(rowsUpTo(550)))) as StoredClusters;
    const reloaded = new MapClusters();
    // Rows are others after a reload: here they come the other way round.
    reloaded.restore(
      stored,
      rowsUpTo(550).map((row) => 549 - row),
      550,
    );
    const after = reloaded.columns(rowsUpTo(550).reverse());
    assert.deepEqual(after, before);
    const again = new MapClusters();
    again.restore(stored, rowsUpTo(550), 550);
    layOut(again, 550, data);
    assert.deepEqual(again.columns(rowsUpTo(550)), before);
  });

  it('share slots through the levels, and the largest have one of the palette', () => {
    const data = plantedVectors(1500, 32, 12, 0.9, 2);
    const clusters = new MapClusters();
    layOut(clusters, 1500, data);
    const { clusterLevels, clusterLevel, clusters: main } = clusters.columns(rowsUpTo(1500));
    assert.ok(clusterLevels.length > 1);
    const hues = main.map(({ hue }) => hue);
    assert.equal(new Set(hues).size, hues.length);
    assert.deepEqual(
      hues.filter((hue) => hue < hueCount).sort(),
      Array.from({ length: Math.min(hueCount, main.length) }, (_, i) => i),
    );
    for (const cluster of clusterLevels[clusterLevel + 1]?.clusters ?? []) {
      assert.equal(cluster.hue, main[cluster.parent].hue);
    }
  });

  it('take in points that are placed where their nearest point is', () => {
    const clusters = new MapClusters();
    layOut(clusters, 500, planted());
    clusters.put(500, 3, 501);
    clusters.put(501, undefined, 502);
    const { cluster } = clusters.columns([3, 500, 501]);
    assert.equal(cluster[1], cluster[0]);
    assert.equal(cluster[2], 65535);
  });
});
