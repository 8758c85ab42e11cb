import type { VectorRows } from './blockedKnn';
import type { KnnGraph } from './knnGraph';
import { exactKnn, type KnnUpdateOptions } from './knnUpdate';

/** Neighbors of all rows. */
export function findNeighbors(data: VectorRows, options: KnnUpdateOptions = {}): Promise<KnnGraph> {
  return exactKnn(data, options);
}
