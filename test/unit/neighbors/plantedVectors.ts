import { seededRandom } from '../../../src/core/neighbors/seededRandom';

export interface PlantedVectors {
  vectors: Float32Array;
  count: number;
  dimensions: number;
  /** Cluster of each row. */
  labels: Int32Array;
}

/** Gaussian clusters on the unit sphere, rows in order of their index modulo the number of clusters. */
export function plantedVectors(
  count: number,
  dimensions: number,
  clusters: number,
  noise = 0.6,
  seed = 1,
): PlantedVectors {
  const random = seededRandom(seed);
  const centers = Array.from({ length: clusters }, () =>
    unit(Array.from({ length: dimensions }, () => random.normal())),
  );
  const vectors = new Float32Array(count * dimensions);
  const labels = new Int32Array(count);
  for (let row = 0; row < count; row++) {
    const label = row % clusters;
    labels[row] = label;
    const noisy = centers[label].map((value) => value + (noise * random.normal()) / Math.sqrt(dimensions));
    vectors.set(unit(noisy), row * dimensions);
  }
  return { vectors, count, dimensions, labels };
}

function unit(values: number[]): number[] {
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}
