import type { MapColumns } from '../../src/shared/space';
import { paletteSlot } from '../map/renderer';
import { hueCount } from '../../src/shared/palette';

export const colorings = ['folder', 'fileType', 'cluster', 'warning'] as const;
export type ColorBy = (typeof colorings)[number];

export const coloringNames: Record<ColorBy, string> = {
  folder: 'Folder',
  fileType: 'File type',
  cluster: 'Cluster',
  warning: 'Warning',
};

/** One row of the legend. */
export interface LegendGroup {
  /** What the filter remembers; stable across updates of the map. */
  key: string;
  name: string;
  count: number;
  slot: number;
  ring: boolean;
  hidden: boolean;
  /** What "Other" holds. */
  detail: string | undefined;
}

/** Colors and visibility of every row of the map. */
export interface GroupColoring {
  /** Palette slot by row. */
  slot: Uint8Array;
  /** 1 when no filter of the legend hides the row. */
  visible: Uint8Array;
  groups: LegendGroup[];
}

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
  assign(colorBy: ColorBy, names: readonly string[]): Map<string, number> {
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

/** Colors the map by a property of its points and applies the legend's filter. */
export function colorMap(
  map: MapColumns,
  colorBy: ColorBy,
  hidden: ReadonlySet<string>,
  memory: HueMemory,
): GroupColoring {
  const count = map.point.length;
  const slot = new Uint8Array(count);
  const visible = new Uint8Array(count).fill(1);
  const groups = colorBy === 'warning' ? warningGroups(map, slot) : propertyGroups(map, colorBy, slot, memory);
  const keys = new Map<number, string>();
  for (const group of groups) {
    group.hidden = hidden.has(group.key);
    if (!group.ring) keys.set(group.slot, group.key);
  }
  const hideMixed = hidden.has(mixedKey);
  const hiddenSlots = new Set([...keys].filter(([, key]) => hidden.has(key)).map(([s]) => s));
  for (let row = 0; row < count; row++) {
    const mixed = map.mixed[row] === 1;
    if ((mixed && hideMixed) || (hiddenSlots.has(slot[row]) && !(mixed && colorBy === 'warning'))) visible[row] = 0;
  }
  return { slot, visible, groups };
}

function warningGroups(map: MapColumns, slot: Uint8Array): LegendGroup[] {
  slot.fill(paletteSlot.other);
  let mixed = 0;
  for (let row = 0; row < slot.length; row++) {
    if (map.mixed[row] === 1) {
      slot[row] = paletteSlot.warning;
      mixed++;
    }
  }
  const plain = slot.length - mixed;
  return [
    {
      key: plainKey,
      name: 'No warning',
      count: plain,
      slot: paletteSlot.other,
      ring: false,
      hidden: false,
      detail: undefined,
    },
    ...(mixed > 0 ? [mixedGroup(mixed)] : []),
  ];
}

function propertyGroups(
  map: MapColumns,
  colorBy: Exclude<ColorBy, 'warning'>,
  slot: Uint8Array,
  memory: HueMemory,
): LegendGroup[] {
  const columns = { folder: map.folder, fileType: map.fileType, cluster: map.cluster };
  const names = { folder: map.folders, fileType: map.fileTypes, cluster: map.clusters }[colorBy].map(
    (group) => group.name,
  );
  const column = columns[colorBy];
  const counts = new Uint32Array(names.length);
  let without = 0;
  let mixed = 0;
  for (let row = 0; row < column.length; row++) {
    const group = column[row];
    if (group < counts.length) counts[group]++;
    else without++;
    if (map.mixed[row] === 1) mixed++;
  }
  const bySize = [...counts.keys()].filter((group) => counts[group] > 0).sort((a, b) => counts[b] - counts[a] || a - b);
  const hues = memory.assign(
    colorBy,
    bySize.slice(0, hueCount).map((group) => names[group]),
  );
  const slotOfGroup = new Uint8Array(names.length).fill(paletteSlot.other);
  for (const group of bySize.slice(0, hueCount)) slotOfGroup[group] = hues.get(names[group])!;
  for (let row = 0; row < column.length; row++) slot[row] = slotOfGroup[column[row]] ?? paletteSlot.other;

  const groups: LegendGroup[] = bySize.slice(0, hueCount).map((group) => ({
    key: `${colorBy}:${names[group]}`,
    name: names[group],
    count: counts[group],
    slot: slotOfGroup[group],
    ring: false,
    hidden: false,
    detail: undefined,
  }));
  // Folders and file types read best in the order of their names, clusters by size.
  if (colorBy === 'folder') groups.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  const rest = bySize.slice(hueCount);
  const restCount = rest.reduce((sum, group) => sum + counts[group], without);
  if (restCount > 0) {
    const parts = rest.map((group) => names[group]);
    if (without > 0) parts.push(colorBy === 'cluster' ? `${without} in no cluster` : `${without} without`);
    const name = rest.length === 0 && colorBy === 'cluster' ? 'No cluster' : 'Other';
    groups.push({
      key: otherKey,
      name,
      count: restCount,
      slot: paletteSlot.other,
      ring: false,
      hidden: false,
      detail: parts.join(', '),
    });
  }
  if (mixed > 0) groups.push(mixedGroup(mixed));
  return groups;
}

function mixedGroup(count: number): LegendGroup {
  return {
    key: mixedKey,
    name: 'Mixed topics',
    count,
    slot: paletteSlot.warning,
    ring: true,
    hidden: false,
    detail: undefined,
  };
}
