/** Places texts on the map of a space as it stands: queries, selections, and chunks that came since the last layout. */
import { nearest } from '../core/neighbors/blockedKnn';
import type { SimilarityBaseline } from '../core/neighbors/similarityBaseline';
import type { Points } from '../core/index/points';
import { FixedMap, type Placement } from '../core/projection/placement';
import { trustNeighbors } from '../core/projection/trust';
import type { Marker } from '../shared/space';
import type { SpaceMap } from './spaceMap';

/** A text whose nearest chunk is no more similar than this percentile of random pairs is near nothing. */
const nearPercentile = 99;

export class SpacePlacement {
  private fixed: { map: FixedMap; revision: number } | undefined;

  constructor(
    private readonly points: Points,
    private readonly map: SpaceMap,
  ) {}

  /**
   * Where a text that is no chunk goes.
   * @param baseline of random pairs, to tell whether it is near anything; without one it is taken to be.
   */
  marker(label: string, vector: Float32Array, baseline: SimilarityBaseline | undefined): Marker {
    const found = this.nearestPlaced(vector);
    const fixed = this.fixedMap();
    const placed = fixed.place(found.indices, found.similarities);
    if (placed === undefined) return { label, x: undefined, y: undefined, stars: [], nearNothing: false };
    const nearNothing = baseline !== undefined && found.similarities[0] <= baseline.quantile(nearPercentile);
    if (!nearNothing) return { label, ...placed, nearNothing };
    const at = fixed.margin(placed);
    return { label, ...at, stars: [{ ...at, weight: placed.stars[0].weight }], nearNothing };
  }

  /** Gives rows without a place one, among their neighbors. */
  putAll(rows: readonly number[]): void {
    // All are placed on the map as it stands; what is put does not count for what comes after.
    const places = rows.map((row) => {
      const found = this.nearestPlaced(this.points.vector(row), row);
      return { row, at: this.fixedMap().place(found.indices, found.similarities), beside: found.indices[0] };
    });
    for (const { row, at, beside } of places) if (at !== undefined) this.put(row, at, beside);
  }

  private put(row: number, { x, y }: Placement, beside: number | undefined): void {
    this.map.put(row, x, y, beside);
  }

  private nearestPlaced(vector: Float32Array, except?: number) {
    const coordinates = this.map.allCoordinates;
    return nearest(
      this.points.vectorRows,
      vector,
      trustNeighbors,
      (row) => row !== except && this.points.isLive(row) && !Number.isNaN(coordinates[2 * row]),
    );
  }

  /** The tree over all live points, made anew after the map changed. */
  private fixedMap(): FixedMap {
    const { revision } = this.map;
    if (this.fixed?.revision !== revision) {
      const coordinates = this.map.allCoordinates.slice(0, 2 * this.points.rows);
      for (let row = 0; row < this.points.rows; row++) if (!this.points.isLive(row)) coordinates[2 * row] = Number.NaN;
      this.fixed = { map: new FixedMap(coordinates), revision };
    }
    return this.fixed.map;
  }
}
