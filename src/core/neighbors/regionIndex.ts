import type { OnnxSession, OnnxTensor } from '../embedding/onnxRuntime';
import type { VectorRows } from './blockedKnn';
import { topSimilarNames as names } from './topSimilarModel';

/** Rows for each center that the centers are found from. */
const rowsPerCenter = 40;
const rounds = 4;
/** Rows that go to their regions at once. */
const rowsPerBlock = 4096;

/** Rows sorted into regions of similar ones, and for each region those around it. */
export class RegionIndex {
  /** Regions, by position: those around each, itself first, in the order of nearness. */
  partners: Int32Array[] = [];
  private comparedWith = new Uint8Array(0);

  private constructor(
    readonly count: number,
    private readonly dimensions: number,
    /** count x dimensions, L2-normalised. */
    private readonly centers: Float32Array,
    private readonly regionOf: Int32Array,
    /** count + 1: rows of region i lie at `start[i]` to `start[i + 1]` of `rows` and `sorted`. */
    readonly start: Int32Array,
    readonly rows: Int32Array,
    /** All vectors in the order of `rows`. */
    readonly sorted: Float32Array,
  ) {}

  /**
   * Centers by spherical k-means (Dhillon and Modha 2001) of evenly spread rows, as many as the square root of the rows.
   * @param session of the model that finds most similar rows.
   */
  static async build(
    session: OnnxSession,
    { vectors, count, dimensions }: VectorRows,
    onShare: (share: number) => void,
  ): Promise<RegionIndex> {
    const regions = Math.max(2, Math.round(Math.sqrt(count)));
    const sampled = Math.min(count, rowsPerCenter * regions);
    const sample = new Float32Array(sampled * dimensions);
    for (let s = 0; s < sampled; s++) {
      const from = Math.floor((s * count) / sampled) * dimensions;
      sample.set(vectors.subarray(from, from + dimensions), s * dimensions);
    }
    let centers: Float32Array = new Float32Array(regions * dimensions);
    for (let r = 0; r < regions; r++) {
      const from = Math.floor(((r + 0.5) * sampled) / regions) * dimensions;
      centers.set(sample.subarray(from, from + dimensions), r * dimensions);
    }
    for (let round = 0; round < rounds; round++) {
      const nearest = await nearestCenters(session, sample, dimensions, centers);
      centers = meansOf(sample, dimensions, nearest, centers);
      onShare((0.7 * (round + 1)) / rounds);
    }
    const regionOf = await nearestCenters(session, vectors.subarray(0, count * dimensions), dimensions, centers);
    const start = new Int32Array(regions + 1);
    for (const region of regionOf) start[region + 1]++;
    for (let r = 0; r < regions; r++) start[r + 1] += start[r];
    const next = start.slice();
    const rows = new Int32Array(count);
    const sorted = new Float32Array(count * dimensions);
    for (let row = 0; row < count; row++) {
      const at = next[regionOf[row]]++;
      rows[at] = row;
      sorted.set(vectors.subarray(row * dimensions, (row + 1) * dimensions), at * dimensions);
    }
    onShare(1);
    return new RegionIndex(regions, dimensions, centers, regionOf, start, rows, sorted);
  }

  /** Chooses for each region the nearest ones, until they hold this many rows. */
  choosePartners(rowsWanted: number): void {
    const { count, dimensions, centers, start } = this;
    this.comparedWith = new Uint8Array(count * count);
    this.partners = Array.from({ length: count }, (_, region) => {
      const similarity = Float32Array.from({ length: count }, (__, other) => {
        let sum = 0;
        for (let d = 0; d < dimensions; d++) sum += centers[region * dimensions + d] * centers[other * dimensions + d];
        return other === region ? 2 : sum;
      });
      const order = Int32Array.from({ length: count }, (__, other) => other).sort(
        (a, b) => similarity[b] - similarity[a] || a - b,
      );
      let held = 0;
      let chosen = 0;
      while (chosen < count && held < rowsWanted) {
        const other = order[chosen++];
        held += start[other + 1] - start[other];
        this.comparedWith[region * count + other] = 1;
      }
      return order.slice(0, chosen);
    });
  }

  /** Whether a row was compared with another one: its region with the other's. */
  compared(row: number, other: number): boolean {
    return this.comparedWith[this.regionOf[row] * this.count + this.regionOf[other]] === 1;
  }
}

async function nearestCenters(
  session: OnnxSession,
  vectors: Float32Array,
  dimensions: number,
  centers: Float32Array,
): Promise<Int32Array> {
  const count = vectors.length / dimensions;
  const nearest = new Int32Array(count);
  const all: OnnxTensor = { type: 'float32', data: centers, dims: [centers.length / dimensions, dimensions] };
  const one: OnnxTensor = { type: 'int64', data: BigInt64Array.of(1n), dims: [1] };
  for (let from = 0; from < count; from += rowsPerBlock) {
    const to = Math.min(count, from + rowsPerBlock);
    const block = vectors.subarray(from * dimensions, to * dimensions);
    const result = await session.run({
      [names.rows]: { type: 'float32', data: block, dims: [to - from, dimensions] },
      [names.all]: all,
      [names.k]: one,
    });
    nearest.set(result[names.indices].data as Int32Array, from);
  }
  return nearest;
}

/** Normalised means of the rows of each center; a center without any stays where it is. */
function meansOf(
  vectors: Float32Array,
  dimensions: number,
  nearest: Int32Array,
  before: Float32Array,
): Float32Array<ArrayBuffer> {
  const sums = new Float64Array(before.length);
  for (let row = 0; row < nearest.length; row++) {
    const center = nearest[row] * dimensions;
    for (let d = 0; d < dimensions; d++) sums[center + d] += vectors[row * dimensions + d];
  }
  const centers = Float32Array.from(before);
  for (let center = 0; center < before.length; center += dimensions) {
    let squares = 0;
    for (let d = 0; d < dimensions; d++) squares += sums[center + d] * sums[center + d];
    if (squares < 1e-12) continue;
    const scale = 1 / Math.sqrt(squares);
    for (let d = 0; d < dimensions; d++) centers[center + d] = sums[center + d] * scale;
  }
  return centers;
}
