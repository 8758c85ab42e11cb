import type * as vscode from 'vscode';
import type { Command } from './command';

export class ShowLogCommand implements Command {
  readonly id = 'latentLens.showLog';

  constructor(private readonly log: vscode.LogOutputChannel) {}

  async execute(): Promise<void> {
    this.log.show();
  }
}
