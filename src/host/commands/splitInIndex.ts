import * as vscode from 'vscode';
import { keptMarksFile, placeAt, type KeptCut } from '../../shared/keptMarks';
import type { KeptMarks } from '../quality/keptMarks';
import { isTarget } from '../quality/warningTarget';
import { pathInFolder } from '../space/pathInFolder';
import type { Command } from './command';

/** A chunk boundary that the index keeps without a change to the file: at a warning's cut, else at the cursor. */
export class SplitInIndexCommand implements Command {
  readonly id = 'latentLens.splitInIndex';

  constructor(private readonly marks: KeptMarks) {}

  async execute(argument?: unknown): Promise<void> {
    const wanted = isTarget(argument) ? cutOfTarget(argument) : this.cutAtCursor();
    if (wanted === undefined) return;
    const { folderUri, cut } = wanted;
    await this.marks.addCut(folderUri, cut);
    const saved = await isSaved(folderUri, cut.path);
    // Not awaited: the message stays until the person closes it.
    void vscode.window
      .showInformationMessage(
        `The index cuts here from now on; kept in ${keptMarksFile}.${saved ? '' : ' It takes effect when the file is saved.'}`,
        'Undo',
        'Open File',
      )
      .then(async (answer) => {
        if (answer === 'Undo') await this.marks.remove(folderUri, cut);
        else if (answer === 'Open File') await this.marks.open(folderUri);
      });
  }

  private cutAtCursor(): { folderUri: string; cut: KeptCut } | undefined {
    const editor = vscode.window.activeTextEditor;
    const file = editor && pathInFolder(editor.document.uri);
    if (!editor || !file) {
      void vscode.window.showInformationMessage('Place the cursor in a file of the workspace first.');
      return undefined;
    }
    const { document, selection } = editor;
    const word = document.getWordRangeAtPosition(selection.active);
    const text = document.getText();
    const place = placeAt(text, document.offsetAt(word?.start ?? selection.active));
    if (place.before === '' || place.after === '') {
      void vscode.window.showInformationMessage('There is nothing to cut at the beginning or the end of a file.');
      return undefined;
    }
    return { folderUri: file.folderUri, cut: { path: file.path, ...place } };
  }
}

function cutOfTarget({
  folderUri,
  path,
  text,
  cut,
}: {
  folderUri: string;
  path: string;
  text: string;
  cut: number | undefined;
}) {
  return cut === undefined ? undefined : { folderUri, cut: { path, ...placeAt(text, cut) } };
}

async function isSaved(folderUri: string, path: string): Promise<boolean> {
  const uri = vscode.Uri.joinPath(vscode.Uri.parse(folderUri, true), path).toString();
  return !vscode.workspace.textDocuments.some((document) => document.isDirty && document.uri.toString() === uri);
}
