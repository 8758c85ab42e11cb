import type { MapColoring } from '../model/mapColoring';
import { count } from '../../src/shared/plainWords';
import { toScreen } from './camera';
import type { DensityBands } from './densityContours';
import { bandFillOpacity, bandLineOpacity } from './contourLayer';
import type { ShownLabel } from './labelOverlay';
import type { Painter } from './painters';
import {
  dimmedOpacity,
  markShape,
  pointShape,
  pointVisibility,
  ringRadius,
  starPoints,
  trustOpacity,
  type MapFrame,
  type MapMark,
} from './renderer';

/** Everything that is seen of a map, for a picture of it. */
export interface MapPicture {
  frame: MapFrame;
  /** Points in drawing order, as the renderers have them. */
  coordinates: Float32Array;
  style: Uint8Array;
  bands: DensityBands;
  bandStrength: number;
  labels: readonly ShownLabel[];
}

export interface PictureColors {
  /** CSS colors by palette slot. */
  slots: readonly string[];
  background: string;
  foreground: string;
  dim: string;
  /** Name of the coloring, above the legend. */
  title: string;
  coloring: MapColoring;
}

const rowHeight = 20;
const legendWidth = 208;

/** Paints what is seen: density, points, lines, marks, names and the legend. */
export function paintMap(painter: Painter, picture: MapPicture, colors: PictureColors): void {
  const { frame } = picture;
  painter.rectangle(0, 0, frame.width, frame.height, { fill: colors.background });
  for (const band of picture.bands) {
    const rings = band.map((ring) => {
      const corners: number[] = [];
      for (let i = 0; i < ring.length; i += 2) {
        const { x, y } = toScreen(frame.camera, frame, ring[i], ring[i + 1]);
        corners.push(x, y);
      }
      return corners;
    });
    painter.rings(rings, { fill: colors.foreground, opacity: bandFillOpacity * picture.bandStrength });
    painter.rings(rings, { stroke: colors.foreground, opacity: bandLineOpacity * picture.bandStrength });
  }
  paintPoints(painter, picture, colors);
  for (const line of frame.lines) {
    const from = toScreen(frame.camera, frame, line.fromX, line.fromY);
    const to = toScreen(frame.camera, frame, line.toX, line.toY);
    const look = { stroke: colors.slots[line.color], strokeWidth: line.width, opacity: line.opacity };
    painter.line(from.x, from.y, to.x, to.y, look);
  }
  for (const mark of frame.marks) paintMark(painter, frame, mark, colors);
  for (const { text, x, y, opacity } of picture.labels) {
    const look = { color: colors.foreground, size: 12, bold: true, align: 'middle', halo: colors.background } as const;
    painter.text(x, y, text, { ...look, opacity });
  }
  paintLegend(painter, frame, colors);
}

function paintPoints(painter: Painter, { frame, coordinates, style }: MapPicture, colors: PictureColors): void {
  const reach = frame.radius * ringRadius + 1;
  for (let i = 0; i < style.length / 4; i++) {
    const visibility = style[4 * i + 3];
    if (visibility === pointVisibility.hidden) continue;
    const { x, y } = toScreen(frame.camera, frame, coordinates[2 * i], coordinates[2 * i + 1]);
    if (!(x > -reach && y > -reach && x < frame.width + reach && y < frame.height + reach)) continue;
    const color = colors.slots[style[4 * i]];
    const ring = style[4 * i + 1] === pointShape.ring;
    let opacity = ring ? 1 : frame.opacity;
    if (frame.trustShade) opacity *= trustOpacity(style[4 * i + 2] / 255);
    if (visibility === pointVisibility.dimmed) opacity *= dimmedOpacity;
    if (!ring) painter.circle(x, y, frame.radius, { fill: color, opacity });
    else {
      const radius = frame.radius * ringRadius;
      const strokeWidth = Math.max(1.25, radius * 0.3);
      painter.circle(x, y, radius - strokeWidth / 2, { stroke: color, strokeWidth, opacity });
    }
  }
}

function paintMark(painter: Painter, frame: MapFrame, mark: MapMark, { slots }: PictureColors): void {
  const { x, y } = toScreen(frame.camera, frame, mark.x, mark.y);
  const { radius, opacity, strokeWidth } = mark;
  const fill = slots[mark.fill];
  const stroke = slots[mark.stroke];
  // The outline lies outside of what it surrounds.
  const outline = { stroke, strokeWidth: 2 * strokeWidth, opacity };
  switch (mark.shape) {
    case markShape.star: {
      const star = [starPoints(x, y, radius)];
      painter.rings(star, outline);
      painter.rings(star, { fill, opacity });
      break;
    }
    case markShape.ring:
      painter.circle(x, y, radius, { stroke, strokeWidth, opacity });
      break;
    case markShape.dashedRing:
      painter.circle(x, y, radius, { stroke, strokeWidth, opacity, dash: (Math.PI * radius) / 8 });
      break;
    default:
      if (strokeWidth > 0) painter.circle(x, y, radius, outline);
      painter.circle(x, y, radius, { fill, opacity });
  }
}

function paintLegend(painter: Painter, frame: MapFrame, colors: PictureColors): void {
  const { coloring, foreground, dim, background, slots } = colors;
  const { numbers, groups } = coloring;
  const height = 28 + (numbers ? 52 : 0) + rowHeight * groups.length;
  const left = 12;
  let y = frame.height - 12 - height;
  if (y < 0 || frame.width < legendWidth + 2 * left) return;
  painter.rectangle(left, y, legendWidth, height, { fill: background, stroke: dim, opacity: 0.9 });
  y += 14;
  painter.text(left + 12, y, numbers?.scale.title ?? colors.title, { color: dim, size: 12 });
  if (numbers) {
    const { scale } = numbers;
    const width = legendWidth - 24;
    const steps = 32;
    for (let step = 0; step < steps; step++) {
      const fill = slots[slots.length - steps + step];
      painter.rectangle(left + 12 + (width * step) / steps, y + 14, width / steps + 0.5, 8, { fill });
    }
    scale.ticks.forEach((tick, i) => {
      const align = i === 0 ? 'start' : i === scale.ticks.length - 1 ? 'end' : 'middle';
      const x = left + 12 + width * scale.toShare(tick);
      painter.text(x, y + 34, scale.text(tick), { color: dim, size: 11, align });
    });
    y += 48;
  }
  for (const group of groups) {
    y += rowHeight;
    const color = slots[group.slot];
    const look = group.ring ? { stroke: color, strokeWidth: 2 } : { fill: color };
    const opacity = group.hidden ? 0.35 : 1;
    painter.circle(left + 16, y, group.ring ? 4 : 4.5, { ...look, opacity });
    const name = group.name.length > 22 ? `${group.name.slice(0, 21)}…` : group.name;
    painter.text(left + 30, y, name, { color: foreground, size: 12, opacity });
    painter.text(left + legendWidth - 12, y, count(group.count), { color: dim, size: 12, align: 'end', opacity });
  }
}
