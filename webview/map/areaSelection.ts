/** A closed polygon as x, y pairs; the last corner joins the first. */
export type Polygon = readonly number[];

/** What a polygon takes of the plane, asked by a horizontal band of edges: a lasso has hundreds of corners. */
export class Area {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
  private readonly bands: number[][];
  private readonly bandHeight: number;

  constructor(private readonly polygon: Polygon) {
    const corners = polygon.length / 2;
    let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < corners; i++) {
      minX = Math.min(minX, polygon[2 * i]);
      maxX = Math.max(maxX, polygon[2 * i]);
      minY = Math.min(minY, polygon[2 * i + 1]);
      maxY = Math.max(maxY, polygon[2 * i + 1]);
    }
    [this.minX, this.minY, this.maxX, this.maxY] = [minX, minY, maxX, maxY];
    const count = Math.max(1, Math.min(256, corners));
    this.bandHeight = (maxY - minY) / count || 1;
    this.bands = Array.from({ length: count }, () => []);
    for (let i = 0; i < corners; i++) {
      const y = polygon[2 * i + 1];
      const nextY = polygon[2 * ((i + 1) % corners) + 1];
      const last = this.bandOf(Math.max(y, nextY));
      for (let band = this.bandOf(Math.min(y, nextY)); band <= last; band++) this.bands[band].push(i);
    }
  }

  /** Whether a place lies inside, by the even-odd rule. */
  contains(x: number, y: number): boolean {
    if (!(x >= this.minX && x <= this.maxX && y >= this.minY && y <= this.maxY)) return false;
    const { polygon } = this;
    const corners = polygon.length / 2;
    let inside = false;
    for (const i of this.bands[this.bandOf(y)]) {
      const j = (i + 1) % corners;
      const y1 = polygon[2 * i + 1];
      const y2 = polygon[2 * j + 1];
      if (y1 > y === y2 > y) continue;
      const x1 = polygon[2 * i];
      if (x < x1 + ((y - y1) / (y2 - y1)) * (polygon[2 * j] - x1)) inside = !inside;
    }
    return inside;
  }

  private bandOf(y: number): number {
    return Math.min(this.bands.length - 1, Math.max(0, Math.floor((y - this.minY) / this.bandHeight)));
  }
}

/** The rectangle between two corners. */
export function rectangleOf(from: { x: number; y: number }, to: { x: number; y: number }): Polygon {
  return [from.x, from.y, to.x, from.y, to.x, to.y, from.x, to.y];
}
