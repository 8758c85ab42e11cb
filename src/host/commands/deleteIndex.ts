import * as path from 'node:path';
import * as vscode from 'vscode';
import type { StoredIndex } from '../../shared/indexing';
import type { Engine } from '../engine';
import type { SpaceController } from '../space/spaceController';
import { byteSize, counted } from '../../shared/plainWords';
import type { Command } from './command';

interface IndexItem extends vscode.QuickPickItem {
  index: StoredIndex;
}

/** Lists every stored index with its place and size, those of folders that are gone first, and deletes what is chosen. */
export class DeleteIndexCommand implements Command {
  readonly id = 'latentLens.deleteIndex';

  constructor(
    private readonly engine: Engine,
    private readonly space: SpaceController,
    private readonly storageFolder: string,
  ) {}

  async execute(): Promise<void> {
    const place = path.join(this.storageFolder, 'indexes');
    const stored = await this.engine.request('storedIndexes', {});
    if (stored.length === 0) {
      void vscode.window.showInformationMessage(`No index is stored. Indexes lie in ${place}.`);
      return;
    }
    const chosen = await vscode.window.showQuickPick(this.items(stored), {
      canPickMany: true,
      matchOnDescription: true,
      title: `Delete Index · ${byteSize(sum(stored))} in ${place}`,
      placeHolder: 'Choose the indexes to delete: your own files stay as they are',
    });
    if (!chosen || chosen.length === 0) return;
    const indexes = chosen.map((item) => item.index);
    if (!(await confirm(indexes, place))) return;

    let bytes = 0;
    for (const { folderUri } of indexes) bytes += (await this.engine.request('deleteIndex', { folderUri })).bytes;
    await this.space.reopen();
    void vscode.window.showInformationMessage(
      `${counted(indexes.length, 'index')} deleted, ${byteSize(bytes)} freed. Your own files are as they were.`,
    );
  }

  private items(stored: StoredIndex[]): IndexItem[] {
    const own = new Set(this.space.folders.map(({ folder }) => folder.uri));
    const rank = (index: StoredIndex): number => (index.folderExists ? (own.has(index.folderUri) ? 1 : 2) : 0);
    return [...stored]
      .sort((a, b) => rank(a) - rank(b) || b.bytes - a.bytes)
      .map((index) => ({
        index,
        label: path.basename(index.path) || index.path,
        description: index.folderExists ? index.path : `$(warning) folder is gone · ${index.path}`,
        detail: `${byteSize(index.bytes)} · ${counted(index.files, 'file')} · ${counted(index.chunks, 'chunk')} · ${index.modelName}`,
        picked: !index.folderExists || own.has(index.folderUri),
      }));
  }
}

async function confirm(indexes: StoredIndex[], place: string): Promise<boolean> {
  const what = indexes.length === 1 ? `the index of ${indexes[0]?.path}` : counted(indexes.length, 'index');
  const answer = await vscode.window.showWarningMessage(
    `Delete ${what}?`,
    {
      modal: true,
      detail: `${byteSize(sum(indexes))} in ${place}. Your own files are not touched; indexing again brings the index back.`,
    },
    'Delete',
  );
  return answer === 'Delete';
}

function sum(indexes: StoredIndex[]): number {
  return indexes.reduce((bytes, index) => bytes + index.bytes, 0);
}
