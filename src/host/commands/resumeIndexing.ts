import * as vscode from 'vscode';
import type { SpaceController } from '../space/spaceController';
import type { Command } from './command';

/** Goes on with a paused index, in the background. */
export class ResumeIndexingCommand implements Command {
  readonly id = 'latentLens.resumeIndexing';

  constructor(private readonly space: SpaceController) {}

  async execute(): Promise<void> {
    await this.space.openIfStored();
    if (!this.space.state.paused) {
      void vscode.window.showInformationMessage('Indexing is not paused.');
      return;
    }
    await this.space.resumeIndexing();
  }
}
