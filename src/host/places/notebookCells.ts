import * as vscode from 'vscode';
import { findCell } from './cellFinder';

/** The notebook and the position of the cell that a document is; undefined for an ordinary document. */
export function cellOf(document: vscode.TextDocument): { notebook: vscode.Uri; cell: number } | undefined {
  for (const notebook of vscode.workspace.notebookDocuments) {
    const cell = notebook.getCells().findIndex((each) => each.document === document);
    if (cell >= 0) return { notebook: notebook.uri, cell };
  }
  return undefined;
}

export interface CellPlace {
  cell: number;
  start: number;
  text: string;
}

/**
 * Opens a notebook at the cell that holds a text, where it is now, with the text selected in a code cell.
 * @returns false when no cell holds it
 * @throws Error when there is no such notebook
 */
export async function openCell(
  uri: vscode.Uri,
  { cell, start, text }: CellPlace,
  { offset = 0, preview, viewColumn }: { offset?: number; preview: boolean; viewColumn?: vscode.ViewColumn },
): Promise<boolean> {
  const notebook = await vscode.workspace.openNotebookDocument(uri);
  const cells = notebook.getCells();
  const found = findCell(
    cells.map(({ document }) => document.getText()),
    { cell, start, text },
  );
  if (!found) return false;
  const range = new vscode.NotebookRange(found.cell, found.cell + 1);
  const editor = await vscode.window.showNotebookDocument(notebook, {
    viewColumn,
    preserveFocus: preview,
    preview,
    selections: [range],
  });
  editor.revealRange(range, vscode.NotebookEditorRevealType.InCenterIfOutsideViewport);
  const { document, kind } = cells[found.cell];
  // A Markdown cell would turn from the page that people read into its source.
  if (kind === vscode.NotebookCellKind.Code && !preview) {
    const cursor = document.positionAt(Math.min(found.start + offset, found.end));
    const selection =
      offset > 0
        ? new vscode.Range(cursor, cursor)
        : new vscode.Range(document.positionAt(found.start), document.positionAt(found.end));
    await vscode.commands.executeCommand('vscode.open', document.uri, {
      selection,
      viewColumn: editor.viewColumn,
      preview,
    });
  }
  return true;
}
