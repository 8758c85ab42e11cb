import { TopK } from '../neighbors/topK';
import { MapNeighbors } from './mapNeighbors';
import { trustNeighbors } from './trust';

/**
 * Places texts that are not on the map (a query, a selection, a chunk that was just saved) by their true neighbors on a
 * map that stands still.
 */
export interface Placement {
  /** Where one point for it goes. */
  x: number;
  y: number;
  /** Where its true neighbors lie, the fullest place first; weights are shares of all of them. */
  stars: { x: number; y: number; weight: number }[];
}

/** Width of the kernel that finds groups of neighbors, in map units: a cluster of a map that is 2 long. */
const groupWidth = 0.25;
/** The kernel narrows to the group's own spread, times this. */
const refinement = 1.2;
const narrowest = 0.002;
/** Difference of similarity that makes a neighbor count a third, where the neighbors differ no more than that. */
const similarityScale = 0.05;
const rounds = 30;
/** Neighbors that lie together with this share of the weight need no second star. */
const enoughForOne = 0.6;
const mostStars = 4;
const faintestStar = 0.12;
/** How much the neighbors that count for a place decide beside how many of them it keeps. */
const tieWeight = 0.5;
/** Steps of the last search around a place, as shares of the distance to its neighbors. */
const searchSteps = [0.5, 0.25, 0.12];
const directions = 8;
/** How far outside of the map its margin is, as a share of its longer side. */
const marginShare = 0.04;

/** A map that stands still. Build one for each state of the map: it holds a tree of its points. */
export class FixedMap {
  private readonly tree: MapNeighbors;
  /** Rows that have a place, in the order of the tree. */
  private readonly rows: Int32Array;
  private readonly heap: TopK;
  private readonly near = new Int32Array(trustNeighbors);
  private readonly box = { left: 0, right: 0, bottom: 0, top: 0 };

  /** @param coordinates 2 n by row; rows without a place are NaN. */
  constructor(private readonly coordinates: Float32Array) {
    const rows: number[] = [];
    for (let row = 0; row < coordinates.length / 2; row++) {
      if (Number.isFinite(coordinates[2 * row]) && Number.isFinite(coordinates[2 * row + 1])) rows.push(row);
    }
    this.rows = Int32Array.from(rows);
    const placed = new Float32Array(2 * rows.length);
    rows.forEach((row, i) => placed.set(coordinates.subarray(2 * row, 2 * row + 2), 2 * i));
    this.tree = new MapNeighbors(placed);
    this.heap = new TopK(trustNeighbors, this.near, new Float32Array(trustNeighbors));
    const { box } = this;
    for (let i = 0; i < placed.length; i += 2) {
      box.left = Math.min(box.left, placed[i]);
      box.right = Math.max(box.right, placed[i]);
      box.bottom = Math.min(box.bottom, placed[i + 1]);
      box.top = Math.max(box.top, placed[i + 1]);
    }
  }

  /**
   * The place around which the map shows most of the true neighbors: of many candidates (the neighbors' places, the
   * middles between any two, the modes of sum w / (1 + (d / h)^2) by mean shift (Cheng 1995), which is UMAP's own
   * attraction) the one with the most true neighbors among its 15 nearest points, and of those that keep as many the one
   * that lies most among them; then a search around it. So scattered neighbors give a place among some of them and never
   * the empty middle. Deterministic.
   *
   * @param indices rows of the true neighbors, most similar first; those without a place are left out.
   * @param similarities beside `indices`; a neighbor weighs less the farther it falls behind the best.
   * @returns undefined when no neighbor has a place.
   */
  place(indices: ArrayLike<number>, similarities: ArrayLike<number>): Placement | undefined {
    const group = placedNeighbors(this.coordinates, indices, similarities);
    if (group.count === 0) return undefined;
    const groups = groupsOf(group);
    const wanted = new Set(Array.from(indices).slice(0, trustNeighbors));
    let best = { x: 0, y: 0, value: -1 };
    const consider = (x: number, y: number) => {
      const value = this.agreement(x, y, wanted, group);
      if (value > best.value) best = { x, y, value };
    };
    for (const { x, y } of groups) consider(x, y);
    for (let i = 0; i < group.count; i++) {
      consider(group.x[i], group.y[i]);
      for (let j = 0; j < i; j++) consider((group.x[i] + group.x[j]) / 2, (group.y[i] + group.y[j]) / 2);
    }
    const reach = Math.max(narrowest, spreadAround(group, best.x, best.y));
    for (const step of searchSteps) {
      const { x, y } = best;
      for (let d = 0; d < directions; d++) {
        const angle = (2 * Math.PI * d) / directions;
        consider(x + step * reach * Math.cos(angle), y + step * reach * Math.sin(angle));
      }
    }
    return { x: best.x, y: best.y, stars: starsOf(groups, best) };
  }

