/** Decides when the map of a space is laid out anew, and places what comes in between. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Points } from '../core/index/points';
import type { StoredText } from '../core/index/store';
import { nearest } from '../core/neighbors/blockedKnn';
import {
  defaultEpochs,
  defaultMinimalDistance,
  type LayoutJob,
  type LayoutMethod,
  type LayoutResult,
} from '../core/projection/layout';
import { placeByNeighbors } from '../core/projection/placement';
import { labelSteps, type LabelledCluster } from '../core/topics/clusterLabels';
import type { LayoutRunner } from './layoutRunner';
import type { SpaceMap } from './spaceMap';
import type { SpaceQueries } from './spaceQueries';

/** A first map is drawn when this many points are there, and again whenever there are half as many more. */
const firstMapPoints = 200;
const growthUntilNextMap = 1.5;
/** After edits the map is laid out again when this share of its points is new; until then they are placed by their neighbors. */
const changeUntilNextMap = 0.1;
/** A map that grew this much while an index ran is renewed when it is done: what came later could only fit in. */
const growthUntilRenewal = 2;
const neighborsForPlacing = 15;
/** A turn of the engine's thread that makes labels ends after this; other requests wait for it. */
const longestTurnMs = 20;
const defaultRequest: LayoutRequest = { method: 'umap', neighbors: 15, seed: 42 };

export interface LayoutRequest {
  method: LayoutMethod;
  /** UMAP's n_neighbors, the point itself counted. */
  neighbors: number;
  seed: number;
}

/** A step while an index runs; an update of a map that people know; the renewal of one that grew in steps. */
type LayoutPurpose = 'step' | 'update' | 'renewal';

export interface LayoutTools {
  /** One worker for all spaces: layouts wait for each other. */
  layoutRunner(): Promise<Pick<LayoutRunner, 'run'>>;
  /** Folder of the stored maps, one file for each set of folders. */
  mapsFolder: string;
  tell(event: { type: 'log'; level: 'info' | 'warn' | 'error'; message: string }): void;
}

export interface LayoutHooks {
  textOf(row: number): StoredText | undefined;
  onMap(): void;
  /** Called now and then while a layout runs. */
  onProgress(): void;
}

