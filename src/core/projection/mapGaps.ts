import { alignTo, isPlaced, sideOf } from './mapFrame';
import { spanningTree, type SpanningTree } from './spanningTree';

/** Widest empty gap of a new map, as a share of its longer side. */
export const widestGap = 0.06;
/** The same for a map that is kept while points are added: more, so that what drifts a little need not be moved at all. */
export const widestKeptGap = 0.12;
/** A gap is never narrower than this many times the distance at which nine of ten points follow the one before them. */
const timesOrdinary = 3;
const ordinary = 0.9;
const bisections = 24;
/** How near two groups may come from the side, in gaps, and how much wider gaps are where they come nearer. */
const clearance = 0.5;
const wider = 1.4;
/** Gap around a group that keeps its place, as a share of the map's longer side. */
const groupGap = 0.03;
/** Old points that a group must have to be turned and scaled; one of fewer is only moved. */
const fewestToTurn = 10;

/**
 * Closes the wide gaps of a map: UMAP's repulsion carries groups that few or no edges hold as far out as its epochs
 * last, so how wide the gap around them is means nothing, and one such group can squeeze all others into a corner.
 *
 * Groups are found by the map's minimum spanning tree: an edge longer than the widest gap is drawn in to that length,
 * and all that hangs on it comes along as a whole, so shapes, sizes and distances inside of a group stay as they were.
 * Groups do not meet: where some would come nearer than half a gap to each other, all gaps are left wider. A map without
 * wide gaps, and one whose points are all scattered, stays as it is.
 *
 * @param coordinates 2 n, all finite; changed in place. Where the map as a whole then lies is for its frame to say.
 * @param share widest gap as a share of the longer side of the map that comes out.
 * @param onStep called often; what it throws ends the run and is passed on.
 */
export function closeGaps(coordinates: Float64Array, share: number, onStep?: () => void): void {
  const count = coordinates.length / 2;
  if (count < 3) return;
  const { order, parent, length, longest, floor } = measuredTree(coordinates);
  onStep?.();
  const shift = new Float64Array(2 * count);
  /** The longer side of the map when its gaps are drawn in to `gap`; leaves the moves in `shift`. */
  const sideWith = (gap: number): number => {
    let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const point of order) {
      const from = parent[point];
      if (from < 0) {
        shift[2 * point] = 0;
        shift[2 * point + 1] = 0;
      } else {
        const drawn = length[point] > gap ? 1 - gap / length[point] : 0;
        shift[2 * point] = shift[2 * from] + drawn * (coordinates[2 * from] - coordinates[2 * point]);
        shift[2 * point + 1] = shift[2 * from + 1] + drawn * (coordinates[2 * from + 1] - coordinates[2 * point + 1]);
      }
      const x = coordinates[2 * point] + shift[2 * point];
      const y = coordinates[2 * point + 1] + shift[2 * point + 1];
      left = Math.min(left, x);
      right = Math.max(right, x);
      bottom = Math.min(bottom, y);
      top = Math.max(top, y);
    }
    return Math.max(right - left, top - bottom);
  };
  if (longest <= Math.max(floor, share * sideWith(longest))) return;
  // The widest gap is a share of the map that it makes: the narrower the gaps, the smaller the map.
  let low = floor;
  let high = longest;
  for (let round = 0; round < bisections; round++) {
    onStep?.();
    const middle = (low + high) / 2;
    if (middle <= share * sideWith(middle)) low = middle;
    else high = middle;
  }
  // Groups that come from different sides can meet. Then all stay farther apart.
  for (let gap = high; gap < longest; gap *= wider) {
    onStep?.();
    sideWith(gap);
    const closed = coordinates.map((value, i) => value + shift[i]);
    if (areApart(closed, groupsAt(gap, order, parent, length), clearance * gap)) {
      coordinates.set(closed);
      return;
    }
  }
}

