import * as vscode from 'vscode';
import type { Place } from '../../shared/space';
import { messageOf } from '../engine';
import type { SpaceController } from '../space/spaceController';
import { openCell } from './notebookCells';
import { placeUri, type PlaceTracker } from './placeTracker';
import { findText, type TextRange } from './textFinder';

export interface OpenOptions {
  /** UTF-16 units into the chunk at which the cursor goes; the beginning when absent. */
  offset?: number;
  /** Shows the document in the preview tab and leaves the focus where it is. */
  preview: boolean;
  viewColumn?: vscode.ViewColumn;
}

/** Opens chunks in the editor, by id alone, where their text lies now: never at lines that hold something else. */
export class ChunkOpener implements vscode.Disposable {
  private readonly highlight = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
    isWholeLine: true,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  private highlighted: vscode.TextEditor | undefined;
  private readonly disposables: vscode.Disposable[];

  constructor(
    private readonly space: Pick<SpaceController, 'request'>,
    private readonly tracker: PlaceTracker,
  ) {
    this.disposables = [
      this.highlight,
      vscode.window.onDidChangeTextEditorSelection((event) => {
        // Opening moves the cursor too, with no kind; what the person does has one.
        if (event.kind !== undefined && event.textEditor === this.highlighted) this.clearHighlight();
      }),
    ];
  }

  /**
   * Opens the chunk, or says in one sentence why it can't be.
   * @throws what the engine's client throws
   */
  async open(chunkId: number, options: OpenOptions): Promise<vscode.TextEditor | undefined> {
    const found = await this.space.request('place', { chunkId });
    const shown = this.tracker.shownText(chunkId);
    if (!found || (shown !== undefined && !found.text.startsWith(shown.replace(/…$/, '')))) {
      this.sayGone('This text is no longer in the index: its file changed since it was listed.');
      return undefined;
    }
    const { place, text } = found;
    if (place.cell !== undefined) {
      await this.openInNotebook({ ...place, cell: place.cell }, text, options);
      return undefined;
    }
    let document: vscode.TextDocument;
    try {
      document = await vscode.workspace.openTextDocument(placeUri(place));
    } catch (error) {
      this.sayGone(`${place.path} could not be opened: ${messageOf(error)}`, place);
      return undefined;
    }
    // Text that was extracted from markup stands in the file with its tags.
    const range =
      place.extracted && found.source === undefined ? undefined : this.rangeNow(document, place, found.source ?? text);
    if (!range) {
      this.sayChanged(document, place);
      return undefined;
    }
    return this.reveal(document, range, options);
  }

  clearHighlight(): void {
    this.highlighted?.setDecorations(this.highlight, []);
    this.highlighted = undefined;
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private async openInNotebook(place: Place & { cell: number }, text: string, options: OpenOptions): Promise<void> {
    try {
      const isOpen = await openCell(placeUri(place), { cell: place.cell, start: place.start, text }, options);
      if (!isOpen) this.sayGone(`No cell of ${place.path} holds this text any more.`, place);
    } catch (error) {
      this.sayGone(`${place.path} could not be opened: ${messageOf(error)}`, place);
    }
  }

  /** The text itself wherever it is; else the range that was followed while somebody typed into it. */
  private rangeNow(document: vscode.TextDocument, place: Place, text: string): TextRange | undefined {
    const followed = this.tracker.rangeOf(document, place.chunkId);
    const found = findText(document.getText(), text, followed?.start ?? place.start);
    return found ?? (followed?.touched ? followed : undefined);
  }

  private async reveal(
    document: vscode.TextDocument,
    textRange: TextRange,
    { offset, preview, viewColumn }: OpenOptions,
  ): Promise<vscode.TextEditor> {
    const range = new vscode.Range(document.positionAt(textRange.start), document.positionAt(textRange.end));
    const cursor = document.positionAt(Math.min(textRange.start + (offset ?? 0), textRange.end));
    const editor = await vscode.window.showTextDocument(document, {
      viewColumn,
      preview,
      preserveFocus: preview,
      selection: new vscode.Range(cursor, cursor),
    });
    editor.revealRange(
      offset ? new vscode.Range(cursor, cursor) : range,
      vscode.TextEditorRevealType.InCenterIfOutsideViewport,
    );
    this.clearHighlight();
    editor.setDecorations(this.highlight, [range]);
    this.highlighted = editor;
    return editor;
  }

  private sayChanged(document: vscode.TextDocument, place: Place): void {
    if (document.isDirty) {
      void vscode.window.showWarningMessage(
        `${place.path} has unsaved changes in which this text can no longer be found. Save it to bring the index up to date.`,
      );
      return;
    }
    this.sayGone(`${place.path} has changed since it was indexed, and this text can no longer be found in it.`, place);
  }

  private sayGone(sentence: string, place?: Place): void {
    // Not awaited: the message stays until the person closes it.
    void vscode.window.showWarningMessage(sentence, 'Update Index').then(async (answer) => {
      if (!answer) return;
      try {
        if (place) await this.space.request('filesChanged', { folderUri: place.folderUri, paths: [place.path] });
        else await this.space.request('index', { startedByPerson: false });
      } catch (error) {
        void vscode.window.showErrorMessage(`The index was not updated: ${messageOf(error)}`);
      }
    });
  }
}
