import * as vscode from 'vscode';
import { keptMarksFile } from '../../shared/keptMarks';
import type { ChunkDiagnostics } from '../quality/chunkDiagnostics';
import type { KeptMarks } from '../quality/keptMarks';
import { fineMarkOf, targetFor } from '../quality/warningTarget';
import type { Command } from './command';

/** A warning is taken back for good: by content, so that it stays away after edits elsewhere. */
export class MarkFineCommand implements Command {
  readonly id = 'latentLens.markFine';

  constructor(
    private readonly diagnostics: ChunkDiagnostics,
    private readonly marks: KeptMarks,
  ) {}

  async execute(argument?: unknown): Promise<void> {
    const target = targetFor(argument, this.diagnostics);
    if (!target) return;
    const mark = fineMarkOf(target);
    await this.marks.addFine(target.folderUri, mark);
    // Not awaited: the message stays until the person closes it.
    void vscode.window
      .showInformationMessage(`Marked as fine; kept in ${keptMarksFile}.`, 'Undo', 'Open File')
      .then(async (answer) => {
        if (answer === 'Undo') await this.marks.remove(target.folderUri, mark);
        else if (answer === 'Open File') await this.marks.open(target.folderUri);
      });
  }
}
