import assert from 'node:assert/strict';
import { pairBaseline, queryBaseline, SimilarityBaseline } from '../../../src/core/neighbors/similarityBaseline';
import { plantedVectors } from './plantedVectors';

describe('baseline', () => {
  it('counts the share of less similar pairs, ties half', () => {
    const baseline = SimilarityBaseline.of(Float32Array.of(0.5, 0.1, 0.25, 0.25));
    assert.ok(baseline);
    assert.equal(baseline.percentileOf(0), 0);
    assert.equal(baseline.percentileOf(0.25), 50);
    assert.equal(baseline.percentileOf(0.3), 75);
    assert.equal(baseline.percentileOf(1), 100);
    assert.equal(baseline.quantile(50), 0.25);
    assert.equal(baseline.quantile(100), 0.5);
  });

  it('of few rows takes every pair once', () => {
    const data = plantedVectors(20, 8, 3);
    assert.equal(pairBaseline(data)?.pairs, 190);
    assert.equal(pairBaseline({ ...data, count: 1 }), undefined);
    assert.equal(pairBaseline({ ...data, count: 0 }), undefined);
  });

  it('by sampling agrees with all pairs, depends on the seed alone, and never pairs a row with itself', () => {
    const data = plantedVectors(600, 32, 6, 0.8);
    const every = pairBaseline(data, { pairs: 1_000_000 });
    const sampled = pairBaseline(data, { pairs: 50_000, seed: 3 });
    assert.ok(every && sampled);
    assert.equal(every.pairs, 179_700);
    for (const percentile of [5, 50, 95, 99]) {
      assert.ok(Math.abs(every.quantile(percentile) - sampled.quantile(percentile)) < 0.03, `at ${percentile}`);
    }
    assert.ok(sampled.quantile(100) < 0.999);
    assert.deepEqual(sampled.histogram(), pairBaseline(data, { pairs: 50_000, seed: 3 })?.histogram());
    assert.notDeepEqual(sampled.histogram(), pairBaseline(data, { pairs: 50_000, seed: 4 })?.histogram());
    assert.equal(
      sampled.histogram(40).reduce((sum, bin) => sum + bin, 0),
      50_000,
    );
  });

  it('of queries pairs each side with the other', async () => {
    const data = plantedVectors(50, 16, 2);
    const queries = { ...data, count: 3 };
    assert.equal((await queryBaseline(queries, data))?.pairs, 150);
    assert.equal(await queryBaseline({ ...queries, count: 0 }, data), undefined);
    assert.equal((await queryBaseline(queries, data, { pairs: 100 }))?.pairs, 100);
  });

  it('of queries lets others take their turn, and comes out the same', async () => {
    const data = plantedVectors(300, 19, 2);
    const queries = { ...data, count: 40 };
    let breaths = 0;
    const breathe = (): Promise<void> => Promise.resolve(void breaths++);
    const inSlices = await queryBaseline(queries, data, { pairs: 9_000, breathe });
    assert.equal(breaths, 4);
    assert.deepEqual(inSlices?.histogram(), (await queryBaseline(queries, data, { pairs: 9_000 }))?.histogram());
    // Dimensions that four does not divide: against a plain sum.
    const [{ vectors, dimensions }, single] = [data, { ...data, count: 1 }];
    const plain = vectors.subarray(0, dimensions).reduce((sum, value) => sum + value * value, 0);
    const itself = await queryBaseline(single, single);
    assert.ok(Math.abs((itself?.quantile(50) ?? 0) - plain) < 1e-6);
  });
});
