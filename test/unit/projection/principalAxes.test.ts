import assert from 'node:assert/strict';
import { seededRandom } from '../../../src/core/neighbors/seededRandom';
import { principalComponents } from '../../../src/core/projection/principalAxes';

/** Rows with standard deviations 5, 3, 1, 1, … along the axes of a known frame, far from the origin. */
function stretched(count: number, dimensions: number): { vectors: Float32Array; count: number; dimensions: number } {
  const random = seededRandom(4);
  const vectors = new Float32Array(count * dimensions);
  for (let row = 0; row < count; row++) {
    const scales = Array.from({ length: dimensions }, (_, d) => (d === 0 ? 5 : d === 1 ? 3 : 1) * random.normal());
    // The first two axes turned by 45 degrees.
    vectors[row * dimensions] = (scales[0] - scales[1]) / Math.SQRT2 + 7;
    vectors[row * dimensions + 1] = (scales[0] + scales[1]) / Math.SQRT2 - 9;
    for (let d = 2; d < dimensions; d++) vectors[row * dimensions + d] = scales[d];
  }
  return { vectors, count, dimensions };
}

function deviation(values: number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

describe('principal components', () => {
  for (const [way, count, exact] of [
    ['through the covariance of many rows', 4000, true],
    ['through few rows', 20, true],
    ['through a sample', 4000, false],
  ] as const) {
    it(`${way} are centered, ordered by variance, and along the axes that were planted`, () => {
      const data = stretched(count, 24);
      const components = principalComponents(data, 1, exact);
      const x = [...components].filter((_, at) => at % 2 === 0);
      const y = [...components].filter((_, at) => at % 2 === 1);
      assert.ok(deviation(x) > deviation(y));
      if (exact) assert.ok(Math.abs(x.reduce((sum, value) => sum + value, 0) / count) < 1e-4);
      if (count < 100) return;
      assert.ok(
        Math.abs(deviation(x) - 5) < 0.3 && Math.abs(deviation(y) - 3) < 0.3,
        `${deviation(x)}, ${deviation(y)}`,
      );
      let overlap = 0;
      for (let i = 0; i < count; i++) {
        overlap += (x[i] * (data.vectors[i * 24] - 7 + data.vectors[i * 24 + 1] + 9)) / Math.SQRT2;
      }
      assert.ok(Math.abs(overlap / count / 25) > 0.9, `${overlap / count / 25}`);
    });
  }

  it('of no variance are all zero', () => {
    assert.ok(
      principalComponents({ vectors: new Float32Array(50 * 3).fill(0.5), count: 50, dimensions: 3 }, 1, true).every(
        (value) => Math.abs(value) < 1e-9,
      ),
    );
  });
});
