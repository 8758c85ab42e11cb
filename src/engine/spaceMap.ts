/**
 * The map of one space: coordinates, trust and clusters by row. A layout runs in a worker over the rows that live then;
 * rows that come later are placed by their neighbors until the next layout.
 */
import * as fs from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { Points } from '../core/index/points';
import { replaceFile } from '../core/index/replaceFile';
import type { LayoutJob, LayoutMethod, LayoutResult } from '../core/projection/layout';
import { trustOf } from '../core/projection/trust';
import type { MapCluster, MapColumns, MapGroup } from '../shared/space';
import type { QueryBaselineSample } from './spaceQueries';

const unknownTrust = 255;
const noCluster = 65535;

export interface LayoutInfo {
  method: LayoutMethod;
  neighbors: number;
  epochs: number;
  seed: number;
  elapsedMs: number;
  /** Points of the last layout that was no step of a running index; maps of older versions don't know. */
  renewedAt?: number;
}

export interface ClusterWords {
  name: string;
  terms: string[];
  count: number;
  x: number;
  y: number;
}

/** What is kept on the disk beside the stores: everything that a reload needs to draw the same map at once. */
interface StoredMap {
  version: 1;
  /** Vector keys, in the order of the arrays. */
  keys: string[];
  coordinates: Float32Array;
  trust: Uint8Array;
  cluster: Uint16Array;
  clusters: ClusterWords[];
  layout: LayoutInfo;
  querySample: QueryBaselineSample | undefined;
}

export class SpaceMap {
  private coordinates = new Float32Array(0);
  private trustByRow = new Uint8Array(0);
  private cluster = new Uint16Array(0);
  private clusters: ClusterWords[] = [];
  private info: LayoutInfo | undefined;
  private laidOutRows = 0;
  private currentRevision = 0;

