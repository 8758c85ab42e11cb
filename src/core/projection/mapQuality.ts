import { similaritiesTo, type VectorRows } from '../neighbors/blockedKnn';
import { seededRandom } from '../neighbors/seededRandom';
import { TopK } from '../neighbors/topK';

export interface MapQuality {
  /** 1 when no point's map neighbors are false; false ones count by how far they are in the original space. */
  trustworthiness: number;
  /** 1 when no true neighbor is missing on the map; missing ones count by how far they went. */
  continuity: number;
  /** Points that the means are taken over. */
  points: number;
}

/**
 * Trustworthiness and continuity of Venna and Kaski 2001, each from full ranks in both spaces, over a seeded sample of
 * points.
 *
 * @param coordinates 2 n.
 * @param sample points to look at; every one costs a pass over all vectors.
 */
export function mapQuality(
  data: VectorRows,
  coordinates: Float32Array,
  { k = 15, sample = 500, seed = 1 } = {},
): MapQuality {
  const { vectors, count, dimensions } = data;
  const looked = Math.min(sample, count);
  const random = seededRandom(seed);
  let intruded = 0;
  let missed = 0;
  for (let s = 0; s < looked; s++) {
    // One point of each stretch, so that a sample of all points is all of them.
    const from = Math.floor((s * count) / looked);
    const i = from + random.below(Math.floor(((s + 1) * count) / looked) - from);
    const similarities = similaritiesTo(data, vectors.slice(i * dimensions, (i + 1) * dimensions));
    const nearness = Float32Array.from({ length: count }, (_, j) => {
      const dx = coordinates[2 * j] - coordinates[2 * i];
      const dy = coordinates[2 * j + 1] - coordinates[2 * i + 1];
      return -(dx * dx + dy * dy);
    });
    const trueNearest = firstOf(similarities, k, i);
    const mapNearest = firstOf(nearness, k, i);
    for (const j of mapNearest) if (!trueNearest.includes(j)) intruded += rankOf(similarities, j, i) - k;
    for (const j of trueNearest) if (!mapNearest.includes(j)) missed += rankOf(nearness, j, i) - k;
  }
  const worst = (looked * k * (2 * count - 3 * k - 1)) / 2;
  return {
    trustworthiness: worst > 0 ? 1 - intruded / worst : 1,
    continuity: worst > 0 ? 1 - missed / worst : 1,
    points: looked,
  };
}

/** The k points with the highest values, the point itself left out; ties by index. */
function firstOf(values: Float32Array, k: number, self: number): Int32Array {
  const indices = new Int32Array(k);
  const heap = new TopK(k, indices, new Float32Array(k));
  heap.start(0);
  for (let j = 0; j < values.length; j++) if (values[j] >= heap.floor && j !== self) heap.offer(j, values[j]);
  heap.finish();
  return indices.subarray(0, heap.count);
}

/** 1 for the point with the highest value, the point itself left out; ties by index. */
function rankOf(values: Float32Array, point: number, self: number): number {
  let rank = 1;
  for (let j = 0; j < values.length; j++) {
    if (j !== self && (values[j] > values[point] || (values[j] === values[point] && j < point))) rank++;
  }
  return rank;
}
