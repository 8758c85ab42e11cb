import * as vscode from 'vscode';
import type { ChunkDiagnostics } from './chunkDiagnostics';

/** A mark in the gutter and a line before the text at every cut that is flagged in a visible editor. */
export class CutDecorations implements vscode.Disposable {
  private readonly cut: vscode.TextEditorDecorationType;
  private readonly disposables: vscode.Disposable[];

  constructor(
    extensionUri: vscode.Uri,
    private readonly diagnostics: ChunkDiagnostics,
  ) {
    const icon = (name: string): vscode.Uri => vscode.Uri.joinPath(extensionUri, 'media', 'gutter', name);
    this.cut = vscode.window.createTextEditorDecorationType({
      gutterIconSize: 'contain',
      light: { gutterIconPath: icon('cut-light.svg') },
      dark: { gutterIconPath: icon('cut-dark.svg') },
      overviewRulerColor: new vscode.ThemeColor('latentLens.cutBorder'),
      overviewRulerLane: vscode.OverviewRulerLane.Left,
      // Before the first character of the second part, which is often in the middle of a line.
      before: {
        contentText: '',
        border: '0 solid',
        borderColor: new vscode.ThemeColor('latentLens.cutBorder'),
        width: '0',
        height: '1.1em',
        margin:
          '0 3px 0 1px; border-left-width: 2px; border-left-style: dashed; display: inline-block; vertical-align: text-bottom',
      },
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    });
    this.disposables = [
      this.cut,
      diagnostics.onDidChange((document) => this.draw(document)),
      vscode.window.onDidChangeVisibleTextEditors(() => this.drawAll()),
    ];
    this.drawAll();
  }

  /** Lines with a mark in an editor, for tests. */
  linesOf(document: vscode.TextDocument): number[] {
    return this.rangesOf(document).map(({ start }) => start.line);
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private drawAll(): void {
    for (const { document } of vscode.window.visibleTextEditors) this.draw(document);
  }

  private draw(document: vscode.TextDocument): void {
    const ranges = this.rangesOf(document);
    for (const editor of vscode.window.visibleTextEditors)
      if (editor.document === document) editor.setDecorations(this.cut, ranges);
  }

  private rangesOf(document: vscode.TextDocument): vscode.Range[] {
    return this.diagnostics.passagesOf(document).flatMap((passage) => {
      if (passage.cut === undefined) return [];
      const { start } = this.diagnostics.rangeOf(document, passage);
      return [new vscode.Range(start, start)];
    });
  }
}
