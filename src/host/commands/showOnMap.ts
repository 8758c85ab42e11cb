import * as vscode from 'vscode';
import { cellOf } from '../places/notebookCells';
import type { MapPanel } from '../panel/mapPanel';
import { pathInFolder } from '../space/pathInFolder';
import { ensureIndexed } from '../space/personIndexing';
import type { SpaceController } from '../space/spaceController';
import type { Command } from './command';

/** Selects the chunk at the cursor on the map, or the point that a quick fix names. */
export class ShowOnMapCommand implements Command {
  readonly id = 'latentLens.showOnMap';

  constructor(
    private readonly space: SpaceController,
    private readonly panel: MapPanel,
  ) {}

  async execute(point?: unknown): Promise<void> {
    if (typeof point === 'number') {
      this.panel.revealPoint(point);
      return;
    }
    const editor = vscode.window.activeTextEditor;
    if (!editor) {
      void vscode.window.showInformationMessage('Place the cursor in a file of the workspace first.');
      return;
    }
    if (!(await ensureIndexed(this.space, 'show'))) return;
    const found = await this.pointAtCursor(editor);
    if (found === null) {
      void vscode.window.showInformationMessage('The text at the cursor is not in the index.');
      return;
    }
    this.panel.revealPoint(found);
  }

  private async pointAtCursor({ document, selection }: vscode.TextEditor): Promise<number | null> {
    const inNotebook = cellOf(document);
    const place = pathInFolder(inNotebook?.notebook ?? document.uri);
    if (place === undefined) return null;
    const offset = document.offsetAt(selection.active);
    return this.space.request('pointAt', { ...place, offset, cell: inNotebook?.cell });
  }
}
