/** Decides when the map of a space is laid out anew, and places what comes in between. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Points } from '../core/index/points';
import type { StoredText } from '../core/index/store';
import { inTurns } from '../core/index/turns';
import type { LayoutJob, LayoutResult } from '../core/projection/layout';
import type { RankReadings } from '../core/projection/rankQuality';
import { labelSteps, type LabelledCluster } from '../core/topics/clusterLabels';
import { defaultLayoutSettings, layoutMethods, type LayoutMethod, type LayoutSettings } from '../shared/layoutMethods';
import type { LayoutRunner } from './layoutRunner';
import { neighborsFile } from './mapGraph';
import type { SpaceMap } from './spaceMap';
import { SpacePlacement } from './spacePlacement';
import type { SpaceQueries } from './spaceQueries';

/** A first map is drawn when this many points are there, and again whenever there are half as many more. */
const firstMapPoints = 200;
const growthUntilNextMap = 1.5;
/** After edits the map is laid out again when this share of its points is new; until then they are placed by their neighbors. */
const changeUntilNextMap = 0.1;
/** A map that grew this much while an index ran is renewed when it is done: what came later could only fit in. */
const growthUntilRenewal = 2;
const defaultRequest: LayoutRequest = { method: 'umap', ...defaultLayoutSettings('umap') };

export interface LayoutRequest extends LayoutSettings {
  method: LayoutMethod;
}

/** A step while an index runs; an update of a map that people know; the renewal of one that grew in steps. */
type LayoutPurpose = 'step' | 'update' | 'renewal';

export interface LayoutTools {
  /** One worker for all spaces: layouts wait for each other. */
  layoutRunner(): Promise<Pick<LayoutRunner, 'run' | 'assess'>>;
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

/** A person stopped the layout. */
class LayoutStoppedError extends Error {
  override readonly name = 'LayoutStoppedError';
}

export class SpaceLayout {
  private request: LayoutRequest = defaultRequest;
  private running: Promise<void> | undefined;
  /** Ends the layout under way. */
  private stopping: AbortController | undefined;
  private share = 0;
  readonly placement: SpacePlacement;
  private assessed: { revision: number; quality: Promise<RankReadings | undefined> } | undefined;
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
  ) {
    this.placement = new SpacePlacement(points, map);
  }

  /** While a layout runs. */
  get progress(): { method: LayoutMethod; share: number } | undefined {
    return this.running === undefined ? undefined : { method: this.request.method, share: this.share };
  }

