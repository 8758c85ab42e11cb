import type { KnnGraph } from '../neighbors/knnGraph';
import { mapNeighbors } from './mapNeighbors';

/** How many nearest are compared. */
export const trustNeighbors = 15;
/** A near point of the map that is not among this many true neighbors is a false one. */
export const strangerBeyond = 50;
/** Reading of a point that has nothing to be read. */
export const unknownTrust = 255;

/** How many true neighbors a point of this map can keep: 15, or all others when there are fewer. */
export function trustOf(count: number): number {
  return Math.max(0, Math.min(trustNeighbors, count - 1));
}

/** Both readings of every point, 255 where there is nothing to read. */
export interface NeighborhoodReadings {
  /** How many of the true `trustOf` nearest are among as many nearest on the map: the others are missing. */
  trust: Uint8Array;
  /** How many of the map's `trustOf` nearest are not among the true `strangerBeyond` nearest: false neighbors. */
  falseNeighbors: Uint8Array;
}

/**
 * The two ways in which a map can be wrong about a point: true neighbors that it tears away, and strangers that it puts
 * near. In a space where every other point is among the true 50, no point is a stranger and nothing is read.
 *
 * @param graph true neighbors; as many as it keeps count where it keeps fewer than `strangerBeyond`.
 * @param coordinates 2 n.
 */
export function neighborhoodReadings(graph: KnnGraph, coordinates: Float32Array): NeighborhoodReadings {
  const { count, k, indices } = graph;
  const compared = Math.min(trustOf(count), k);
  const among = Math.min(strangerBeyond, k);
  const trust = new Uint8Array(count).fill(unknownTrust);
  const falseNeighbors = new Uint8Array(count).fill(unknownTrust);
  if (compared === 0) return { trust, falseNeighbors };
  const onMap = mapNeighbors(coordinates, compared);
  const hasStrangers = count - 1 > among;
  // The point for which an index was last marked as a map neighbor.
  const markedFor = new Int32Array(count).fill(-1);
  for (let i = 0; i < count; i++) {
    for (let rank = 0; rank < compared; rank++) markedFor[onMap[i * compared + rank]] = i;
    let kept = 0;
    let known = 0;
    for (let rank = 0; rank < among; rank++) {
      if (markedFor[indices[i * k + rank]] !== i) continue;
      known++;
      if (rank < compared) kept++;
    }
    trust[i] = kept;
    if (hasStrangers) falseNeighbors[i] = compared - known;
  }
  return { trust, falseNeighbors };
}

/** Mean of a reading over the points that have it, undefined when none has. */
export function meanReading(readings: Uint8Array): number | undefined {
  let sum = 0;
  let known = 0;
  for (const value of readings) {
    if (value === unknownTrust) continue;
    sum += value;
    known++;
  }
  return known === 0 ? undefined : sum / known;
}
