/**
 * One window's folders as one space: keeps the indexes current, the points in memory and the map drawn, and tells how far
 * it has come. Several windows on the same folders share it.
 */
import { setMaxListeners } from 'node:events';
import * as path from 'node:path';
import type { Chunker } from '../core/chunking/chunk';
import type { Embedder } from '../core/embedding/embedding';
import type { DocumentSource } from '../core/index/documentSource';
import { emptyReport, IndexUpdate, type UpdateProgress, type UpdateReport } from '../core/index/indexer';
import { Points, type PointPlace } from '../core/index/points';
import type { StoredText } from '../core/index/store';
import type { EngineEvent } from '../shared/hostEngine';
import type {
  IndexProgress,
  IndexReport,
  IndexSettings,
  MixedTopics,
  RuntimeName,
  SkippedCounts,
  SpaceState,
  Warning,
} from '../shared/space';
import type { OpenFolder } from './folderStores';
import { addReport } from './runReport';
import { SpaceLayout, type LayoutRequest, type LayoutTools } from './spaceLayout';
import { SpaceMap } from './spaceMap';
import { SpaceMixedTopics } from './spaceMixedTopics';
import { SpaceQueries } from './spaceQueries';

/** State is told at most this often; the last one always arrives. */
const tellEveryMs = 200;

/** What spaces share: the queue of sessions, the layout worker, the model's chunker. */
export interface SpaceTools extends LayoutTools {
  embedder(): Promise<Embedder>;
  chunker(): Promise<Chunker>;
  runtime(): RuntimeName;
  tokensPerSecond(): number | undefined;
  /** Of the embedder. */
  fingerprint: string;
  tell(event: EngineEvent): void;
}

export interface SpaceFolder {
  open: OpenFolder;
  source: DocumentSource;
  settings: IndexSettings;
}

interface Run {
  controller: AbortController;
  startedByPerson: boolean;
  done: Promise<IndexReport>;
}

export class Space {
  readonly points: Points;
  readonly map: SpaceMap;
  readonly queries: SpaceQueries;
  readonly mixed: SpaceMixedTopics;
  readonly layout: SpaceLayout;
  private run: Run | undefined;
  private progress: IndexProgress | undefined;
  private error: string | undefined;
  private skipped: SkippedCounts = {};
  private lastReport: IndexReport | undefined;
  private readonly unsubscribe: (() => void)[] = [];
  private tellTimer: NodeJS.Timeout | undefined;
  private watching: Promise<unknown> = Promise.resolve();
  private readonly closing = new AbortController();

  constructor(
    readonly id: string,
    private folders: SpaceFolder[],
    private readonly tools: SpaceTools,
    dimensions: number,
  ) {
    setMaxListeners(0, this.closing.signal);
    this.points = new Points(dimensions);
    this.map = new SpaceMap(this.points);
    this.queries = new SpaceQueries(
      this.points,
      (row) => this.textOf(row),
      (folder) => this.folders[folder].open.spec.uri,
    );
    this.mixed = new SpaceMixedTopics(this.points, {
      textOf: (row) => this.textOf(row),
      file: path.join(tools.mapsFolder, `${id}.topics.json`),
      dimensions,
      log: (message) => this.log('warn', message),
    });
    this.layout = new SpaceLayout(id, this.points, this.map, this.queries, tools, {
      textOf: (row) => this.textOf(row),
      onMap: () => this.tellMap(),
      onProgress: () => this.run !== undefined && this.showPhase('mapping'),
    });
    this.folders.forEach(({ open }, i) => {
      this.points.addFolder(i, open.index);
      this.unsubscribe.push(
        open.index.onChange((change) => {
          this.points.apply(i, change);
          this.layout.pointsChanged(this.run !== undefined);
          this.tellSoon();
        }),
      );
      if (open.setAside !== undefined) {
        const { reason, asidePath } = open.setAside;
        const what = reason === 'newer' ? 'was written by a newer version' : 'was damaged';
        this.log(
          'warn',
          `The index of ${open.spec.name} ${what}. It is kept as ${asidePath}; a new one is being built.`,
        );
      }
    });
  }

  get folderNames(): string[] {
    return this.folders.map(({ open }) => open.spec.name);
  }

  get folderList(): readonly SpaceFolder[] {
    return this.folders;
  }

  get isIndexing(): boolean {
    return this.run !== undefined;
  }

  /** Settings may have changed since the space was opened: the next run walks with these. */
  useSources(sources: readonly { source: DocumentSource; settings: IndexSettings }[]): void {
    this.folders = this.folders.map((folder, i) => ({ ...folder, ...sources[i] }));
  }

  /** Draws the stored map, and continues what was interrupted or brings the index up to date with the disk. Embeds only what is new. */
  resume(): void {
    this.layout.restore();
    this.mixed.restore(this.tools.fingerprint);
    const refresh = this.folders.some(({ open }) => open.runState === 'started' || open.runState === 'complete');
    if (refresh) this.index(false).catch(() => undefined);
  }

