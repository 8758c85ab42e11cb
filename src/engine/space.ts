/**
 * One window's folders as one space: keeps the indexes current, the points in memory and the map drawn, and tells how far
 * it has come. Several windows on the same folders share it.
 */
import * as path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { sourceOffset } from '../core/index/chunkOrigin';
import type { DocumentSource } from '../core/index/documentSource';
import { Points, type PointPlace } from '../core/index/points';
import type { StoredText } from '../core/index/store';
import { isMarkedFine } from '../shared/keptMarks';
import type { EngineEvent } from '../shared/hostEngine';
import type { IndexReport, IndexSettings } from '../shared/indexing';
import type { MixedTopics, SpaceState, Warning } from '../shared/space';
import { SpaceIndexing, type IndexingTools, type SpaceFolder } from './spaceIndexing';
import { SpaceLayout, type LayoutRequest, type LayoutTools } from './spaceLayout';
import { SpaceMap } from './spaceMap';
import { SpaceMixedTopics } from './spaceMixedTopics';
import { SpaceQueries } from './spaceQueries';
import { damagedFilesNote, setAsideNote } from './storeNotes';

/** State is told at most this often; the last one always arrives. */
const tellEveryMs = 200;

/** What spaces share: the queue of sessions, the layout worker, the model's chunker. */
export interface SpaceTools extends LayoutTools, IndexingTools {
  /** Of the embedder. */
  fingerprint: string;
  tell(event: EngineEvent): void;
}

