import Delaunator from 'delaunator';

/** A tree over all points whose edges are as short as can be, from a root outwards. */
export interface SpanningTree {
  /** All points, each after its parent; the root first. */
  order: Int32Array;
  /** Parent of each point, -1 for the root. */
  parent: Int32Array;
}

/**
 * Euclidean minimum spanning tree of points in the plane: it is part of their Delaunay triangulation (Toussaint 1980), so
 * Kruskal's method over the triangulation's edges finds it, the shortest first. Points at one place hang together at no
 * distance.
 *
 * @param coordinates 2 n, all finite.
 */
export function spanningTree(coordinates: Float64Array): SpanningTree {
  const count = coordinates.length / 2;
  const edges = new EdgeList(coordinates);
  const order = byPlace(coordinates);
  const distinct = firstAtEachPlace(coordinates, order, edges);
  if (distinct.length > 1) {
    const places = new Float64Array(2 * distinct.length);
    distinct.forEach((point, i) => places.set(coordinates.subarray(2 * point, 2 * point + 2), 2 * i));
    const { triangles, halfedges, hull } = new Delaunator(places);
    for (let e = 0; e < triangles.length; e++) {
      // Each inner edge is there twice, once in each direction.
      if (e > halfedges[e]) edges.add(distinct[triangles[e]], distinct[triangles[e % 3 === 2 ? e - 2 : e + 1]]);
    }
    if (triangles.length === 0) hull.forEach((place, i) => i > 0 && edges.add(distinct[hull[i - 1]], distinct[place]));
  }
  const { heads, tails } = edges.tree(count);
  if (heads.length < count - 1) {
    // Points so near to each other that the triangulation skips one: it hangs on the one beside it.
    for (let i = 1; i < count; i++) edges.add(order[i - 1], order[i]);
    return rooted(count, edges.tree(count));
  }
  return rooted(count, { heads, tails });
}

/** All points from left to right, those above each other from below, those at one place by number. */
function byPlace(coordinates: Float64Array): Uint32Array {
  return Uint32Array.from({ length: coordinates.length / 2 }, (_, i) => i).sort(
    (a, b) => coordinates[2 * a] - coordinates[2 * b] || coordinates[2 * a + 1] - coordinates[2 * b + 1] || a - b,
  );
}

/** One point of each place; the others at it are tied to it. */
function firstAtEachPlace(coordinates: Float64Array, order: Uint32Array, edges: EdgeList): Uint32Array {
  const first: number[] = [];
  for (const point of order) {
    const last = first.at(-1);
    const isSame =
      last !== undefined &&
      coordinates[2 * last] === coordinates[2 * point] &&
      coordinates[2 * last + 1] === coordinates[2 * point + 1];
    if (isSame) edges.add(last, point);
    else first.push(point);
  }
  return Uint32Array.from(first);
}

class EdgeList {
  private readonly heads: number[] = [];
  private readonly tails: number[] = [];
  private readonly squared: number[] = [];

  constructor(private readonly coordinates: Float64Array) {}

  add(a: number, b: number): void {
    const dx = this.coordinates[2 * a] - this.coordinates[2 * b];
    const dy = this.coordinates[2 * a + 1] - this.coordinates[2 * b + 1];
    this.heads.push(a);
    this.tails.push(b);
    this.squared.push(dx * dx + dy * dy);
  }

  /** The edges that join parts not joined by shorter ones; equally long ones in the order in which they were added. */
  tree(count: number): { heads: number[]; tails: number[] } {
    const { squared } = this;
    const part = Int32Array.from({ length: count }, (_, i) => i);
    const rootOf = (point: number): number => {
      let root = point;
      while (part[root] !== root) {
        part[root] = part[part[root]];
        root = part[root];
      }
      return root;
    };
    const heads: number[] = [];
    const tails: number[] = [];
    const order = Uint32Array.from(squared, (_, e) => e).sort((a, b) => squared[a] - squared[b] || a - b);
    for (const e of order) {
      const one = rootOf(this.heads[e]);
      const other = rootOf(this.tails[e]);
      if (one === other) continue;
      part[Math.max(one, other)] = Math.min(one, other);
      heads.push(this.heads[e]);
      tails.push(this.tails[e]);
    }
    return { heads, tails };
  }
}

/** The edges as a tree from point 0 outwards. */
function rooted(count: number, { heads, tails }: { heads: readonly number[]; tails: readonly number[] }): SpanningTree {
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
