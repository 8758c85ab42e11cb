import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { nearest } from '../../../src/core/neighbors/blockedKnn';
import { seededRandom } from '../../../src/core/neighbors/seededRandom';
import { VectorBlock } from '../../../src/core/neighbors/vectorBlock';

describe('a block of vectors', () => {
  /** On the unit sphere, every third one a twin of the one before but for the last bits. */
  function filled(block: VectorBlock, count: number, seed: number): void {
    const random = seededRandom(seed);
    let last = new Float32Array(block.dimensions);
    for (let row = 0; row < count; row++) {
      const vector = Float32Array.from(last, (value) => (row % 3 === 2 ? value * (1 + 1e-7) : random.normal()));
      const norm = Math.hypot(...vector);
      last = vector.map((value) => value / norm);
      block.push(last);
    }
  }

  it('finds with SIMD what the plain loop finds, to the last bit, whatever the dimensions', () => {
    assert.ok(new VectorBlock(4).usesSimd, 'this Node has SIMD');
    const dimensions = fc.integer({ min: 1, max: 70 });
    fc.assert(
      fc.property(dimensions, fc.integer({ min: 1, max: 60 }), fc.nat(), (width, count, seed) => {
        const block = new VectorBlock(width);
        filled(block, count, seed);
        const query = block.row(seed % count).slice();
        const accept = (row: number): boolean => row % 5 !== 4;
        const fast = nearest(block.rows, query, 7, accept);
        const plain = nearest({ ...block.rows, block: undefined }, query, 7, accept);
        assert.deepEqual(fast, plain);
      }),
      { numRuns: 40 },
    );
  });

  it('grows in place and over many blocks, and does the same without SIMD', () => {
    const [fast, plain] = [new VectorBlock(16), new VectorBlock(16, { simd: false })];
    assert.equal(plain.usesSimd, false);
    for (const block of [fast, plain]) filled(block, 20_000, 5);
    assert.deepEqual(fast.row(19_999), plain.row(19_999));
    const query = fast.row(12_345).slice();
    const found = nearest(fast.rows, query, 30);
    assert.deepEqual(found, nearest(plain.rows, query, 30));
    assert.equal(found.indices[0], 12_345);
    const before = fast.rows;
    fast.reserve(1_000_000);
    assert.equal(fast.holds(before.vectors), false);
    assert.deepEqual(nearest(before, query, 30), found, 'rows taken before it grew can still be read');
  });
});
