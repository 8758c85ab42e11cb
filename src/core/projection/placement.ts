/**
 * Places a text that is not on the map (a query, a selection, a chunk that was just saved) by its true neighbors on a
 * map that stands still.
 */
export interface Placed {
  x: number;
  y: number;
  /** Share of the neighbors' weight that lies about this place, 0 to 1: little means that the neighbors are scattered. */
  share: number;
}

/** Width of the kernel that chooses the group of neighbors, in map units: a cluster of a map that is 2 long. */
const groupWidth = 0.25;
/** The kernel narrows to the group's own spread, times this. */
const refinement = 1.2;
const narrowest = 0.002;
/** Difference of similarity that makes a neighbor count a third, where the neighbors differ no more than that. */
const similarityScale = 0.05;
const rounds = 30;

/**
 * The place that maximises sum w / (1 + (d / h)^2) over the neighbors' places: UMAP's own attraction curve, by mean shift
 * (Cheng 1995) from every neighbor, so that scattered neighbors give their densest group and never the empty middle
 * between groups. The kernel then narrows to the group, which sharpens the place. Deterministic.
 *
 * @param coordinates 2 n map coordinates; neighbors without a place (NaN) are left out.
 * @param indices true neighbors, most similar first.
 * @param similarities beside `indices`; a neighbor weighs less the farther it falls behind the best.
 * @returns undefined when no neighbor has a place.
 */
export function placeByNeighbors(
  coordinates: Float32Array,
  indices: ArrayLike<number>,
  similarities: ArrayLike<number>,
): Placed | undefined {
  const group = placedNeighbors(coordinates, indices, similarities);
  if (group.count === 0) return undefined;
  let best = { x: 0, y: 0, value: -1 };
  for (let from = 0; from < group.count; from++) {
    const mode = climb(group, group.x[from], group.y[from], groupWidth);
    if (mode.value > best.value * (1 + 1e-9)) best = mode;
  }
  const share = best.value / group.total;
  const spread = spreadAround(group, best.x, best.y);
  const width = Math.max(narrowest, Math.min(groupWidth, refinement * spread));
  const sharp = climb(group, best.x, best.y, width);
  return { x: sharp.x, y: sharp.y, share };
}

interface PlacedNeighbors {
  count: number;
  x: Float64Array;
  y: Float64Array;
  weight: Float64Array;
  total: number;
}

function placedNeighbors(
  coordinates: Float32Array,
  indices: ArrayLike<number>,
  similarities: ArrayLike<number>,
): PlacedNeighbors {
  const x = new Float64Array(indices.length);
  const y = new Float64Array(indices.length);
  const weight = new Float64Array(indices.length);
  let count = 0;
  for (let i = 0; i < indices.length; i++) {
    const point = indices[i];
    if (!(point >= 0) || !Number.isFinite(coordinates[2 * point]) || !Number.isFinite(coordinates[2 * point + 1]))
      continue;
    x[count] = coordinates[2 * point];
    y[count] = coordinates[2 * point + 1];
    weight[count++] = similarities[i];
  }
  let best = -Infinity;
  let worst = Infinity;
  for (let i = 0; i < count; i++) {
    best = Math.max(best, weight[i]);
    worst = Math.min(worst, weight[i]);
  }
  let total = 0;
  for (let i = 0; i < count; i++) {
    weight[i] = Math.exp((weight[i] - best) / Math.max(similarityScale, (best - worst) / 2));
    total += weight[i];
  }
  return { count, x, y, weight, total };
}

/** Mean shift to a mode of the kernel's sum. */
function climb(
  group: PlacedNeighbors,
  startX: number,
  startY: number,
  width: number,
): { x: number; y: number; value: number } {
  let x = startX;
  let y = startY;
  for (let round = 0; round < rounds; round++) {
    let sumX = 0;
    let sumY = 0;
    let sum = 0;
    for (let i = 0; i < group.count; i++) {
      const near = kernel(group, i, x, y, width);
      // The gradient of w / (1 + q) points along w / (1 + q)^2.
      const pull = group.weight[i] * near * near;
      sumX += pull * group.x[i];
      sumY += pull * group.y[i];
      sum += pull;
    }
    const moved = Math.abs(sumX / sum - x) + Math.abs(sumY / sum - y);
    x = sumX / sum;
    y = sumY / sum;
    if (moved < 1e-6) break;
  }
  let value = 0;
  for (let i = 0; i < group.count; i++) value += group.weight[i] * kernel(group, i, x, y, width);
  return { x, y, value };
}

function kernel(group: PlacedNeighbors, i: number, x: number, y: number, width: number): number {
  const dx = group.x[i] - x;
  const dy = group.y[i] - y;
  return 1 / (1 + (dx * dx + dy * dy) / (width * width));
}

/** Weighted median distance from a place to the neighbors that count for it. */
function spreadAround(group: PlacedNeighbors, x: number, y: number): number {
  const near = Array.from({ length: group.count }, (_, i) => ({
    distance: Math.hypot(group.x[i] - x, group.y[i] - y),
    weight: group.weight[i] * kernel(group, i, x, y, groupWidth),
  })).sort((a, b) => a.distance - b.distance);
  const half = near.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let sum = 0;
  for (const { distance, weight } of near) {
    sum += weight;
    if (sum >= half) return distance;
  }
  return 0;
}
