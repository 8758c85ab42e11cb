import * as vscode from 'vscode';
import type { HostToWebview, PanelStatus } from '../../shared/hostWebview';
import type { IndexEstimate } from '../../shared/indexing';
import type { SearchResults, SelectionDetail } from '../../shared/space';
import { isCancelled, messageOf } from '../engine';
import type { EngineMonitor } from '../engineMonitor';
import type { ChunkOpener } from '../places/chunkOpener';
import type { PlaceTracker } from '../places/placeTracker';
import { virtualFolders } from '../space/folderSettings';
import type { SpaceController } from '../space/spaceController';
import { panelHtml, panelResourceRoots } from './panelHtml';
import { neighborsShown, PanelMessages, searchLimit } from './panelMessages';

const panelStateKey = 'latentLens.panelState';

export interface MapPanelOptions {
  extensionUri: vscode.Uri;
  space: SpaceController;
  engine: EngineMonitor;
  opener: ChunkOpener;
  tracker: PlaceTracker;
  log: vscode.LogOutputChannel;
  /** Keeps what the panel shows while it is closed. */
  memento: vscode.Memento;
}

export interface DrawnMap {
  points: number;
  renderer: 'webgl2' | 'canvas2d';
}

/**
 * The panel with the latent map: at most one a window. What it shows lives here and in the engine, so that hiding,
 * closing and reloading lose nothing: each time its page says `ready` it gets the full state.
 */
export class MapPanel implements vscode.WebviewPanelSerializer, vscode.Disposable {
  static readonly viewType = 'latentLens.map';

  private panel: vscode.WebviewPanel | undefined;
  /** Whether the page listens: a hidden page is gone, and what is posted to it is lost. */
  private isReady = false;
  private selection: { detail: SelectionDetail | null; pending: boolean } = { detail: null, pending: false };
  private results: SearchResults | undefined;
  private reveal: number | undefined;
  /** A map is being fetched; `stale` when it changed meanwhile, which is often while an index grows. */
  private mapOnItsWay: 'no' | 'yes' | 'stale' = 'no';
  private estimate: IndexEstimate | 'counting' | undefined;
  private estimating: AbortController | undefined;
  private estimateProblem: string | undefined;
  private readonly drawnEmitter = new vscode.EventEmitter<DrawnMap>();
  private readonly messages: PanelMessages;
  private readonly disposables: vscode.Disposable[];
  /** The page has drawn its map. */
  readonly onDidDraw = this.drawnEmitter.event;

  constructor(private readonly options: MapPanelOptions) {
    const { space, engine, opener, tracker, log, memento } = options;
    this.messages = new PanelMessages({
      space,
      opener,
      tracker,
      log,
      post: (message) => this.post(message),
      editorColumn: () => this.editorColumn(),
      onReady: () => void this.sendEverything(),
      onDrawn: (points, renderer) => this.drawnEmitter.fire({ points, renderer }),
      onClearSelection: () => (this.selection = { detail: null, pending: false }),
      onResults: (results) => (this.results = results),
      onRetry: () => void this.retry(),
      onState: (state) => void memento.update(panelStateKey, state),
    });
    this.disposables = [
      this.drawnEmitter,
      space.onDidOpen(() => void this.askAgain()),
      space.onDidChange(() => this.sendStatus()),
      engine.onDidChange(() => this.sendStatus()),
      space.onDidChangeMap(() => void this.sendMap()),
      space.onDidChangeWarnings(() => void this.sendWarnings()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => void this.count()),
      vscode.window.registerWebviewPanelSerializer(MapPanel.viewType, this),
    ];
  }

  /**
   * Shows the panel; a new one beside the text that somebody works on, if there is one. With `besideText` one that is
   * hidden behind that text moves beside it too.
   */
  show(options: { preserveFocus?: boolean; besideText?: boolean } = {}): void {
    const text = vscode.window.activeTextEditor;
    if (this.panel) {
      const coversText = options.besideText && !this.panel.visible && text?.viewColumn === this.panel.viewColumn;
      this.panel.reveal(coversText ? vscode.ViewColumn.Beside : undefined, options.preserveFocus);
      return;
    }
    const viewColumn = text ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    const panel = vscode.window.createWebviewPanel(
      MapPanel.viewType,
      'Latent Map',
      { viewColumn, preserveFocus: options.preserveFocus },
      this.webviewOptions(),
    );
    this.adopt(panel);
  }

  /** Marks a selection on the map of a panel that is shown; `null` with `pending` while it is embedded. */
  showSelection(detail: SelectionDetail | null, pending: boolean): void {
    this.selection = { detail, pending };
    if (detail) this.options.tracker.show(detail.neighbors);
    this.post({ type: 'selection', selection: detail, pending });
  }

  showResults(results: SearchResults): void {
    this.results = results;
    this.options.tracker.show(results.hits);
    this.show({ besideText: true });
    this.post({ type: 'results', results });
  }

  /** Selects a point as if it was clicked. */
  revealPoint(point: number): void {
    this.show({ besideText: true, preserveFocus: true });
    if (this.isReady) this.post({ type: 'reveal', point });
    else this.reveal = point;
  }

  get isOpen(): boolean {
    return this.panel !== undefined;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    if (this.panel) {
      panel.dispose();
      return;
    }
    panel.webview.options = this.webviewOptions();
    this.adopt(panel);
  }

