/**
 * The map of one space: coordinates, trust and clusters by row. A layout runs in a worker over the rows that live then;
 * rows that come later are placed by their neighbors until the next layout.
 */
import * as fs from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { Points } from '../core/index/points';
import { replaceFile } from '../core/index/replaceFile';
import type { LayoutJob, LayoutResult } from '../core/projection/layout';
import { meanReading, trustOf } from '../core/projection/trust';
import type { LabelledCluster } from '../core/topics/clusterLabels';
import type { LayoutMethod, LayoutSettings } from '../shared/layoutMethods';
import type { MapColumns } from '../shared/space';
import { MapClusters, type StoredClusters } from './mapClusters';
import { placeColumns } from './mapColumns';
import { KnownNeighbors, type MapGraph } from './mapGraph';
import type { QueryBaselineSample } from './spaceQueries';

const unknownTrust = 255;
/** Maps of an older version are laid out anew. */
const storedVersion = 2;

export interface LayoutInfo extends LayoutSettings {
  method: LayoutMethod;
  elapsedMs: number;
  /** Points of the last layout that was no step of a running index; maps of older versions don't know. */
  renewedAt?: number;
}

/** What is kept on the disk beside the stores: everything that a reload needs to draw the same map at once. */
interface StoredMap {
  version: typeof storedVersion;
  /** Vector keys, in the order of the arrays. */
  keys: string[];
  coordinates: Float32Array;
  trust: Uint8Array;
  falseNeighbors: Uint8Array;
  clusters: StoredClusters;
  layout: LayoutInfo;
  querySample: QueryBaselineSample | undefined;
}

export class SpaceMap {
  private coordinates = new Float32Array(0);
  private trustByRow = new Uint8Array(0);
  private falseByRow = new Uint8Array(0);
  readonly clusters = new MapClusters();
  private readonly neighbors: KnownNeighbors;
  private info: LayoutInfo | undefined;
  private laidOutRows = 0;
  private currentRevision = 0;

  constructor(private readonly points: Points) {
    this.neighbors = new KnownNeighbors(points);
  }

  /** Grows with every change that can be seen. */
  get revision(): number {
    return this.currentRevision;
  }

  get layout(): LayoutInfo | undefined {
    return this.info;
  }

  /** Points that the last layout held. */
  get pointsLaidOut(): number {
    return this.laidOutRows;
  }

  get hasCoordinates(): boolean {
    return this.info !== undefined;
  }

  /** Neighbors that trust counts: 15, or all others in a space that has fewer. */
  get trustCountedOver(): number {
    return trustOf(this.laidOutRows);
  }

  /** Neighbors of the points of the last layout; undefined while there is none. */
  get graph(): MapGraph | undefined {
    return this.neighbors.current;
  }

  bump(): void {
    this.currentRevision++;
  }

  coordinate(row: number): { x: number; y: number } | undefined {
    const x = this.coordinates[2 * row];
    return x === undefined || Number.isNaN(x) ? undefined : { x, y: this.coordinates[2 * row + 1] };
  }

  trust(row: number): number | undefined {
    const trust = this.trustByRow[row];
    return trust === undefined || trust === unknownTrust ? undefined : trust;
  }

  meanTrust(): number | undefined {
    let sum = 0;
    let count = 0;
    for (let row = 0; row < this.points.rows; row++) {
      const trust = this.points.isLive(row) ? this.trust(row) : undefined;
      if (trust === undefined) continue;
      sum += trust;
      count++;
    }
    return count === 0 ? undefined : sum / count;
  }

  meanFalseNeighbors(): number | undefined {
    return meanReading(this.falseByRow.filter((_, row) => this.points.isLive(row)));
  }

  /** Coordinates of some rows as a layout takes them for a warm start; undefined when none of them is on the map. */
  startFor(rows: Int32Array): Float32Array | undefined {
    this.grow();
    const start = new Float32Array(2 * rows.length);
    let known = 0;
    rows.forEach((row, i) => {
      start[2 * i] = this.coordinates[2 * row];
      start[2 * i + 1] = this.coordinates[2 * row + 1];
      if (!Number.isNaN(start[2 * i])) known++;
    });
    return known === 0 ? undefined : start;
  }

  /** Takes in a finished layout of these rows; `isStep` while an index still runs. */
  adopt(
    rows: Int32Array,
    job: LayoutJob,
    result: LayoutResult,
    labels: readonly LabelledCluster[][],
    elapsedMs: number,
    isStep: boolean,
  ): void {
    this.grow();
    this.trustByRow.fill(unknownTrust);
    this.falseByRow.fill(unknownTrust);
    rows.forEach((row, i) => {
      this.coordinates[2 * row] = result.coordinates[2 * i];
      this.coordinates[2 * row + 1] = result.coordinates[2 * i + 1];
      this.trustByRow[row] = result.trust[i];
      this.falseByRow[row] = result.falseNeighbors[i];
    });
    this.clusters.adopt(rows, result.clusters, labels, this.points.rows);
    this.neighbors.adopt(rows, result.graph);
    const { method, neighbors, minimalDistance, perplexity, metric, epochs, seed } = job;
    const renewedAt = isStep && job.start !== undefined ? this.info?.renewedAt : rows.length;
    const settings = { neighbors, minimalDistance, perplexity, metric, epochs, seed };
    this.info = { method, ...settings, elapsedMs, renewedAt };
    this.laidOutRows = rows.length;
    this.bump();
  }

