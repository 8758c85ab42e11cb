import * as vscode from 'vscode';
import type { IndexReport } from '../../shared/indexing';
import type { SpaceState } from '../../shared/space';
import { counted, duration } from '../../shared/plainWords';
import { progressWords } from '../status/statusText';
import { virtualFoldersWords } from './folderSettings';
import type { SpaceController } from './spaceController';

/**
 * Indexes because the person asked: counts first, asks before something unusual, and shows a progress that can be
 * cancelled. Undefined when the person decided against it.
 */
export async function indexForPerson(space: SpaceController): Promise<IndexReport | undefined> {
  if (space.folders.length === 0) {
    await sayNoFolder();
    return undefined;
  }
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Latent Lens', cancellable: true },
    async (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      if (!space.isIndexed) {
        progress.report({ message: 'counting files…' });
        const estimate = await space.estimate(abort.signal);
        if (estimate.unusual !== undefined && !(await confirmUnusual(estimate))) return undefined;
      }
      if (token.isCancellationRequested) return undefined;
      return runWithProgress(space, progress, token);
    },
  );
}

async function runWithProgress(
  space: SpaceController,
  progress: vscode.Progress<{ message?: string; increment?: number }>,
  token: vscode.CancellationToken,
): Promise<IndexReport> {
  let shown = 0;
  const report = (state: SpaceState): void => {
    if (!state.progress) return;
    const { filesDone, filesTotal } = state.progress;
    const percent = filesTotal > 0 ? Math.floor((100 * filesDone) / filesTotal) : 0;
    progress.report({ message: progressWords(state.progress), increment: Math.max(0, percent - shown) });
    shown = Math.max(shown, percent);
  };
  const listeners = [
    space.onDidChange(() => report(space.state)),
    token.onCancellationRequested(() => void space.stopIndexing().catch(() => undefined)),
  ];
  try {
    return await space.index(true);
  } finally {
    vscode.Disposable.from(...listeners).dispose();
  }
}

async function confirmUnusual(estimate: {
  unusual: 'home' | 'many-files' | undefined;
  files: number;
  seconds: number;
  complete: boolean;
}): Promise<boolean> {
  const files = `${estimate.complete ? '' : 'more than '}${counted(estimate.files, 'file')}`;
  const question =
    estimate.unusual === 'home'
      ? 'This is your home folder. Index all of it?'
      : `This workspace holds ${files}. Index all of it?`;
  const answer = await vscode.window.showWarningMessage(
    question,
    {
      modal: true,
      detail: `${files}, about ${duration(estimate.seconds)}. The index stays on this machine. A smaller folder, or latentLens.index.exclude, makes it faster and the map easier to read.`,
    },
    'Index',
  );
  return answer === 'Index';
}

export async function sayNoFolder(): Promise<void> {
  const virtual = virtualFoldersWords();
  const answer = await vscode.window.showInformationMessage(
    virtual ?? 'No folder is open. Latent Lens indexes the folders of a workspace: open one first.',
    'Open Folder',
  );
  if (answer) await vscode.commands.executeCommand('vscode.openFolder');
}

/** True when there is something to compare with; else offers to index. */
export async function ensureIndexed(space: SpaceController, purpose: string): Promise<boolean> {
  if (space.folders.length === 0) {
    await sayNoFolder();
    return false;
  }
  await space.open();
  if (space.isIndexed) return true;
  const answer = await vscode.window.showInformationMessage(
    `Nothing is indexed yet, so there is nothing to ${purpose}. Indexing happens on this machine alone.`,
    'Index Workspace',
  );
  if (!answer) return false;
  await vscode.commands.executeCommand('latentLens.indexWorkspace');
  return space.isIndexed;
}
