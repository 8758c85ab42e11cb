import * as vscode from 'vscode';
import type { SpaceController } from '../space/spaceController';
import type { Command } from './command';

/** Ends what is under way or paused: what was embedded stays, and nothing goes on by itself. */
export class StopIndexingCommand implements Command {
  readonly id = 'latentLens.stopIndexing';

  constructor(private readonly space: SpaceController) {}

  async execute(): Promise<void> {
    if (this.space.state.phase !== 'indexing' && !this.space.state.paused) {
      void vscode.window.showInformationMessage('Nothing is being indexed.');
      return;
    }
    await this.space.stopIndexing();
  }
}