  textOf(row: number): StoredText | undefined {
    const point = this.points.point(row);
    return point === undefined ? undefined : this.folders[point.folder].open.index.store.text(point.embeddingId);
  }

  folderOfUri(uri: string): SpaceFolder | undefined {
    return this.folders.find(({ open }) => open.spec.uri === uri);
  }

  /** Joins the run that is under way, if any. */
  index(startedByPerson: boolean): Promise<IndexReport> {
    if (this.run !== undefined) {
      if (startedByPerson) this.run.startedByPerson = true;
      return this.run.done;
    }
    const controller = new AbortController();
    // Every file that is being embedded listens.
    setMaxListeners(0, controller.signal);
    const run: Run = { controller, startedByPerson, done: Promise.resolve() as never };
    this.run = run;
    this.error = undefined;
    // From the first moment on: a window that opens a half-built index must not take it for a whole one.
    this.progress = {
      phase: 'scanning',
      filesDone: 0,
      filesTotal: 0,
      chunks: this.points.chunkCount,
      tokensPerSecond: 0,
      secondsLeft: undefined,
      startedByPerson,
    };
    this.tellSoon();
    run.done = this.indexAll(run).finally(() => {
      if (this.run === run) this.run = undefined;
      this.progress = undefined;
      this.tellSoon();
    });
    return run.done;
  }

  /** The person's stop: what is committed is kept, and the index is not continued by itself. */
  async stop(): Promise<void> {
    const { run } = this;
    if (run === undefined) return;
    for (const { open } of this.folders) if (open.runState === 'started') open.runState = 'stopped';
    run.controller.abort(new Error('stopped'));
    await run.done.catch(() => undefined);
  }

  /** @returns how many texts were embedded */
  filesChanged(folderUri: string, paths: readonly string[]): Promise<number> {
    const folder = this.folderOfUri(folderUri);
    if (folder === undefined || folder.open.runState === 'none') return Promise.resolve(0);
    const next = this.watching.then(async () => {
      if (this.closing.signal.aborted) return 0;
      const { signal } = this.closing;
      const report = await this.update(folder, signal, undefined, paths);
      if (report.embedded > 0) await this.assessMixedTopics(signal);
      this.tellSoon();
      return report.embedded;
    });
    this.watching = next.catch(() => undefined);
    return next;
  }

  state(): SpaceState {
    const none = this.folders.every(({ open }) => open.runState === 'none');
    const phase =
      this.progress !== undefined ? 'indexing' : this.error !== undefined ? 'error' : none ? 'none' : 'ready';
    return {
      phase,
      files: this.folders.reduce((sum, { open }) => sum + open.index.fileCount, 0),
      chunks: this.points.chunkCount,
      points: this.points.liveCount,
      mixed: this.mixed.flaggedCount(),
      trust: this.map.meanTrust(),
      trustOf: this.map.trustCountedOver,
      mapRevision: this.map.revision,
      progress: this.progress,
      error: this.error,
      skipped: this.skipped,
      lastReport: this.lastReport,
    };
  }

  /** Flagged chunks at their first place, strongest first; with a path, at every place in that document. */
  warnings(folderUri?: string, path?: string): Warning[] {
    return this.mixed.flagged().flatMap(({ row, mixed }) => {
      const point = this.points.point(row);
      const places = (point?.places ?? []).filter(
        ({ folder, file }) =>
          (folderUri === undefined || this.folders[folder].open.spec.uri === folderUri) &&
          (path === undefined || file.path === path),
      );
      const shown = path === undefined ? places.slice(0, 1) : places;
      const text = this.textOf(row)?.text ?? '';
      return shown.map((place): Warning => ({
        kind: 'mixed-topics',
        point: row,
        place: this.queries.place(place),
        mixed: atPlace(mixed, text, place),
        text,
      }));
    });
  }

  /** What the detector says of a point, with the cut where it lies in that place's document. */
  mixedAt(row: number, place: PointPlace): MixedTopics | undefined {
    const mixed = this.mixed.of(row);
    return mixed === undefined ? undefined : atPlace(mixed, this.textOf(row)?.text ?? '', place);
  }

  async relayout(request: LayoutRequest): Promise<void> {
    await this.layout.layOut(request);
  }

  async close(): Promise<void> {
    this.closing.abort(new Error('closing'));
    this.run?.controller.abort(new Error('closing'));
    await this.run?.done.catch(() => undefined);
    await this.watching;
    await this.layout.close();
    for (const unsubscribe of this.unsubscribe) unsubscribe();
    clearTimeout(this.tellTimer);
  }

