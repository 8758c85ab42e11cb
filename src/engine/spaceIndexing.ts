/** Keeps a space's indexes current: the run over all folders, single changes, how far it has come and what came of it. */
import { setMaxListeners } from 'node:events';
import type { Chunker } from '../core/chunking/chunk';
import type { Embedder } from '../core/embedding/embedding';
import type { DocumentSource } from '../core/index/documentSource';
import { emptyReport, IndexUpdate, type UpdateProgress, type UpdateReport } from '../core/index/indexer';
import type { IndexProgress, IndexReport, IndexSettings, RuntimeName, SkippedCounts } from '../shared/space';
import type { OpenFolder } from './folderStores';
import { addReport } from './runReport';
import type { SpaceLayout } from './spaceLayout';
import type { SpaceMixedTopics } from './spaceMixedTopics';

/** What the run of an index needs of the engine, shared by all spaces. */
export interface IndexingTools {
  embedder(): Promise<Embedder>;
  chunker(): Promise<Chunker>;
  runtime(): RuntimeName;
  tokensPerSecond(): number | undefined;
}

export interface SpaceFolder {
  open: OpenFolder;
  source: DocumentSource;
  settings: IndexSettings;
}

/** What the run of an index needs of its space. */
export interface IndexingSpace {
  folders(): readonly SpaceFolder[];
  /** Chunks in the index, for the first progress that is told. */
  chunkCount(): number;
  mixed: SpaceMixedTopics;
  layout: SpaceLayout;
  /** The state is another one: tell it when it is time. */
  changed(): void;
  /** Chunks were flagged or are no more. */
  warningsChanged(): void;
  logError(message: string): void;
}

interface Run {
  controller: AbortController;
  startedByPerson: boolean;
  done: Promise<IndexReport>;
}

export class SpaceIndexing {
  private run: Run | undefined;
  private currentProgress: IndexProgress | undefined;
  private currentError: string | undefined;
  private lastSkipped: SkippedCounts = {};
  private report: IndexReport | undefined;
  private watching: Promise<unknown> = Promise.resolve();
  private readonly closing = new AbortController();

  constructor(
    private readonly space: IndexingSpace,
    private readonly tools: IndexingTools,
  ) {
    setMaxListeners(0, this.closing.signal);
  }

  get isRunning(): boolean {
    return this.run !== undefined;
  }

  get progress(): IndexProgress | undefined {
    return this.currentProgress;
  }

  /** Why the last run failed, one sentence. */
  get error(): string | undefined {
    return this.currentError;
  }

  /** Files that the last run left out, by reason. */
  get skipped(): SkippedCounts {
    return this.lastSkipped;
  }

  get lastReport(): IndexReport | undefined {
    return this.report;
  }

  /** Continues what was interrupted, or brings the index up to date with the disk. Embeds only what is new. */
  resume(): void {
    const refresh = this.space
      .folders()
      .some(({ open }) => open.runState === 'started' || open.runState === 'complete');
    if (refresh) this.index(false).catch(() => undefined);
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
    this.currentError = undefined;
    // From the first moment on: a window that opens a half-built index must not take it for a whole one.
    this.currentProgress = {
      phase: 'scanning',
      filesDone: 0,
      filesTotal: 0,
      chunks: this.space.chunkCount(),
      tokensPerSecond: 0,
      secondsLeft: undefined,
      startedByPerson,
    };
    this.space.changed();
    run.done = this.indexAll(run).finally(() => {
      if (this.run === run) this.run = undefined;
      this.currentProgress = undefined;
      this.space.changed();
    });
    return run.done;
  }

  /** The person's stop: what is committed is kept, and the index is not continued by itself. */
  async stop(): Promise<void> {
    const { run } = this;
    if (run === undefined) return;
    for (const { open } of this.space.folders()) if (open.runState === 'started') open.runState = 'stopped';
    run.controller.abort(new Error('stopped'));
    await run.done.catch(() => undefined);
  }

