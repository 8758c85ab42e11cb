import assert from 'node:assert/strict';
import fc from 'fast-check';
import { boundaryF1, pk, spearman, windowDiff, windowSize } from '../../../scripts/bench/segmentationMetrics';

describe('measures of a segmentation', () => {
  it('takes half the mean segment as the window', () => {
    assert.equal(windowSize([4, 8], 12), 2);
    assert.equal(windowSize([], 1), 1);
  });

  it('gives the values that a count by hand gives', () => {
    // 12 sentences in three segments of 4, window 2, ten windows. A cut that is one late errs in two of them.
    assert.equal(pk([4, 8], [5, 8], 12), 2 / 10);
    assert.equal(windowDiff([4, 8], [5, 8], 12), 2 / 10);
    // A missing cut errs in the two windows that hold it.
    assert.equal(pk([4, 8], [4], 12), 2 / 10);
    // A second cut beside a true one: Pk sees the one window more that it parts, WindowDiff also the one that holds both.
    assert.equal(pk([4, 8], [4, 5, 8], 12), 1 / 10);
    assert.equal(windowDiff([4, 8], [4, 5, 8], 12), 2 / 10);
    assert.equal(pk([4, 8], [], 12), 4 / 10);
  });

  it('is 0 for the reference itself, and WindowDiff never below Pk', () => {
    const cuts = fc
      .uniqueArray(fc.integer({ min: 1, max: 39 }), { maxLength: 12 })
      .map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(cuts, cuts, (reference, found) => {
        assert.equal(pk(reference, reference, 40), 0);
        assert.ok(windowDiff(reference, found, 40) >= pk(reference, found, 40));
      }),
    );
  });

  it('counts boundaries over all documents', () => {
    assert.equal(boundaryF1([{ reference: [4, 8], found: [4, 9] }]), 0.5);
    assert.equal(boundaryF1([{ reference: [], found: [] }]), 1);
  });

  it('correlates ranks, ties by their mean', () => {
    assert.equal(spearman([1, 2, 3, 4], [10, 20, 30, 400]), 1);
    assert.equal(spearman([1, 2, 3], [3, 2, 1]), -1);
    // By hand: ranks 0.5, 0.5, 2 against 0, 1, 2.
    assert.ok(Math.abs(spearman([1, 1, 2], [1, 2, 3]) - Math.sqrt(3) / 2) < 1e-12);
  });
});
