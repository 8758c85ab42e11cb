/**
 * What a mix costs: a query that belongs to one half of a chunk finds the half alone earlier than the whole chunk, whose
 * vector lies between both.
 */
import type { VectorRows } from '../neighbors/blockedKnn';

/** A query that one half of a chunk should answer. */
export interface HalfQuery {
  text: string;
  /** L2-normalised. */
  vector: Float32Array;
}

export interface SplitRanks {
  query: string;
  /** Rank of the whole chunk, and of the better of its halves in its place, from 1. */
  rankNow: number;
  rankSplit: number;
  /** Which half is nearer to the query: 0 or 1. */
  half: 0 | 1;
}

/**
 * Ranks of a chunk and of its better half for each query, among the other chunks of an index.
 *
 * @param rows all vectors, row-major, L2-normalised; those that `counts` refuses (dead rows, the chunk itself) don't compete.
 */
export function splitRanks(
  queries: readonly HalfQuery[],
  whole: Float32Array,
  halves: readonly [Float32Array, Float32Array],
  rows: VectorRows,
  counts: (row: number) => boolean,
): SplitRanks[] {
  const { vectors, count, dimensions } = rows;
  return queries.map(({ text, vector }) => {
    const now = dot(vector, whole, 0);
    const [first, second] = halves.map((half) => dot(vector, half, 0));
    const split = Math.max(first, second);
    let [rankNow, rankSplit] = [1, 1];
    for (let row = 0; row < count; row++) {
      if (!counts(row)) continue;
      const similarity = dot(vector, vectors, row * dimensions);
      if (similarity > now) rankNow++;
      if (similarity > split) rankSplit++;
    }
    return { query: text, rankNow, rankSplit, half: first >= second ? 0 : 1 };
  });
}

/** How far a chunk would move up: ln of the ratio of its ranks, as from 10 to 1 is as much as from 100 to 10. */
export function damageOf({ rankNow, rankSplit }: Pick<SplitRanks, 'rankNow' | 'rankSplit'>): number {
  return Math.log(rankNow / rankSplit);
}

/** The query that gains most. */
export function worstDamage(ranks: readonly SplitRanks[]): SplitRanks | undefined {
  return ranks.reduce<SplitRanks | undefined>(
    (worst, next) => (worst === undefined || damageOf(next) > damageOf(worst) ? next : worst),
    undefined,
  );
}

/**
 * A half's vector without embedding it: the mean of its sentences' vectors, weighted by their lengths as the model's own
 * mean over word pieces is, normalised.
 */
export function halfFromSentences(vectors: readonly Float32Array[], lengths: readonly number[]): Float32Array {
  const half = new Float32Array(vectors[0]?.length ?? 0);
  vectors.forEach((vector, i) => {
    for (let k = 0; k < half.length; k++) half[k] += lengths[i] * vector[k];
  });
  const length = Math.sqrt(half.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? half.map((value) => value / length) : half;
}

function dot(query: Float32Array, rows: Float32Array, start: number): number {
  let sum = 0;
  for (let k = 0; k < query.length; k++) sum += query[k] * rows[start + k];
  return sum;
}
