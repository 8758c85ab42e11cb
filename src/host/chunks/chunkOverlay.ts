import * as vscode from 'vscode';
import type { DocumentChunks } from '../../shared/chunking';
import { isCancelled, messageOf, type Engine } from '../engine';
import { readChunking } from '../space/folderSettings';
import { pathInFolder } from '../space/pathInFolder';
import type { SpaceController } from '../space/spaceController';
import { chunkMarks, createChunkDecorations, noMarks, type ChunkMark, type ChunkMarks } from './chunkDecorations';
import { chunksSummary } from './chunkLabels';

/** Menus ask for it: which of Show and Hide is offered. */
const contextKey = 'latentLens.chunksShown';
/** After the last key: short enough to feel at once, long enough not to cut for every letter. */
const typingPauseMs = 200;
/** What stands in output channels, input boxes and diffs of git is nobody's document to chunk. */
const shownSchemes = new Set(['file', 'untitled', 'vscode-notebook-cell', 'vscode-userdata', 'vscode-remote']);

interface Shown {
  version: number;
  result: DocumentChunks;
}

/**
 * Show Chunks: while it is on, every visible editor shows where its document is cut and how many tokens each chunk has, by
 * the chunking settings of its folder. It follows the text as it is typed; nothing needs to be saved or indexed.
 */
export class ChunkOverlay implements vscode.Disposable {
  private isOn = false;
  private readonly decorations = createChunkDecorations();
  private readonly status = vscode.window.createStatusBarItem('latentLens.chunks', vscode.StatusBarAlignment.Right, 90);
  private readonly shown = new Map<vscode.TextDocument, Shown>();
  private readonly failed = new Map<vscode.TextDocument, string>();
  private readonly waiting = new Map<vscode.TextDocument, NodeJS.Timeout>();
  private readonly asking = new Map<vscode.TextDocument, AbortController>();
  private readonly subscriptions: vscode.Disposable[] = [];

  constructor(
    private readonly engine: Pick<Engine, 'request'>,
    private readonly space: Pick<SpaceController, 'isOpen' | 'isIndexed' | 'open'>,
  ) {
    this.status.name = 'Latent Lens: Chunks';
    this.status.command = 'latentLens.hideChunks';
  }

  /** Whether chunks are shown. */
  get isShown(): boolean {
    return this.isOn;
  }

  /** What is drawn in a document; undefined while nothing is. */
  marksOf(document: vscode.TextDocument): ChunkMarks | undefined {
    const shown = this.shown.get(document);
    return shown?.version === document.version ? chunkMarks(document, shown.result) : undefined;
  }

  get statusText(): string {
    return this.status.text;
  }

