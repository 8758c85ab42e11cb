import type { MapColumns } from '../../src/shared/space';
import { mostSavedSet, type SavedSet } from './savedState';
import type { ChunkSet } from './selectionModel';

/** Where the chunks of a set lie, or undefined for what is not kept: very large sets, and walks, which are asked for again. */
export function savedSetOf(
  { points, origin, name }: ChunkSet,
  map: MapColumns,
  rowOfPoint: ReadonlyMap<number, number>,
): SavedSet | undefined {
  if (origin === 'walk' || points.length > mostSavedSet) return undefined;
  const coordinates = points.flatMap((point) => {
    const row = rowOfPoint.get(point);
    return row === undefined ? [] : [map.coordinates[2 * row], map.coordinates[2 * row + 1]];
  });
  return { origin, name, coordinates };
}

/** Rows at exactly these places, ascending: a map that is read again from the disk has the same coordinates bit by bit. */
export function rowsAt(coordinates: Float32Array, wanted: readonly number[]): number[] {
  const places = new Set<string>();
  for (let i = 0; i < wanted.length; i += 2) places.add(`${wanted[i]} ${wanted[i + 1]}`);
  const rows: number[] = [];
  for (let row = 0; row < coordinates.length / 2; row++) {
    if (places.has(`${coordinates[2 * row]} ${coordinates[2 * row + 1]}`)) rows.push(row);
  }
  return rows;
}
