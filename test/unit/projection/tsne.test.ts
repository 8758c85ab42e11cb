import assert from 'node:assert/strict';
import { blockedKnn } from '../../../src/core/neighbors/blockedKnn';
import { seededRandom } from '../../../src/core/neighbors/seededRandom';
import { alignTo } from '../../../src/core/projection/mapFrame';
import { meanReading, neighborhoodReadings } from '../../../src/core/projection/trust';
import { affinities, tsne } from '../../../src/core/projection/tsne';
import { TsneRepulsion } from '../../../src/core/projection/tsneRepulsion';
import { pca } from '../../../src/core/projection/pca';
import { plantedVectors } from '../neighbors/plantedVectors';

describe('t-SNE', function () {
  this.timeout(20_000);

  it('repels on a grid as the sum over all pairs does, for small and large maps', () => {
    const count = 900;
    for (const [spread, tolerance] of [
      [1e-3, 1e-6],
      [1, 0.005],
      [5, 0.03],
    ]) {
      const random = seededRandom(3);
      const places = Float64Array.from({ length: 2 * count }, () => spread * random.normal());
      const exact = new TsneRepulsion(count);
      exact.compute(places);
      const onGrid = new TsneRepulsion(count);
      onGrid.computeOnGrid(places);
      let error = 0;
      let size = 0;
      for (let i = 0; i < count; i++) {
        error += Math.hypot(exact.force[2 * i] - onGrid.force[2 * i], exact.force[2 * i + 1] - onGrid.force[2 * i + 1]);
        size += Math.hypot(exact.force[2 * i], exact.force[2 * i + 1]);
      }
      assert.ok(error / size < tolerance, `spread ${spread}: ${error / size}`);
      assert.ok(Math.abs(onGrid.normalisation / exact.normalisation - 1) < tolerance, `spread ${spread}`);
    }
  });

  it('gives affinities that are symmetric, sum to 1, and have the perplexity that was asked for', () => {
    const data = plantedVectors(200, 16, 4);
    const { rowStart, tail, weight } = affinities(blockedKnn(data, 45), 15);
    let sum = 0;
    for (let i = 0; i < 200; i++) {
      for (let e = rowStart[i]; e < rowStart[i + 1]; e++) {
        sum += weight[e];
        const back = tail.subarray(rowStart[tail[e]], rowStart[tail[e] + 1]).indexOf(i);
        assert.equal(weight[rowStart[tail[e]] + back], weight[e]);
      }
    }
    assert.ok(Math.abs(sum - 1) < 1e-4, `${sum}`);
  });

  it('keeps more of the true neighbors than principal components do, and ends when progress throws', () => {
    const data = plantedVectors(300, 32, 6, 0.7, 4);
    const graph = blockedKnn(data, 50);
    const map = tsne(data, graph, { perplexity: 15, epochs: 300, seed: 42 });
    const kept = meanReading(neighborhoodReadings(graph, map).trust)!;
    const linear = meanReading(neighborhoodReadings(graph, pca(data, 42)).trust)!;
    assert.ok(kept > 1.5 * linear, `${kept} against ${linear}`);
    const reason = new Error('cancelled');
    assert.throws(() => {
      tsne(data, graph, { perplexity: 15, epochs: 300, seed: 42 }, () => {
        throw reason;
      });
    }, reason);
  });

  it('goes on from the map before: old points lie about where they lay', () => {
    const data = plantedVectors(330, 32, 6, 0.7, 4);
    const before = { ...data, count: 300 };
    const old = tsne(before, blockedKnn(before, 50), { perplexity: 15, epochs: 300, seed: 42 });
    const start = new Float32Array(660).fill(Number.NaN);
    start.set(old);
    const map = tsne(data, blockedKnn(data, 50), { perplexity: 15, epochs: 300, seed: 42, start });
    const aligned = Float64Array.from(map);
    alignTo(aligned, start, true);
    const moved = Float64Array.from({ length: 300 }, (_, i) =>
      Math.hypot(aligned[2 * i] - old[2 * i], aligned[2 * i + 1] - old[2 * i + 1]),
    ).sort();
    assert.ok(moved[150] < 0.2, `median ${moved[150]} on a map that is 2 long`);
  });
});