  /** Removes what is kept beside the stores, after the space was closed. */
  removeStored(): void {
    this.layout.removeStored();
    this.mixed.removeStored();
  }

  private async indexAll(run: Run): Promise<IndexReport> {
    const startMs = Date.now();
    const { signal } = run.controller;
    const total = emptyReport();
    let cancelled = false;
    try {
      for (const folder of this.folders) {
        // A folder that nobody asked to index yet is left alone by a background refresh.
        if (!run.startedByPerson && folder.open.runState !== 'started' && folder.open.runState !== 'complete') continue;
        if (folder.open.runState !== 'complete') folder.open.runState = 'started';
        const report = await this.update(folder, signal, run);
        addReport(total, report, folder.open.spec.name, this.folders.length > 1);
        folder.open.runState = 'complete';
        folder.open.describe();
      }
      await this.layout.finish();
      await this.assessMixedTopics(signal, run);
    } catch (error) {
      cancelled = signal.aborted;
      if (!cancelled) {
        this.error = `Indexing stopped: ${error instanceof Error ? error.message : String(error)} What was embedded so far is kept; try again to go on.`;
        this.log('error', this.error);
        throw new Error(this.error, { cause: error });
      }
      if (!this.closing.signal.aborted) await this.layout.finish();
    }
    this.skipped = total.skipped;
    const elapsedMs = Date.now() - startMs;
    this.lastReport = {
      ...total,
      elapsedMs,
      runtime: this.tools.runtime(),
      tokensPerSecond: this.tools.tokensPerSecond() ?? 0,
      cancelled,
    };
    return this.lastReport;
  }

  /** One folder, one update at a time: windows that share a folder take turns. */
  private update(
    folder: SpaceFolder,
    signal: AbortSignal,
    run?: Run,
    paths?: readonly string[],
  ): Promise<UpdateReport> {
    return folder.open.exclusively(async () => {
      signal.throwIfAborted();
      const update = new IndexUpdate(folder.open.index, {
        source: folder.source,
        chunker: await this.tools.chunker(),
        embedder: await this.tools.embedder(),
        inspector: this.mixed.inspector,
        signal,
        onProgress: (progress) => run !== undefined && this.showProgress(progress, run),
      });
      return paths === undefined ? update.everything() : update.paths(paths);
    });
  }

  private async assessMixedTopics(signal: AbortSignal, run?: Run): Promise<void> {
    const changed = await this.mixed.assess(await this.tools.embedder(), signal, () => {
      if (run !== undefined) this.showPhase('checking');
    });
    if (!changed) return;
    this.tools.tell({ type: 'warnings', spaceId: this.id });
    if (this.map.hasCoordinates) {
      this.map.bump();
      this.tellMap();
    }
  }

  private showProgress(progress: UpdateProgress, run: Run): void {
    const tokensPerSecond = this.tools.tokensPerSecond() ?? 0;
    const { phase, filesDone, filesTotal, bytesDone, bytesTotal, chunks, embeddedTokens } = progress;
    // Bytes stand for work: files that were unchanged cost nothing, so only what is embedded sets the rate.
    const tokensLeft = bytesDone > 0 ? (embeddedTokens / bytesDone) * (bytesTotal - bytesDone) : undefined;
    const secondsLeft =
      tokensLeft !== undefined && tokensPerSecond > 0 && embeddedTokens > 0 ? tokensLeft / tokensPerSecond : undefined;
    this.progress = {
      phase,
      filesDone,
      filesTotal,
      chunks,
      tokensPerSecond,
      secondsLeft,
      startedByPerson: run.startedByPerson,
    };
    this.tellSoon();
  }

  /** What goes on after the last file: no counts, as nothing is left to wait for but this. */
  private showPhase(phase: 'mapping' | 'checking'): void {
    if (this.progress === undefined || this.progress.filesDone < this.progress.filesTotal) return;
    this.progress = { ...this.progress, phase, secondsLeft: undefined };
    this.tellSoon();
  }

  private tellMap(): void {
    this.tools.tell({ type: 'map', spaceId: this.id, revision: this.map.revision });
    this.tellSoon();
  }

  private tellSoon(): void {
    if (this.closing.signal.aborted) return;
    this.tellTimer ??= setTimeout(() => {
      this.tellTimer = undefined;
      this.tools.tell({ type: 'state', spaceId: this.id, state: this.state() });
    }, tellEveryMs);
  }

  private log(level: 'info' | 'warn' | 'error', message: string): void {
    this.tools.tell({ type: 'log', level, message });
  }
}

/** A cut counted from the beginning of the chunk's text, as offset and line of the document. */
function atPlace(mixed: MixedTopics, text: string, { chunk }: PointPlace): MixedTopics {
  const lines = text.slice(0, mixed.cut).split('\n').length - 1;
  return { ...mixed, cut: chunk.start + mixed.cut, cutLine: chunk.startLine + lines };
}
