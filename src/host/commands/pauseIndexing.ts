import * as vscode from 'vscode';
import type { SpaceController } from '../space/spaceController';
import type { Command } from './command';

/** Leaves the index as it is, at once, until it is resumed; also while nothing is being embedded. */
export class PauseIndexingCommand implements Command {
  readonly id = 'latentLens.pauseIndexing';

  constructor(private readonly space: SpaceController) {}

  async execute(): Promise<void> {
    await this.space.openIfStored();
    if (!this.space.isIndexed) {
      void vscode.window.showInformationMessage('Nothing is indexed, so there is nothing to pause.');
      return;
    }
    await this.space.pauseIndexing();
  }
}
