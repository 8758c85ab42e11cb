/** Keeps a space's indexes current: the run over all folders, single changes, how far it has come and what came of it. */
import { setMaxListeners } from 'node:events';
import type { Chunker, TokenCounter } from '../core/chunking/chunk';
import { KeptCutsChunker } from '../core/chunking/keptCutsChunker';
import type { Embedder } from '../core/embedding/embedding';
import type { DocumentSource } from '../core/index/documentSource';
import { keptMarksFile } from '../shared/keptMarks';
import { hasOtherCuts, nameOfCuts } from '../core/index/keptMarksFile';
import { emptyReport, IndexUpdate, type UpdateProgress, type UpdateReport } from '../core/index/indexer';
import type { ChunkingSettings } from '../shared/chunking';
import type { RuntimeName } from '../shared/engineInfo';
import type { IndexProgress, IndexReport, IndexSettings, SkippedCounts } from '../shared/indexing';
import type { OpenFolder } from './folderStores';
import { firstProgress, progressOf } from './indexProgress';
import { orAborted } from './orAborted';
import { addPass, addReport, reportPath } from './runReport';
import type { SpaceLayout } from './spaceLayout';
import type { SpaceMixedTopics } from './spaceMixedTopics';
import type { SpaceQueries } from './spaceQueries';

/** From so many changed paths on, one walk over the folder is cheaper than asking about each. */
const walkInstead = 1000;
/** Files that decide about other files: a change of one means a walk. */
const ignoreFile = /(^|\/)\.(gitignore|latentlensignore|gitattributes)$|^\.git\/info\/exclude$/;

/** What the run of an index needs of the engine, shared by all spaces. */
export interface IndexingTools {
  embedder(): Promise<Embedder>;
  chunker(settings: ChunkingSettings): Promise<Chunker>;
  counter(): Promise<TokenCounter>;
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
  queries: SpaceQueries;
  /** The state is another one: tell it when it is time. */
  changed(): void;
  /** Chunks were flagged or are no more. */
  warningsChanged(): void;
  logError(message: string): void;
  logWarning(message: string): void;
}

interface Run {
  controller: AbortController;
  startedByPerson: boolean;
  /** A folder was walked: what changes from now on may be missed. */
  scanned: boolean;
  /** Something was asked for or changed after the walk: it is done once more. */
  again: boolean;
  done: Promise<IndexReport>;
}

export class SpaceIndexing {
  private run: Run | undefined;
  private currentProgress: IndexProgress | undefined;
  private currentError: string | undefined;
  private lastSkipped: SkippedCounts = {};
  private report: IndexReport | undefined;
  private watching: Promise<unknown> = Promise.resolve();
  /** Aborted by a pause: updates of single files. */
  private following = new AbortController();
  private openFiles: ReadonlyMap<string, readonly string[]> = new Map();
  private readonly closing = new AbortController();

  constructor(
    private readonly space: IndexingSpace,
    private readonly tools: IndexingTools,
  ) {
    setMaxListeners(0, this.closing.signal, this.following.signal);
  }

  get isRunning(): boolean {
    return this.run !== undefined;
  }

