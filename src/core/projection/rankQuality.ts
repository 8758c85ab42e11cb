import type { OnnxRuntime } from '../embedding/onnxRuntime';
import { productsWithAll } from '../neighbors/rowProducts';
import type { VectorRows } from '../neighbors/blockedKnn';

export interface RankReadings {
  /** Numbers of neighbors, ascending, about evenly spaced on a logarithmic scale. */
  k: number[];
  /** R_NX at each of them: 0 what chance keeps, 1 all. */
  rnx: number[];
  /** Area under R_NX over log k. */
  area: number;
  /** Points that were looked at, evenly spread, and of how many. */
  rows: number;
  of: number;
}

export interface RankOptions {
  runtime?: OnnxRuntime;
  threads?: number;
  onShare?: (share: number) => void;
}

/** Up to here every point is looked at; of more, so many that the comparisons stay about as many. */
const allRowsUpTo = 5000;
const comparisons = 10_000_000;
const fewestRows = 250;
const stepsPerDoubling = 4;
const rowsPerBlock = 64;

/** Points that are looked at in a map of this many. */
export function rowsLookedAt(count: number): number {
  return count <= allRowsUpTo ? count : Math.max(fewestRows, Math.floor(comparisons / count));
}

/**
 * Quality of a map at every size of neighborhood, corrected for chance (Lee and Verleysen 2009; Lee, Renard, Bernard,
 * Dupont and Verleysen 2013). Q_NX(k) is the mean share of the k true neighbors that are among the k nearest on the map,
 *
 *     R_NX(k) = ((n - 1) Q_NX(k) - k) / (n - 1 - k),
 *
 * and the area weighs each k by 1 / k, so that it is taken over log k. Both orders are complete, over all points; ties
 * go to the lower index. Between the sizes that are computed, R_NX is taken to be straight in log k.
 *
 * @param data L2-normalised rows.
 * @param coordinates 2 n.
 */
export async function rankQuality(
  data: VectorRows,
  coordinates: Float32Array,
  { runtime, threads, onShare }: RankOptions = {},
): Promise<RankReadings> {
  const { count } = data;
  const sizes = neighborhoodSizes(count);
  const rows = rowsLookedAt(count);
  if (sizes.length === 0) return { k: [], rnx: [], area: 0, rows: 0, of: count };
  const looked = Int32Array.from({ length: rows }, (_, i) => Math.floor(((i + 0.5) * count) / rows));
  const ranking = new Ranking(count);
  const sizeOfRank = firstSizes(sizes, count);
  // Pairs that are within a size in both orders, counted at the smallest size that holds them.
  const shared = new Float64Array(sizes.length + 1);
  const trueSize = new Uint8Array(count);
  const distances = new Float32Array(count);
  await productsWithAll(data, looked, { runtime, threads, rowsPerBlock }, (similarities, position) => {
    const self = looked[position];
    for (let j = 0; j < count; j++) distances[j] = Math.max(0, 1 - similarities[j]);
    const byTruth = ranking.order(distances, self);
    for (let rank = 0; rank < count - 1; rank++) trueSize[byTruth[rank]] = sizeOfRank[rank];
    for (let j = 0; j < count; j++) {
      const dx = coordinates[2 * j] - coordinates[2 * self];
      const dy = coordinates[2 * j + 1] - coordinates[2 * self + 1];
      distances[j] = dx * dx + dy * dy;
    }
    const byMap = ranking.order(distances, self);
    for (let rank = 0; rank < count - 1; rank++) shared[Math.max(sizeOfRank[rank], trueSize[byMap[rank]])]++;
    if (position % rowsPerBlock === 0) onShare?.(position / rows);
  });
  let within = 0;
  const rnx = sizes.map((k, i) => {
    within += shared[i];
    const kept = within / (k * rows);
    return ((count - 1) * kept - k) / (count - 1 - k);
  });
  return { k: sizes, rnx, area: areaOverLog(sizes, rnx), rows, of: count };
}

/** 1, 2, 3 and on, from where steps on the logarithmic scale are longer than 1: up to n - 2, where R_NX ends. */
function neighborhoodSizes(count: number): number[] {
  const sizes: number[] = [];
  const last = count - 2;
  for (let step = 0; ; step++) {
    const k = Math.round(2 ** (step / stepsPerDoubling));
    if (k >= last) break;
    if (k !== sizes.at(-1)) sizes.push(k);
  }
  if (last >= 1) sizes.push(last);
  return sizes;
}

/** For each rank from 0 the position of the smallest size that holds it. */
function firstSizes(sizes: readonly number[], count: number): Uint8Array {
  const first = new Uint8Array(count).fill(sizes.length);
  let size = 0;
  for (let rank = 0; rank < count && size < sizes.length; rank++) {
    while (size < sizes.length && rank >= sizes[size]) size++;
    first[rank] = size;
  }
  return first;
}

/** Sum of R_NX(k) / k over sum of 1 / k, R_NX being straight in log k between the sizes. */
function areaOverLog(sizes: readonly number[], rnx: readonly number[]): number {
  let sum = 0;
  let weights = 0;
  let i = 0;
  const last = sizes[sizes.length - 1];
  for (let k = 1; k <= last; k++) {
    while (i + 1 < sizes.length && sizes[i + 1] <= k) i++;
    const next = Math.min(i + 1, sizes.length - 1);
    const way = next === i ? 0 : Math.log(k / sizes[i]) / Math.log(sizes[next] / sizes[i]);
    sum += (rnx[i] + way * (rnx[next] - rnx[i])) / k;
    weights += 1 / k;
  }
  return weights > 0 ? sum / weights : 0;
}

const digitBits = 11;
const digits = 1 << digitBits;

/** Orders all points by distance in three passes over the bits of their distances. */
class Ranking {
  private readonly keys: Int32Array;
  private readonly first: Int32Array;
  private readonly second: Int32Array;
  private readonly counts = new Int32Array(digits);

  constructor(private readonly count: number) {
    this.keys = new Int32Array(count);
    this.first = new Int32Array(count);
    this.second = new Int32Array(count);
  }

  /** @param distances none below 0. @returns all points but one, nearest first; overwritten by the next call. */
  order(distances: Float32Array, except: number): Int32Array {
    const { count, keys, first, second, counts } = this;
    // The bits of floats that are not negative order as the floats do.
    keys.set(new Int32Array(distances.buffer, distances.byteOffset, count));
    let from = first;
    let to = second;
    let length = 0;
    for (let i = 0; i < count; i++) if (i !== except) from[length++] = i;
    for (let shift = 0; shift < 32; shift += digitBits) {
      counts.fill(0);
      for (let i = 0; i < length; i++) counts[(keys[from[i]] >>> shift) & (digits - 1)]++;
      let before = 0;
      for (let digit = 0; digit < digits; digit++) {
        const found = counts[digit];
        counts[digit] = before;
        before += found;
      }
      for (let i = 0; i < length; i++) {
        const point = from[i];
        to[counts[(keys[point] >>> shift) & (digits - 1)]++] = point;
      }
      [from, to] = [to, from];
    }
    return from;
  }
}
