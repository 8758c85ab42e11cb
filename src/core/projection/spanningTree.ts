import KDBush from 'kdbush';

/** A tree over all points whose edges are as short as can be, from a root outwards. */
export interface SpanningTree {
  /** All points, each after its parent; the root first. */
  order: Int32Array;
  /** Parent of each point, -1 for the root. */
  parent: Int32Array;
}

/**
 * Euclidean minimum spanning tree of points in the plane: Borůvka's rounds, in each of which every part finds the
 * shortest edge that leads out of it, with a k-d tree that skips the branches lying wholly in the asking part (March, Ram
 * and Gray 2010). Of equally long edges the one with the lower points is the shorter, so the tree is the only one.
 *
 * @param coordinates 2 n, all finite.
 */
export function spanningTree(coordinates: Float64Array): SpanningTree {
  const count = coordinates.length / 2;
  const heads: number[] = [];
  const tails: number[] = [];
  if (count > 1) {
    const rounds = new Rounds(coordinates);
    while (heads.length < count - 1) rounds.join(heads, tails);
  }
  return rooted(count, heads, tails);
}

class Rounds {
  private readonly count: number;
  private readonly tree: KDBush;
  /** The part that a point belongs to, named by one of its points. */
  private readonly part: Int32Array;
  /** Per branch of the k-d tree, kept at its middle: the part that all of its points belong to, or -1. */
  private readonly branchPart: Int32Array;
  /** Shortest edge that leads out of each part. */
  private readonly nearest: Float64Array;
  private readonly head: Int32Array;
  private readonly tail: Int32Array;

  constructor(coordinates: Float64Array) {
    this.count = coordinates.length / 2;
    this.tree = new KDBush(this.count, 8, Float64Array);
    for (let i = 0; i < this.count; i++) this.tree.add(coordinates[2 * i], coordinates[2 * i + 1]);
    this.tree.finish();
    this.part = Int32Array.from({ length: this.count }, (_, i) => i);
    this.branchPart = new Int32Array(this.count);
    this.nearest = new Float64Array(this.count);
    this.head = new Int32Array(this.count);
    this.tail = new Int32Array(this.count);
  }

  /** One round: adds the shortest edge out of every part, and makes the parts that it joins one. */
  join(heads: number[], tails: number[]): void {
    const { count, part, nearest, head, tail } = this;
    const { ids, coords } = this.tree;
    this.nameBranches(0, count - 1);
    nearest.fill(Infinity);
    // In the order of the tree: what comes first gives a short edge, which spares the points around a long search.
    for (let at = 0; at < count; at++) this.search(ids[at], coords[2 * at], coords[2 * at + 1], 0, count - 1, 0);
    for (let name = 0; name < count; name++) {
      if (nearest[name] === Infinity) continue;
      const one = this.rootOf(head[name]);
      const other = this.rootOf(tail[name]);
      // Two parts that chose the same edge are one already.
      if (one === other) continue;
      part[Math.max(one, other)] = Math.min(one, other);
      heads.push(head[name]);
      tails.push(tail[name]);
    }
    for (let i = 0; i < count; i++) part[i] = this.rootOf(i);
  }

  private rootOf(point: number): number {
    const { part } = this;
    let root = point;
    while (part[root] !== root) root = part[root];
    for (let at = point; at !== root;) {
      const next = part[at];
      part[at] = root;
      at = next;
    }
    return root;
  }

  private nameBranches(left: number, right: number): number {
    const { ids, nodeSize } = this.tree;
    const middle = (left + right) >> 1;
    let name = this.part[ids[middle]];
    if (right - left <= nodeSize) {
      for (let at = left; at <= right; at++) if (this.part[ids[at]] !== name) name = -1;
    } else {
      const below = this.nameBranches(left, middle - 1);
      const above = this.nameBranches(middle + 1, right);
      if (below !== name || above !== name) name = -1;
    }
    this.branchPart[middle] = name;
    return name;
  }

  private search(point: number, x: number, y: number, left: number, right: number, axis: 0 | 1): void {
    const { ids, coords, nodeSize } = this.tree;
    const middle = (left + right) >> 1;
    const own = this.part[point];
    if (this.branchPart[middle] === own) return;
    if (right - left <= nodeSize) {
      for (let at = left; at <= right; at++)
        this.offer(own, point, ids[at], coords[2 * at] - x, coords[2 * at + 1] - y);
      return;
    }
    const beyond = axis === 0 ? x - coords[2 * middle] : y - coords[2 * middle + 1];
    const other = axis === 0 ? 1 : 0;
    if (beyond <= 0) this.search(point, x, y, left, middle - 1, other);
    else this.search(point, x, y, middle + 1, right, other);
    this.offer(own, point, ids[middle], coords[2 * middle] - x, coords[2 * middle + 1] - y);
    if (beyond * beyond > this.nearest[own]) return;
    if (beyond <= 0) this.search(point, x, y, middle + 1, right, other);
    else this.search(point, x, y, left, middle - 1, other);
  }

  private offer(own: number, point: number, candidate: number, dx: number, dy: number): void {
    if (this.part[candidate] === own) return;
    const squared = dx * dx + dy * dy;
    if (squared > this.nearest[own]) return;
    const low = Math.min(point, candidate);
    const high = Math.max(point, candidate);
    if (squared === this.nearest[own]) {
      const lowBefore = Math.min(this.head[own], this.tail[own]);
      const highBefore = Math.max(this.head[own], this.tail[own]);
      if (low > lowBefore || (low === lowBefore && high >= highBefore)) return;
    }
    this.nearest[own] = squared;
    this.head[own] = point;
    this.tail[own] = candidate;
  }
}

/** The edges as a tree from point 0 outwards. */
function rooted(count: number, heads: readonly number[], tails: readonly number[]): SpanningTree {
  const rowStart = new Int32Array(count + 1);
  for (const point of heads) rowStart[point + 1]++;
  for (const point of tails) rowStart[point + 1]++;
  for (let i = 0; i < count; i++) rowStart[i + 1] += rowStart[i];
  const next = rowStart.slice(0, count);
  const beside = new Int32Array(2 * heads.length);
  heads.forEach((point, e) => {
    beside[next[point]++] = tails[e];
    beside[next[tails[e]]++] = point;
  });
  const parent = new Int32Array(count).fill(-1);
  const order = new Int32Array(count);
  let found = Math.min(1, count);
  for (let at = 0; at < found; at++) {
    const point = order[at];
    for (let e = rowStart[point]; e < rowStart[point + 1]; e++) {
      if (beside[e] === parent[point]) continue;
      parent[beside[e]] = point;
      order[found++] = beside[e];
    }
  }
  return { order, parent };
}