/** Whether no two points of different groups lie nearer to each other than a distance. */
function areApart(coordinates: Float64Array, group: Int32Array, distance: number): boolean {
  const { parent, length } = measuredTree(coordinates);
  // The shortest edge between two groups is either in the tree or there is a way of shorter ones between other groups.
  return parent.every((from, point) => from < 0 || group[from] === group[point] || length[point] >= distance);
}

/** The group of each point when edges longer than a gap part groups; named by its first point in the tree's order. */
function groupsAt(gap: number, order: Int32Array, parent: Int32Array, length: Float64Array): Int32Array {
  const group = new Int32Array(order.length);
  for (const point of order) group[point] = parent[point] >= 0 && length[point] <= gap ? group[parent[point]] : point;
  return group;
}

/**
 * Takes back the drift of whole groups since the map before: every group with a gap around it is laid over its old self.
 * Nothing but repulsion decides how far a group drifts, how it turns and how wide it spreads, and from layout to layout
 * that would add up. A group of new points alone goes with the point that it hangs on.
 *
 * @param coordinates 2 n, laid over `before` already; changed in place.
 * @param before 2 n, NaN for points that were not there.
 */
export function holdGroups(coordinates: Float64Array, before: Float32Array): void {
  const count = coordinates.length / 2;
  if (count < 3) return;
  const { order, parent, length, floor } = measuredTree(coordinates);
  const group = groupsAt(Math.max(floor / 2, groupGap * sideOf(coordinates)), order, parent, length);
  const members = new Map<number, number[]>();
  for (const point of order) {
    const own = members.get(group[point]);
    if (own === undefined) members.set(point, [point]);
    else own.push(point);
  }
  const drifted = coordinates.slice();
  // In the tree's order: the group that another one hangs on is in its place before it.
  for (const [first, points] of members) {
    const own = Float64Array.from(points.flatMap((point) => [drifted[2 * point], drifted[2 * point + 1]]));
    const old = Float32Array.from(points.flatMap((point) => [before[2 * point], before[2 * point + 1]]));
    const known = points.filter((point) => isPlaced(before, point)).length;
    if (known >= fewestToTurn) {
      alignTo(own, old, true);
    } else {
      const [dx, dy] = known > 0 ? meanMove(own, old) : moveOf(parent[first], coordinates, drifted);
      for (let i = 0; i < own.length; i += 2) {
        own[i] += dx;
        own[i + 1] += dy;
      }
    }
    points.forEach((point, i) => coordinates.set(own.subarray(2 * i, 2 * i + 2), 2 * point));
  }
}

/** How far points must go, in the mean, to lie where they lay. */
function meanMove(from: Float64Array, to: Float32Array): [number, number] {
  let [x, y, known] = [0, 0, 0];
  for (let i = 0; i < from.length / 2; i++) {
    if (!isPlaced(to, i)) continue;
    x += to[2 * i] - from[2 * i];
    y += to[2 * i + 1] - from[2 * i + 1];
    known++;
  }
  return [x / known, y / known];
}

function moveOf(point: number, to: Float64Array, from: Float64Array): [number, number] {
  return point < 0 ? [0, 0] : [to[2 * point] - from[2 * point], to[2 * point + 1] - from[2 * point + 1]];
}

interface MeasuredTree extends SpanningTree {
  /** Length of the edge from each point to its parent. */
  length: Float64Array;
  longest: number;
  /** Below this an edge is no gap but what ordinary points have between them. */
  floor: number;
}

function measuredTree(coordinates: Float64Array): MeasuredTree {
  const { order, parent } = spanningTree(coordinates);
  const length = Float64Array.from(parent, (from, point) =>
    from < 0
      ? 0
      : Math.hypot(
          coordinates[2 * point] - coordinates[2 * from],
          coordinates[2 * point + 1] - coordinates[2 * from + 1],
        ),
  );
  const sorted = length.slice().sort();
  const floor = timesOrdinary * sorted[Math.floor(ordinary * (sorted.length - 1))];
  return { order, parent, length, longest: sorted[sorted.length - 1], floor };
}