  /** Live rows that have no place on the map yet. */
  rowsToPlace(): number[] {
    this.grow();
    const rows: number[] = [];
    for (let row = 0; row < this.points.rows; row++) {
      if (this.points.isLive(row) && Number.isNaN(this.coordinates[2 * row])) rows.push(row);
    }
    return rows;
  }

  /** Puts a row where its neighbors say, into the cluster of the nearest one. */
  put(row: number, x: number, y: number, nearestRow: number | undefined): void {
    this.grow();
    this.coordinates[2 * row] = x;
    this.coordinates[2 * row + 1] = y;
    this.clusters.put(row, nearestRow, this.points.rows);
  }

  /** All coordinates by row, NaN for rows that are not on the map. */
  get allCoordinates(): Float32Array {
    this.grow();
    return this.coordinates;
  }

  columns(folderNames: readonly string[], isMixed: (row: number) => boolean): MapColumns {
    const rows = this.shownRows();
    return {
      revision: this.currentRevision,
      ...placeColumns(this.points, rows, folderNames),
      coordinates: this.coordinatesOf(rows),
      trust: Uint8Array.from(rows, (row) => this.trustByRow[row]),
      falseNeighbors: Uint8Array.from(rows, (row) => this.falseByRow[row]),
      mixed: Uint8Array.from(rows, (row) => (isMixed(row) ? 1 : 0)),
      ...this.clusters.columns(rows),
    };
  }

  /** Live rows with a place on the map, ascending. */
  shownRows(): number[] {
    return [...this.points.liveRows()].filter((row) => this.coordinate(row) !== undefined);
  }

  save(file: string, querySample: QueryBaselineSample | undefined): void {
    if (this.info === undefined) return;
    const rows = this.shownRows();
    const stored: StoredMap = {
      version: storedVersion,
      keys: rows.map((row) => this.points.point(row)?.key ?? ''),
      coordinates: this.coordinatesOf(rows),
      trust: Uint8Array.from(rows, (row) => this.trustByRow[row]),
      falseNeighbors: Uint8Array.from(rows, (row) => this.falseByRow[row]),
      clusters: this.clusters.stored(rows),
      layout: this.info,
      querySample,
    };
    replaceFile(file, serialize(stored));
    this.neighbors.save(file);
  }

  /**
   * Takes a stored map back, matched by vector keys.
   * @returns the query sample stored with it, and how many live points had no place in it; undefined when there is none
   * that can be read, in which case the map is laid out anew.
   */
  restore(file: string): { querySample: QueryBaselineSample | undefined; missing: number } | undefined {
    let stored: StoredMap;
    try {
      stored = deserialize(fs.readFileSync(file)) as StoredMap;
    } catch {
      return undefined;
    }
    if (stored.version !== storedVersion || stored.coordinates.length !== 2 * stored.keys.length) return undefined;
    this.grow();
    let found = 0;
    const rows = stored.keys.map((key) => this.points.rowOfKey(key));
    rows.forEach((row, i) => {
      if (row === undefined) return;
      this.coordinates[2 * row] = stored.coordinates[2 * i];
      this.coordinates[2 * row + 1] = stored.coordinates[2 * i + 1];
      this.trustByRow[row] = stored.trust[i];
      this.falseByRow[row] = stored.falseNeighbors[i];
      if (this.points.isLive(row)) found++;
    });
    this.clusters.restore(stored.clusters, rows, this.points.rows);
    this.neighbors.restore(file);
    this.info = stored.layout;
    this.laidOutRows = stored.keys.length;
    this.bump();
    return { querySample: stored.querySample, missing: this.points.liveCount - found };
  }

  private coordinatesOf(rows: readonly number[]): Float32Array {
    const coordinates = new Float32Array(2 * rows.length);
    rows.forEach((row, i) => coordinates.set(this.coordinates.subarray(2 * row, 2 * row + 2), 2 * i));
    return coordinates;
  }

  /** Arrays as long as there are rows; new ones are not on the map. */
  private grow(): void {
    const { rows } = this.points;
    if (this.trustByRow.length >= rows) return;
    const capacity = Math.max(rows, 2 * this.trustByRow.length);
    const coordinates = new Float32Array(2 * capacity).fill(Number.NaN);
    coordinates.set(this.coordinates);
    const trust = new Uint8Array(capacity).fill(unknownTrust);
    trust.set(this.trustByRow);
    const falseNeighbors = new Uint8Array(capacity).fill(unknownTrust);
    falseNeighbors.set(this.falseByRow);
    Object.assign(this, { coordinates, trustByRow: trust, falseByRow: falseNeighbors });
  }
}