  /** @returns how many texts were embedded */
  filesChanged(folder: SpaceFolder, paths: readonly string[]): Promise<number> {
    if (folder.open.runState === 'none') return Promise.resolve(0);
    const next = this.watching.then(async () => {
      if (this.closing.signal.aborted) return 0;
      const { signal } = this.closing;
      const report = await this.update(folder, signal, undefined, paths);
      if (report.embedded > 0) await this.assessMixedTopics(signal);
      this.space.changed();
      return report.embedded;
    });
    this.watching = next.catch(() => undefined);
    return next;
  }

  /** What goes on after the last file: no counts, as nothing is left to wait for but this. */
  showPhase(phase: 'mapping' | 'checking'): void {
    if (this.run === undefined || this.currentProgress === undefined) return;
    if (this.currentProgress.filesDone < this.currentProgress.filesTotal) return;
    this.currentProgress = { ...this.currentProgress, phase, secondsLeft: undefined };
    this.space.changed();
  }

  async close(): Promise<void> {
    this.closing.abort(new Error('closing'));
    this.run?.controller.abort(new Error('closing'));
    await this.run?.done.catch(() => undefined);
    await this.watching;
  }

  private async indexAll(run: Run): Promise<IndexReport> {
    const startMs = Date.now();
    const { signal } = run.controller;
    const folders = this.space.folders();
    const total = emptyReport();
    let cancelled = false;
    try {
      for (const folder of folders) {
        // A folder that nobody asked to index yet is left alone by a background refresh.
        if (!run.startedByPerson && folder.open.runState !== 'started' && folder.open.runState !== 'complete') continue;
        if (folder.open.runState !== 'complete') folder.open.runState = 'started';
        const report = await this.update(folder, signal, run);
        addReport(total, report, folder.open.spec.name, folders.length > 1);
        folder.open.runState = 'complete';
        folder.open.describe();
      }
      await this.space.layout.finish();
      await this.assessMixedTopics(signal, () => this.showPhase('checking'));
    } catch (error) {
      cancelled = signal.aborted;
      if (!cancelled) {
        this.currentError = `Indexing stopped: ${error instanceof Error ? error.message : String(error)} What was embedded so far is kept; try again to go on.`;
        this.space.logError(this.currentError);
        throw new Error(this.currentError, { cause: error });
      }
      if (!this.closing.signal.aborted) await this.space.layout.finish();
    }
    this.lastSkipped = total.skipped;
    this.report = {
      ...total,
      elapsedMs: Date.now() - startMs,
      runtime: this.tools.runtime(),
      tokensPerSecond: this.tools.tokensPerSecond() ?? 0,
      cancelled,
    };
    return this.report;
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
        inspector: this.space.mixed.inspector,
        signal,
        onProgress: (progress) => run !== undefined && this.showProgress(progress, run),
      });
      return paths === undefined ? update.everything() : update.paths(paths);
    });
  }

  private async assessMixedTopics(signal: AbortSignal, onProgress = (): void => undefined): Promise<void> {
    const changed = await this.space.mixed.assess(await this.tools.embedder(), signal, onProgress);
    if (changed) this.space.warningsChanged();
  }

  private showProgress(progress: UpdateProgress, run: Run): void {
    const tokensPerSecond = this.tools.tokensPerSecond() ?? 0;
    const { phase, filesDone, filesTotal, bytesDone, bytesTotal, chunks, embeddedTokens } = progress;
    // Bytes stand for work: files that were unchanged cost nothing, so only what is embedded sets the rate.
    const tokensLeft = bytesDone > 0 ? (embeddedTokens / bytesDone) * (bytesTotal - bytesDone) : undefined;
    const secondsLeft =
      tokensLeft !== undefined && tokensPerSecond > 0 && embeddedTokens > 0 ? tokensLeft / tokensPerSecond : undefined;
    this.currentProgress = {
      phase,
      filesDone,
      filesTotal,
      chunks,
      tokensPerSecond,
      secondsLeft,
      startedByPerson: run.startedByPerson,
    };
    this.space.changed();
  }
}