  dispose(): void {
    this.estimating?.abort();
    this.panel?.dispose();
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private webviewOptions(): vscode.WebviewOptions {
    return { enableScripts: true, localResourceRoots: panelResourceRoots(this.options.extensionUri) };
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel = panel;
    this.isReady = false;
    const icon = (name: string): vscode.Uri => vscode.Uri.joinPath(this.options.extensionUri, 'media', name);
    panel.iconPath = { light: icon('icon-tab-light.svg'), dark: icon('icon-tab-dark.svg') };
    panel.webview.onDidReceiveMessage((message: unknown) => void this.messages.receive(message));
    panel.onDidChangeViewState(() => {
      if (!panel.visible) this.isReady = false;
    });
    panel.onDidDispose(() => {
      if (this.panel !== panel) return;
      this.panel = undefined;
      this.isReady = false;
      this.estimating?.abort();
    });
    const state = this.options.memento.get<string>(panelStateKey);
    panel.webview.html = panelHtml(panel.webview, this.options.extensionUri, state);
    // The space opens while the page loads; without a folder there is none, and no engine is needed to say so.
    if (this.options.space.folders.length > 0) this.options.space.open().catch(() => undefined);
  }

  private post(message: HostToWebview): void {
    if (this.isReady) void this.panel?.webview.postMessage(message);
  }

  private async sendEverything(): Promise<void> {
    this.isReady = true;
    this.sendStatus();
    if (this.options.space.folders.length === 0) return;
    await Promise.all([this.sendMap(), this.sendWarnings(), this.options.engine.refresh()]);
    if (this.selection.detail || this.selection.pending) {
      this.post({ type: 'selection', selection: this.selection.detail, pending: this.selection.pending });
    }
    if (this.results) this.post({ type: 'results', results: this.results });
    if (this.reveal !== undefined) this.post({ type: 'reveal', point: this.reveal });
    this.reveal = undefined;
    await this.count();
  }

  private sendStatus(): void {
    const { space, engine } = this.options;
    const status: PanelStatus = {
      folders: space.folders.map(({ folder }) => folder.name),
      virtualFolders: virtualFolders().map(({ name }) => name),
      state: space.state,
      engine: engine.info,
      estimate: space.isIndexed ? undefined : this.estimate,
      problem: this.problem(),
    };
    this.post({ type: 'status', status });
  }

  private problem(): PanelStatus['problem'] {
    const { space, engine } = this.options;
    if (engine.status === 'failed') {
      return { message: engine.detail ?? 'The engine could not be started.', action: 'retry' };
    }
    const message = space.problem ?? this.estimateProblem;
    if (message !== undefined) return { message, action: 'retry' };
    return space.state.error === undefined ? undefined : { message: space.state.error, action: 'show-log' };
  }

  private async sendMap(): Promise<void> {
    if (!this.isReady) return;
    if (this.mapOnItsWay !== 'no') {
      this.mapOnItsWay = 'stale';
      return;
    }
    this.mapOnItsWay = 'yes';
    const map = await this.ask(() => this.options.space.request('map', {}));
    const isStale = (this.mapOnItsWay as string) === 'stale';
    this.mapOnItsWay = 'no';
    if (map !== undefined) this.post({ type: 'map', map });
    if (isStale) await this.sendMap();
  }

  private async sendWarnings(): Promise<void> {
    if (!this.isReady) return;
    const warnings = await this.ask(() => this.options.space.request('warnings', {}));
    if (!warnings) return;
    this.options.tracker.show(warnings);
    this.post({ type: 'warnings', warnings });
  }

  /** Undefined when it failed: the status says why. */
  private async ask<T>(request: () => Promise<T>): Promise<T | undefined> {
    try {
      return await request();
    } catch (error) {
      if (!isCancelled(error)) this.options.log.warn(`The panel was not updated: ${messageOf(error)}`);
      this.sendStatus();
      return undefined;
    }
  }

  /** Lists hold ids of chunks, which have changed: the same questions are asked again. */
  private async askAgain(): Promise<void> {
    const { results, selection } = this;
    this.options.tracker.clear();
    if (results) {
      const again = await this.ask(() =>
        this.options.space.request('search', { query: results.query, limit: searchLimit }),
      );
      if (again && this.results === results) {
        this.results = again;
        this.options.tracker.show(again.hits);
        this.post({ type: 'results', results: again });
      }
    }
    if (selection.detail) {
      const { title, text, neighbors } = selection.detail;
      const again = await this.ask(() =>
        this.options.space.request('embedSelection', {
          title,
          text,
          languageId: '',
          neighbors: neighbors.length || neighborsShown,
        }),
      );
      if (again && this.selection === selection) this.showSelection(again, false);
    }
  }

  /** Counts what would be indexed, while nothing is and somebody looks. */
  private async count(): Promise<void> {
    const { space } = this.options;
    this.estimating?.abort();
    if (space.folders.length === 0) return;
    await space.open().catch(() => undefined);
    if (!this.isReady || space.isIndexed || space.problem !== undefined) return;
    const controller = new AbortController();
    this.estimating = controller;
    this.estimate = 'counting';
    this.estimateProblem = undefined;
    this.sendStatus();
    try {
      this.estimate = await space.estimate(controller.signal);
    } catch (error) {
      this.estimate = undefined;
      if (!isCancelled(error)) this.estimateProblem = `The files could not be counted: ${messageOf(error)}`;
    }
    if (this.estimating === controller) this.sendStatus();
  }

  private async retry(): Promise<void> {
    this.estimateProblem = undefined;
    await this.ask(() => this.options.space.open());
    if (this.isReady) await this.sendEverything();
  }

  /** The group beside the panel that already shows text, else a new one. */
  private editorColumn(): vscode.ViewColumn {
    const own = this.panel?.viewColumn;
    const shown = vscode.window.visibleTextEditors.find(
      ({ viewColumn }) => viewColumn !== undefined && viewColumn !== own,
    );
    const other = vscode.window.tabGroups.all.find(({ viewColumn }) => viewColumn !== own);
    return shown?.viewColumn ?? other?.viewColumn ?? vscode.ViewColumn.Beside;
  }
}
