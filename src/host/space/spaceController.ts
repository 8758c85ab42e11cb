import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { EngineEvent, EngineResult, FolderToOpen } from '../../shared/hostEngine';
import type { IndexEstimate, IndexReport } from '../../shared/indexing';
import type { SpaceState } from '../../shared/space';
import { isCancelled, isEngineDeath, messageOf, type Engine, type SpaceMethod, type SpaceParams } from '../engine';

const emptyState: SpaceState = {
  phase: 'none',
  paused: false,
  files: 0,
  chunks: 0,
  points: 0,
  mixed: 0,
  trust: undefined,
  trustOf: 15,
  mapRevision: 0,
  progress: undefined,
  error: undefined,
  skipped: {},
  lastReport: undefined,
};

/** How often one run of indexing goes on after the engine died in it. */
const engineDeathsAllowed = 3;
const stoppedByPersonKey = 'latentLens.indexingStoppedByPerson';

export interface SpaceOptions {
  engine: Engine;
  log: vscode.LogOutputChannel;
  readFolders: () => FolderToOpen[];
  keepCurrent: () => boolean;
  /** Remembers across reloads that the person stopped the indexing of this workspace. */
  memento: vscode.Memento;
  storageFolder: string;
}

/**
 * The space of this window: the indexes of its folders in the engine. It opens them, knows their state, brings them up
 * to date and opens them again when folders, settings or the engine change. It never looks at the disk itself.
 */
export class SpaceController implements vscode.Disposable {
  private opening: Promise<string> | undefined;
  private spaceId: string | undefined;
  private wasOpened = false;
  private nothingStored = false;
  private generation = 0;
  private indexing: Promise<IndexReport> | undefined;
  private disposed = false;
  /** A state that arrived before the answer that names its space. */
  private earlyState: { spaceId: string; state: SpaceState } | undefined;
  private currentState = emptyState;
  private currentProblem: string | undefined;
  private readonly disposables: { dispose(): void }[] = [];

  private readonly openEmitter = new vscode.EventEmitter<void>();
  private readonly changeEmitter = new vscode.EventEmitter<void>();
  private readonly mapEmitter = new vscode.EventEmitter<void>();
  private readonly warningsEmitter = new vscode.EventEmitter<void>();
  /** The space was opened, again or for the first time: ids of points and chunks from before mean nothing now. */
  readonly onDidOpen = this.openEmitter.event;
  /** State, folders or problem changed. */
  readonly onDidChange = this.changeEmitter.event;
  /** Another map can be asked for. */
  readonly onDidChangeMap = this.mapEmitter.event;
  readonly onDidChangeWarnings = this.warningsEmitter.event;

  constructor(private readonly options: SpaceOptions) {
    const { engine } = options;
    this.disposables.push(
      this.openEmitter,
      this.changeEmitter,
      this.mapEmitter,
      this.warningsEmitter,
      engine.onEvent((event) => this.onEngineEvent(event)),
      engine.onStatus((status) => {
        if (status === 'stopped' || status === 'failed') this.forgetOpening();
      }),
      engine.onRestart(() => void this.reopen().catch(() => undefined)),
    );
  }

  get state(): SpaceState {
    return this.currentState;
  }

  /** Whether the engine holds the space of this window now: what is only worth telling then opens nothing. */
  get isOpen(): boolean {
    return this.spaceId !== undefined && this.opening !== undefined;
  }

  /** False until it is known whether anything of this workspace is indexed. */
  get isKnown(): boolean {
    return this.spaceId !== undefined || this.nothingStored;
  }

  /** One sentence for people, when the space could not be opened. */
  get problem(): string | undefined {
    return this.currentProblem;
  }

  get folders(): FolderToOpen[] {
    return this.options.readFolders();
  }

  /** True once an index exists: what is on the disk may then be followed. */
  get isIndexed(): boolean {
    return this.currentState.phase !== 'none';
  }

  /** Opens the space if any index was ever stored; a window that never indexed anything starts no engine. */
  async openIfStored(): Promise<void> {
    const stored = await fs.readdir(path.join(this.options.storageFolder, 'indexes')).catch(() => []);
    if (stored.length > 0 && this.folders.length > 0) {
      await this.open();
      return;
    }
    this.nothingStored = true;
    this.changeEmitter.fire();
  }

  /** The id of the space, opened when it isn't yet. */
  open(): Promise<string> {
    this.wasOpened = true;
    if (!this.opening) {
      const opening = this.openNow(this.generation);
      this.opening = opening;
      opening.catch((error: unknown) => {
        if (this.opening === opening) this.opening = undefined;
        if (!this.disposed && !isCancelled(error)) this.setProblem(messageOf(error));
      });
    }
    return this.opening;
  }

