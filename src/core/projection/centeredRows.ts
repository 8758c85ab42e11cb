import type { VectorRows } from '../neighbors/blockedKnn';

/**
 * The rows after their mean is taken away, L2-normalised again: what all rows share no longer counts (Mu and Viswanath
 * 2018 show that a common direction hides differences between embeddings). A row that equals the mean stays zero.
 */
export function centeredRows({ vectors, count, dimensions }: VectorRows): VectorRows {
  const mean = new Float64Array(dimensions);
  for (let row = 0; row < count; row++) {
    for (let d = 0; d < dimensions; d++) mean[d] += vectors[row * dimensions + d];
  }
  for (let d = 0; d < dimensions; d++) mean[d] /= Math.max(1, count);
  const centered = new Float32Array(count * dimensions);
  for (let row = 0; row < count; row++) {
    const base = row * dimensions;
    let squares = 0;
    for (let d = 0; d < dimensions; d++) {
      const value = vectors[base + d] - mean[d];
      centered[base + d] = value;
      squares += value * value;
    }
    const scale = squares > 1e-12 ? 1 / Math.sqrt(squares) : 0;
    for (let d = 0; d < dimensions; d++) centered[base + d] *= scale;
  }
  return { vectors: centered, count, dimensions };
}
