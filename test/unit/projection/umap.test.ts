import assert from 'node:assert/strict';
import { blockedKnn } from '../../../src/core/neighbors/blockedKnn';
import type { LayoutJob } from '../../../src/core/projection/layout';
import { project } from '../../../src/core/projection/layoutStages';
import { mapQuality } from '../../../src/core/projection/mapQuality';
import { meanReading, neighborhoodReadings } from '../../../src/core/projection/trust';
import { defaultLayoutSettings, type LayoutMethod } from '../../../src/shared/layoutMethods';
import { plantedVectors, type PlantedVectors } from '../neighbors/plantedVectors';

function jobFor(data: PlantedVectors, method: LayoutMethod = 'umap', more: Partial<LayoutJob> = {}): LayoutJob {
  const { vectors, count, dimensions } = data;
  return { vectors, count, dimensions, method, ...defaultLayoutSettings(method), ...more };
}

function layOut(data: PlantedVectors, method: LayoutMethod = 'umap', more: Partial<LayoutJob> = {}): Float32Array {
  return project(jobFor(data, method, more), blockedKnn(data, 50));
}

function hex(coordinates: Float32Array): string {
  return Buffer.from(coordinates.buffer).toString('hex');
}

/** Share of points whose nearest point on the map is of their own cluster. */
function nearestOfOwnCluster(data: PlantedVectors, coordinates: Float32Array): number {
  let own = 0;
  for (let i = 0; i < data.count; i++) {
    let best = -1;
    let bestDistance = Infinity;
    for (let j = 0; j < data.count; j++) {
      const distance = Math.hypot(
        coordinates[2 * i] - coordinates[2 * j],
        coordinates[2 * i + 1] - coordinates[2 * j + 1],
      );
      if (j !== i && distance < bestDistance) [best, bestDistance] = [j, distance];
    }
    if (data.labels[best] === data.labels[i]) own++;
  }
  return own / data.count;
}

function sides(coordinates: Float32Array): { width: number; height: number; centerX: number; centerY: number } {
  const x = [...coordinates].filter((_, i) => i % 2 === 0);
  const y = [...coordinates].filter((_, i) => i % 2 === 1);
  const [left, right, top, bottom] = [Math.min(...x), Math.max(...x), Math.min(...y), Math.max(...y)];
  return { width: right - left, height: bottom - top, centerX: (left + right) / 2, centerY: (top + bottom) / 2 };
}

