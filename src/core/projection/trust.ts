import type { KnnGraph } from '../neighbors/knnGraph';
import { mapNeighbors } from './mapNeighbors';

/** How many nearest are compared. */
export const trustNeighbors = 15;
/** Trust of a point that has no neighbors at all. */
export const unknownTrust = 255;

/** How many true neighbors a point of this map can keep: 15, or all others when there are fewer. */
export function trustOf(count: number): number {
  return Math.max(0, Math.min(trustNeighbors, count - 1));
}

/**
 * Trust per point: how many of its true `trustOf` nearest are among as many nearest on the map.
 * @param coordinates 2 n.
 */
export function trust(graph: KnnGraph, coordinates: Float32Array): Uint8Array {
  const { count, k, indices } = graph;
  const compared = Math.min(trustOf(count), k);
  const result = new Uint8Array(count).fill(unknownTrust);
  if (compared === 0) return result;
  const onMap = mapNeighbors(coordinates, compared);
  // The point for which an index was last marked as a map neighbor.
  const markedFor = new Int32Array(count).fill(-1);
  for (let i = 0; i < count; i++) {
    for (let rank = 0; rank < compared; rank++) markedFor[onMap[i * compared + rank]] = i;
    let kept = 0;
    for (let rank = 0; rank < compared; rank++) if (markedFor[indices[i * k + rank]] === i) kept++;
    result[i] = kept;
  }
  return result;
}

/** Mean trust, undefined when no point has any. */
export function meanTrust(trustByPoint: Uint8Array): number | undefined {
  let sum = 0;
  let known = 0;
  for (const value of trustByPoint) {
    if (value === unknownTrust) continue;
    sum += value;
    known++;
  }
  return known === 0 ? undefined : sum / known;
}
