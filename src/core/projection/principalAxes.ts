import type { VectorRows } from '../neighbors/blockedKnn';
import { seededRandom } from '../neighbors/seededRandom';

/** Axes that are iterated beside the two wanted: they make the two converge fast. */
const block = 4;
/** Rows that determine the axes when more are there: enough for a start of a map, not for the method `pca`. */
const sampledRows = 2000;
const fastRounds = 5;
const exactRounds = 1000;
/** Share of the work that the covariance is. */
const covarianceShare = 0.8;

/**
 * First two principal components of the rows, by block power iteration with orthogonalisation (Halko, Martinsson and
 * Tropp 2011, algorithm 4.4), signs fixed so that the largest loading of an axis is positive.
 *
 * @param exact uses all rows and iterates until the axes stand still; otherwise a seeded sample of rows and few rounds.
 * @param onShare called now and then with the share that is done; what it throws ends the run and is passed on.
 * @returns 2 n coordinates, centered, in units of the vectors.
 */
export function principalComponents(
  data: VectorRows,
  seed: number,
  exact: boolean,
  onShare?: (share: number) => void,
): Float64Array {
  const { vectors, count, dimensions } = data;
  const coordinates = new Float64Array(2 * count);
  if (count < 2) return coordinates;
  const rows = exact ? allRows(count) : sampleOf(count, seed);
  const mean = meanOf(data, rows);
  const axes = axesOf(data, rows, mean, seed, exact, onShare);
  for (let i = 0; i < count; i++) {
    const base = i * dimensions;
    let x = 0;
    let y = 0;
    for (let d = 0; d < dimensions; d++) {
      const value = vectors[base + d] - mean[d];
      x += value * axes[d];
      y += value * axes[dimensions + d];
    }
    coordinates[2 * i] = x;
    coordinates[2 * i + 1] = y;
  }
  return coordinates;
}

function allRows(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, row) => row);
}

/** Rows without replacement in ascending order: each block of rows gives one, so no order of files is favored. */
function sampleOf(count: number, seed: number): Int32Array {
  if (count <= sampledRows) return allRows(count);
  const random = seededRandom(seed);
  return Int32Array.from({ length: sampledRows }, (_, i) => {
    const from = Math.floor((i * count) / sampledRows);
    const to = Math.floor(((i + 1) * count) / sampledRows);
    return from + random.below(to - from);
  });
}

function meanOf({ vectors, dimensions }: VectorRows, rows: Int32Array): Float64Array {
  const mean = new Float64Array(dimensions);
  for (const row of rows) for (let d = 0; d < dimensions; d++) mean[d] += vectors[row * dimensions + d];
  for (let d = 0; d < dimensions; d++) mean[d] /= rows.length;
  return mean;
}

/** Leading axes of the covariance, block x dimensions, orthonormal. */
function axesOf(
  data: VectorRows,
  rows: Int32Array,
  mean: Float64Array,
  seed: number,
  exact: boolean,
  onShare?: (share: number) => void,
): Float64Array {
  const { dimensions } = data;
  const random = seededRandom(seed ^ 0x5ca1ab1e);
  let axes: Float64Array = Float64Array.from({ length: block * dimensions }, () => random.normal());
  orthonormalise(axes, dimensions);
  // Many rounds over many rows cost more than the covariance itself.
  const covariance = exact && rows.length > dimensions ? covarianceOf(data, rows, mean, onShare) : undefined;
  const maxRounds = exact ? exactRounds : fastRounds;
  for (let round = 0; round < maxRounds; round++) {
    const next =
      covariance === undefined ? throughRows(data, rows, mean, axes) : throughMatrix(covariance, axes, dimensions);
    onShare?.(Math.min(0.99, covarianceShare + round / maxRounds));
    orthonormalise(next, dimensions);
    const moved = movement(axes, next, dimensions);
    axes = next;
    if (moved < 1e-12) break;
  }
  fixSigns(axes, dimensions);
  return axes;
}

