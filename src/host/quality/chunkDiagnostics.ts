import * as vscode from 'vscode';
import { qualityKinds, qualityKindsOnByDefault, type ChunkWarning, type QualityKind } from '../../shared/chunkQuality';
import type { Warning } from '../../shared/space';
import { isCancelled, messageOf } from '../engine';
import { followEdits, followOffset, type FollowedRange } from '../places/followEdits';
import { locatePassage } from '../places/followedPassages';
import { editsOf, placeUri } from '../places/placeTracker';
import { pathInFolder } from '../space/pathInFolder';
import type { SpaceController } from '../space/spaceController';
import { LiveJudge } from './liveJudge';
import { codeOf, diagnosticSource, firstSentenceLength, kindSettings, messageFor } from './warningText';

export type ProblemsMode = 'off' | 'openFiles' | 'workspace';

/** A warning where its text lies now in a document. */
export interface FlaggedPassage {
  warning: ChunkWarning;
  range: FollowedRange;
  /** Offset of the cut in the document; undefined for kinds without one. */
  cut: number | undefined;
}

interface OpenFile {
  document: vscode.TextDocument;
  /** What the index says, followed through edits. */
  passages: FlaggedPassage[];
  /** What was found in the text as it is typed, in place of the mixed topics of the index. */
  live: FlaggedPassage[] | undefined;
}

/** By then the editor has said whether a change made its document dirty. */
const dirtyKnownMs = 250;

const settings = ['latentLens.mixedTopics.problems', 'latentLens.quality'];

/**
 * Warnings of chunks in the Problems view, at the line of the cut. In open documents they follow every edit, and
 * what is typed is judged before it is saved.
 */
