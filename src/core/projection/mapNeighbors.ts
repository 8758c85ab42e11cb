import KDBush from 'kdbush';
import { TopK } from '../neighbors/topK';

/** Nearest points on the 2-D map (never shown as neighbors: those are true ones). A k-d tree over all points. */
export class MapNeighbors {
  private readonly tree: KDBush;
  private readonly count: number;

  /** @param coordinates 2 n. */
  constructor(coordinates: ArrayLike<number>) {
    this.count = coordinates.length / 2;
    // kdbush takes no empty set.
    this.tree = new KDBush(Math.max(1, this.count), 16, Float64Array);
    for (let i = 0; i < this.count; i++) this.tree.add(coordinates[2 * i], coordinates[2 * i + 1]);
    if (this.count === 0) this.tree.add(0, 0);
    this.tree.finish();
  }

  /**
   * Offers the nearest points of a place to `heap` as negative squared distances, nearest first once it is finished;
   * among equally near ones the lower index wins.
   */
  search(x: number, y: number, heap: TopK, except = -1): void {
    if (this.count > 0) this.visit(x, y, heap, except, 0, this.count - 1, 0);
  }

  private visit(x: number, y: number, heap: TopK, except: number, left: number, right: number, axis: 0 | 1): void {
    const { ids, coords, nodeSize } = this.tree;
    if (right - left <= nodeSize) {
      for (let at = left; at <= right; at++)
        this.offer(x, y, heap, except, ids[at], coords[2 * at], coords[2 * at + 1]);
      return;
    }
    const middle = (left + right) >> 1;
    const beyond = axis === 0 ? x - coords[2 * middle] : y - coords[2 * middle + 1];
    const other = axis === 0 ? 1 : 0;
    if (beyond <= 0) this.visit(x, y, heap, except, left, middle - 1, other);
    else this.visit(x, y, heap, except, middle + 1, right, other);
    this.offer(x, y, heap, except, ids[middle], coords[2 * middle], coords[2 * middle + 1]);
    if (-beyond * beyond < heap.floor) return;
    if (beyond <= 0) this.visit(x, y, heap, except, middle + 1, right, other);
    else this.visit(x, y, heap, except, left, middle - 1, other);
  }

  private offer(x: number, y: number, heap: TopK, except: number, id: number, px: number, py: number): void {
    if (id === except) return;
    const nearness = Math.fround(-((px - x) * (px - x) + (py - y) * (py - y)));
    if (nearness >= heap.floor) heap.offer(id, nearness);
  }
}

/** The k nearest points of every point on the map: n x k, nearest first, -1 where there are fewer. */
export function mapNeighbors(coordinates: Float32Array, k: number): Int32Array {
  const count = coordinates.length / 2;
  const indices = new Int32Array(count * k);
  const heap = new TopK(k, indices, new Float32Array(count * k));
  const tree = new MapNeighbors(coordinates);
  for (let i = 0; i < count; i++) {
    heap.start(i * k);
    tree.search(coordinates[2 * i], coordinates[2 * i + 1], heap, i);
    heap.finish();
  }
  return indices;
}