  /** Resolves when the visible editors show their chunks. @throws what the engine says of the active document */
  async show(): Promise<void> {
    if (!this.isOn) {
      this.isOn = true;
      await vscode.commands.executeCommand('setContext', contextKey, true);
      this.subscriptions.push(
        vscode.window.onDidChangeVisibleTextEditors(() => this.cutVisible()),
        vscode.window.onDidChangeActiveTextEditor(() => this.tellStatus()),
        vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
          if (contentChanges.length > 0 && this.editorsOf(document).length > 0) this.cutSoon(document);
        }),
        vscode.workspace.onDidCloseTextDocument((document) => this.forget(document)),
        vscode.workspace.onDidChangeConfiguration((event) => {
          if (event.affectsConfiguration('latentLens.chunking')) this.cutVisible(true);
        }),
      );
    }
    this.tellStatus();
    const documents = new Set(vscode.window.visibleTextEditors.map(({ document }) => document));
    await Promise.all([...documents].filter(isDocument).map((document) => this.cut(document)));
    const active = vscode.window.activeTextEditor?.document;
    const problem = active && this.failed.get(active);
    if (problem !== undefined) throw new Error(problem);
  }

  async hide(): Promise<void> {
    this.isOn = false;
    for (const subscription of this.subscriptions.splice(0)) subscription.dispose();
    for (const document of [...this.shown.keys(), ...this.waiting.keys(), ...this.asking.keys()]) this.forget(document);
    for (const editor of vscode.window.visibleTextEditors) this.draw(editor, noMarks());
    this.failed.clear();
    this.status.hide();
    await vscode.commands.executeCommand('setContext', contextKey, false);
  }

  dispose(): void {
    void this.hide();
    this.status.dispose();
    for (const decoration of Object.values(this.decorations)) decoration.dispose();
  }

  private editorsOf(document: vscode.TextDocument): vscode.TextEditor[] {
    return vscode.window.visibleTextEditors.filter((editor) => editor.document === document);
  }

  private cutVisible(again = false): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const { document } = editor;
      const marks = again ? undefined : this.marksOf(document);
      if (marks) this.draw(editor, marks);
      else if (isDocument(document) && (again || !this.asking.has(document))) void this.cut(document);
    }
    this.tellStatus();
  }

  private cutSoon(document: vscode.TextDocument): void {
    clearTimeout(this.waiting.get(document));
    this.waiting.set(
      document,
      setTimeout(() => void this.cut(document), typingPauseMs),
    );
  }

  private async cut(document: vscode.TextDocument): Promise<void> {
    clearTimeout(this.waiting.get(document));
    this.waiting.delete(document);
    this.asking.get(document)?.abort();
    const controller = new AbortController();
    this.asking.set(document, controller);
    const { version } = document;
    try {
      const result = await this.engine.request('chunks', await this.question(document), controller.signal);
      // Whoever typed meanwhile asks again in a moment.
      if (controller.signal.aborted || !this.isOn || document.version !== version) return;
      this.shown.set(document, { version, result });
      this.failed.delete(document);
      for (const editor of this.editorsOf(document)) this.draw(editor, chunkMarks(document, result));
    } catch (error) {
      if (isCancelled(error) || controller.signal.aborted || !this.isOn) return;
      this.forget(document);
      this.failed.set(document, messageOf(error));
      for (const editor of this.editorsOf(document)) this.draw(editor, noMarks());
    } finally {
      if (this.asking.get(document) === controller) this.asking.delete(document);
      if (this.isOn) this.tellStatus();
    }
  }

  private async question(document: vscode.TextDocument): Promise<Parameters<typeof this.engine.request<'chunks'>>[1]> {
    const { uri, languageId } = document;
    const file = pathInFolder(uri);
    // An index that is open keeps its chunks through an edit; one that is not is not opened for a look.
    const spaceId = file && this.space.isOpen && this.space.isIndexed ? await this.space.open() : undefined;
    return {
      text: document.getText(),
      name: uri.scheme === 'file' ? uri.path : undefined,
      languageId,
      settings: readChunking(document),
      place: file && spaceId !== undefined ? { spaceId, ...file } : undefined,
    };
  }

  private draw(editor: vscode.TextEditor, marks: ChunkMarks): void {
    for (const [name, options] of Object.entries(marks))
      editor.setDecorations(this.decorations[name as ChunkMark], options);
  }

  private forget(document: vscode.TextDocument): void {
    clearTimeout(this.waiting.get(document));
    this.waiting.delete(document);
    this.asking.get(document)?.abort();
    this.asking.delete(document);
    this.shown.delete(document);
    this.failed.delete(document);
  }

  private tellStatus(): void {
    const document = vscode.window.activeTextEditor?.document;
    const problem = document && this.failed.get(document);
    const shown = document && this.shown.get(document);
    this.status.tooltip =
      problem ?? `Chunks of this document, cut by ${readChunking(document).chunker}. Press to hide them.`;
    if (problem !== undefined) this.status.text = '$(warning) Chunks';
    else if (shown) this.status.text = `$(list-flat) ${chunksSummary(shown.result)}`;
    else this.status.text = document && this.asking.has(document) ? '$(loading~spin) Chunks' : '$(list-flat) Chunks';
    this.status.show();
  }
}

function isDocument({ uri }: vscode.TextDocument): boolean {
  return shownSchemes.has(uri.scheme);
}
