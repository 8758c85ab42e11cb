import * as vscode from 'vscode';
import {
  formatKeptMarks,
  isSamePlace,
  keptMarksFile,
  noMarks,
  parseKeptMarks,
  type FineMark,
  type KeptCut,
  type KeptMarks as Marks,
} from '../../shared/keptMarks';
import type { SpaceController } from '../space/spaceController';

/** What people decide about single chunks: written into a file of the folder, where the engine reads it. */
export class KeptMarks {
  constructor(private readonly space: Pick<SpaceController, 'request'>) {}

  /** @throws Error when the file is there and can't be read: it is never overwritten then */
  async addFine(folderUri: string, mark: FineMark): Promise<void> {
    await this.change(folderUri, (marks) => ({
      ...marks,
      fine: [...marks.fine.filter((other) => other.kind !== mark.kind || !isSamePlace(other, mark)), mark],
    }));
  }

  /** @throws as `addFine` */
  async addCut(folderUri: string, cut: KeptCut): Promise<void> {
    await this.change(folderUri, (marks) => ({
      ...marks,
      cuts: [...marks.cuts.filter((other) => other.path !== cut.path || !isSamePlace(other, cut)), cut],
    }));
  }

  /** Takes a mark or a cut back. @throws as `addFine` */
  async remove(folderUri: string, mark: KeptCut): Promise<void> {
    const other = (kept: KeptCut): boolean => kept.path !== mark.path || !isSamePlace(kept, mark);
    await this.change(folderUri, (marks) =>
      'kind' in mark
        ? { ...marks, fine: marks.fine.filter((kept) => kept.kind !== mark.kind || other(kept)) }
        : { ...marks, cuts: marks.cuts.filter(other) },
    );
  }

  async open(folderUri: string): Promise<void> {
    await vscode.window.showTextDocument(fileOf(folderUri));
  }

  private async change(folderUri: string, change: (marks: Marks) => Marks): Promise<void> {
    const file = fileOf(folderUri);
    const content = await Promise.resolve(vscode.workspace.fs.readFile(file)).catch((error: unknown) => {
      if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return undefined;
      throw error;
    });
    const marks = content === undefined ? noMarks() : parseKeptMarks(new TextDecoder().decode(content));
    const changed = change(marks);
    if (changed.fine.length + changed.cuts.length === 0) await vscode.workspace.fs.delete(file);
    else await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(formatKeptMarks(changed)));
    await this.space.request('filesChanged', { folderUri, paths: [keptMarksFile] });
  }
}

function fileOf(folderUri: string): vscode.Uri {
  return vscode.Uri.joinPath(vscode.Uri.parse(folderUri, true), keptMarksFile);
}