  /** Opens the space anew: its folders, their settings or the engine changed. Does nothing to a space never used. */
  async reopen(): Promise<void> {
    if (!this.wasOpened) return;
    this.forgetOpening();
    await this.open();
  }

  /** @throws what the engine's client throws; opens the space first where needed. */
  async request<M extends SpaceMethod>(
    method: M,
    params: SpaceParams<M>,
    signal?: AbortSignal,
  ): Promise<EngineResult<M>> {
    const spaceId = await this.open();
    return this.options.engine.request(method, { ...params, spaceId }, signal);
  }

  /** Counts what would be indexed. */
  estimate(signal?: AbortSignal): Promise<IndexEstimate> {
    return this.options.engine.request('estimate', { folders: this.folders }, signal);
  }

  /**
   * Brings the index up to date with the disk, going on by itself when the engine dies in it. A background refresh joins
   * a run that is under way; what the person starts is always sent, as it may index folders that never were.
   */
  async index(startedByPerson: boolean): Promise<IndexReport> {
    if (this.indexing && !startedByPerson) return this.indexing;
    if (startedByPerson) await this.options.memento.update(stoppedByPersonKey, undefined);
    const run = this.runIndexing(startedByPerson);
    this.indexing = run;
    try {
      return await run;
    } finally {
      if (this.indexing === run) this.indexing = undefined;
    }
  }

  /** Stops at once and stays so, over reloads, until it is resumed or the person indexes again. */
  async pauseIndexing(): Promise<void> {
    await this.request('pauseIndexing', {});
  }

  async resumeIndexing(): Promise<void> {
    await this.options.memento.update(stoppedByPersonKey, undefined);
    await this.request('resumeIndexing', {});
  }

  async stopIndexing(): Promise<void> {
    await this.options.memento.update(stoppedByPersonKey, true);
    await this.request('stopIndexing', {});
  }

  dispose(): void {
    this.disposed = true;
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private async openNow(generation: number): Promise<string> {
    const previous = this.spaceId;
    const opened = await this.options.engine.request('openSpace', {
      folders: this.folders,
      refresh: this.options.keepCurrent(),
    });
    // Folders or settings changed meanwhile: what was opened is no longer what this window shows.
    if (generation !== this.generation) return this.open();
    if (previous !== undefined && previous !== opened.spaceId) this.options.engine.forgetSpace(previous);
    this.spaceId = opened.spaceId;
    const early = this.earlyState;
    this.earlyState = undefined;
    this.currentProblem = undefined;
    this.currentState = early?.spaceId === opened.spaceId ? early.state : opened.state;
    this.openEmitter.fire();
    this.changeEmitter.fire();
    this.mapEmitter.fire();
    this.warningsEmitter.fire();
    if (this.isIndexed && this.options.keepCurrent() && !this.options.memento.get(stoppedByPersonKey)) this.refresh();
    return opened.spaceId;
  }

  /** Catches up with what happened on the disk while nobody watched, and with a run that was interrupted. */
  private refresh(): void {
    this.index(false).catch((error: unknown) => {
      if (!isCancelled(error) && !this.disposed)
        this.options.log.warn(`The index was not brought up to date: ${messageOf(error)}`);
    });
  }

  private async runIndexing(startedByPerson: boolean): Promise<IndexReport> {
    for (let deaths = 0; ;) {
      try {
        return await this.request('index', { startedByPerson });
      } catch (error) {
        if (!isEngineDeath(error) || this.disposed || ++deaths > engineDeathsAllowed) throw error;
        this.options.log.warn('The engine died while it indexed; the run goes on with the next engine.');
      }
    }
  }

  private forgetOpening(): void {
    this.generation++;
    this.opening = undefined;
  }

  private setProblem(message: string): void {
    this.currentProblem = message;
    this.options.log.error(message);
    this.changeEmitter.fire();
  }

  private onEngineEvent(event: EngineEvent): void {
    if (event.type !== 'state' && event.type !== 'map' && event.type !== 'warnings') return;
    if (event.spaceId !== this.spaceId) {
      if (event.type === 'state') this.earlyState = { spaceId: event.spaceId, state: event.state };
      return;
    }
    if (event.type === 'map') this.mapEmitter.fire();
    else if (event.type === 'warnings') this.warningsEmitter.fire();
    else {
      this.currentState = event.state;
      this.changeEmitter.fire();
    }
  }
}
