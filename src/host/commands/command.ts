import * as vscode from 'vscode';
import { isCancelled, messageOf } from '../engine';

/** One command of the palette. A test compares the ids with package.json. */
export interface Command {
  readonly id: string;
  execute(...args: unknown[]): Promise<unknown>;
}

/** Registers commands; whatever one throws is told to the person in its own words, and logged. */
export function registerCommands(commands: readonly Command[], log: vscode.LogOutputChannel): vscode.Disposable {
  return vscode.Disposable.from(
    ...commands.map((command) =>
      vscode.commands.registerCommand(command.id, async (...args: unknown[]) => {
        try {
          return await command.execute(...args);
        } catch (error) {
          if (isCancelled(error)) return undefined;
          const message = messageOf(error);
          log.error(`${command.id}: ${message}`);
          void vscode.window.showErrorMessage(message, 'Show Log').then((answer) => answer && log.show());
          return undefined;
        }
      }),
    ),
  );
}
