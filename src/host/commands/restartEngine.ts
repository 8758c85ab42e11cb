import * as vscode from 'vscode';
import type { Engine } from '../engine';
import type { SpaceController } from '../space/spaceController';
import type { Command } from './command';

export class RestartEngineCommand implements Command {
  readonly id = 'latentLens.restartEngine';

  constructor(
    private readonly engine: Engine,
    private readonly space: SpaceController,
  ) {}

  async execute(): Promise<void> {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: 'Restarting the Latent Lens engine' },
      async () => {
        await this.engine.restart();
        await this.space.reopen();
      },
    );
  }
}
