import type { OnnxRuntime, OnnxTensor } from '../embedding/onnxRuntime';
import type { VectorRows } from './blockedKnn';
import { similaritiesTo } from './blockedKnn';
import { productModel, productNames as names } from './topSimilarModel';

/**
 * Similarities of some rows with all rows, handed over row by row: one product of matrices a block by the runtime where
 * one is given.
 *
 * @param visit gets all similarities of `rows[position]`; they are overwritten by later ones. What it throws ends the
 * run and is passed on.
 */
export async function productsWithAll(
  data: VectorRows,
  rows: Int32Array,
  { runtime, threads = 1, rowsPerBlock }: { runtime?: OnnxRuntime; threads?: number; rowsPerBlock: number },
  visit: (similarities: Float32Array, position: number) => void,
): Promise<void> {
  const { vectors, count, dimensions } = data;
  if (runtime === undefined) {
    for (let position = 0; position < rows.length; position++) {
      const from = rows[position] * dimensions;
      visit(similaritiesTo(data, vectors.slice(from, from + dimensions)), position);
    }
    return;
  }
  const session = await runtime.createSession(productModel(), { threads });
  try {
    const all: OnnxTensor = {
      type: 'float32',
      data: vectors.subarray(0, count * dimensions),
      dims: [count, dimensions],
    };
    for (let from = 0; from < rows.length; from += rowsPerBlock) {
      const to = Math.min(rows.length, from + rowsPerBlock);
      const block = new Float32Array((to - from) * dimensions);
      for (let position = from; position < to; position++) {
        const start = rows[position] * dimensions;
        block.set(vectors.subarray(start, start + dimensions), (position - from) * dimensions);
      }
      const result = await session.run({
        [names.rows]: { type: 'float32', data: block, dims: [to - from, dimensions] },
        [names.all]: all,
      });
      const products = result[names.products].data as Float32Array;
      for (let position = from; position < to; position++) {
        visit(products.subarray((position - from) * count, (position - from + 1) * count), position);
      }
    }
  } finally {
    await session.release();
  }
}
