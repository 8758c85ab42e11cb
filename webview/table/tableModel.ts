import type { MapColumns } from '../../src/shared/space';
import type { MapColoring } from '../model/mapColoring';

const unknownByte = 255;

/** A column of the table. */
export interface TableColumn {
  key: string;
  name: string;
  /** What it says, for the header's tooltip. */
  help: string;
  isNumber: boolean;
  /** Numbers and warnings sort from high to low first, names from A to Z. */
  descendsFirst: boolean;
  /** Undefined where the map knows nothing to sort by: texts and places come by id. */
  compare: ((a: number, b: number) => number) | undefined;
  text: (row: number) => string;
}

export interface TableSort {
  key: string;
  descending: boolean;
}

/** What the map shows, as columns. */
export function tableColumns(map: MapColumns, coloring: MapColoring, numbers: Float32Array | undefined): TableColumn[] {
  const named = (key: string, name: string, groups: readonly { name: string }[], of: Uint16Array): TableColumn => {
    const rank = new Map(
      groups
        .map((group, i) => [i, group.name] as const)
        .sort((a, b) => a[1].localeCompare(b[1], undefined, { numeric: true }))
        .map(([i], position) => [i, position]),
    );
    const place = (row: number): number => rank.get(of[row]) ?? groups.length;
    return {
      ...{ key, name, help: name, isNumber: false, descendsFirst: false },
      compare: (a, b) => place(a) - place(b),
      text: (row) => groups[of[row]]?.name ?? '–',
    };
  };
  const counted = (key: string, name: string, help: string, of: Uint8Array): TableColumn => ({
    ...{ key, name, help, isNumber: true, descendsFirst: true },
    compare: (a, b) => known(of[a]) - known(of[b]),
    text: (row) => (of[row] === unknownByte ? '–' : String(of[row])),
  });
  const columns = [
    named('folder', 'Folder', map.folders, map.folder),
    named('cluster', 'Cluster', map.clusters, map.cluster),
    counted('trust', 'Trust', 'True neighbors, of 15, that are among the 15 nearest points on the map', map.trust),
    counted(
      'strangers',
      'Strangers',
      'Nearest points on the map, of 15, that are not among the 50 nearest chunks',
      map.falseNeighbors,
    ),
    {
      ...{ key: 'mixed', name: 'Warning', help: 'May mix two topics', isNumber: false, descendsFirst: true },
      compare: (a: number, b: number) => map.mixed[a] - map.mixed[b],
      text: (row: number) => (map.mixed[row] ? 'mixed' : ''),
    },
  ];
  const scale = coloring.numbers?.scale;
  const isNew = scale && !['True neighbors', 'Strangers'].some((start) => scale.title.startsWith(start));
  if (isNew && numbers) {
    columns.push({
      ...{ key: 'number', name: scale.title, help: scale.help, isNumber: true, descendsFirst: true },
      compare: (a, b) => known(numbers[a]) - known(numbers[b]),
      text: (row) => (Number.isNaN(numbers[row]) ? '–' : scale.text(numbers[row])),
    });
  }
  return columns;
}

/** Rows of the table in its order: what the legend's filter shows and, while a search or a set is there, what it holds. */
export function tableRows(
  coloring: MapColoring,
  bright: Uint8Array | undefined,
  columns: readonly TableColumn[],
  sort: TableSort | undefined,
): Uint32Array {
  const rows: number[] = [];
  for (let row = 0; row < coloring.visible.length; row++) {
    if (coloring.visible[row] === 1 && (!bright || bright[row] === 1)) rows.push(row);
  }
  const compare = columns.find(({ key }) => key === sort?.key)?.compare;
  if (compare && sort) {
    const sign = sort.descending ? -1 : 1;
    rows.sort((a, b) => sign * compare(a, b) || a - b);
  }
  return Uint32Array.from(rows);
}

/** What is not known comes last from high to low. */
function known(value: number): number {
  return Number.isNaN(value) || value === unknownByte ? -1 : value;
}
