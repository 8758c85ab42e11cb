import * as vscode from 'vscode';
import { ensureIndexed } from '../space/personIndexing';
import type { SpaceController } from '../space/spaceController';
import { counted } from '../../shared/plainWords';
import type { Command } from './command';

/** Tries the files that could not be indexed once more, and says what came of it. */
export class RetryFailedFilesCommand implements Command {
  readonly id = 'latentLens.retryFailedFiles';

  constructor(
    private readonly space: SpaceController,
    private readonly report: { refresh(): Promise<void> },
  ) {}

  async execute(): Promise<void> {
    if (!(await ensureIndexed(this.space, 'try again'))) return;
    const before = await this.space.request('indexReport', {});
    const failed = before.folders.filter(({ errors }) => errors.length > 0);
    if (failed.length === 0) {
      void vscode.window.showInformationMessage('No file failed in the last run.');
      return;
    }
    if (this.space.state.paused) {
      const answer = await vscode.window.showInformationMessage(
        'Indexing is paused: failed files are tried again when it goes on.',
        'Resume Indexing',
      );
      if (answer) await this.space.resumeIndexing();
      return;
    }
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: 'Trying failed files again' },
      async () => {
        for (const { folderUri, errors } of failed)
          await this.space.request('filesChanged', { folderUri, paths: errors.map(({ path }) => path) });
      },
    );
    const after = await this.space.request('indexReport', {});
    const count = (folders: typeof failed): number => folders.reduce((sum, { errors }) => sum + errors.length, 0);
    const left = count(after.folders);
    await this.report.refresh();
    void vscode.window.showInformationMessage(
      left === 0
        ? `${counted(count(failed), 'file')} that had failed ${count(failed) === 1 ? 'is' : 'are'} indexed now.`
        : `${counted(left, 'file')} still can't be indexed; the index report says why.`,
    );
  }
}
