import type { MapColumns } from '../../src/shared/space';
import { paletteSlot } from '../map/renderer';
import { hueCount } from '../../src/shared/palette';
import type { LegendGroup, MapColoring } from './mapColoring';
import { numberColorings } from './numberColoring';

const groupColorings = ['folder', 'fileType', 'cluster', 'warning'] as const;
type GroupColorBy = (typeof groupColorings)[number];
export const colorings = [...groupColorings, ...numberColorings] as const;
export type ColorBy = (typeof colorings)[number];

export const coloringNames: Record<ColorBy, string> = {
  folder: 'Folder',
  fileType: 'File type',
  cluster: 'Cluster',
  warning: 'Warning',
  trust: 'Trust',
  falseNeighbors: 'False neighbors',
  similarity: 'Similarity',
  gitAge: 'Git age',
  tokens: 'Word pieces',
};

const otherKey = 'other:';
const mixedKey = 'mixed:';
const plainKey = 'plain:';

/**
 * Which hue each group keeps, by name. A hue stays with its group while the index grows, so that colors don't swap
 * under the reader's eyes; the largest eight groups have one.
 */
export class HueMemory {
  private readonly hues = new Map<string, number>();

  /** @param names Groups that deserve a hue, the most important first; at most eight. */
  assign(colorBy: GroupColorBy, names: readonly string[]): Map<string, number> {
    const wanted = names.slice(0, hueCount);
    const assigned = new Map<string, number>();
    const taken = new Set<number>();
    for (const name of wanted) {
      const hue = this.hues.get(`${colorBy}:${name}`);
      if (hue === undefined || taken.has(hue)) continue;
      assigned.set(name, hue);
      taken.add(hue);
    }
    for (const name of wanted) {
      if (assigned.has(name)) continue;
      let hue = 0;
      while (taken.has(hue)) hue++;
      assigned.set(name, hue);
      taken.add(hue);
      this.hues.set(`${colorBy}:${name}`, hue);
    }
    return assigned;
  }
}

export function isGroupColoring(colorBy: ColorBy): colorBy is GroupColorBy {
  return (groupColorings as readonly string[]).includes(colorBy);
}

/** What names a group of the legend, also in the saved state. */
export function groupKey(colorBy: GroupColorBy, name: string): string {
  return `${colorBy}:${name}`;
}

/** Groups of a coloring and, by row, which of them a row belongs to. */
interface Grouped {
  groups: LegendGroup[];
  groupOf: Uint16Array;
}

/**
 * Colors the map by a property of its points and applies the legend's filter.
 * @param first Names of groups that come before larger ones where hues are scarce
 */
export function colorMap(
  map: MapColumns,
  colorBy: GroupColorBy,
  hidden: ReadonlySet<string>,
  memory: HueMemory,
  first: readonly string[] = [],
): MapColoring {
  const count = map.point.length;
  const { groups, groupOf } = colorBy === 'warning' ? warningGroups(map) : propertyGroups(map, colorBy, memory, first);
  for (const group of groups) group.hidden = hidden.has(group.key);
  const slot = new Uint8Array(count);
  const visible = new Uint8Array(count);
  const hideMixed = hidden.has(mixedKey);
  for (let row = 0; row < count; row++) {
    const group = groups[groupOf[row]];
    slot[row] = group.slot;
    visible[row] = group.hidden || (hideMixed && map.mixed[row] === 1) ? 0 : 1;
  }
  return { slot, visible, ringMixed: true, groups, numbers: undefined };
}

function warningGroups(map: MapColumns): Grouped {
  const groupOf = Uint16Array.from(map.mixed, (mixed) => (mixed === 1 ? 1 : 0));
  const mixed = map.mixed.reduce((sum, flag) => sum + (flag === 1 ? 1 : 0), 0);
  const plain = {
    ...{ key: plainKey, name: 'No warning', count: groupOf.length - mixed, slot: paletteSlot.other },
    ...{ ring: false, hidden: false, detail: undefined },
  };
  return { groups: mixed > 0 ? [plain, mixedGroup(mixed)] : [plain], groupOf };
}

function propertyGroups(
  map: MapColumns,
  colorBy: Exclude<GroupColorBy, 'warning'>,
  memory: HueMemory,
  first: readonly string[],
): Grouped {
  const column = { folder: map.folder, fileType: map.fileType, cluster: map.cluster }[colorBy];
  const names = { folder: map.folders, fileType: map.fileTypes, cluster: map.clusters }[colorBy].map(
    ({ name }) => name,
  );
  const counts = new Uint32Array(names.length);
  let without = 0;
  let mixed = 0;
  for (let row = 0; row < column.length; row++) {
    if (column[row] < counts.length) counts[column[row]]++;
    else without++;
    if (map.mixed[row] === 1) mixed++;
  }
  const isFirst = (group: number): number => (first.includes(names[group]) ? 1 : 0);
  const bySize = [...counts.keys()]
    .filter((group) => counts[group] > 0)
    .sort((a, b) => isFirst(b) - isFirst(a) || counts[b] - counts[a] || a - b);
  const hueOf = colorBy === 'cluster' ? clusterHues(map) : folderHues(colorBy, bySize, names, memory);
  const named = bySize.filter((group) => hueOf.has(group));
  // Folders and file types read best in the order of their names, clusters by size.
  if (colorBy === 'folder') named.sort((a, b) => names[a].localeCompare(names[b], undefined, { numeric: true }));
  const groups: LegendGroup[] = named.map((group) => ({
    ...{ key: groupKey(colorBy, names[group]), name: names[group], count: counts[group], slot: hueOf.get(group)! },
    ...{ ring: false, hidden: false, detail: undefined },
  }));
  const positionOf = new Uint16Array(names.length).fill(named.length);
  named.forEach((group, position) => (positionOf[group] = position));
  const groupOf = Uint16Array.from(column, (group) => positionOf[group] ?? named.length);
  const rest = bySize.filter((group) => !hueOf.has(group));
  const restCount = rest.reduce((sum, group) => sum + counts[group], without);
  if (restCount > 0) {
    const parts = rest.map((group) => names[group]);
    if (without > 0) parts.push(colorBy === 'cluster' ? `${without} in no cluster` : `${without} without`);
    groups.push({
      ...{ key: otherKey, count: restCount, slot: paletteSlot.other, ring: false, hidden: false },
      name: rest.length === 0 && colorBy === 'cluster' ? 'No cluster' : 'Other',
      detail: parts.join(', '),
    });
  }
  if (mixed > 0) groups.push(mixedGroup(mixed));
  return { groups, groupOf };
}

/** Clusters bring their hues along, so that a color stays with its topic across updates and reloads. */
function clusterHues(map: MapColumns): Map<number, number> {
  const hues = map.clusters.map(({ hue }, cluster) => [cluster, hue] as const);
  return new Map(hues.filter(([, hue]) => hue >= 0 && hue < hueCount));
}

/** The largest groups have the hues that they had before. */
function folderHues(
  colorBy: 'folder' | 'fileType',
  bySize: readonly number[],
  names: readonly string[],
  memory: HueMemory,
): Map<number, number> {
  const largest = bySize.slice(0, hueCount);
  const hues = memory.assign(
    colorBy,
    largest.map((group) => names[group]),
  );
  return new Map(largest.map((group) => [group, hues.get(names[group])!]));
}

function mixedGroup(count: number): LegendGroup {
  return {
    ...{ key: mixedKey, name: 'Mixed topics', count, slot: paletteSlot.warning },
    ...{ ring: true, hidden: false, detail: undefined },
  };
}
