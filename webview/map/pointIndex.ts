import KDBush from 'kdbush';
import type { Area } from './areaSelection';

/** Exact nearest-point queries over the map's coordinates. Rows are positions in the map's columns. */
export class PointIndex {
  private readonly tree: KDBush;
  private readonly span: number;

  /** @param coordinates 2 n, x and y pairs in map units; pairs that aren't finite are never found. */
  constructor(private readonly coordinates: Float32Array) {
    const count = coordinates.length / 2;
    this.tree = new KDBush(count, 32, Float32Array);
    let span = 1e-6;
    for (let row = 0; row < count; row++) {
      const x = coordinates[2 * row];
      const y = coordinates[2 * row + 1];
      const finite = Number.isFinite(x) && Number.isFinite(y);
      this.tree.add(finite ? x : 1e30, finite ? y : 1e30);
      if (finite) span = Math.max(span, Math.abs(x), Math.abs(y));
    }
    this.tree.finish();
    this.span = span * 4;
  }

  /** The nearest accepted row within a radius in map units, or undefined. Searches growing circles, so that dense maps stay fast. */
  nearest(x: number, y: number, radius: number, accept: (row: number) => boolean): number | undefined {
    for (let reach = radius / 16; ; reach = Math.min(radius, reach * 2)) {
      let best: number | undefined;
      let bestSquared = Infinity;
      for (const row of this.tree.within(x, y, reach)) {
        if (!accept(row)) continue;
        const squared = this.squaredDistance(row, x, y);
        if (squared < bestSquared || (squared === bestSquared && best !== undefined && row < best)) {
          bestSquared = squared;
          best = row;
        }
      }
      if (best !== undefined || reach >= radius) return best;
    }
  }

  /**
   * The row to go to from a place in a direction (a unit vector): the one with the least detour, where a step
   * sideways costs twice a step ahead, within a cone of 60 degrees to either side.
   */
  towards(
    from: { x: number; y: number },
    direction: { x: number; y: number },
    accept: (row: number) => boolean,
  ): number | undefined {
    for (let reach = this.span / 256; ; reach *= 2) {
      let best: number | undefined;
      let bestCost = Infinity;
      for (const row of this.tree.within(from.x, from.y, reach)) {
        const dx = this.coordinates[2 * row] - from.x;
        const dy = this.coordinates[2 * row + 1] - from.y;
        const ahead = dx * direction.x + dy * direction.y;
        const aside = Math.abs(dx * direction.y - dy * direction.x);
        if (ahead <= 1e-7 || aside > ahead * 1.732 || !accept(row)) continue;
        const cost = ahead + 2 * aside;
        if (cost < bestCost) {
          bestCost = cost;
          best = row;
        }
      }
      // A better one can lie farther out only while the best cost exceeds the circle that was searched.
      if (best !== undefined && bestCost <= reach) return best;
      if (reach > this.span * 2) return best;
    }
  }

  /** Accepted rows inside an area of the map, ascending. */
  inside(area: Area, accept: (row: number) => boolean): number[] {
    const { coordinates } = this;
    return this.tree
      .range(area.minX, area.minY, area.maxX, area.maxY)
      .filter((row) => area.contains(coordinates[2 * row], coordinates[2 * row + 1]) && accept(row))
      .sort((a, b) => a - b);
  }

  private squaredDistance(row: number, x: number, y: number): number {
    return (this.coordinates[2 * row] - x) ** 2 + (this.coordinates[2 * row + 1] - y) ** 2;
  }
}