  restore(): void {
    const restored = this.map.restore(this.file);
    if (restored?.querySample !== undefined) this.queries.restoreQuerySample(restored.querySample);
    const { layout } = this.map;
    if (layout !== undefined) this.request = requestOf(layout);
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
      await this.layOutUnlessStopped('renewal');
      return;
    }
    if (this.seenRevision === this.points.revision) return;
    const missing = this.map.rowsToPlace();
    const gone = this.map.pointsLaidOut - (this.points.liveCount - missing.length);
    const few = missing.length + Math.max(0, gone) <= changeUntilNextMap * this.map.pointsLaidOut;
    if (!this.map.hasCoordinates || !few) {
      await this.layOutUnlessStopped('update');
      return;
    }
    this.seenRevision = this.points.revision;
    this.placement.putAll(missing);
    this.map.bump();
    this.hooks.onMap();
    this.save();
  }

  /** An index is done all the same when a person stops its layout. */
  private async layOutUnlessStopped(purpose: LayoutPurpose): Promise<void> {
    try {
      await this.layOut(this.request, purpose);
    } catch (error) {
      if (!(error instanceof LayoutStoppedError)) throw error;
      this.seenRevision = this.points.revision;
    }
  }

  async layOut(request: LayoutRequest = this.request, purpose: LayoutPurpose = 'update'): Promise<void> {
    while (this.running !== undefined) await this.running.catch(() => undefined);
    const before = this.request;
    const isOther = before.method !== request.method || changesPicture(before, request);
    this.request = request;
    const stopping = new AbortController();
    this.stopping = stopping;
    this.share = 0;
    const running = this.run(!isOther, purpose, stopping.signal)
      .catch((error: unknown) => {
        // What was asked for did not come: the next layout goes on as the map that is kept.
        this.request = before;
        throw error;
      })
      .finally(() => {
        this.running = undefined;
        this.stopping = undefined;
        this.hooks.onProgress();
      });
    this.running = running;
    this.hooks.onProgress();
    await running;
  }

  /** Ends the layout under way; the map before is kept. */
  async stop(): Promise<void> {
    this.stopping?.abort(new LayoutStoppedError('The layout was stopped. The map before is kept.'));
    await this.running?.catch(() => undefined);
  }

  /** R_NX of the map as it stands, found when it is first asked for; undefined while a layout runs or there is no map. */
  async rankQuality(): Promise<RankReadings | undefined> {
    if (this.running !== undefined || !this.map.hasCoordinates) return undefined;
    const { revision } = this.map;
    if (this.assessed?.revision !== revision) this.assessed = { revision, quality: this.assess() };
    return this.assessed.quality;
  }

  private async assess(): Promise<RankReadings | undefined> {
    const coordinates = this.map.allCoordinates;
    const rows = this.points.rowsByKey().filter((row) => Number.isFinite(coordinates[2 * row]));
    const places = new Float32Array(2 * rows.length);
    rows.forEach((row, i) => places.set(coordinates.subarray(2 * row, 2 * row + 2), 2 * i));
    const runner = await this.tools.layoutRunner();
    try {
      return await runner.assess({ ...this.rowsJob(rows), coordinates: places }, { signal: this.closing.signal });
    } catch {
      // A reading, not the map: it is asked for again after the next change.
      return undefined;
    }
  }

  /** The true neighbors of the last layout: what was compared then is not compared again. */
  private knownFor(rows: Int32Array): LayoutJob['known'] {
    const known = this.map.graph;
    return known && { graph: known.graph, origin: Int32Array.from(rows, (row) => known.position[row] ?? -1) };
  }

  private rowsJob(rows: Int32Array) {
    const { vectors, dimensions } = this.points.vectorRows;
    return { vectors, rows, count: rows.length, dimensions };
  }

  async close(): Promise<void> {
    clearTimeout(this.editTimer);
    this.closing.abort(new Error('closing'));
    await this.running?.catch(() => undefined);
  }

  removeStored(): void {
    for (const file of [this.file, neighborsFile(this.file)]) fs.rmSync(file, { force: true });
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

  private async run(warm: boolean, purpose: LayoutPurpose, stopped: AbortSignal): Promise<void> {
    const startMs = Date.now();
    const revision = this.points.revision;
    const rows = this.points.rowsByKey();
    const job: LayoutJob = {
      ...this.request,
      ...this.rowsJob(rows),
      known: this.knownFor(rows),
      start: warm ? this.map.startFor(rows) : undefined,
      renew: purpose === 'renewal',
    };
    try {
      const runner = await this.tools.layoutRunner();
      const result = await runner.run(job, {
        signal: AbortSignal.any([this.closing.signal, stopped]),
        onProgress: (share) => {
          this.share = share;
          this.hooks.onProgress();
        },
      });
      const clusters = await this.wordsOf(rows, result);
      this.map.adopt(rows, job, result, clusters, Date.now() - startMs, purpose === 'step');
      this.seenRevision = revision;
      this.hooks.onMap();
      this.save();
    } catch (error) {
      if (this.closing.signal.aborted) return;
      if (stopped.aborted) throw error;
      this.tools.tell({
        type: 'log',
        level: 'error',
        message: `The map could not be laid out: ${(error as Error).message}. The one before is kept.`,
      });
      throw error;
    }
  }

  /** Labels of the clusters, in short turns: queries of other windows wait in this thread. */
  private wordsOf(rows: Int32Array, { clusters, coordinates }: LayoutResult): Promise<LabelledCluster[][]> {
    const steps = labelSteps((point) => this.hooks.textOf(rows[point])?.text ?? '', clusters, coordinates);
    return inTurns(steps, this.closing.signal);
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

/** Settings under which a map was laid out, those that it does not know as they were then. */
function requestOf(layout: Partial<LayoutSettings> & { method: LayoutMethod }): LayoutRequest {
  const { neighbors, minimalDistance, perplexity, metric, epochs, seed } = layout;
  const given = { neighbors, minimalDistance, perplexity, metric, epochs, seed };
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { method: layout.method, ...defaultLayoutSettings(layout.method), ...known };
}

/** Whether another map is asked for than the one that stands, so that it must not start from that. */
function changesPicture(before: LayoutRequest, after: LayoutRequest): boolean {
  const described = layoutMethods.find(({ method }) => method === after.method);
  return (described?.settings ?? []).some((name) => before[name] !== after[name]);
}
