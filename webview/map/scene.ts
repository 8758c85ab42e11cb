import type { MapColumns } from '../../src/shared/space';
import type { MapColoring } from '../model/mapColoring';
import {
  markShape,
  paletteSlot,
  pointShape,
  pointVisibility,
  type MapLine,
  type MapMark,
  type PointColumns,
} from './renderer';

/** What is marked on the map beyond its points: a selection or a query, and its neighbors. */
export interface Emphasis {
  /** Stars: the query, the embedded selection; several faint ones where its true neighbors are scattered. */
  stars: { x: number; y: number; weight: number }[];
  /** Row of the selected point. */
  selected: number | undefined;
  /** Where the lines begin. */
  origin: { x: number; y: number } | undefined;
  /** Neighbors or hits by row. */
  links: { row: number; similarity: number }[];
  /** Row of the chunk that is focused in a list. */
  focused: number | undefined;
  /** 1 for the rows that stay bright while the rest of the map steps back; undefined when nothing does. */
  bright: Uint8Array | undefined;
  /** Rows of a walk, in its order. */
  path: readonly number[];
  /** Rows of the selected point's true neighbors that the map draws elsewhere. */
  missing: readonly number[];
  /** Rows that are near the selected point on the map alone. */
  strangers: readonly number[];
  /** Where the halves of the selected chunk would lie, when a cut is proposed for it. */
  halves: readonly { x: number; y: number }[];
}

export const noEmphasis: Emphasis = {
  stars: [],
  selected: undefined,
  origin: undefined,
  links: [],
  focused: undefined,
  bright: undefined,
  path: [],
  missing: [],
  strangers: [],
  halves: [],
};

/**
 * The order in which points are drawn: shuffled (always alike for a number of points), so that no group covers the
 * others only because it comes last, and rings on top.
 */
