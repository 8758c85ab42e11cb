import assert from 'node:assert/strict';
import { loadOnnxRuntime } from '../../../src/core/embedding/onnxRuntime';
import { clusteredKnn } from '../../../src/core/neighbors/clusteredKnn';
import { exactKnn } from '../../../src/core/neighbors/exactKnn';
import { findNeighbors } from '../../../src/core/neighbors/findNeighbors';
import { repositoryRoot } from '../builtEntries';
import { plantedVectors } from './plantedVectors';

describe('neighbors found by regions', function () {
  this.timeout(20_000);
  // More points than WASM compares all with all, and wide clusters that run into each other.
  const data = plantedVectors(4200, 32, 10, 1.2, 3);
  const reason = new Error('cancelled');

  it('hold what was measured, the same at every run, no row twice and none itself', async () => {
    const runtime = await loadOnnxRuntime('wasm', { assetsFolder: repositoryRoot });
    const found = await findNeighbors(data, { runtime, k: 20 });
    const truth = await exactKnn(data, { runtime, k: 20 });
    let hits = 0;
    for (let row = 0; row < data.count; row++) {
      const own = [...found.indices.subarray(row * 20, row * 20 + 20)];
      const wanted = truth.indices.subarray(row * 20, row * 20 + 20);
      assert.equal(new Set(own).size, 20, `row ${row} holds a neighbor twice`);
      assert.ok(!own.includes(row));
      hits += own.filter((neighbor) => wanted.includes(neighbor)).length;
    }
    const recall = hits / truth.indices.length;
    assert.ok(recall >= 0.96 && found.recall !== undefined && found.recall >= 0.97, `${recall}, told ${found.recall}`);
    for (let at = 1; at < found.similarities.length; at++) {
      assert.ok(at % 20 === 0 || found.similarities[at] <= found.similarities[at - 1]);
    }
    const again = await findNeighbors(data, { runtime, k: 20 });
    assert.deepEqual(again.indices, found.indices);
    const stopped = clusteredKnn(runtime, data, {
      k: 20,
      share: 0.2,
      onBlock: () => {
        throw reason;
      },
    });
    await assert.rejects(stopped, reason);
  });
});