  /** Paused by the person: nothing is embedded until somebody resumes. */
  get isPaused(): boolean {
    return this.space.folders().some(({ open }) => open.runState !== 'none' && open.paused);
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

  /** Continues what was interrupted, and with `refresh` brings the index up to date with the disk. Embeds only what is new. */
  resume(refresh: boolean): void {
    const wanted = this.space
      .folders()
      .some(({ open }) => open.runState === 'started' || (refresh && open.runState === 'complete'));
    if (wanted) this.index(false).catch(() => undefined);
  }

  /**
   * Joins the run that is under way, if any. A background refresh leaves a paused index alone; the person's own call
   * ends the pause.
   */
  async index(startedByPerson: boolean): Promise<IndexReport> {
    if (startedByPerson) for (const { open } of this.space.folders()) if (open.paused) open.paused = false;
    if (this.isPaused) return this.reportOf(emptyReport(), Date.now(), true);
    const { run } = this;
    if (run === undefined) return this.start(startedByPerson).done;
    if (run.controller.signal.aborted) {
      await run.done.catch(() => undefined);
      return this.index(startedByPerson);
    }
    // The person's run takes folders that a refresh leaves alone.
    if (run.scanned || (startedByPerson && !run.startedByPerson)) run.again = true;
    if (startedByPerson) run.startedByPerson = true;
    return run.done;
  }

  /** Stops what is under way between two texts. What is committed is kept; nothing is embedded until `resumePaused` or the person's `index`. */
  async pause(): Promise<void> {
    const folders = this.space.folders().filter(({ open }) => open.runState !== 'none');
    for (const { open } of folders) open.paused = true;
    const { run, following } = this;
    run?.controller.abort(new Error('paused'));
    following.abort(new Error('paused'));
    // The map of a run is part of its work.
    if (run !== undefined) await this.space.layout.stop();
    await run?.done.catch(() => undefined);
    await this.watching;
    if (this.following === following) {
      this.following = new AbortController();
      setMaxListeners(0, this.following.signal);
    }
    this.space.changed();
  }

  /** Goes on in the background where it was paused, and with what changed meanwhile. */
  resumePaused(): void {
    for (const { open } of this.space.folders()) if (open.paused) open.paused = false;
    this.index(false).catch(() => undefined);
    this.space.changed();
  }

  /** Files that are open in an editor go first, by folder: also in the run that is under way. */
  useOpenFiles(openFiles: ReadonlyMap<string, readonly string[]>): void {
    this.openFiles = openFiles;
  }

  /** Settings changed: a run that is under way walks once more when it is done. */
  sourcesChanged(): void {
    if (this.run !== undefined) this.run.again = true;
  }

  private start(startedByPerson: boolean): Run {
    const controller = new AbortController();
    // Every file that is being embedded listens.
    setMaxListeners(0, controller.signal);
    const run: Run = { controller, startedByPerson, scanned: false, again: false, done: Promise.resolve() as never };
    this.run = run;
    this.currentError = undefined;
    this.currentProgress = firstProgress(this.space.chunkCount(), startedByPerson);
    this.space.changed();
    run.done = this.indexAll(run).finally(() => {
      if (this.run === run) this.run = undefined;
      this.currentProgress = undefined;
      this.space.changed();
    });
    return run;
  }

  /** The person's stop: what is committed is kept, and the index is not continued by itself. */
  async stop(): Promise<void> {
    const { run } = this;
    for (const { open } of this.space.folders()) {
      if (run === undefined && !open.paused) continue;
      if (open.runState === 'started') open.runState = 'stopped';
      if (open.paused) open.paused = false;
    }
    run?.controller.abort(new Error('stopped'));
    await run?.done.catch(() => undefined);
    this.space.changed();
  }

  /** @returns how many texts were embedded; none while the index is paused: it looks at everything when it goes on */
  filesChanged(folder: SpaceFolder, paths: readonly string[]): Promise<number> {
    if (folder.open.runState === 'none' || this.isPaused) return Promise.resolve(0);
    if (paths.length >= walkInstead || paths.some((path) => ignoreFile.test(path)))
      return this.index(false).then(({ embedded }) => embedded);
    const next = this.watching.then(async () => {
      const signal = AbortSignal.any([this.closing.signal, this.following.signal]);
      if (signal.aborted || this.isPaused) return 0;
      setMaxListeners(0, signal);
      try {
        const marksChanged = paths.includes(keptMarksFile);
        const all = marksChanged ? [...paths, ...recut(folder)] : paths;
        const report = await this.update(folder, signal, undefined, all);
        this.noteErrors(folder, all, report);
        // Also where nothing was embedded: a chunk that came back is judged again.
        const assessed = await this.assessMixedTopics(signal);
        if (marksChanged && !assessed) this.space.warningsChanged();
        return report.embedded;
      } catch (error) {
        if (signal.aborted) return 0;
        throw error;
      } finally {
        this.space.changed();
      }
    });
    this.watching = next.catch(() => undefined);
    return next;
  }

  /** Files that were tried again have the outcome of now in the report of the last run. */
  private noteErrors({ open }: SpaceFolder, tried: readonly string[], { errors }: UpdateReport): void {
    if (this.report === undefined) return;
    const several = this.space.folders().length > 1;
    const again = new Set(tried.map((path) => reportPath(path, open.spec.name, several)));
    this.report = {
      ...this.report,
      errors: [
        ...this.report.errors.filter(({ path }) => !again.has(path)),
        ...errors.map(({ path, message }) => ({ path: reportPath(path, open.spec.name, several), message })),
      ],
    };
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
    let total = emptyReport();
    let cancelled = false;
    try {
      do {
        run.again = false;
        const pass = await this.walkFolders(run);
        total = addPass(total, pass);
        if (pass.embedded > 0) await orAborted(this.drawQueries(), signal);
        await orAborted(this.space.layout.finish(), signal);
        await this.assessMixedTopics(signal, () => this.showPhase('checking'));
      } while (run.again);
    } catch (error) {
      cancelled = signal.aborted;
      if (!cancelled) {
        this.currentError = `Indexing stopped: ${error instanceof Error ? error.message : String(error)} What was embedded so far is kept; try again to go on.`;
        this.space.logError(this.currentError);
        throw new Error(this.currentError, { cause: error });
      }
      // What is there is drawn after a stop; a pause is to be felt at once.
      if (!this.closing.signal.aborted && !this.isPaused) await this.space.layout.finish();
    }
    this.lastSkipped = total.skipped;
    this.report = this.reportOf(total, startMs, cancelled);
    return this.report;
  }

  private async walkFolders(run: Run): Promise<UpdateReport> {
    const folders = this.space.folders();
    const pass = emptyReport();
    // All at once: a run that is interrupted in the first folder goes on with the others too.
    if (run.startedByPerson)
      for (const { open } of folders) if (open.runState !== 'complete') open.runState = 'started';
    for (const folder of folders) {
      const { open } = folder;
      // A folder that nobody asked to index yet is left alone by a background refresh.
      if (open.runState === 'none' || open.runState === 'stopped') continue;
      const report = await this.update(folder, run.controller.signal, run);
      addReport(pass, report, open.spec.name, folders.length > 1);
      open.runState = 'complete';
      open.describe();
    }
    return pass;
  }

  private reportOf(total: UpdateReport, startMs: number, cancelled: boolean): IndexReport {
    return {
      ...total,
      elapsedMs: Date.now() - startMs,
      runtime: this.tools.runtime(),
      tokensPerSecond: this.tools.tokensPerSecond() ?? 0,
      cancelled,
    };
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
        chunker: await this.chunkerOf(folder),
        embedder: await this.tools.embedder(),
        inspector: this.space.mixed.inspector,
        signal,
        wanted: () => this.openFiles.get(folder.open.spec.uri) ?? [],
        onProgress: (progress) => run !== undefined && this.showProgress(progress, run),
      });
      return paths === undefined ? update.everything() : update.paths(paths);
    });
  }

  /** With the cuts that people keep in the folder. */
  private async chunkerOf({ open, settings }: SpaceFolder): Promise<Chunker> {
    const chunker = await this.tools.chunker(settings.chunking);
    const marksVersion = open.marks.version;
    open.marks.read();
    if (open.marks.problem !== undefined && open.marks.version !== marksVersion)
      this.space.logWarning(`${open.spec.name}: ${open.marks.problem}`);
    const cutsOf = (path: string) => open.marks.cutsOf(path);
    return new KeptCutsChunker(chunker, await this.tools.counter(), cutsOf, (path) => nameOfCuts(cutsOf(path)));
  }

  /** Before the map is laid out, which is saved with them. Without them the first search draws them: no reason to fail. */
  private async drawQueries(): Promise<void> {
    await this.space.queries.drawQueries(await this.tools.embedder()).catch(() => undefined);
  }

  /** @returns whether anything was new */
  private async assessMixedTopics(signal: AbortSignal, onProgress = (): void => undefined): Promise<boolean> {
    const changed = await this.space.mixed.assess(await this.tools.embedder(), signal, onProgress);
    if (changed) this.space.warningsChanged();
    return changed;
  }

  private showProgress(progress: UpdateProgress, run: Run): void {
    if (progress.phase === 'embedding') run.scanned = true;
    this.currentProgress = progressOf(progress, this.tools.tokensPerSecond() ?? 0, run.startedByPerson);
    this.space.changed();
  }
}

/** Files whose kept cuts are others now. */
function recut({ open }: SpaceFolder): string[] {
  return [...open.index.files]
    .filter(({ path, chunker }) => hasOtherCuts(chunker, open.marks.cutsOf(path)))
    .map(({ path }) => path);
}