export function drawingOrder(map: MapColumns): Uint32Array {
  const count = map.point.length;
  const order = new Uint32Array(count);
  let at = 0;
  let last = count;
  for (let row = 0; row < count; row++) {
    if (map.mixed[row]) order[--last] = row;
    else order[at++] = row;
  }
  let state = 0x9e3779b9;
  for (let i = last - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = state % (i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Coordinates of the rows in drawing order. */
export function orderedCoordinates(coordinates: Float32Array, order: Uint32Array): Float32Array {
  const ordered = new Float32Array(2 * order.length);
  for (let i = 0; i < order.length; i++) {
    ordered[2 * i] = coordinates[2 * order[i]]!;
    ordered[2 * i + 1] = coordinates[2 * order[i] + 1]!;
  }
  return ordered;
}

/** Style bytes in drawing order, and how many points are shown with them. */
export function styleOf(
  map: MapColumns,
  order: Uint32Array,
  coloring: MapColoring,
  emphasis: Emphasis,
): { style: PointColumns['style']; shown: number } {
  const style = new Uint8Array(4 * order.length);
  const { bright } = emphasis;
  let shown = 0;
  for (let i = 0; i < order.length; i++) {
    const row = order[i];
    const ring = coloring.ringMixed && map.mixed[row] === 1;
    const visible = isVisible(map, coloring, row);
    const trust = map.trust[row];
    style[4 * i] = ring ? paletteSlot.warning : coloring.slot[row];
    style[4 * i + 1] = ring ? pointShape.ring : pointShape.disc;
    style[4 * i + 2] = trust === 255 ? 255 : Math.round((Math.min(trust, 15) / 15) * 255);
    style[4 * i + 3] = !visible
      ? pointVisibility.hidden
      : bright && bright[row] !== 1 && row !== emphasis.selected
        ? pointVisibility.dimmed
        : pointVisibility.shown;
    if (visible) shown++;
  }
  return { style, shown };
}

export function isVisible(map: MapColumns, coloring: MapColoring, row: number): boolean {
  return coloring.visible[row] === 1 && Number.isFinite(map.coordinates[2 * row]);
}

/** Lines and marks of an emphasis; `at` gives the present map coordinates of a row. */
export function marksOf(
  emphasis: Emphasis,
  hovered: number | undefined,
  coloring: MapColoring,
  pointRadius: number,
  at: (row: number) => { x: number; y: number },
): { lines: MapLine[]; marks: MapMark[] } {
  const lines: MapLine[] = [];
  const marks: MapMark[] = [];
  const slot = (row: number): number => coloring.slot[row];
  const disc = (row: number, radius: number, strokeWidth: number, stroke: number = paletteSlot.foreground): void => {
    marks.push({ ...at(row), shape: markShape.disc, radius, fill: slot(row), stroke, strokeWidth, opacity: 1 });
  };
  const ring = (row: number, shape: number, stroke: number): void => {
    const stranger = shape === markShape.dashedRing;
    const radius = Math.max(pointRadius * 1.6, stranger ? 6 : 7.5);
    const [strokeWidth, opacity] = stranger ? [1.3, 0.8] : [2, 1];
    marks.push({ ...at(row), shape, radius, fill: stroke, stroke, strokeWidth, opacity });
  };
  const line = (
    from: { x: number; y: number },
    to: { x: number; y: number },
    look: Pick<MapLine, 'width' | 'opacity' | 'color'>,
  ): void => void lines.push({ fromX: from.x, fromY: from.y, toX: to.x, toY: to.y, ...look });
  const { origin, path } = emphasis;
  const similarities = emphasis.links.map((link) => link.similarity);
  const best = Math.max(...similarities);
  const worst = Math.min(...similarities);
  for (const { row, similarity } of [...emphasis.links].reverse()) {
    // Width spans this list's own similarities: absolute ones lie too close together to be told apart.
    const strength = best > worst ? (similarity - worst) / (best - worst) : 1;
    const focused = row === emphasis.focused;
    if (origin) {
      const width = (0.75 + 2.25 * strength) * (focused ? 1.4 : 1);
      const opacity = focused ? 0.95 : 0.28 + 0.3 * strength;
      line(origin, at(row), { width, opacity, color: paletteSlot.foreground });
    }
    disc(row, Math.max(pointRadius * 1.15, 4), 1.4);
  }
  path.forEach((row, i) => {
    if (i > 0) line(at(path[i - 1]), at(row), { width: 2.25, opacity: 0.9, color: paletteSlot.accent });
    const end = i === 0 || i === path.length - 1;
    disc(row, Math.max(pointRadius * (end ? 1.6 : 1.2), end ? 6.5 : 4.5), end ? 2.2 : 1.6);
  });
  for (const half of emphasis.halves) {
    if (origin)
      dashes(origin, half, (from, to) => line(from, to, { width: 2, opacity: 0.95, color: paletteSlot.warning }));
    marks.push({
      ...{ ...half, shape: markShape.disc, radius: Math.max(pointRadius * 1.3, 5), strokeWidth: 2, opacity: 1 },
      ...{ fill: paletteSlot.background, stroke: paletteSlot.warning },
    });
  }
  for (const row of emphasis.strangers) ring(row, markShape.dashedRing, paletteSlot.foreground);
  for (const row of emphasis.missing) ring(row, markShape.ring, paletteSlot.accent);
  if (emphasis.focused !== undefined) disc(emphasis.focused, Math.max(pointRadius * 1.5, 5.5), 2.4, paletteSlot.accent);
  if (emphasis.selected !== undefined) disc(emphasis.selected, Math.max(pointRadius * 1.7, 6.5), 2.2);
  if (hovered !== undefined) disc(hovered, Math.max(pointRadius * 1.35, 5), 1.6);
  const confident = emphasis.stars.length < 2;
  for (const { x, y, weight } of [...emphasis.stars].reverse()) {
    marks.push({
      ...{ x, y, shape: markShape.star, strokeWidth: 1.5 },
      ...{ fill: paletteSlot.foreground, stroke: paletteSlot.background },
      radius: confident ? 10 : 7 + 4 * Math.min(1, weight),
      opacity: confident ? 1 : 0.4 + 0.5 * Math.min(1, weight),
    });
  }
  return { lines, marks };
}

/** Pieces of a dashed line: told from the lines to neighbors also where these are as wide. */
function dashes(
  from: { x: number; y: number },
  to: { x: number; y: number },
  draw: (from: { x: number; y: number }, to: { x: number; y: number }) => void,
): void {
  const pieces = 9;
  const at = (share: number) => ({ x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) });
  for (let i = 0; i < pieces; i++) draw(at(i / pieces), at((i + 0.6) / pieces));
}

/**
 * Radius of a point in CSS pixels: fewer points are larger, zooming in enlarges them slowly, and a dense map keeps
 * its points small enough to be told apart.
 */
export function radiusFor(count: number, width: number, height: number, zoom: number): number {
  const room = Math.sqrt((width * height) / Math.max(count, 1));
  const base = Math.min(5, Math.max(1.3, 0.56 * room ** 0.6));
  return Math.min(9, base * Math.max(zoom, 0.25) ** 0.35);
}

/** Opacity of a point: dense maps let points shine through each other, so that density shows. */
export function opacityFor(count: number, zoom: number): number {
  const dense = Math.min(1, Math.max(0, Math.log10(Math.max(count, 1) / 2000) / 1.7));
  return Math.min(0.9, 0.86 - 0.46 * dense + 0.08 * Math.max(0, Math.log2(zoom)));
}
