import assert from 'node:assert/strict';
import { blockedKnn } from '../../../src/core/neighbors/blockedKnn';
import { calibrate, cosineDistance, fuzzyGraph, membership } from '../../../src/core/projection/fuzzyGraph';
import { membershipCurve } from '../../../src/core/projection/membershipCurve';
import { plantedVectors } from '../neighbors/plantedVectors';

describe('smooth-kNN calibration', () => {
  const data = plantedVectors(120, 24, 4);
  const knn = blockedKnn(data, 20);

  it('makes memberships add up to log2 of the neighbors, the nearest one counting in full', () => {
    const { rho, sigma } = calibrate(knn, 15);
    for (let i = 0; i < data.count; i++) {
      let sum = 0;
      for (let j = 0; j < 14; j++) sum += membership(cosineDistance(knn.similarities[i * 20 + j]), rho[i], sigma[i]);
      assert.ok(Math.abs(sum - Math.log2(15)) < 1e-4, `point ${i}: ${sum}`);
      assert.equal(rho[i], cosineDistance(knn.similarities[i * 20]));
    }
  });

  it('does not read more neighbors than it was told', () => {
    const altered = { ...knn, similarities: knn.similarities.map((value, at) => (at % 20 >= 14 ? -1 : value)) };
    assert.deepEqual(calibrate(altered, 15), calibrate(knn, 15));
  });
});

describe('the fuzzy graph', () => {
  it('is symmetric, holds p + q - pq, and has no edge twice', () => {
    const data = plantedVectors(90, 16, 3);
    const knn = blockedKnn(data, 10);
    const { rho, sigma } = calibrate(knn, 8);
    const graph = fuzzyGraph(knn, 8);
    const directed = (from: number, to: number) => {
      const rank = knn.indices.subarray(from * 10, from * 10 + 7).indexOf(to);
      return rank < 0 ? 0 : membership(cosineDistance(knn.similarities[from * 10 + rank]), rho[from], sigma[from]);
    };
    const seen = new Map<string, number>();
    for (let i = 0; i < graph.count; i++) {
      for (let e = graph.rowStart[i]; e < graph.rowStart[i + 1]; e++) {
        const j = graph.tail[e];
        assert.ok(!seen.has(`${i} ${j}`) && i !== j);
        seen.set(`${i} ${j}`, graph.weight[e]);
        const p = directed(i, j);
        const q = directed(j, i);
        assert.ok(Math.abs(graph.weight[e] - (p + q - p * q)) < 1e-6);
      }
    }
    for (const [edge, weight] of seen) {
      assert.ok(Math.abs(seen.get(edge.split(' ').reverse().join(' '))! - weight) < 1e-6);
    }
  });
});

describe('the membership curve', () => {
  it("has umap-learn's parameters", () => {
    // umap-learn 0.5: find_ab_params(1.0, min_dist).
    for (const [minimalDistance, a, b] of [
      [0.1, 1.5769434602, 0.8950608781],
      [0.5, 0.5830300205, 1.3341669931],
    ]) {
      const curve = membershipCurve(minimalDistance);
      assert.ok(Math.abs(curve.a - a) < 1e-3 && Math.abs(curve.b - b) < 1e-3, JSON.stringify(curve));
    }
  });
});
