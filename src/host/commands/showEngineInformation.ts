import * as vscode from 'vscode';
import type { Engine } from '../engine';
import { engineWords } from '../status/statusText';
import type { Command } from './command';

export class ShowEngineInformationCommand implements Command {
  readonly id = 'latentLens.showEngineInformation';

  constructor(
    private readonly engine: Engine,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  async execute(): Promise<void> {
    const detail = engineWords(await this.engine.request('info', {}));
    this.log.info(`Engine information\n${detail}`);
    const answer = await vscode.window.showInformationMessage(
      'Latent Lens engine',
      { modal: true, detail },
      'Copy',
      'Show Log',
    );
    if (answer === 'Copy') await vscode.env.clipboard.writeText(detail);
    if (answer === 'Show Log') this.log.show();
  }
}
