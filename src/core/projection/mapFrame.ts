/** Half the longer side of a map. */
const halfSide = 1;
/** Share of points at each end of an axis that may lie outside the frame. */
const outliers = 0.005;
/** How much longer the whole map may be than the frame of its inner points before outliers are let out of the frame. */
const tolerance = 1.2;

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
 * Turns a map so that it is as wide as it can be: axes have no meaning, and people's pictures and panels are wider than
 * tall. The direction of greatest variance becomes the horizontal one.
 */
export function layFlat(coordinates: Float64Array): void {
  const count = coordinates.length / 2;
  let [meanX, meanY] = [0, 0];
  for (let i = 0; i < coordinates.length; i += 2) {
    meanX += coordinates[i] / count;
    meanY += coordinates[i + 1] / count;
  }
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < coordinates.length; i += 2) {
    const x = coordinates[i] - meanX;
    const y = coordinates[i + 1] - meanY;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  for (let i = 0; i < coordinates.length; i += 2) {
    const x = coordinates[i];
    const y = coordinates[i + 1];
    coordinates[i] = cos * x + sin * y;
    coordinates[i + 1] = cos * y - sin * x;
  }
}

/**
 * Turns, mirrors and moves (and scales, where asked) a map so that the points that are in both lie as near to their old
 * places as can be: least squares over turns and moves (Procrustes; Gower 1975). The size, where asked, becomes that at
 * which these points are spread as widely as before: the least squares' own would be smaller the more points moved, and
 * a map that is laid over itself again and again would shrink to nothing.
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
  let spreadBefore = 0;
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
    spreadBefore += u * u + v * v;
  }
  // In two dimensions the best rotation and the best rotation of the mirrored map have closed forms; take the better.
  const straight = Math.hypot(xu + yv, xv - yu);
  const mirrored = Math.hypot(xu - yv, xv + yu);
  const mirror = mirrored > straight * (1 + 1e-9) ? -1 : 1;
  const strength = Math.max(straight, mirrored);
  const cos = strength > 0 ? (mirror === 1 ? xu + yv : xu - yv) / strength : 1;
  const sin = strength > 0 ? (mirror === 1 ? xv - yu : xv + yu) / strength : 0;
  const scale = rescale && spread > 0 && spreadBefore > 0 ? Math.sqrt(spreadBefore / spread) : 1;
  for (let i = 0; i < count; i++) {
    const x = (coordinates[2 * i] - mean.x) * scale;
    const y = (coordinates[2 * i + 1] - mean.y) * scale * mirror;
    coordinates[2 * i] = cos * x - sin * y + mean.u;
    coordinates[2 * i + 1] = sin * x + cos * y + mean.v;
  }
}

/** The longer side of a map. */
export function sideOf(coordinates: Float64Array): number {
  const { left, right, bottom, top } = boundsOf(coordinates);
  return Math.max(right - left, top - bottom, 0);
}

/** The box around 2 n coordinates; turned inside out where there are none. */
export function boundsOf(coordinates: Float32Array | Float64Array): {
  left: number;
  right: number;
  bottom: number;
  top: number;
} {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < coordinates.length; i += 2) {
    left = Math.min(left, coordinates[i]);
    right = Math.max(right, coordinates[i]);
    bottom = Math.min(bottom, coordinates[i + 1]);
    top = Math.max(top, coordinates[i + 1]);
  }
  return { left, right, bottom, top };
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