  constructor(private readonly points: Points) {}

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
    clusters: ClusterWords[],
    elapsedMs: number,
    isStep: boolean,
  ): void {
    this.grow();
    this.trustByRow.fill(unknownTrust);
    this.cluster.fill(noCluster);
    rows.forEach((row, i) => {
      this.coordinates[2 * row] = result.coordinates[2 * i];
      this.coordinates[2 * row + 1] = result.coordinates[2 * i + 1];
      this.trustByRow[row] = result.trust[i];
      this.cluster[row] = result.clusters[i];
    });
    this.clusters = clusters;
    const { method, neighbors, epochs, seed } = job;
    const renewedAt = isStep && job.start !== undefined ? this.info?.renewedAt : rows.length;
    this.info = { method, neighbors, epochs, seed, elapsedMs, renewedAt };
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
    this.cluster[row] = nearestRow === undefined ? noCluster : this.cluster[nearestRow];
  }

  /** All coordinates by row, NaN for rows that are not on the map. */
  get allCoordinates(): Float32Array {
    this.grow();
    return this.coordinates;
  }

  columns(folderNames: readonly string[], isMixed: (row: number) => boolean): MapColumns {
    const rows = [...this.points.liveRows()].filter((row) => this.coordinate(row) !== undefined);
    const fileTypes = new Map<string, { index: number; count: number }>();
    const groups = folderGroups(
      rows.map((row) => this.points.point(row)?.places[0]),
      folderNames,
    );
    const columns: MapColumns = {
      revision: this.currentRevision,
      point: Uint32Array.from(rows),
      coordinates: new Float32Array(2 * rows.length),
      folder: groups.of,
      fileType: new Uint16Array(rows.length),
      cluster: new Uint16Array(rows.length),
      trust: new Uint8Array(rows.length),
      mixed: new Uint8Array(rows.length),
      places: new Uint16Array(rows.length),
      folders: groups.groups,
      fileTypes: [],
      clusters: this.clusters.map(({ name, terms, x, y }): MapCluster => ({ name, terms, x, y, count: 0 })),
    };
    rows.forEach((row, i) => {
      const point = this.points.point(row);
      const type = point?.places[0].file.fileType ?? '';
      const group = fileTypes.get(type) ?? { index: fileTypes.size, count: 0 };
      fileTypes.set(type, group);
      group.count++;
      columns.coordinates[2 * i] = this.coordinates[2 * row];
      columns.coordinates[2 * i + 1] = this.coordinates[2 * row + 1];
      columns.fileType[i] = group.index;
      columns.cluster[i] = this.cluster[row];
      columns.trust[i] = this.trustByRow[row];
      columns.mixed[i] = isMixed(row) ? 1 : 0;
      columns.places[i] = Math.min(65535, point?.places.length ?? 0);
      const cluster = columns.clusters[this.cluster[row]];
      if (cluster !== undefined) cluster.count++;
    });
    columns.fileTypes = [...fileTypes].map(([name, { count }]): MapGroup => ({ name, count }));
    return columns;
  }

  save(file: string, querySample: QueryBaselineSample | undefined): void {
    if (this.info === undefined) return;
    const rows = [...this.points.liveRows()].filter((row) => this.coordinate(row) !== undefined);
    const stored: StoredMap = {
      version: 1,
      keys: rows.map((row) => this.points.point(row)?.key ?? ''),
      coordinates: Float32Array.from(rows.flatMap((row) => [this.coordinates[2 * row], this.coordinates[2 * row + 1]])),
      trust: Uint8Array.from(rows, (row) => this.trustByRow[row]),
      cluster: Uint16Array.from(rows, (row) => this.cluster[row]),
      clusters: this.clusters,
      layout: this.info,
      querySample,
    };
    replaceFile(file, serialize(stored));
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
    if (stored.version !== 1 || stored.coordinates.length !== 2 * stored.keys.length) return undefined;
    this.grow();
    let found = 0;
    stored.keys.forEach((key, i) => {
      const row = this.points.rowOfKey(key);
      if (row === undefined) return;
      this.coordinates[2 * row] = stored.coordinates[2 * i];
      this.coordinates[2 * row + 1] = stored.coordinates[2 * i + 1];
      this.trustByRow[row] = stored.trust[i];
      this.cluster[row] = stored.cluster[i];
      if (this.points.isLive(row)) found++;
    });
    this.clusters = stored.clusters;
    this.info = stored.layout;
    this.laidOutRows = stored.keys.length;
    this.bump();
    return { querySample: stored.querySample, missing: this.points.liveCount - found };
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
    const cluster = new Uint16Array(capacity).fill(noCluster);
    cluster.set(this.cluster);
    Object.assign(this, { coordinates, trustByRow: trust, cluster });
  }
}

/**
 * Groups for coloring by folder: the workspace folders when there are several; inside a single one its subfolders, as
 * deep as it takes until there are at least two.
 */
function folderGroups(
  places: readonly ({ folder: number; file: { path: string } } | undefined)[],
  folderNames: readonly string[],
): { groups: MapGroup[]; of: Uint16Array } {
  const nameAt = (place: (typeof places)[number], depth: number): string => {
    if (place === undefined) return '';
    const parts = place.file.path.split('/').slice(0, -1);
    const inner = parts.slice(0, depth).join('/');
    if (folderNames.length === 1) return inner === '' ? '(top level)' : inner;
    const outer = folderNames[place.folder] ?? '';
    return inner === '' ? outer : `${outer}/${inner}`;
  };
  let names: string[] = [];
  for (let depth = folderNames.length === 1 ? 1 : 0; depth <= 4; depth++) {
    names = places.map((place) => nameAt(place, depth));
    if (new Set(names).size > 1) break;
  }
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const groups = [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  const indexOf = new Map(groups.map(({ name }, i) => [name, i]));
  return { groups, of: Uint16Array.from(names, (name) => indexOf.get(name) ?? 0) };
}
