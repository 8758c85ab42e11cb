import * as vscode from 'vscode';
import type { SpaceController } from './spaceController';

/** What menus and the palette ask before they offer a command. */
export function registerContextKeys(space: SpaceController): vscode.Disposable {
  const told = new Map<string, boolean>();
  const tell = (key: string, value: boolean): void => {
    if (told.get(key) === value) return;
    told.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  };
  const update = (): void => {
    const { phase, paused } = space.state;
    tell('latentLens.indexed', space.isIndexed);
    tell('latentLens.indexing', phase === 'indexing');
    tell('latentLens.paused', paused);
  };
  update();
  return space.onDidChange(update);
}