export class Space {
  readonly points: Points;
  readonly map: SpaceMap;
  readonly queries: SpaceQueries;
  readonly mixed: SpaceMixedTopics;
  readonly layout: SpaceLayout;
  readonly indexing: SpaceIndexing;
  private readonly unsubscribe: (() => void)[] = [];
  private tellTimer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    readonly id: string,
    private folders: SpaceFolder[],
    private readonly tools: SpaceTools,
    dimensions: number,
  ) {
    this.points = new Points(dimensions);
    this.map = new SpaceMap(this.points);
    this.queries = new SpaceQueries(
      this.points,
      (row) => this.textOf(row),
      (folder) => this.folders[folder].open.spec.uri,
    );
    this.mixed = new SpaceMixedTopics(this.points, {
      textOf: (row) => this.textOf(row),
      fine: {
        version: () => this.folders.reduce((sum, { open }) => (open.marks.read(), sum + open.marks.version), 0),
        isFine: (folder, text, cut) => this.isFine(folder, 'mixed-topics', text, cut),
      },
      file: path.join(tools.mapsFolder, `${id}.topics.json`),
      dimensions,
      log: (message) => this.log('warn', message),
    });
    this.layout = new SpaceLayout(id, this.points, this.map, this.queries, tools, {
      textOf: (row) => this.textOf(row),
      onMap: () => this.tellMap(),
      onProgress: () => {
        this.indexing.showPhase('mapping');
        this.tellSoon();
      },
    });
    this.indexing = new SpaceIndexing(
      {
        folders: () => this.folders,
        chunkCount: () => this.points.chunkCount,
        mixed: this.mixed,
        layout: this.layout,
        queries: this.queries,
        changed: () => this.tellSoon(),
        warningsChanged: () => this.tellWarnings(),
        logError: (message) => this.log('error', message),
        logWarning: (message) => this.log('warn', message),
      },
      tools,
    );
    this.folders.forEach(({ open }, i) => {
      const damaged = this.points.addFolder(i, open.index);
      if (damaged.length > 0) this.log('warn', damagedFilesNote(open.spec.name, damaged));
      this.unsubscribe.push(
        open.index.onChange((change) => {
          this.points.apply(i, change);
          this.layout.pointsChanged(this.indexing.isRunning);
          this.tellSoon();
        }),
      );
      if (open.setAside !== undefined) this.log('warn', setAsideNote(open.spec.name, open.setAside));
    });
  }

  get folderNames(): string[] {
    return this.folders.map(({ open }) => open.spec.name);
  }

  get folderList(): readonly SpaceFolder[] {
    return this.folders;
  }

  get isIndexing(): boolean {
    return this.indexing.isRunning;
  }

  /** Settings may have changed since the space was opened: the next run walks with these. */
  useSources(sources: readonly { source: DocumentSource; settings: IndexSettings }[]): void {
    if (!isDeepStrictEqual(this.folders.map(settingsOf), sources.map(settingsOf))) this.indexing.sourcesChanged();
    this.folders = this.folders.map((folder, i) => ({ ...folder, ...sources[i] }));
  }

  /** Draws the stored map and continues what was interrupted; with `refresh` it also looks for what changed on the disk. */
  resume(refresh: boolean): void {
    this.layout.restore();
    this.mixed.restore(this.tools.fingerprint);
    this.indexing.resume(refresh);
  }

  textOf(row: number): StoredText | undefined {
    const point = this.points.point(row);
    return point === undefined ? undefined : this.folders[point.folder].open.index.store.text(point.embeddingId);
  }

  folderOfUri(uri: string): SpaceFolder | undefined {
    return this.folders.find(({ open }) => open.spec.uri === uri);
  }

  index(startedByPerson: boolean): Promise<IndexReport> {
    return this.indexing.index(startedByPerson);
  }

  /** @returns how many texts were embedded */
  filesChanged(folderUri: string, paths: readonly string[]): Promise<number> {
    const folder = this.folderOfUri(folderUri);
    return folder === undefined ? Promise.resolve(0) : this.indexing.filesChanged(folder, paths);
  }

  state(): SpaceState {
    const none = this.folders.every(({ open }) => open.runState === 'none');
    const { progress, error, skipped, lastReport } = this.indexing;
    const phase = progress !== undefined ? 'indexing' : error !== undefined ? 'error' : none ? 'none' : 'ready';
    return {
      phase,
      paused: this.indexing.isPaused,
      files: this.folders.reduce((sum, { open }) => sum + open.index.fileCount, 0),
      chunks: this.points.chunkCount,
      points: this.points.liveCount,
      mixed: this.mixed.flaggedCount(),
      trust: this.map.meanTrust(),
      trustOf: this.map.trustCountedOver,
      mapRevision: this.map.revision,
      layout: this.layout.progress,
      progress,
      error,
      skipped,
      lastReport,
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
    this.closed = true;
    await this.indexing.close();
    await this.layout.close();
    for (const unsubscribe of this.unsubscribe) unsubscribe();
    clearTimeout(this.tellTimer);
  }

  /** Removes what is kept beside the stores, after the space was closed. */
  removeStored(): void {
    this.layout.removeStored();
    this.mixed.removeStored();
  }

  /** Whether somebody marked a warning of a folder as fine. @param cut in the text, for kinds that have one */
  isFine(folder: number, kind: string, text: string, cut?: number): boolean {
    return isMarkedFine(this.folders[folder].open.marks.read(), kind, text, cut);
  }

  tellWarnings(): void {
    this.tools.tell({ type: 'warnings', spaceId: this.id });
    if (!this.map.hasCoordinates) return;
    this.map.bump();
    this.tellMap();
  }

  private tellMap(): void {
    this.tools.tell({ type: 'map', spaceId: this.id, revision: this.map.revision });
    this.tellSoon();
  }

  private tellSoon(): void {
    if (this.closed) return;
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
  const { offset, lines } = sourceOffset(chunk.origin, text, mixed.cut);
  const textCut = offset === mixed.cut ? undefined : mixed.cut;
  return {
    ...mixed,
    cut: chunk.start + offset,
    cutLine: chunk.startLine + lines,
    ...(textCut !== undefined && { textCut }),
  };
}

function settingsOf({ settings }: { settings: IndexSettings }): IndexSettings {
  return settings;
}
