import assert from 'node:assert/strict';
import { seededRandom } from '../../../src/core/neighbors/seededRandom';
import { rankQuality, rowsLookedAt } from '../../../src/core/projection/rankQuality';
import { plantedVectors } from '../neighbors/plantedVectors';

/** Shared members of the k nearest in both spaces, by looking at all pairs. */
function bruteRnx(vectors: Float32Array, dimensions: number, map: Float32Array, k: number): number {
  const count = map.length / 2;
  const all = Array.from({ length: count }, (_, i) => i);
  let within = 0;
  for (const i of all) {
    const true_ = (j: number) => {
      let sum = 0;
      for (let d = 0; d < dimensions; d++) sum += vectors[i * dimensions + d] * vectors[j * dimensions + d];
      return 1 - sum;
    };
    const onMap = (j: number) => Math.hypot(map[2 * i] - map[2 * j], map[2 * i + 1] - map[2 * j + 1]);
    const nearest = (distance: (j: number) => number) =>
      all
        .filter((j) => j !== i)
        .sort((a, b) => distance(a) - distance(b))
        .slice(0, k);
    const truth = nearest(true_);
    within += nearest(onMap).filter((j) => truth.includes(j)).length;
  }
  const kept = within / (k * count);
  return ((count - 1) * kept - k) / (count - 1 - k);
}

describe('R_NX of a map', () => {
  const random = seededRandom(5);
  const map = Float32Array.from({ length: 140 }, () => random.normal());

  it('is what looking at all pairs finds, at every size', async () => {
    const data = plantedVectors(70, 12, 4);
    const { k, rnx, rows, of } = await rankQuality(data, map);
    assert.deepEqual([rows, of, k[0], k.at(-1)], [70, 70, 1, 68]);
    k.forEach((size, i) => {
      const expected = bruteRnx(data.vectors, 12, map, size);
      assert.ok(Math.abs(rnx[i] - expected) < 1e-9, `k ${size}: ${rnx[i]} against ${expected}`);
    });
  });

  it('is 1 everywhere on a map that is the space itself, and about 0 on a random one', async () => {
    const angles = Array.from({ length: 200 }, (_, i) => 0.01 * i + 0.00001 * i * i);
    const vectors = Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]));
    const data = { vectors, count: 200, dimensions: 2 };
    assert.ok((await rankQuality(data, vectors)).area > 0.98);
    const noise = Float32Array.from({ length: 400 }, () => random.normal());
    assert.ok(Math.abs((await rankQuality(data, noise)).area) < 0.05);
  });

  it('says how many of how many points it looked at', async () => {
    assert.equal(rowsLookedAt(5000), 5000);
    assert.equal(rowsLookedAt(10_000), 1000);
    assert.equal(rowsLookedAt(1_000_000), 250);
    for (const count of [0, 1, 2, 3]) {
      const { k, area } = await rankQuality(plantedVectors(count, 8, 1), map.subarray(0, 2 * count));
      assert.ok(k.length <= 1 && Number.isFinite(area), `${count} points`);
    }
  });
});
