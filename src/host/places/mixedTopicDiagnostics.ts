import * as vscode from 'vscode';
import type { Warning } from '../../shared/space';
import { isCancelled, messageOf } from '../engine';
import type { SpaceController } from '../space/spaceController';
import { followEdits, followOffset, type FollowedRange } from './followEdits';
import { locatePassage } from './followedPassages';
import { editsOf, placeUri } from './placeTracker';

export type ProblemsMode = 'off' | 'openFiles' | 'workspace';

export const diagnosticSource = 'Latent Lens';
export const mixedTopicsCode = 'mixed-topics';
const settingName = 'latentLens.mixedTopics.problems';

interface FlaggedPassage {
  warning: Warning;
  range: FollowedRange;
  cut: number;
}

interface OpenFile {
  document: vscode.TextDocument;
  passages: FlaggedPassage[];
}

/** Mixed-topic chunks in the Problems view, at the line of the cut; in open documents they follow every edit. */
export class MixedTopicDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('latentLens');
  /** Warnings by document, as the engine told them last. */
  private warnings = new Map<string, Warning[]>();
  private readonly openFiles = new Map<string, OpenFile>();
  private readonly disposables: vscode.Disposable[];
  private asked = 0;

  constructor(
    private readonly space: Pick<SpaceController, 'request' | 'onDidChangeWarnings' | 'isIndexed'>,
    private readonly log: Pick<vscode.LogOutputChannel, 'warn'>,
  ) {
    this.disposables = [
      this.collection,
      space.onDidChangeWarnings(() => void this.refresh()),
      vscode.workspace.onDidOpenTextDocument((document) => this.openDocument(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.closeDocument(document)),
      vscode.workspace.onDidChangeTextDocument((event) => this.followDocument(event)),
      // A document may outlive its tab by minutes.
      vscode.window.tabGroups.onDidChangeTabs(({ opened, closed }) => {
        if (opened.length + closed.length > 0) for (const uri of this.openFiles.keys()) this.showOpen(uri);
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(settingName)) void this.refresh();
      }),
    ];
  }

  /** Asks for the warnings of the whole space and shows those that the setting asks for. */
  async refresh(): Promise<void> {
    const mode = problemsMode();
    const question = ++this.asked;
    let warnings: Warning[] = [];
    try {
      if (mode !== 'off' && this.space.isIndexed) warnings = await this.space.request('warnings', {});
    } catch (error) {
      if (!isCancelled(error)) this.log.warn(`Mixed-topic warnings were not updated: ${messageOf(error)}`);
      return;
    }
    if (question !== this.asked) return;
    this.warnings = byDocument(warnings);
    this.openFiles.clear();
    this.collection.clear();
    if (mode === 'workspace') for (const uri of this.warnings.keys()) this.showClosed(uri);
    for (const document of vscode.workspace.textDocuments) this.openDocument(document);
  }

  /** The map's point that a diagnostic of ours is about; the editor hands out copies, so they are told by content. */
  pointOf(document: vscode.TextDocument, diagnostic: vscode.Diagnostic): number | undefined {
    if (diagnostic.source !== diagnosticSource) return undefined;
    const file = this.openFiles.get(document.uri.toString());
    return file?.passages.find(
      (passage) =>
        messageFor(passage.warning) === diagnostic.message &&
        cutRange(document, passage).start.line === diagnostic.range.start.line,
    )?.warning.point;
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private openDocument(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    const warnings = this.warnings.get(uri);
    if (!warnings || document.uri.scheme !== 'file') return;
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
        cut: range.start + warning.mixed.cut - start,
      });
    }
    this.openFiles.set(uri, { document, passages });
    this.showOpen(uri);
  }

  private closeDocument(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    if (!this.openFiles.delete(uri)) return;
    if (problemsMode() === 'workspace') this.showClosed(uri);
    else this.collection.delete(document.uri);
  }

  private followDocument(event: vscode.TextDocumentChangeEvent): void {
    const uri = event.document.uri.toString();
    const file = this.openFiles.get(uri);
    if (!file || event.contentChanges.length === 0) return;
    const edits = editsOf(event);
    file.passages = file.passages.flatMap((passage) => {
      const range = followEdits(passage.range, edits);
      return range ? [{ ...passage, range, cut: followOffset(passage.cut, edits) }] : [];
    });
    this.showOpen(uri);
  }

  private showOpen(uri: string): void {
    const file = this.openFiles.get(uri);
    if (!file) return;
    if (problemsMode() === 'openFiles' && !hasTab(uri)) {
      this.collection.delete(file.document.uri);
      return;
    }
    const diagnostics = file.passages.map((passage) =>
      diagnosticFor(passage.warning, cutRange(file.document, passage)),
    );
    this.collection.set(file.document.uri, diagnostics);
  }

  private showClosed(uri: string): void {
    const diagnostics = (this.warnings.get(uri) ?? []).map((warning) =>
      diagnosticFor(warning, closedCutRange(warning)),
    );
    this.collection.set(vscode.Uri.parse(uri, true), diagnostics);
  }
}

function byDocument(warnings: Warning[]): Map<string, Warning[]> {
  const groups = new Map<string, Warning[]>();
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
function cutRange(document: vscode.TextDocument, { cut, range }: FlaggedPassage): vscode.Range {
  const start = document.positionAt(Math.min(Math.max(cut, range.start), range.end));
  const rest = document.lineAt(start.line).text.slice(start.character);
  return new vscode.Range(start, start.translate(0, firstSentenceLength(rest)));
}

/** The same where the document is closed, from the text as it was indexed. */
function closedCutRange({ mixed, place, text }: Warning): vscode.Range {
  if (place.extracted) return new vscode.Range(mixed.cutLine, 0, mixed.cutLine, 0);
  const before = text.slice(0, mixed.cut - place.start);
  const start = new vscode.Position(mixed.cutLine, before.length - (before.lastIndexOf('\n') + 1));
  const rest = text.slice(before.length).split(/\r?\n/, 1)[0] ?? '';
  return new vscode.Range(start, start.translate(0, firstSentenceLength(rest)));
}

function firstSentenceLength(line: string): number {
  const end = /[.!?]["'\u201d\u2019)]*(?=\s)/.exec(line);
  return end ? end.index + end[0].length : line.trimEnd().length;
}

function diagnosticFor(warning: Warning, range: vscode.Range): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(range, messageFor(warning), vscode.DiagnosticSeverity.Information);
  diagnostic.source = diagnosticSource;
  diagnostic.code = mixedTopicsCode;
  return diagnostic;
}

function problemsMode(): ProblemsMode {
  return vscode.workspace.getConfiguration('latentLens.mixedTopics').get<ProblemsMode>('problems', 'openFiles');
}

/** Both topics in words, and how strong the cut is among the chunks of this index. */
function messageFor({ mixed }: Warning): string {
  const others =
    mixed.percentile < 100
      ? `${Math.floor(mixed.percentile)}% of this index's chunks with as many sentences`
      : 'any other chunk of this index with as many sentences';
  const strength = `The break is stronger than in ${others}.`;
  const before = mixed.before.slice(0, 3).join(', ');
  const after = mixed.after.slice(0, 3).join(', ');
  const topics = before && after ? `about ${before}; from here on about ${after}` : 'which changes its topic here';
  return `This chunk may mix two topics: ${topics}. ${strength}`;
}
