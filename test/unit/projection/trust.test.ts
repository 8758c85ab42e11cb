import assert from 'node:assert/strict';
import { blockedKnn, nearest } from '../../../src/core/neighbors/blockedKnn';
import { seededRandom } from '../../../src/core/neighbors/seededRandom';
import { mapQuality } from '../../../src/core/projection/mapQuality';
import { mapNeighbors } from '../../../src/core/projection/mapNeighbors';
import { project } from '../../../src/core/projection/layoutStages';
import { FixedMap } from '../../../src/core/projection/placement';
import { meanReading, neighborhoodReadings, trustOf, unknownTrust } from '../../../src/core/projection/trust';
import { defaultLayoutSettings } from '../../../src/shared/layoutMethods';
import { plantedVectors } from '../neighbors/plantedVectors';

function randomMap(count: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: 2 * count }, () => 2 * random.next() - 1);
}

/** Nearest points on the map, by looking at all of them. */
function bruteMapNeighbors(coordinates: Float32Array, i: number, k: number): number[] {
  const squared = (j: number) =>
    Math.fround(
      (coordinates[2 * j] - coordinates[2 * i]) ** 2 + (coordinates[2 * j + 1] - coordinates[2 * i + 1]) ** 2,
    );
  return Array.from({ length: coordinates.length / 2 }, (_, j) => j)
    .filter((j) => j !== i)
    .sort((a, b) => squared(a) - squared(b) || a - b)
    .slice(0, k);
}

describe('trust', () => {
  it('is what looking at all points finds, piled-up points included', () => {
    const data = plantedVectors(260, 16, 4);
    const coordinates = randomMap(260, 3);
    coordinates.fill(0.25, 0, 2 * 40);
    const graph = blockedKnn(data, 50);
    const found = mapNeighbors(coordinates, 15);
    const { trust: trusted, falseNeighbors } = neighborhoodReadings(graph, coordinates);
    for (let i = 0; i < data.count; i++) {
      const onMap = bruteMapNeighbors(coordinates, i, 15);
      assert.deepEqual([...found.subarray(i * 15, i * 15 + 15)], onMap);
      const truly = graph.indices.subarray(i * 50, i * 50 + 15);
      assert.equal(trusted[i], onMap.filter((j) => truly.includes(j)).length);
      const among = graph.indices.subarray(i * 50, i * 50 + 50);
      assert.equal(falseNeighbors[i], onMap.filter((j) => !among.includes(j)).length);
    }
  });

  it('is full on a map that is the space itself', () => {
    const count = 300;
    const angles = Array.from({ length: count }, (_, i) => (i / count) * 3);
    const vectors = Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]));
    const { trust: trusted, falseNeighbors } = neighborhoodReadings(
      blockedKnn({ vectors, count, dimensions: 2 }, 50),
      vectors,
    );
    assert.ok(meanReading(trusted)! > 14.5, `${meanReading(trusted)}`);
    assert.equal(meanReading(falseNeighbors), 0);
    const quality = mapQuality({ vectors, count, dimensions: 2 }, vectors);
    assert.ok(quality.trustworthiness > 0.9999 && quality.continuity > 0.9999);
    const shuffled = mapQuality({ vectors, count, dimensions: 2 }, randomMap(count, 1));
    assert.ok(Math.abs(shuffled.trustworthiness - 0.5) < 0.05, `${shuffled.trustworthiness} for a random map`);
  });

  it('of few points is counted over those there are, of one point unknown', () => {
    const two = plantedVectors(2, 8, 1);
    assert.equal(trustOf(2), 1);
    assert.deepEqual([...neighborhoodReadings(blockedKnn(two, 50), Float32Array.of(0, 0, 1, 1)).trust], [1, 1]);
    const one = plantedVectors(1, 8, 1);
    const alone = neighborhoodReadings(blockedKnn(one, 50), Float32Array.of(0, 0));
    assert.deepEqual([...alone.trust, ...alone.falseNeighbors], [unknownTrust, unknownTrust]);
    assert.equal(meanReading(Uint8Array.of(unknownTrust)), undefined);
    assert.equal(neighborhoodReadings(blockedKnn({ ...one, count: 0 }, 50), new Float32Array(0)).trust.length, 0);
  });
});

describe('placing a text on a map that stands still', () => {
  it('chooses the denser group when its neighbors are scattered, never the empty middle', () => {
    const coordinates = Float32Array.of(-1, 0, -0.98, 0.01, -1.01, -0.02, 1, 0, 0.2, 0.9);
    const placed = new FixedMap(coordinates).place([3, 0, 1, 2, 4], [0.61, 0.6, 0.6, 0.6, 0.6])!;
    assert.ok(Math.hypot(placed.x + 1, placed.y) < 0.05, JSON.stringify(placed));
    assert.ok(placed.stars[0].weight < 0.75);
  });

  it('leaves out points without a place, and knows no place without any', () => {
    const coordinates = Float32Array.of(NaN, NaN, 0.5, 0.25);
    const placed = new FixedMap(coordinates).place([0, 1], [0.9, 0.4])!;
    assert.ok(
      Math.hypot(placed.x - 0.5, placed.y - 0.25) < 1e-6 && placed.stars.length === 1 && placed.stars[0].weight === 1,
    );
    assert.equal(new FixedMap(coordinates).place([0], [0.9]), undefined);
    assert.equal(new FixedMap(coordinates).place([], []), undefined);
  });

  it('keeps at least 90 % of the neighbors that fitted points keep, in under 30 ms', () => {
    const all = plantedVectors(600, 32, 8, 0.8, 6);
    const fitted = { ...all, count: 540 };
    const graph = blockedKnn(fitted, 50);
    const map = project({ ...fitted, method: 'umap', ...defaultLayoutSettings('umap'), seed: 1 }, graph);
    const fixed = new FixedMap(map);
    let kept = 0;
    let slowestMs = 0;
    for (let row = 540; row < 600; row++) {
      const query = all.vectors.slice(row * 32, row * 32 + 32);
      const { indices, similarities } = nearest(fitted, query, 15);
      const before = process.cpuUsage();
      const placed = fixed.place(indices, similarities)!;
      slowestMs = Math.max(slowestMs, process.cpuUsage(before).user / 1000);
      const withPlaced = Float32Array.from([...map, placed.x, placed.y]);
      kept += bruteMapNeighbors(withPlaced, 540, 15).filter((j) => indices.includes(j)).length;
    }
    const fittedTrust = meanReading(neighborhoodReadings(graph, map).trust)!;
    assert.ok(kept / 60 >= 0.9 * fittedTrust, `${kept / 60} against ${fittedTrust}`);
    assert.ok(slowestMs < 30, `${slowestMs} ms`);
  });
});