describe('a map', function () {
  this.timeout(20_000);
  const planted = plantedVectors(240, 32, 6, 0.7, 4);

  for (const method of ['umap', 'umap-js', 'pca', 'tsne'] as const) {
    it(`by ${method} is the same bytes for the same seed, centered, and about 2 long`, () => {
      const map = layOut(planted, method, { epochs: 40 });
      assert.equal(hex(map), hex(layOut(planted, method, { epochs: 40 })));
      const { width, height, centerX, centerY } = sides(map);
      const side = Math.max(width, height);
      assert.ok(side >= 2 - 1e-5 && side <= 2.4, `side ${side}`);
      assert.ok(Math.abs(centerX) < 0.2 && Math.abs(centerY) < 0.2, `center ${centerX}, ${centerY}`);
    });

    it(`by ${method} exists for no point, few points, and points that are all alike`, () => {
      for (const count of [0, 1, 2, 3, 5, 20]) {
        const map = layOut(plantedVectors(count, 16, 2), method, { epochs: 30 });
        assert.equal(map.length, 2 * count);
        assert.ok(map.every(Number.isFinite), `${count} points`);
        const alike = new Float32Array(count * 16);
        for (let row = 0; row < count; row++) alike[row * 16] = 1;
        const mapOfTwins = layOut({ vectors: alike, count, dimensions: 16, labels: new Int32Array(count) }, method, {
          epochs: 30,
        });
        assert.ok(
          mapOfTwins.every((value) => Number.isFinite(value) && Math.abs(value) <= 3),
          `${count} twins`,
        );
      }
    });
  }

  it('by umap depends on the seed', () => {
    assert.notEqual(
      hex(layOut(planted, 'umap', { epochs: 20 })),
      hex(layOut(planted, 'umap', { epochs: 20, seed: 43 })),
    );
  });

  it('by umap keeps planted clusters apart and neighborhoods as well as umap-js does', () => {
    const own = layOut(planted);
    assert.ok(nearestOfOwnCluster(planted, own) > 0.99);
    const reference = mapQuality(planted, layOut(planted, 'umap-js'), { sample: 240 });
    const quality = mapQuality(planted, own, { sample: 240 });
    assert.ok(
      quality.trustworthiness > reference.trustworthiness - 0.005,
      `${quality.trustworthiness} against ${reference.trustworthiness}`,
    );
    assert.ok(
      quality.continuity > reference.continuity - 0.01,
      `${quality.continuity} against ${reference.continuity}`,
    );
    assert.ok(quality.trustworthiness > mapQuality(planted, layOut(planted, 'pca'), { sample: 240 }).trustworthiness);
  });

  it('is not squashed by a few points that have nothing to do with the rest', () => {
    const data = plantedVectors(330, 32, 1, 0.7, 8);
    // Two tight groups in directions of their own, connected to nothing else.
    for (let row = 300; row < 330; row++) {
      const axis = row < 315 ? 0 : 1;
      for (let d = 0; d < 32; d++) data.vectors[row * 32 + d] = d === axis ? 1 : 1e-3 * ((row * 31 + d * 7) % 11);
    }
    const map = layOut(data, 'umap', { neighbors: 10 });
    const { width, height } = sides(map.subarray(0, 600));
    assert.ok(Math.max(width, height) > 1, `the main part is ${width} x ${height}`);
    const all = sides(map);
    assert.ok(Math.max(all.width, all.height) < 3.2);
  });

  it('does not let a group drift that next to nothing holds, from layout to layout', () => {
    const data = plantedVectors(900, 32, 4, 0.7, 11);
    // Every ninth point is one of a group of its own, far from all the others.
    for (let row = 0; row < 900; row += 9) {
      for (let d = 0; d < 32; d++) data.vectors[row * 32 + d] = d === 0 ? 1 : 1e-3 * ((row * 31 + d * 7) % 11);
    }
    let map: Float32Array = new Float32Array(0);
    for (const count of [180, 270, 405, 608, 900]) {
      const start = new Float32Array(2 * count).fill(NaN);
      start.set(map);
      const part = { ...data, count };
      map = layOut(part, 'umap', map.length === 0 ? {} : { start });
      const others = map.filter((_, i) => (i >> 1) % 9 !== 0);
      const [whole, rest] = [sides(map), sides(others)];
      const share = Math.max(rest.width, rest.height) / Math.max(whole.width, whole.height);
      assert.ok(share > 2 / 3, `${count} points: the others have ${share} of the side`);
      assert.ok(Math.max(whole.width, whole.height) < 3, `${count} points: ${whole.width} x ${whole.height}`);
    }
  });

  it('is as wide as it can be', () => {
    const { width, height } = sides(layOut(planted));
    assert.ok(width >= height, `${width} x ${height}`);
  });

  it('ends when progress throws, and passes the reason on', () => {
    const reason = new Error('cancelled');
    let calls = 0;
    const graph = blockedKnn(planted, 50);
    assert.throws(
      () =>
        project(jobFor(planted), graph, () => {
          if (++calls === 7) throw reason;
        }),
      reason,
    );
    assert.equal(calls, 7);
  });

  describe('that starts from the map before', () => {
    const before = 540;
    const data = plantedVectors(600, 32, 6, 0.7, 5);
    const old = project(jobFor({ ...data, count: before }), blockedKnn({ ...data, count: before }, 50));
    const start = new Float32Array(2 * data.count).fill(NaN);
    start.set(old);
    const graph = blockedKnn(data, 50);
    const warm = project(jobFor(data, 'umap', { start }), graph);

    it('moves old points by a median under 2 % of its width', () => {
      const moved = Float64Array.from({ length: before }, (_, i) =>
        Math.hypot(warm[2 * i] - old[2 * i], warm[2 * i + 1] - old[2 * i + 1]),
      ).sort();
      assert.ok(moved[before / 2] < 0.04, `median ${moved[before / 2]}`);
      assert.ok(moved[before / 2] > 0);
    });

    it('trusts new points as a new map does', () => {
      const fresh = neighborhoodReadings(graph, project(jobFor(data), graph)).trust.subarray(before);
      const added = neighborhoodReadings(graph, warm).trust.subarray(before);
      assert.ok(meanReading(added)! > meanReading(fresh)! - 0.3, `${meanReading(added)} against ${meanReading(fresh)}`);
    });

    it('is the same bytes again', () => {
      assert.equal(hex(warm), hex(project(jobFor(data, 'umap', { start }), graph)));
    });

    it('neither grows nor shrinks in ten rounds without a change', () => {
      let map = warm;
      for (let round = 0; round < 10; round++) map = project(jobFor(data, 'umap', { start: map, epochs: 60 }), graph);
      const first = sides(warm);
      const last = sides(map);
      assert.ok(Math.abs(last.width / first.width - 1) < 0.15, `${first.width} became ${last.width}`);
    });

    it('of a handful throws no new point out of it', () => {
      for (let seed = 1; seed <= 12; seed++) {
        const data = plantedVectors(5 + (seed % 4), 32, 2, 0.7, seed);
        const start = layOut(data, 'umap', { epochs: 40 });
        start.fill(NaN, 2 * data.count - 2);
        const { width, height } = sides(layOut(data, 'umap', { epochs: 40, start }));
        const side = Math.max(width, height);
        assert.ok(side <= 2.4, `side ${side} at seed ${seed}`);
      }
    });

    it('that holds few of its points is a new one, turned to lie as the old one did', () => {
      const few = start.slice().fill(NaN, 2 * 120);
      const map = project(jobFor(data, 'umap', { start: few }), graph);
      const { width, height } = sides(map);
      assert.ok(Math.max(width, height) > 1.6 && Math.max(width, height) < 2.6);
      assert.ok(nearestOfOwnCluster(data, map) > 0.98);
    });
  });
});