export class ChunkDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('latentLens');
  /** Warnings by document, as the engine told them last. */
  private warnings = new Map<string, ChunkWarning[]>();
  private readonly openFiles = new Map<string, OpenFile>();
  private readonly settling = new Map<vscode.TextDocument, NodeJS.Timeout>();
  private readonly changeEmitter = new vscode.EventEmitter<vscode.TextDocument>();
  private readonly live: LiveJudge;
  private readonly disposables: vscode.Disposable[];
  private asked = 0;
  /** The warnings of an open document are others, or elsewhere. */
  readonly onDidChange = this.changeEmitter.event;

  constructor(
    private readonly space: Pick<SpaceController, 'request' | 'onDidChangeWarnings' | 'isIndexed'>,
    private readonly log: Pick<vscode.LogOutputChannel, 'warn'>,
    /** A page that explains the kinds, one heading a kind. */
    private readonly help?: vscode.Uri,
  ) {
    this.live = new LiveJudge(space, log, (document, warnings) => this.showLive(document, warnings));
    this.disposables = [
      this.collection,
      this.changeEmitter,
      this.live,
      space.onDidChangeWarnings(() => void this.refresh()),
      vscode.workspace.onDidOpenTextDocument((document) => {
        this.openDocument(document);
        void this.addOthers(document);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.closeDocument(document)),
      vscode.workspace.onDidChangeTextDocument((event) => this.followDocument(event)),
      // A document may outlive its tab by minutes.
      vscode.window.tabGroups.onDidChangeTabs(({ opened, closed }) => {
        if (opened.length + closed.length > 0) for (const uri of this.openFiles.keys()) this.showOpen(uri);
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (settings.some((setting) => event.affectsConfiguration(setting))) void this.refresh();
      }),
    ];
  }

  /** Asks for the warnings of the whole space and shows those that the settings ask for. */
  async refresh(): Promise<void> {
    const mode = problemsMode();
    const question = ++this.asked;
    let warnings: ChunkWarning[] = [];
    try {
      if (mode !== 'off' && this.space.isIndexed) {
        const [mixed, others] = await Promise.all([this.space.request('warnings', {}), this.askOthers(mode)]);
        warnings = [...mixed, ...others];
      }
    } catch (error) {
      if (!isCancelled(error)) this.log.warn(`The warnings of chunks were not updated: ${messageOf(error)}`);
      return;
    }
    if (question !== this.asked) return;
    this.warnings = byDocument(warnings);
    const typed = new Map([...this.openFiles].filter(([, { document }]) => document.isDirty));
    this.openFiles.clear();
    this.collection.clear();
    if (mode === 'workspace') for (const uri of this.warnings.keys()) this.showClosed(uri);
    for (const document of vscode.workspace.textDocuments)
      this.openDocument(document, typed.get(document.uri.toString())?.live);
    if (mode !== 'off') for (const { document } of typed.values()) this.live.judgeSoon(document);
    for (const { document } of typed.values()) this.changeEmitter.fire(document);
  }

  /** Other kinds: of what is shown alone, as they are looked for when they are asked for. */
  private async askOthers(mode: ProblemsMode, documents = vscode.workspace.textDocuments): Promise<ChunkWarning[]> {
    const kinds = switchedOnKinds();
    if (kinds.length === 0) return [];
    if (mode === 'workspace') return this.space.request('quality', { kinds });
    const files = documents.flatMap((document) => pathInFolder(document.uri) ?? []);
    const found = await Promise.all(files.map((file) => this.space.request('quality', { kinds, ...file })));
    return found.flat();
  }

  /** A document that was opened since the warnings were asked for has other kinds, too. */
  private async addOthers(document: vscode.TextDocument): Promise<void> {
    if (problemsMode() !== 'openFiles' || !this.space.isIndexed || !pathInFolder(document.uri)) return;
    const question = this.asked;
    try {
      const others = await this.askOthers('openFiles', [document]);
      const uri = document.uri.toString();
      if (question !== this.asked || others.length === 0 || document.isClosed) return;
      const mixed = (this.warnings.get(uri) ?? []).filter(({ kind }) => kind === 'mixed-topics');
      this.warnings.set(uri, [...mixed, ...others]);
      this.openDocument(document, this.openFiles.get(uri)?.live);
    } catch (error) {
      if (!isCancelled(error)) this.log.warn(`The warnings of chunks were not updated: ${messageOf(error)}`);
    }
  }

  /** Warnings of an open document where they lie now. */
  passagesOf(document: vscode.TextDocument): readonly FlaggedPassage[] {
    const file = this.openFiles.get(document.uri.toString());
    return file === undefined || problemsMode() === 'off' ? [] : shownOf(file);
  }

  /** Where the editor underlines a warning. */
  rangeOf(document: vscode.TextDocument, passage: FlaggedPassage): vscode.Range {
    return markedRange(document, passage);
  }

  /** The warning that a diagnostic of ours is about; the editor hands out copies, so they are told by content. */
  passageOf(document: vscode.TextDocument, diagnostic: vscode.Diagnostic): FlaggedPassage | undefined {
    if (codeOf(diagnostic) === undefined) return undefined;
    return this.passagesOf(document).find(
      (passage) =>
        messageFor(passage.warning) === diagnostic.message &&
        markedRange(document, passage).start.line === diagnostic.range.start.line,
    );
  }

  dispose(): void {
    for (const timer of this.settling.values()) clearTimeout(timer);
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private openDocument(document: vscode.TextDocument, live?: FlaggedPassage[]): void {
    const uri = document.uri.toString();
    const warnings = this.warnings.get(uri) ?? [];
    if ((warnings.length === 0 && live === undefined) || document.uri.scheme !== 'file') return;
    const text = document.getText();
    const passages: FlaggedPassage[] = [];
    for (const warning of warnings) {
      const { chunkId, start, end } = warning.place;
      // Text that was extracted from markup can't be searched for in the source.
      const range = warning.place.extracted
        ? document.isDirty
          ? undefined
          : { start, end }
        : locatePassage({ chunkId, start, end, text: warning.text }, text);
      if (!range) continue;
      passages.push({
        warning,
        range: { ...range, touched: false },
        cut: warning.kind === 'mixed-topics' ? range.start + warning.mixed.cut - start : undefined,
      });
    }
    this.openFiles.set(uri, { document, passages, live });
    this.showOpen(uri);
  }

  private closeDocument(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    this.live.forget(document);
    if (!this.openFiles.delete(uri)) return;
    if (problemsMode() === 'workspace') this.showClosed(uri);
    else this.collection.delete(document.uri);
  }

  private followDocument(event: vscode.TextDocumentChangeEvent): void {
    const { document } = event;
    if (event.contentChanges.length === 0) {
      // Saved, or undone to what was saved.
      if (!document.isDirty) this.settle(document);
      return;
    }
    this.settleSoon(document);
    if (problemsMode() !== 'off') this.live.judgeSoon(document);
    const file = this.openFiles.get(document.uri.toString());
    if (!file) return;
    const edits = editsOf(event);
    const follow = (passages: FlaggedPassage[]): FlaggedPassage[] =>
      passages.flatMap((passage) => {
        const range = followEdits(passage.range, edits);
        const cut = passage.cut === undefined ? undefined : followOffset(passage.cut, edits);
        return range ? [{ ...passage, range, cut }] : [];
      });
    file.passages = follow(file.passages);
    file.live = file.live && follow(file.live);
    this.showOpen(document.uri.toString());
  }

  /** The editor says that a document is dirty after it tells of the change: one that was read again from the disk never is. */
  private settleSoon(document: vscode.TextDocument): void {
    clearTimeout(this.settling.get(document));
    this.settling.set(
      document,
      setTimeout(() => {
        this.settling.delete(document);
        if (!document.isDirty && !document.isClosed) this.settle(document);
      }, dirtyKnownMs),
    );
  }

  /** The document is as it lies on the disk: the index speaks again. */
  private settle(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    this.live.forget(document);
    if (this.openFiles.has(uri)) {
      this.openFiles.set(uri, { document, passages: [], live: undefined });
      this.showOpen(uri);
    }
    if (problemsMode() !== 'off') this.openDocument(document);
  }

  /** What is typed takes the place of what the index holds, until it is saved and indexed. */
  private showLive(document: vscode.TextDocument, warnings: Warning[]): void {
    const uri = document.uri.toString();
    const live = warnings.map((warning): FlaggedPassage => {
      const { start, end } = warning.place;
      return { warning, range: { start, end, touched: false }, cut: warning.mixed.cut };
    });
    const file = this.openFiles.get(uri);
    if (file) file.live = live;
    else if (live.length > 0) this.openFiles.set(uri, { document, passages: [], live });
    this.showOpen(uri);
  }

  private showOpen(uri: string): void {
    const file = this.openFiles.get(uri);
    if (!file) return;
    const { document } = file;
    if (problemsMode() === 'openFiles' && !hasTab(uri)) this.collection.delete(document.uri);
    else {
      const diagnostics = shownOf(file).map((passage) =>
        this.diagnosticFor(passage.warning, markedRange(document, passage)),
      );
      this.collection.set(document.uri, diagnostics);
    }
    this.changeEmitter.fire(document);
  }

  private showClosed(uri: string): void {
    const diagnostics = (this.warnings.get(uri) ?? []).map((warning) =>
      this.diagnosticFor(warning, closedRange(warning)),
    );
    this.collection.set(vscode.Uri.parse(uri, true), diagnostics);
  }

  private diagnosticFor(warning: ChunkWarning, range: vscode.Range): vscode.Diagnostic {
    const diagnostic = new vscode.Diagnostic(range, messageFor(warning), vscode.DiagnosticSeverity.Information);
    diagnostic.source = diagnosticSource;
    diagnostic.code =
      this.help === undefined
        ? warning.kind
        : { value: warning.kind, target: this.help.with({ fragment: warning.kind }) };
    return diagnostic;
  }
}

function shownOf({ passages, live }: OpenFile): FlaggedPassage[] {
  return live === undefined ? passages : [...passages.filter(({ cut }) => cut === undefined), ...live];
}

function byDocument(warnings: ChunkWarning[]): Map<string, ChunkWarning[]> {
  const groups = new Map<string, ChunkWarning[]>();
  for (const warning of warnings) {
    // Lines of a cell are no lines of the notebook's file; the panel lists them.
    if (warning.place.cell !== undefined) continue;
    const uri = placeUri(warning.place).toString();
    const group = groups.get(uri);
    if (group) group.push(warning);
    else groups.set(uri, [warning]);
  }
  return groups;
}

function hasTab(uri: string): boolean {
  return vscode.window.tabGroups.all.some((group) =>
    group.tabs.some(({ input }) => {
      if (input instanceof vscode.TabInputText) return input.uri.toString() === uri;
      return input instanceof vscode.TabInputTextDiff && input.modified.toString() === uri;
    }),
  );
}

/** The first sentence of the second part: a paragraph is often one line, so the line alone says little. */
function markedRange(document: vscode.TextDocument, { cut, range }: FlaggedPassage): vscode.Range {
  const start = document.positionAt(Math.min(Math.max(cut ?? range.start, range.start), range.end));
  const rest = document.lineAt(start.line).text.slice(start.character);
  return new vscode.Range(start, start.translate(0, firstSentenceLength(rest)));
}

/** The same where the document is closed, from the text as it was indexed. */
function closedRange(warning: ChunkWarning): vscode.Range {
  const { place, text } = warning;
  const mixed = warning.kind === 'mixed-topics' ? warning.mixed : undefined;
  const line = mixed?.cutLine ?? place.startLine;
  if (place.extracted) return new vscode.Range(line, 0, line, 0);
  const before = text.slice(0, (mixed?.cut ?? place.start) - place.start);
  // Where the chunk begins in its line is not known without the document.
  const start = new vscode.Position(line, before.length - (before.lastIndexOf('\n') + 1));
  const rest = text.slice(before.length).split(/\r?\n/, 1)[0] ?? '';
  return new vscode.Range(start, start.translate(0, firstSentenceLength(rest)));
}

function problemsMode(): ProblemsMode {
  return vscode.workspace.getConfiguration('latentLens.mixedTopics').get<ProblemsMode>('problems', 'openFiles');
}

function switchedOnKinds(): QualityKind[] {
  const quality = vscode.workspace.getConfiguration('latentLens.quality');
  return qualityKinds.filter((kind) =>
    quality.get<boolean>(kindSettings[kind], qualityKindsOnByDefault.includes(kind)),
  );
}