/** Covariance times each axis, by one pass over the rows. */
function throughRows(data: VectorRows, rows: Int32Array, mean: Float64Array, axes: Float64Array): Float64Array {
  const { vectors, dimensions } = data;
  const next = new Float64Array(block * dimensions);
  for (const row of rows) {
    const base = row * dimensions;
    for (let a = 0; a < block; a++) {
      const axis = a * dimensions;
      let product = 0;
      for (let d = 0; d < dimensions; d++) product += (vectors[base + d] - mean[d]) * axes[axis + d];
      for (let d = 0; d < dimensions; d++) next[axis + d] += product * (vectors[base + d] - mean[d]);
    }
  }
  return next;
}

function throughMatrix(covariance: Float64Array, axes: Float64Array, dimensions: number): Float64Array {
  const next = new Float64Array(block * dimensions);
  for (let a = 0; a < block; a++) {
    for (let d = 0; d < dimensions; d++) {
      let sum = 0;
      for (let e = 0; e < dimensions; e++) sum += covariance[d * dimensions + e] * axes[a * dimensions + e];
      next[a * dimensions + d] = sum;
    }
  }
  return next;
}

/** Covariance, up to a factor, dimensions x dimensions; two rows at a time, the upper half mirrored. */
function covarianceOf(
  { vectors, dimensions }: VectorRows,
  rows: Int32Array,
  mean: Float64Array,
  onShare?: (share: number) => void,
): Float64Array {
  const covariance = new Float64Array(dimensions * dimensions);
  const centered = new Float64Array(dimensions);
  const second = new Float64Array(dimensions);
  for (let r = 0; r < rows.length; r += 2) {
    if (r % 256 === 0) onShare?.((covarianceShare * r) / rows.length);
    for (let d = 0; d < dimensions; d++) {
      centered[d] = vectors[rows[r] * dimensions + d] - mean[d];
      second[d] = r + 1 < rows.length ? vectors[rows[r + 1] * dimensions + d] - mean[d] : 0;
    }
    for (let d = 0; d < dimensions; d++) {
      const first = centered[d];
      const other = second[d];
      const base = d * dimensions;
      for (let e = d; e < dimensions; e++) covariance[base + e] += first * centered[e] + other * second[e];
    }
  }
  for (let d = 0; d < dimensions; d++) {
    for (let e = 0; e < d; e++) covariance[d * dimensions + e] = covariance[e * dimensions + d];
  }
  return covariance;
}

/** Modified Gram-Schmidt; an axis that vanishes (fewer dimensions or rows than axes) becomes zero. */
function orthonormalise(axes: Float64Array, dimensions: number): void {
  for (let a = 0; a < block; a++) {
    const before = norm(axes, a, dimensions);
    for (let b = 0; b < a; b++) {
      const overlap = dotOf(axes, a, axes, b, dimensions);
      for (let d = 0; d < dimensions; d++) axes[a * dimensions + d] -= overlap * axes[b * dimensions + d];
    }
    const length = norm(axes, a, dimensions);
    const scale = length > 1e-12 * Math.max(1e-12, before) && length > 1e-200 ? 1 / length : 0;
    for (let d = 0; d < dimensions; d++) axes[a * dimensions + d] *= scale;
  }
}

/** How much of the first two axes is not in their place before. */
function movement(before: Float64Array, after: Float64Array, dimensions: number): number {
  return Math.max(
    1 - Math.abs(dotOf(before, 0, after, 0, dimensions)),
    1 - Math.abs(dotOf(before, 1, after, 1, dimensions)),
  );
}

function fixSigns(axes: Float64Array, dimensions: number): void {
  for (let a = 0; a < 2; a++) {
    let largest = 0;
    for (let d = 0; d < dimensions; d++) {
      const value = axes[a * dimensions + d];
      if (Math.abs(value) > Math.abs(largest)) largest = value;
    }
    if (largest < 0) for (let d = 0; d < dimensions; d++) axes[a * dimensions + d] *= -1;
  }
}

function norm(axes: Float64Array, a: number, dimensions: number): number {
  return Math.sqrt(dotOf(axes, a, axes, a, dimensions));
}

function dotOf(left: Float64Array, a: number, right: Float64Array, b: number, dimensions: number): number {
  let sum = 0;
  for (let d = 0; d < dimensions; d++) sum += left[a * dimensions + d] * right[b * dimensions + d];
  return sum;
}
