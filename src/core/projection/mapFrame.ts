import type { FuzzyGraph } from './fuzzyGraph';
import { components } from './fuzzyGraph';

/** Half the longer side of a map. */
const halfSide = 1;
/** Share of points at each end of an axis that may lie outside the frame. */
const outliers = 0.005;
/** How much longer the whole map may be than the frame of its inner points before outliers are let out of the frame. */
const tolerance = 1.2;
/** Share of the points that the components hold which the frame is made for. */
const coreShare = 0.85;
/** Farthest that the middle of a stray component may lie from the center, in half sides of the frame. */
const margin = 1.15;

/** Maps coordinates of a method to those of the map: (value - center) * scale. */
export interface Frame {
  centerX: number;
  centerY: number;
  scale: number;
}

/**
 * The frame in which a new map is centered and about 2 long. Where a few points lie far out, the frame is that of the
 * others, so that the map is not squashed.
 */
export function frameOf(coordinates: Float64Array): Frame {
  const count = coordinates.length / 2;
  const x = sortedAxis(coordinates, 0);
  const y = sortedAxis(coordinates, 1);
  if (count === 0) return { centerX: 0, centerY: 0, scale: 1 };
  const trimmed = Math.floor(count * outliers);
  const whole = boxOf(x, y, 0);
  const inner = boxOf(x, y, trimmed);
  const box = whole.side <= inner.side * tolerance ? whole : inner;
  return {
    centerX: box.centerX,
    centerY: box.centerY,
    scale: box.side > 0 ? (2 * halfSide) / box.side : 1,
  };
}

/** Puts coordinates into the frame; float32, as maps are kept and sent. */
export function framed(coordinates: Float64Array, { centerX, centerY, scale }: Frame): Float32Array {
  const result = new Float32Array(coordinates.length);
  for (let i = 0; i < coordinates.length; i += 2) {
    result[i] = (coordinates[i] - centerX) * scale;
    result[i + 1] = (coordinates[i + 1] - centerY) * scale;
  }
  return result;
}

/**
 * Brings small components that share no edge with the rest nearer when they drifted far out: nothing holds them, so how
 * far they drift means nothing. They are moved as a whole, so no neighborhood inside changes.
 */
export function retrieveStrays(coordinates: Float64Array, graph: FuzzyGraph): void {
  const { component, components: found } = components(graph);
  if (found < 2) return;
  const size = new Int32Array(found);
  const middle = new Float64Array(2 * found);
  for (let i = 0; i < graph.count; i++) {
    size[component[i]]++;
    middle[2 * component[i]] += coordinates[2 * i];
    middle[2 * component[i] + 1] += coordinates[2 * i + 1];
  }
  const { centerX, centerY, scale } = frameOf(coreOf(coordinates, component, size));
  const shift = new Float64Array(2 * found);
  for (let c = 0; c < found; c++) {
    const x = (middle[2 * c] / size[c] - centerX) * scale;
    const y = (middle[2 * c + 1] / size[c] - centerY) * scale;
    const distance = Math.max(Math.abs(x), Math.abs(y)) / halfSide;
    if (distance <= margin) continue;
    shift[2 * c] = (x * (margin / distance - 1)) / scale;
    shift[2 * c + 1] = (y * (margin / distance - 1)) / scale;
  }
  for (let i = 0; i < graph.count; i++) {
    coordinates[2 * i] += shift[2 * component[i]];
    coordinates[2 * i + 1] += shift[2 * component[i] + 1];
  }
}

/** Coordinates of the largest components that together hold most points: what the frame is for. */
function coreOf(coordinates: Float64Array, component: Int32Array, size: Int32Array): Float64Array {
  const order = Array.from(size, (_, c) => c).sort((a, b) => size[b] - size[a] || a - b);
  const isCore = new Uint8Array(size.length);
  let held = 0;
  for (const c of order) {
    if (held >= component.length * coreShare) break;
    isCore[c] = 1;
    held += size[c];
  }
  return coordinates.filter((_, at) => isCore[component[at >> 1]] === 1);
}

/**
 * Turns, mirrors and moves (and scales, where asked) a map so that the points that are in both lie as near to their old
 * places as can be: least squares over similarity transforms (Procrustes; Gower 1975).
 *
 * @param reference 2 n, NaN for points that were not there.
 * @param rescale whether the size may change too.
 */
export function alignTo(coordinates: Float64Array, reference: Float32Array, rescale: boolean): void {
  let known = 0;
  const mean = { x: 0, y: 0, u: 0, v: 0 };
  const count = coordinates.length / 2;
  for (let i = 0; i < count; i++) {
    if (!isPlaced(reference, i)) continue;
    known++;
    mean.x += coordinates[2 * i];
    mean.y += coordinates[2 * i + 1];
    mean.u += reference[2 * i];
    mean.v += reference[2 * i + 1];
  }
  if (known === 0) return;
  mean.x /= known;
  mean.y /= known;
  mean.u /= known;
  mean.v /= known;
  let xu = 0;
  let xv = 0;
  let yu = 0;
  let yv = 0;
  let spread = 0;
  for (let i = 0; i < count; i++) {
    if (!isPlaced(reference, i)) continue;
    const x = coordinates[2 * i] - mean.x;
    const y = coordinates[2 * i + 1] - mean.y;
    const u = reference[2 * i] - mean.u;
    const v = reference[2 * i + 1] - mean.v;
    xu += x * u;
    xv += x * v;
    yu += y * u;
    yv += y * v;
    spread += x * x + y * y;
  }
  // In two dimensions the best rotation and the best rotation of the mirrored map have closed forms; take the better.
  const straight = Math.hypot(xu + yv, xv - yu);
  const mirrored = Math.hypot(xu - yv, xv + yu);
  const mirror = mirrored > straight * (1 + 1e-9) ? -1 : 1;
  const strength = Math.max(straight, mirrored);
  const cos = strength > 0 ? (mirror === 1 ? xu + yv : xu - yv) / strength : 1;
  const sin = strength > 0 ? (mirror === 1 ? xv - yu : xv + yu) / strength : 0;
  const scale = rescale && spread > 0 && strength > 0 ? strength / spread : 1;
  for (let i = 0; i < count; i++) {
    const x = (coordinates[2 * i] - mean.x) * scale;
    const y = (coordinates[2 * i + 1] - mean.y) * scale * mirror;
    coordinates[2 * i] = cos * x - sin * y + mean.u;
    coordinates[2 * i + 1] = sin * x + cos * y + mean.v;
  }
}

export function isPlaced(coordinates: Float32Array, point: number): boolean {
  return Number.isFinite(coordinates[2 * point]) && Number.isFinite(coordinates[2 * point + 1]);
}

function sortedAxis(coordinates: Float64Array, axis: 0 | 1): Float64Array {
  return Float64Array.from({ length: coordinates.length / 2 }, (_, i) => coordinates[2 * i + axis]).sort();
}

function boxOf(x: Float64Array, y: Float64Array, trimmed: number): { centerX: number; centerY: number; side: number } {
  const last = x.length - 1 - trimmed;
  return {
    centerX: (x[trimmed] + x[last]) / 2,
    centerY: (y[trimmed] + y[last]) / 2,
    side: Math.max(x[last] - x[trimmed], y[last] - y[trimmed]),
  };
}
