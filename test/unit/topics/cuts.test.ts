import assert from 'node:assert/strict';
import fc from 'fast-check';
import { constantPenaltyCuts } from '../../../scripts/bench/topicsBaselines';
import { bestCut, gramMatrix, SegmentSums } from '../../../src/core/topics/cuts';
import { seededRandom } from '../../../src/core/neighbors/seededRandom';
import { aroundTopic, concat, dimensions, normalised, unitVector } from './syntheticSentences';

function sumsOf(rows: Float32Array): SegmentSums {
  const count = rows.length / dimensions;
  return new SegmentSums(gramMatrix(rows, count, dimensions), count);
}

/** Squared distances to the mean, by definition. */
function scatterOf(rows: Float32Array, start: number, end: number): number {
  const mean = new Float64Array(dimensions);
  for (let i = start; i < end; i++) {
    for (let k = 0; k < dimensions; k++) mean[k] += rows[i * dimensions + k] / (end - start);
  }
  let sum = 0;
  for (let i = start; i < end; i++) {
    for (let k = 0; k < dimensions; k++) sum += (rows[i * dimensions + k] - mean[k]) ** 2;
  }
  return sum;
}

/** Reflects vectors at a plane through the origin: an orthogonal change of coordinates. */
function reflected(rows: Float32Array, normal: Float32Array): Float32Array {
  const result = new Float32Array(rows.length);
  for (let start = 0; start < rows.length; start += dimensions) {
    let dot = 0;
    for (let k = 0; k < dimensions; k++) dot += rows[start + k] * normal[k];
    for (let k = 0; k < dimensions; k++) result[start + k] = rows[start + k] - 2 * dot * normal[k];
  }
  return result;
}

const plantedText = fc.record({
  seed: fc.integer({ min: 1, max: 1e6 }),
  before: fc.integer({ min: 1, max: 9 }),
  after: fc.integer({ min: 1, max: 9 }),
});

describe('cuts of topic', () => {
  it('finds the sentence at which a planted second topic begins', () => {
    fc.assert(
      fc.property(plantedText, ({ seed, before, after }) => {
        const random = seededRandom(seed);
        const first = unitVector(random);
        const second = unitVector(random).map((value, k) => value - 0.5 * first[k]);
        const rows = concat(
          aroundTopic(first, before, 0.25, random),
          aroundTopic(normalised(second), after, 0.25, random),
        );
        assert.equal(bestCut(sumsOf(rows)).cut, before);
      }),
      { numRuns: 60 },
    );
  });

  it('gains what scatter by definition says, whatever the coordinates', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 2, max: 14 }), (seed, count) => {
        const random = seededRandom(seed);
        const rows = aroundTopic(unitVector(random), count, 1, random);
        const best = bestCut(sumsOf(rows));
        const byDefinition =
          scatterOf(rows, 0, count) - scatterOf(rows, 0, best.cut) - scatterOf(rows, best.cut, count);
        assert.ok(Math.abs(best.gain - byDefinition) < 1e-5, `${best.gain} is not ${byDefinition}`);
        const turned = bestCut(sumsOf(reflected(rows, unitVector(random))));
        assert.equal(turned.cut, best.cut);
        assert.ok(Math.abs(turned.gain - best.gain) < 1e-5);
      }),
      { numRuns: 60 },
    );
  });

  it('takes the best of the allowed cuts alone, and none when none is allowed', () => {
    const random = seededRandom(5);
    const rows = concat(aroundTopic(unitVector(random), 1, 0, random), aroundTopic(unitVector(random), 6, 0.1, random));
    const sums = sumsOf(rows);
    assert.equal(bestCut(sums).cut, 1);
    assert.ok(bestCut(sums, (cut) => cut >= 3).cut >= 3);
    assert.deepEqual(
      bestCut(sums, () => false),
      { cut: 0, gain: 0 },
    );
  });

  it('segments as well as the best of all segmentations', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: 0.05, max: 2, noNaN: true }),
        fc.integer({ min: 1, max: 3 }),
        (seed, count, penalty, minimalLength) => {
          const random = seededRandom(seed);
          const rows = aroundTopic(unitVector(random), count, 1.5, random);
          const sums = sumsOf(rows);
          const costOf = (cuts: readonly number[]): number => {
            const bounds = [0, ...cuts, count];
            return bounds.slice(1).reduce((sum, end, i) => sum + sums.scatter(bounds[i], end), penalty * cuts.length);
          };
          let best = costOf([]);
          for (let mask = 0; mask < 1 << (count - 1); mask++) {
            const cuts = Array.from({ length: count - 1 }, (_, i) => i + 1).filter((cut) => mask & (1 << (cut - 1)));
            const bounds = [0, ...cuts, count];
            const shortest = Math.min(...bounds.slice(1).map((end, i) => end - bounds[i]));
            if (cuts.length === 0 || shortest >= minimalLength) best = Math.min(best, costOf(cuts));
          }
          const found = constantPenaltyCuts(sums, penalty, minimalLength);
          assert.ok(costOf(found) <= best + 1e-9, `${costOf(found)} is worse than ${best}`);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('finds the number of planted segments by itself', () => {
    const random = seededRandom(11);
    const topics = [4, 7, 3, 6].map((length) => aroundTopic(unitVector(random), length, 0.3, random));
    assert.deepEqual(constantPenaltyCuts(sumsOf(concat(...topics)), 1), [4, 11, 14]);
    assert.deepEqual(constantPenaltyCuts(sumsOf(topics[1]), 1), []);
    assert.deepEqual(constantPenaltyCuts(new SegmentSums(new Float64Array(0), 0), 1), []);
  });

  it('refuses vectors that are not what they are said to be', () => {
    assert.throws(() => gramMatrix(new Float32Array(10), 3, 4), RangeError);
  });
});
