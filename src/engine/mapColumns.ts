/** Columns of a map that say where its points stand: folders, file types, places. */
import type { PointPlace, Points } from '../core/index/points';
import type { MapColumns, MapGroup } from '../shared/space';

export interface Groups {
  /** Largest first. */
  groups: MapGroup[];
  /** Group of each point. */
  of: Uint16Array;
}

export function placeColumns(
  points: Points,
  rows: readonly number[],
  folderNames: readonly string[],
): Pick<MapColumns, 'point' | 'folder' | 'folders' | 'fileType' | 'fileTypes' | 'places'> {
  const first = rows.map((row) => points.point(row)?.places[0]);
  const folders = folderGroups(first, folderNames);
  const types = new Map<string, { index: number; count: number }>();
  const fileType = Uint16Array.from(first, (place) => {
    const type = place?.file.fileType ?? '';
    const group = types.get(type) ?? { index: types.size, count: 0 };
    types.set(type, group);
    group.count++;
    return group.index;
  });
  return {
    point: Uint32Array.from(rows),
    folder: folders.of,
    folders: folders.groups,
    fileType,
    fileTypes: [...types].map(([name, { count }]): MapGroup => ({ name, count })),
    places: Uint16Array.from(rows, (row) => Math.min(65535, points.point(row)?.places.length ?? 0)),
  };
}

/**
 * Groups for coloring by folder: the workspace folders when there are several; inside a single one its subfolders, as
 * deep as it takes until there are at least two.
 */
export function folderGroups(
  places: readonly (Pick<PointPlace, 'folder' | 'file'> | undefined)[],
  folderNames: readonly string[],
): Groups {
  const nameAt = (place: (typeof places)[number], depth: number): string => {
    if (place === undefined) return '';
    const parts = place.file.path.split('/').slice(0, -1);
    const inner = parts.slice(0, depth).join('/');
    if (folderNames.length === 1) return inner === '' ? '(top level)' : inner;
    const outer = folderNames[place.folder] ?? '';
    return inner === '' ? outer : `${outer}/${inner}`;
  };
  let names: string[] = [];
  for (let depth = folderNames.length === 1 ? 1 : 0; depth <= 4; depth++) {
    names = places.map((place) => nameAt(place, depth));
    if (new Set(names).size > 1) break;
  }
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const groups = [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  const indexOf = new Map(groups.map(({ name }, i) => [name, i]));
  return { groups, of: Uint16Array.from(names, (name) => indexOf.get(name) ?? 0) };
}
