import * as vscode from 'vscode';
import type { SpaceController } from '../space/spaceController';
import type { Command } from './command';

export class StopIndexingCommand implements Command {
  readonly id = 'latentLens.stopIndexing';

  constructor(private readonly space: SpaceController) {}

  async execute(): Promise<void> {
    if (this.space.state.phase !== 'indexing') {
      void vscode.window.showInformationMessage('Nothing is being indexed.');
      return;
    }
    await this.space.stopIndexing();
  }
}
