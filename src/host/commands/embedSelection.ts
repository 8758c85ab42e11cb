import * as vscode from 'vscode';
import type { MapPanel } from '../panel/mapPanel';
import { neighborsShown } from '../panel/panelMessages';
import { ensureIndexed } from '../space/personIndexing';
import type { SpaceController } from '../space/spaceController';
import type { Command } from './command';

/** Marks the selected text on the map and lists its nearest chunks. Works wherever the editor selects text. */
export class EmbedSelectionCommand implements Command {
  readonly id = 'latentLens.embedSelection';
  private latest: AbortController | undefined;

  constructor(
    private readonly space: SpaceController,
    private readonly panel: MapPanel,
  ) {}

  async execute(): Promise<void> {
    // Diff editors and notebook cells are text editors too while the cursor is in them.
    const editor = vscode.window.activeTextEditor;
    const text = editor ? selectedText(editor) : '';
    if (!editor || text.trim() === '') {
      void vscode.window.showInformationMessage('Select some text first: Embed Selection shows what it is near to.');
      return;
    }
    const { document, selection } = editor;
    const title = `${vscode.workspace.asRelativePath(document.uri)}:${selection.start.line + 1}`;
    if (!(await ensureIndexed(this.space, 'compare the selection with'))) return;

    this.latest?.abort();
    const controller = new AbortController();
    this.latest = controller;
    this.panel.show({ besideText: true, preserveFocus: true });
    this.panel.showSelection(null, true);
    try {
      const detail = await this.space.request(
        'embedSelection',
        { title, text, languageId: document.languageId, neighbors: neighborsShown },
        controller.signal,
      );
      if (this.latest === controller) this.panel.showSelection(detail, false);
    } catch (error) {
      if (this.latest === controller) this.panel.showSelection(null, false);
      throw error;
    }
  }
}

/** All that is selected, in the order of the document: several cursors select several passages. */
function selectedText({ document, selections }: vscode.TextEditor): string {
  return [...selections]
    .filter((selection) => !selection.isEmpty)
    .sort((a, b) => a.start.compareTo(b.start))
    .map((selection) => document.getText(selection))
    .join('\n\n');
}