  /** Where a text goes that is near nothing: outside, on the side of what it is least far from. */
  margin({ x, y }: { x: number; y: number }): { x: number; y: number } {
    const { left, right, bottom, top } = this.box;
    const centerX = (left + right) / 2;
    const centerY = (bottom + top) / 2;
    const gap = marginShare * Math.max(right - left, top - bottom);
    const halfX = (right - left) / 2 + gap;
    const halfY = (top - bottom) / 2 + gap;
    // Up, where it lies in the very middle.
    const dx = x - centerX;
    const dy = x === centerX && y === centerY ? 1 : y - centerY;
    const scale = Math.min(halfX / Math.abs(dx), halfY / Math.abs(dy));
    return { x: centerX + dx * scale, y: centerY + dy * scale };
  }

  /** True neighbors among the nearest points of a place, and how much it lies among them. */
  private agreement(x: number, y: number, wanted: ReadonlySet<number>, group: PlacedNeighbors): number {
    this.heap.start(0);
    this.tree.search(x, y, this.heap);
    let kept = 0;
    for (let i = 0; i < this.heap.count; i++) if (wanted.has(this.rows[this.near[i]])) kept++;
    let among = 0;
    for (let i = 0; i < group.count; i++) among += group.weight[i] * kernel(group, i, x, y, groupWidth / 4);
    return kept + (tieWeight * among) / group.total;
  }
}

interface NeighborGroup {
  x: number;
  y: number;
  /** Share of the neighbors' weight. */
  weight: number;
}

/** Groups that the neighbors form on the map, the heaviest first: each the strongest mode of those not yet in a group. */
function groupsOf(group: PlacedNeighbors): NeighborGroup[] {
  const groups: NeighborGroup[] = [];
  let rest = group;
  while (rest.count > 0) {
    let best = { x: 0, y: 0, value: -1 };
    for (let from = 0; from < rest.count; from++) {
      const mode = climb(rest, rest.x[from], rest.y[from], groupWidth);
      if (mode.value > best.value * (1 + 1e-9)) best = mode;
    }
    const distances = Array.from({ length: rest.count }, (_, i) => Math.hypot(rest.x[i] - best.x, rest.y[i] - best.y));
    // The nearest one belongs in any case: a mode between points that are far apart may be near none.
    const reach = Math.max(groupWidth, Math.min(...distances));
    const own = subset(rest, (i) => distances[i] <= reach);
    const width = Math.max(narrowest, Math.min(groupWidth, refinement * spreadAround(own, best.x, best.y)));
    const sharp = climb(own, best.x, best.y, width);
    const weight = own.weight.subarray(0, own.count).reduce((sum, value) => sum + value, 0) / group.total;
    groups.push({ x: sharp.x, y: sharp.y, weight });
    rest = subset(rest, (i) => distances[i] > reach);
  }
  return groups.sort((a, b) => b.weight - a.weight);
}

function subset(group: PlacedNeighbors, keep: (i: number) => boolean): PlacedNeighbors {
  const kept = Array.from({ length: group.count }, (_, i) => i).filter(keep);
  return {
    count: kept.length,
    x: Float64Array.from(kept, (i) => group.x[i]),
    y: Float64Array.from(kept, (i) => group.y[i]),
    weight: Float64Array.from(kept, (i) => group.weight[i]),
    total: group.total,
  };
}

/** One star where the neighbors lie together, at the very place; else one for each group that is not too faint. */
function starsOf(groups: readonly NeighborGroup[], place: { x: number; y: number }): Placement['stars'] {
  const distance = (group: NeighborGroup) => Math.hypot(group.x - place.x, group.y - place.y);
  const own = groups.reduce((nearest, group) => (distance(group) < distance(nearest) ? group : nearest));
  const stars = [
    { x: place.x, y: place.y, weight: own.weight },
    ...groups.filter((group) => group !== own && group.weight >= faintestStar),
  ];
  return own.weight >= enoughForOne ? stars.slice(0, 1) : stars.sort((a, b) => b.weight - a.weight).slice(0, mostStars);
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
