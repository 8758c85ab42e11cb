import * as vscode from 'vscode';
import type { SpaceState } from '../../shared/space';
import type { EngineMonitor } from '../engineMonitor';
import { virtualFoldersWords } from '../space/folderSettings';
import type { SpaceController } from '../space/spaceController';
import { statusWords } from './statusText';

/** The item in the status bar: chunks indexed, busy, or what is wrong. A press opens the map. */
export function registerStatusBar(space: SpaceController, engine: EngineMonitor): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('latentLens.status', vscode.StatusBarAlignment.Right, 90);
  item.name = 'Latent Lens';
  item.command = 'latentLens.openMap';
  const update = (): void => {
    const virtual = virtualFoldersWords();
    if (space.folders.length === 0) {
      if (virtual === undefined) item.hide();
      else {
        item.text = '$(graph-scatter) Not supported here';
        item.tooltip = `Latent Lens: ${virtual}`;
        item.backgroundColor = undefined;
        item.show();
      }
      return;
    }
    const words = statusWords({
      state: space.state,
      isKnown: space.isKnown,
      engineStatus: engine.status,
      engineDetail: engine.detail,
      engine: engine.info,
      problem: space.problem,
      leftOut: virtual,
    });
    item.text = words.text;
    item.tooltip = tooltip(words.tooltip, space.state);
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

/** What can be done now, most wanted first. */
function linksFor({ phase, paused }: SpaceState): Record<string, string> {
  const openMap = { 'Open Map': 'latentLens.openMap' };
  const log = { Log: 'latentLens.showLog' };
  if (phase === 'none') {
    return {
      ...openMap,
      'Index Workspace': 'latentLens.indexWorkspace',
      Engine: 'latentLens.showEngineInformation',
      ...log,
    };
  }
  const report = { Report: 'latentLens.showIndexReport' };
  if (phase === 'indexing') {
    return { ...openMap, Pause: 'latentLens.pauseIndexing', Stop: 'latentLens.stopIndexing', ...report, ...log };
  }
  return {
    ...(paused ? { Resume: 'latentLens.resumeIndexing' } : {}),
    ...openMap,
    Search: 'latentLens.search',
    ...(paused ? {} : { 'Index Again': 'latentLens.indexWorkspace' }),
    ...report,
    Engine: 'latentLens.showEngineInformation',
    ...log,
  };
}

function tooltip(text: string, state: SpaceState): vscode.MarkdownString {
  const links = linksFor(state);
  const row = Object.entries(links).map(([title, command]) => `[${title}](command:${command})`);
  const markdown = new vscode.MarkdownString(`${text}\n\n---\n\n${row.join(' · ')}`, true);
  markdown.isTrusted = { enabledCommands: Object.values(links) };
  return markdown;
}
