import assert from 'node:assert/strict';
import { blockedKnn } from '../../../src/core/neighbors/blockedKnn';
import { meanReading, neighborhoodReadings } from '../../../src/core/projection/trust';
import { umap } from '../../../src/core/projection/umap';
import { defaultLayoutSettings } from '../../../src/shared/layoutMethods';
import { plantedVectors } from '../neighbors/plantedVectors';

const dimensions = 24;
const settings = defaultLayoutSettings('umap');

describe('a map that grows', function () {
  this.timeout(20_000);

  it('by a tenth, ten times, and by an alien folder, stays where it was and trusts what is new', () => {
    const data = plantedVectors(660, dimensions, 6, 0.7, 5);
    // The last tenth is a topic of its own, in directions that the others do not use.
    for (let row = 600; row < 660; row++) {
      for (let d = 0; d < dimensions; d++) {
        data.vectors[row * dimensions + d] = (d === 0 ? 3 : 0) + Math.sin(row * 12.9898 + d * 78.233);
      }
      const vector = data.vectors.subarray(row * dimensions, (row + 1) * dimensions);
      const norm = Math.hypot(...vector);
      vector.forEach((value, d) => (vector[d] = value / norm));
    }
    let count = 231;
    let map = umap({ ...data, count }, blockedKnn({ ...data, count }, 50), settings);
    const [trusted, fresh]: [number[], number[]] = [[], []];
    for (let step = 1; step <= 11; step++) {
      const before = count;
      count = step === 11 ? 660 : Math.min(600, Math.round(count * 1.1));
      const now = { ...data, count };
      const graph = blockedKnn(now, 50);
      const start = new Float32Array(2 * count).fill(Number.NaN);
      start.set(map);
      const kept = umap(now, graph, { ...settings, start });
      const moved = Float64Array.from({ length: before }, (_, i) =>
        Math.hypot(kept[2 * i] - map[2 * i], kept[2 * i + 1] - map[2 * i + 1]),
      ).sort();
      // The map is 2 long.
      assert.ok(moved[Math.floor(before / 2)] < 0.04, `step ${step}: median ${moved[Math.floor(before / 2)]}`);
      const ofNew = (coordinates: Float32Array) =>
        neighborhoodReadings(graph, coordinates).trust.subarray(before, count);
      trusted.push(...ofNew(kept));
      fresh.push(...ofNew(umap(now, graph, settings)));
      map = kept;
    }
    const [mean, meanFresh] = [meanReading(Uint8Array.from(trusted))! / 15, meanReading(Uint8Array.from(fresh))! / 15];
    assert.ok(mean > meanFresh - 0.02, `${mean} against ${meanFresh} of a new map`);
  });
});
