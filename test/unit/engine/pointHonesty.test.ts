import assert from 'node:assert/strict';
import type { Points } from '../../../src/core/index/points';
import type { SimilarityBaseline } from '../../../src/core/neighbors/similarityBaseline';
import { seededRandom } from '../../../src/core/neighbors/seededRandom';
import { pointHonesty } from '../../../src/engine/pointHonesty';
import type { Space } from '../../../src/engine/space';
import type { SpaceMap } from '../../../src/engine/spaceMap';
import { SpacePlacement } from '../../../src/engine/spacePlacement';
import { plantedVectors } from '../neighbors/plantedVectors';

const count = 90;
const dimensions = 12;

/** Points of which every tenth is gone, on a map of random places on which the last has none. */
function spaceOf() {
  const { vectors } = plantedVectors(count, dimensions, 5);
  const random = seededRandom(2);
  const allCoordinates = Float32Array.from({ length: 2 * count }, () => 2 * random.next() - 1);
  allCoordinates.fill(Number.NaN, 2 * count - 2);
  const isLive = (row: number) => row % 10 !== 4;
  const points = {
    rows: count,
    isLive,
    liveRows: () => Int32Array.from({ length: count }, (_, row) => row).filter(isLive),
    vectorRows: { vectors, count, dimensions },
    vector: (row: number) => vectors.slice(row * dimensions, (row + 1) * dimensions),
  } as unknown as Points;
  const map = {
    revision: 1,
    allCoordinates,
    trustCountedOver: 15,
    coordinate: (row: number) =>
      Number.isNaN(allCoordinates[2 * row])
        ? undefined
        : { x: allCoordinates[2 * row], y: allCoordinates[2 * row + 1] },
  } as unknown as SpaceMap;
  return { points, map, vectors, allCoordinates, isLive };
}

describe('what the map gets wrong about a point', () => {
  const { points, map, vectors, allCoordinates, isLive } = spaceOf();
  const space = { points, map } as unknown as Space;

  it('is every true neighbor that went elsewhere and every stranger nearby, with ranks over all live points', () => {
    const honesty = pointHonesty(space, 7)!;
    const others = Array.from({ length: count - 1 }, (_, row) => row).filter((row) => row !== 7 && isLive(row));
    const similarity = (row: number) => {
      let sum = 0;
      for (let d = 0; d < dimensions; d++) sum += vectors[7 * dimensions + d] * vectors[row * dimensions + d];
      return sum;
    };
    const distance = (row: number) =>
      Math.hypot(allCoordinates[2 * row] - allCoordinates[14], allCoordinates[2 * row + 1] - allCoordinates[15]);
    const byTruth = others.slice().sort((a, b) => similarity(b) - similarity(a));
    const byMap = others.slice().sort((a, b) => distance(a) - distance(b));
    const missing = byTruth.slice(0, 15).filter((row) => !byMap.slice(0, 15).includes(row));
    const strangers = byMap.slice(0, 15).filter((row) => !byTruth.slice(0, 50).includes(row));
    assert.deepEqual(
      honesty.missing.map(({ point }) => point),
      missing,
    );
    assert.deepEqual(
      honesty.strangers.map(({ point }) => point),
      strangers,
    );
    assert.equal(honesty.kept.length + honesty.missing.length, 15);
    assert.ok(missing.length > 5 && strangers.length > 1);
    for (const { point, trueRank, mapRank } of [...honesty.kept, ...honesty.missing, ...honesty.strangers]) {
      assert.deepEqual([trueRank, mapRank], [byTruth.indexOf(point) + 1, byMap.indexOf(point) + 1]);
    }
  });

  it('is nothing for a point that is gone or not on the map', () => {
    assert.equal(pointHonesty(space, 4), null);
    assert.equal(pointHonesty(space, count - 1), null);
  });
});

describe('a text that is no chunk', () => {
  const { points, map, allCoordinates } = spaceOf();
  const placement = new SpacePlacement(points, map);
  const baseline = (p99: number) => ({ quantile: () => p99 }) as unknown as SimilarityBaseline;
  const vector = points.vector(4);

  it('is drawn as several faint stars where its true neighbors are scattered', () => {
    const { stars, nearNothing } = placement.marker('a text', vector, baseline(0));
    assert.ok(stars.length >= 2 && stars.length <= 4, `${stars.length} stars`);
    assert.ok(stars.every(({ weight }) => weight > 0 && weight < 0.6));
    assert.ok(stars.reduce((sum, { weight }) => sum + weight, 0) <= 1 + 1e-9);
    assert.equal(nearNothing, false);
  });

  it('goes to the margin where even its nearest chunk is no nearer than random ones', () => {
    const { x, y, stars, nearNothing } = placement.marker('a text', vector, baseline(0.9999));
    assert.ok(nearNothing && stars.length === 1);
    const isOutside = (axis: 0 | 1, value: number) => {
      const all = allCoordinates.filter((_, i) => i % 2 === axis && Number.isFinite(allCoordinates[i]));
      return value < Math.min(...all) || value > Math.max(...all);
    };
    assert.ok(isOutside(0, x!) || isOutside(1, y!), `${x}, ${y}`);
  });
});
