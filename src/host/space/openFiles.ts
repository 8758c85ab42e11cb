import * as vscode from 'vscode';
import type { EngineParams } from '../../shared/hostEngine';
import { pathInFolder } from './pathInFolder';
import type { SpaceController } from './spaceController';

/** More tabs than this are no sign of what matters now. */
const mostFiles = 100;
const quietMs = 300;

type OpenFiles = EngineParams<'openFiles'>['files'];

/** Keeps the engine told which files are open in editors: an index takes them first. Never opens the space by itself. */
export function followOpenFiles(space: SpaceController): vscode.Disposable {
  let told = '';
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    const files = openFiles();
    const now = JSON.stringify(files);
    if (!space.isOpen || now === told) return;
    told = now;
    space.request('openFiles', { files }).catch(() => (told = ''));
  };
  const tellSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(tell, quietMs);
  };
  return vscode.Disposable.from(
    { dispose: () => clearTimeout(timer) },
    space.onDidOpen(() => {
      told = '';
      tell();
    }),
    vscode.window.tabGroups.onDidChangeTabs(tellSoon),
    vscode.window.onDidChangeActiveTextEditor(tellSoon),
  );
}

/** The files of all tabs by folder, those in sight first. */
function openFiles(): OpenFiles {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const uris = [...tabs.filter(({ isActive }) => isActive), ...tabs].flatMap((tab) => uriOf(tab) ?? []);
  const byFolder = new Map<string, Set<string>>();
  let count = 0;
  for (const uri of uris) {
    const place = pathInFolder(uri);
    if (place === undefined) continue;
    const paths = byFolder.get(place.folderUri) ?? new Set();
    byFolder.set(place.folderUri, paths.add(place.path));
    if (++count >= mostFiles) break;
  }
  return [...byFolder].map(([folderUri, paths]) => ({ folderUri, paths: [...paths] }));
}

function uriOf({ input }: vscode.Tab): vscode.Uri | undefined {
  if (input instanceof vscode.TabInputTextDiff || input instanceof vscode.TabInputNotebookDiff) return input.modified;
  if (
    input instanceof vscode.TabInputText ||
    input instanceof vscode.TabInputNotebook ||
    input instanceof vscode.TabInputCustom
  )
    return input.uri;
  return undefined;
}
