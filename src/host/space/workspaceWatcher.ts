import * as vscode from 'vscode';
import { isCancelled, isEngineDeath, messageOf } from '../engine';
import { ChangeBatcher } from './changeBatcher';
import { affectsIndex } from './folderSettings';
import { pathInFolder } from './pathInFolder';
import type { SpaceController } from './spaceController';

export interface WatcherOptions {
  keepCurrent: () => boolean;
  log: vscode.LogOutputChannel;
  quietMs?: number;
}

/**
 * Tells the engine what was saved, created, renamed and deleted in folders that have an index, and opens the space
 * again when the folders or the settings of the index change.
 */
export function followWorkspace(space: SpaceController, options: WatcherOptions): vscode.Disposable {
  const batcher = new ChangeBatcher({
    quietMs: options.quietMs ?? 400,
    maxWaitMs: 3_000,
    burstPaths: 200,
    burstQuietMs: 1_500,
    burstMaxWaitMs: 60_000,
    send: async (folderUri, paths) => {
      try {
        await space.request('filesChanged', { folderUri, paths });
      } catch (error) {
        // After an engine's death the space is opened again, which walks the folders anyway.
        if (!isEngineDeath(error)) logFailure(options.log, error);
      }
    },
  });

  const changed = (uri: vscode.Uri): void => {
    if (!space.isIndexed || !options.keepCurrent()) return;
    const place = pathInFolder(uri);
    if (place === undefined || isGits(place.path)) return;
    batcher.add(place.folderUri, place.path);
  };

  const reopen = (): void => {
    batcher.clear();
    space.reopen().catch((error: unknown) => logFailure(options.log, error));
  };

  const watcher = vscode.workspace.createFileSystemWatcher('**/*');
  return vscode.Disposable.from(
    { dispose: () => batcher.dispose() },
    watcher,
    watcher.onDidChange(changed),
    watcher.onDidCreate(changed),
    watcher.onDidDelete(changed),
    // The watcher may leave out folders (files.watcherExclude) or be late: a save is certain.
    vscode.workspace.onDidSaveTextDocument((document) => changed(document.uri)),
    vscode.workspace.onDidChangeWorkspaceFolders((event) => {
      reopen();
      void offerToIndex(space, event.added);
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (affectsIndex(event)) reopen();
      else if (event.affectsConfiguration('latentLens.index.keepCurrent') && options.keepCurrent() && space.isIndexed)
        space.index(false).catch((error: unknown) => logFailure(options.log, error));
    }),
  );
}

/** Git rewrites its own folder all the time, and nothing in it is ever indexed; one file of it is a list of ignore rules. */
function isGits(path: string): boolean {
  return /(^|\/)\.git(\/|$)/.test(path) && path !== '.git/info/exclude';
}

/** A folder that joins an indexed workspace is missing on the map until the person says that it should be there. */
async function offerToIndex(space: SpaceController, added: readonly vscode.WorkspaceFolder[]): Promise<void> {
  const names = added.filter((folder) => folder.uri.scheme === 'file').map((folder) => folder.name);
  if (names.length === 0 || !space.isIndexed) return;
  const answer = await vscode.window.showInformationMessage(
    `${names.join(', ')} joined the workspace. Index the workspace again to see it on the map; what is indexed already is kept.`,
    'Index Workspace',
  );
  if (answer) await vscode.commands.executeCommand('latentLens.indexWorkspace');
}

function logFailure(log: vscode.LogOutputChannel, error: unknown): void {
  if (!isCancelled(error)) log.warn(`Changed files were not indexed: ${messageOf(error)}`);
}
