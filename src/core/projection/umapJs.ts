import { UMAP } from 'umap-js';
import type { VectorRows } from '../neighbors/blockedKnn';
import type { KnnGraph } from '../neighbors/knnGraph';
import { seededRandom } from '../neighbors/seededRandom';
import { cosineDistance } from './fuzzyGraph';
import { frameOf, framed } from './mapFrame';
import type { OnShare, UmapParameters } from './umap';

/**
 * The library umap-js as it is, given the exact neighbors: the reference that the own kernel is measured against. It
 * starts at random places and can't start from a map before.
 *
 * @returns 2 n map coordinates.
 */
export function umapJs(
  data: VectorRows,
  knn: KnnGraph,
  parameters: Omit<UmapParameters, 'start'>,
  onShare?: OnShare,
): Float32Array {
  const { count } = data;
  // The library wants more points than neighbors.
  const neighbors = Math.min(parameters.neighbors, count - 1, knn.k + 1);
  if (neighbors < 2)
    return Float32Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? 2 * i - (count - 1) * 2 : 0) / 2);
  const random = seededRandom(parameters.seed);
  const library = new UMAP({
    nNeighbors: neighbors,
    minDist: parameters.minimalDistance,
    nEpochs: parameters.epochs,
    random: () => random.next(),
  });
  const indices: number[][] = [];
  const distances: number[][] = [];
  for (let i = 0; i < count; i++) {
    // The library counts the point itself as its first neighbor.
    const row = [i];
    const rowDistances = [0];
    for (let j = 0; j < neighbors - 1; j++) {
      row.push(knn.indices[i * knn.k + j]);
      rowDistances.push(cosineDistance(knn.similarities[i * knn.k + j]));
    }
    indices.push(row);
    distances.push(rowDistances);
  }
  library.setPrecomputedKNN(indices, distances);
  // With neighbors given the vectors are only counted.
  const epochs = library.initializeFit(Array.from({ length: count }, () => []));
  for (let epoch = 0; epoch < epochs; epoch++) {
    library.step();
    onShare?.((epoch + 1) / epochs);
  }
  const coordinates = Float64Array.from(library.getEmbedding().flat());
  return framed(coordinates, frameOf(coordinates));
}
