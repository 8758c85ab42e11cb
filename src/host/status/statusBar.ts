import * as vscode from 'vscode';
import type { EngineMonitor } from '../engineMonitor';
import type { SpaceController } from '../space/spaceController';
import { statusWords } from './statusText';

/** The item in the status bar: chunks indexed, busy, or what is wrong. A press opens the map. */
export function registerStatusBar(space: SpaceController, engine: EngineMonitor): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('latentLens.status', vscode.StatusBarAlignment.Right, 90);
  item.name = 'Latent Lens';
  item.command = 'latentLens.openMap';
  const update = (): void => {
    if (space.folders.length === 0) {
      item.hide();
      return;
    }
    const words = statusWords({
      state: space.state,
      isKnown: space.isKnown,
      engineStatus: engine.status,
      engineDetail: engine.detail,
      engine: engine.info,
      problem: space.problem,
    });
    item.text = words.text;
    item.tooltip = tooltip(words.tooltip, space.state.phase);
    item.backgroundColor = words.isError ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    item.show();
  };
  update();
  return vscode.Disposable.from(
    item,
    space.onDidChange(update),
    engine.onDidChange(update),
    vscode.workspace.onDidChangeWorkspaceFolders(update),
  );
}

function tooltip(text: string, phase: string): vscode.MarkdownString {
  const links =
    phase === 'indexing'
      ? { 'Open Map': 'latentLens.openMap', Stop: 'latentLens.stopIndexing', Log: 'latentLens.showLog' }
      : {
          'Open Map': 'latentLens.openMap',
          Search: 'latentLens.search',
          [phase === 'none' ? 'Index Workspace' : 'Index Again']: 'latentLens.indexWorkspace',
          Engine: 'latentLens.showEngineInformation',
          Log: 'latentLens.showLog',
        };
  const row = Object.entries(links).map(([title, command]) => `[${title}](command:${command})`);
  const markdown = new vscode.MarkdownString(`${text}\n\n---\n\n${row.join(' · ')}`, true);
  markdown.isTrusted = { enabledCommands: Object.values(links) };
  return markdown;
}
