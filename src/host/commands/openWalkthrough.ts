import * as vscode from 'vscode';
import type { Command } from './command';

export class OpenWalkthroughCommand implements Command {
  readonly id = 'latentLens.openWalkthrough';

  constructor(private readonly extensionId: string) {}

  async execute(): Promise<void> {
    await vscode.commands.executeCommand(
      'workbench.action.openWalkthrough',
      `${this.extensionId}#latentLens.start`,
      false,
    );
  }
}
