import * as vscode from 'vscode';
import { splitEdit } from '../quality/chunkActions';
import type { ChunkDiagnostics } from '../quality/chunkDiagnostics';
import { splitHere } from '../quality/splitHere';
import { titleOf } from '../quality/warningText';
import type { Command } from './command';

/** A heading, a comment or a blank line where the topic changes: at the warning in this line, else at the cursor. */
export class SplitChunkHereCommand implements Command {
  readonly id = 'latentLens.splitChunkHere';

  constructor(private readonly diagnostics: ChunkDiagnostics) {}

  async execute(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (!editor) {
      void vscode.window.showInformationMessage('Place the cursor where the second topic begins first.');
      return;
    }
    const { document, selection } = editor;
    const passage = this.diagnostics
      .passagesOf(document)
      .find((each) => each.cut !== undefined && this.diagnostics.rangeOf(document, each).contains(selection.active));
    const terms = passage?.warning.kind === 'mixed-topics' ? passage.warning.mixed.after : [];
    const word = document.getWordRangeAtPosition(selection.active)?.start ?? selection.active;
    const at = passage?.cut ?? document.offsetAt(word);
    const split = splitHere(document.getText(), at, titleOf(terms), document.languageId);
    if (!split) {
      void vscode.window.showInformationMessage(
        'Nothing can be inserted here, or a heading or a blank line is there already. *Split Chunk in the Index Only* cuts without a change to the file.',
      );
      return;
    }
    if (!(await vscode.workspace.applyEdit(splitEdit(document, split))))
      throw new Error('The document could not be edited. Nothing was changed.');
  }
}
