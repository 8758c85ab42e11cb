import assert from 'node:assert/strict';
import fc from 'fast-check';
import { noCluster } from '../../../src/core/topics/clusters';
import { bestAssignment, matchClusters } from '../../../src/core/topics/clusterMatching';

/** The greatest sum over all assignments, by trying them. */
function best(value: readonly number[][], row = 0, taken = new Set<number>()): number {
  if (row === value.length) return 0;
  let most = best(value, row + 1, taken);
  value[row].forEach((each, column) => {
    if (!taken.has(column)) most = Math.max(most, each + best(value, row + 1, new Set([...taken, column])));
  });
  return most;
}

describe('The best assignment', () => {
  it('has the greatest sum there is, each row and column at most once', () => {
    const matrix = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).chain(([rows, columns]) => {
      const row = fc.array(fc.nat(20), { minLength: columns, maxLength: columns });
      return fc.array(row, { minLength: rows, maxLength: rows });
    });
    fc.assert(
      fc.property(matrix, (value) => {
        const columns = value[0].length;
        const assigned = bestAssignment(Float64Array.from(value.flat()), value.length, columns);
        const used = [...assigned].filter((column) => column >= 0);
        assert.equal(used.length, Math.min(value.length, columns));
        assert.equal(new Set(used).size, used.length);
        const sum = [...assigned].reduce((total, column, row) => total + (column < 0 ? 0 : value[row][column]), 0);
        assert.equal(sum, best(value));
      }),
      { numRuns: 60 },
    );
  });
});

describe('Clusters of two clusterings', () => {
  const none = noCluster;

  it('are matched by the points in common, whatever their numbers', () => {
    const before = Uint16Array.of(0, 0, 0, 1, 1, 1, 2, 2, none);
    const after = Uint16Array.of(2, 2, 2, 0, 0, 1, 1, 1, 1);
    const matches = matchClusters(before, after);
    assert.deepEqual(
      matches.map((match) => match.before),
      [1, 2, 0],
    );
    assert.equal(matches[2].overlap, 1);
  });

  it('are new when they share next to nothing, and points that came or went do not count', () => {
    const before = Uint16Array.of(0, 0, 0, 0, 0, 0, 0, 0, none, none, none, none);
    const after = Uint16Array.of(0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, none);
    assert.deepEqual(
      matchClusters(before, after).map((match) => match.before),
      [0, -1],
    );
    assert.ok(matchClusters(before, after)[0].overlap === 7 / 8);
  });
});
