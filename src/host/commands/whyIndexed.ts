import * as path from 'node:path';
import * as vscode from 'vscode';
import { explanationWords, type FileExplanation } from '../../shared/fileExplanation';
import { virtualFolders, virtualFoldersWords } from '../space/folderSettings';
import { pathInFolder, type FilePlace } from '../space/pathInFolder';
import { ensureIndexed } from '../space/personIndexing';
import type { SpaceController } from '../space/spaceController';
import type { Command } from './command';

interface Action {
  title: string;
  run(): Thenable<unknown>;
}

/** Says in plain words whether a file is indexed and which rule decided that, and leads to the rule. */
export class WhyIndexedCommand implements Command {
  readonly id = 'latentLens.whyIndexed';

  constructor(private readonly space: SpaceController) {}

  /** @param file from a context menu; the file of the active editor when absent */
  async execute(file?: unknown): Promise<void> {
    const uri = file instanceof vscode.Uri ? file : activeFile();
    if (uri === undefined) {
      void vscode.window.showInformationMessage('Open the file first, or choose it in the Explorer.');
      return;
    }
    const place = pathInFolder(uri);
    if (place === undefined) {
      void vscode.window.showInformationMessage(outsideWords(uri));
      return;
    }
    if (!(await ensureIndexed(this.space, 'explain'))) return;
    const explanation = await this.space.request('explainFile', { ...place });
    const [first, ...others] = explanationWords(explanation);
    if (this.space.state.paused) others.push('Indexing is paused: nothing new is taken until you resume it.');
    const actions = this.actions(place, explanation);
    const answer = await vscode.window.showInformationMessage(
      first ?? place.path,
      { modal: true, detail: [others.join('\n'), place.path].filter(Boolean).join('\n\n') },
      ...actions.map(({ title }) => title),
    );
    await actions.find(({ title }) => title === answer)?.run();
  }

  private actions(place: FilePlace, { state, leftOut }: FileExplanation): Action[] {
    const rule = leftOut?.rule;
    if (rule?.source === 'ignore-file') {
      const at = new vscode.Range(rule.line - 1, 0, rule.line - 1, 0);
      return [
        {
          title: `Open ${path.basename(rule.file)}`,
          run: () => vscode.window.showTextDocument(vscode.Uri.file(rule.file), { selection: at }),
        },
      ];
    }
    if (rule?.source === 'setting') {
      return [
        {
          title: 'Open Settings',
          run: () => vscode.commands.executeCommand('workbench.action.openSettings', `@id:${rule.setting}`),
        },
      ];
    }
    if (state === 'waiting' || state === 'outdated') {
      if (this.space.state.paused) return [{ title: 'Resume Indexing', run: () => this.space.resumeIndexing() }];
      return [{ title: 'Index It', run: () => this.indexIt(place) }];
    }
    if (state === 'indexed') return [{ title: 'Show Index Report', run: showReport }];
    return [];
  }

  private async indexIt(place: FilePlace): Promise<void> {
    const { folderUri, path: name } = place;
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: `Indexing ${path.posix.basename(name)}` },
      () => this.space.request('filesChanged', { folderUri, paths: [name] }),
    );
    await this.execute(vscode.Uri.joinPath(vscode.Uri.parse(folderUri), name));
  }
}

function showReport(): Thenable<unknown> {
  return vscode.commands.executeCommand('latentLens.showIndexReport');
}

/** The file of the tab in front, whatever shows it. */
function activeFile(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (
    input instanceof vscode.TabInputText ||
    input instanceof vscode.TabInputNotebook ||
    input instanceof vscode.TabInputCustom
  )
    return input.uri;
  return vscode.window.activeTextEditor?.document.uri;
}

function outsideWords(uri: vscode.Uri): string {
  const name = path.posix.basename(uri.path);
  if (uri.scheme === 'untitled') return `${name} is not saved yet: files are indexed as they lie on the disk.`;
  if (uri.scheme === 'file')
    return `${name} is not indexed: it lies in no folder of this workspace. Add its folder to the workspace to index it.`;
  const isInVirtualFolder = virtualFolders().some(({ uri: folder }) => folder.scheme === uri.scheme);
  return (isInVirtualFolder && virtualFoldersWords()) || `${name} is not indexed: it lies on no disk (${uri.scheme}).`;
}