export class SpaceLayout {
  private request: LayoutRequest = defaultRequest;
  private running: Promise<void> | undefined;
  private readonly closing = new AbortController();
  /** Points revision that the last layout or placing saw. */
  private seenRevision = -1;
  private editTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly spaceId: string,
    private readonly points: Points,
    private readonly map: SpaceMap,
    private readonly queries: SpaceQueries,
    private readonly tools: LayoutTools,
    private readonly hooks: LayoutHooks,
  ) {}

  restore(): void {
    const restored = this.map.restore(this.file);
    if (restored?.querySample !== undefined) this.queries.restoreQuerySample(restored.querySample);
    const { layout } = this.map;
    if (layout !== undefined) this.request = { method: layout.method, neighbors: layout.neighbors, seed: layout.seed };
    if (restored !== undefined && restored.missing === 0) this.seenRevision = this.points.revision;
  }

  /** New points came or old ones went. While an index runs the map grows in steps; after an edit it waits for a pause. */
  pointsChanged(indexing: boolean): void {
    if (this.running !== undefined) return;
    const { liveCount } = this.points;
    if (indexing) {
      const due = this.map.hasCoordinates ? this.map.pointsLaidOut * growthUntilNextMap : firstMapPoints;
      if (liveCount >= due) this.layOut(this.request, 'step').catch(() => undefined);
      return;
    }
    clearTimeout(this.editTimer);
    this.editTimer = setTimeout(() => void this.finish().catch(() => undefined), 500);
    this.editTimer.unref();
  }

  /** Brings the map up to date with the points: by a layout where much has changed, by placing single points where little has. */
  async finish(): Promise<void> {
    clearTimeout(this.editTimer);
    await this.running?.catch(() => undefined);
    if (this.closing.signal.aborted || this.points.liveCount === 0) return;
    if (this.hasOutgrown()) {
      await this.layOut(this.request, 'renewal');
      return;
    }
    if (this.seenRevision === this.points.revision) return;
    const missing = this.map.rowsToPlace();
    const gone = this.map.pointsLaidOut - (this.points.liveCount - missing.length);
    const few = missing.length + Math.max(0, gone) <= changeUntilNextMap * this.map.pointsLaidOut;
    if (!this.map.hasCoordinates || !few) {
      await this.layOut();
      return;
    }
    this.seenRevision = this.points.revision;
    for (const row of missing) this.placeRow(row);
    this.map.bump();
    this.hooks.onMap();
    this.save();
  }

  async layOut(request: LayoutRequest = this.request, purpose: LayoutPurpose = 'update'): Promise<void> {
    while (this.running !== undefined) await this.running.catch(() => undefined);
    const isOther =
      request.method !== this.request.method ||
      request.neighbors !== this.request.neighbors ||
      request.seed !== this.request.seed;
    this.request = request;
    this.running = this.run(!isOther, purpose).finally(() => {
      this.running = undefined;
    });
    await this.running;
  }

  /** Where a text that is no chunk goes on the map, by its nearest points. */
  placeVector(vector: Float32Array): { x: number; y: number } | undefined {
    const coordinates = this.map.allCoordinates;
    const found = nearest(
      this.points.vectorRows,
      vector,
      neighborsForPlacing,
      (row) => this.points.isLive(row) && !Number.isNaN(coordinates[2 * row]),
    );
    return placeByNeighbors(coordinates, found.indices, found.similarities);
  }

  async close(): Promise<void> {
    clearTimeout(this.editTimer);
    this.closing.abort(new Error('closing'));
    await this.running?.catch(() => undefined);
  }

  removeStored(): void {
    fs.rmSync(this.file, { force: true });
  }

  private get file(): string {
    return path.join(this.tools.mapsFolder, `${this.spaceId}.map`);
  }

  /** Whether the map grew so much in steps that moving every point freely pays: measured continuity .97 against .95. */
  private hasOutgrown(): boolean {
    const { layout } = this.map;
    const renewedAt = layout?.renewedAt;
    return (
      layout?.method === 'umap' && renewedAt !== undefined && this.points.liveCount >= growthUntilRenewal * renewedAt
    );
  }

  private async run(warm: boolean, purpose: LayoutPurpose): Promise<void> {
    const startMs = Date.now();
    const revision = this.points.revision;
    const rows = this.points.rowsByKey();
    const { method, neighbors, seed } = this.request;
    const job: LayoutJob = {
      vectors: this.points.vectorsOf(rows),
      count: rows.length,
      dimensions: this.points.dimensions,
      method,
      neighbors,
      minimalDistance: defaultMinimalDistance,
      epochs: defaultEpochs,
      seed,
      start: warm ? this.map.startFor(rows) : undefined,
      renew: purpose === 'renewal',
    };
    try {
      const runner = await this.tools.layoutRunner();
      const result = await runner.run(job, {
        signal: this.closing.signal,
        onProgress: () => this.hooks.onProgress(),
      });
      const clusters = await this.wordsOf(rows, result);
      this.map.adopt(rows, job, result, clusters, Date.now() - startMs, purpose === 'step');
      this.seenRevision = revision;
      this.hooks.onMap();
      this.save();
    } catch (error) {
      if (this.closing.signal.aborted) return;
      this.tools.tell({
        type: 'log',
        level: 'error',
        message: `The map could not be laid out: ${(error as Error).message}. The one before is kept.`,
      });
      throw error;
    }
  }

  /** Labels of the clusters, in short turns: queries of other windows wait in this thread. */
  private async wordsOf(rows: Int32Array, { clusters, coordinates }: LayoutResult): Promise<LabelledCluster[][]> {
    const steps = labelSteps((point) => this.hooks.textOf(rows[point])?.text ?? '', clusters, coordinates);
    let turnMs = performance.now();
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      if (performance.now() - turnMs < longestTurnMs) continue;
      await setImmediate();
      this.closing.signal.throwIfAborted();
      turnMs = performance.now();
    }
  }

  private placeRow(row: number): void {
    const coordinates = this.map.allCoordinates;
    const found = nearest(
      this.points.vectorRows,
      this.points.vector(row),
      neighborsForPlacing,
      (other) => other !== row && this.points.isLive(other) && !Number.isNaN(coordinates[2 * other]),
    );
    const at = placeByNeighbors(coordinates, found.indices, found.similarities);
    if (at !== undefined) this.map.put(row, at.x, at.y, found.indices[0]);
  }

  private save(): void {
    try {
      this.map.save(this.file, this.queries.querySample);
    } catch (error) {
      // The map can be laid out again; the index itself is safe in its store.
      this.tools.tell({
        type: 'log',
        level: 'warn',
        message: `The map could not be saved: ${(error as Error).message}`,
      });
    }
  }
}
