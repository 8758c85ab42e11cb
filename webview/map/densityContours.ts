import { contours, type ContourMultiPolygon } from 'd3-contour';
import type { Bounds } from './camera';

/** Nested areas of growing density, outermost first, as closed rings of x, y pairs in map units. */
export type DensityBands = readonly (readonly Float32Array[])[];

/** Cells along the longer side of the map. */
const gridCells = 128;
/** Standard deviation of the smoothing, in cells. */
const smoothingCells = 2.2;
/** Shares of the greatest density at which the bands begin. */
const levels = [0.03, 0.09, 0.2, 0.38, 0.62];

/**
 * Where the shown points lie densely: a histogram on a grid, smoothed by three box blurs, which come near a Gaussian
 * (W. M. Wells, 1986), and cut at shares of its maximum. Takes a few milliseconds for 100,000 points.
 * @param coordinates 2 n, x and y pairs in map units
 */
export function densityBands(
  coordinates: Float32Array,
  isShown: (row: number) => boolean,
  bounds: Bounds,
): DensityBands {
  const span = Math.max(bounds.maxX - bounds.minX, bounds.maxY - bounds.minY, 1e-6);
  const cell = span / gridCells;
  // Room around the points, so that every band closes.
  const margin = Math.ceil(4 * smoothingCells);
  const width = Math.ceil((bounds.maxX - bounds.minX) / cell) + 2 * margin + 1;
  const height = Math.ceil((bounds.maxY - bounds.minY) / cell) + 2 * margin + 1;
  const grid = new Float64Array(width * height);
  for (let row = 0; row < coordinates.length / 2; row++) {
    const x = (coordinates[2 * row] - bounds.minX) / cell + margin;
    const y = (coordinates[2 * row + 1] - bounds.minY) / cell + margin;
    if (x >= 0 && y >= 0 && x < width && y < height && isShown(row)) grid[Math.floor(y) * width + Math.floor(x)]++;
  }
  const radius = Math.round(smoothingCells);
  for (let pass = 0; pass < 3; pass++) {
    blur(grid, height, width, width, 1, radius);
    blur(grid, width, height, 1, width, radius);
  }
  const most = grid.reduce((a, b) => Math.max(a, b), 0);
  if (most === 0) return [];
  // What a contour calls a corner is the middle of a cell.
  const toX = (x: number): number => bounds.minX + (x - margin) * cell;
  const toY = (y: number): number => bounds.minY + (y - margin) * cell;
  const drawn = contours()
    .size([width, height])
    .thresholds(levels.map((level) => level * most))([...grid]);
  return drawn.map((band) => ringsOf(band, toX, toY));
}

function ringsOf(band: ContourMultiPolygon, toX: (x: number) => number, toY: (y: number) => number): Float32Array[] {
  return band.coordinates.flatMap((polygon) =>
    polygon.map((ring) => Float32Array.from(ring.flatMap(([x, y]) => [toX(x), toY(y)]))),
  );
}

/** A running mean over 2 radius + 1 cells along every line of the grid. */
function blur(grid: Float64Array, lines: number, length: number, lineStep: number, step: number, radius: number): void {
  const line = new Float64Array(length);
  const share = 1 / (2 * radius + 1);
  for (let l = 0; l < lines; l++) {
    const first = l * lineStep;
    let sum = 0;
    for (let i = 0; i < length; i++) line[i] = grid[first + i * step];
    for (let i = 0; i <= radius && i < length; i++) sum += line[i];
    for (let i = 0; i < length; i++) {
      grid[first + i * step] = sum * share;
      if (i + radius + 1 < length) sum += line[i + radius + 1];
      if (i - radius >= 0) sum -= line[i - radius];
    }
  }
}

/**
 * How strongly the bands show: wholly when the map is seen from far or its points lie so densely that they cover each
 * other, not at all from near.
 */
export function contourStrength(zoom: number, shown: number, width: number, height: number): number {
  const near = Math.min(1, Math.max(0, (2.4 - zoom) / 1.2));
  const crowded = Math.min(1, Math.max(0, Math.log10((shown * 900) / Math.max(1, width * height) + 1) / 1.1));
  const far = Math.min(1, Math.max(0, (1 - zoom) / 0.4));
  return near * Math.max(0.2 + 0.8 * crowded, far);
}
