import * as vscode from 'vscode';
import type { ChunkDiagnostics } from '../quality/chunkDiagnostics';
import type { SplitEffectDocument } from '../quality/splitEffectDocument';
import type { SplitEffects } from '../quality/splitEffects';
import { targetFor } from '../quality/warningTarget';
import type { Command } from './command';

/** Embeds the halves of a flagged chunk and shows the ranks before and after. */
export class ShowSplitEffectCommand implements Command {
  readonly id = 'latentLens.showSplitEffect';

  constructor(
    private readonly diagnostics: ChunkDiagnostics,
    private readonly effects: SplitEffects,
    private readonly document: SplitEffectDocument,
  ) {}

  async execute(argument?: unknown): Promise<void> {
    const target = targetFor(argument, this.diagnostics);
    if (!target) return;
    const effect = target.point < 0 ? null : await this.effects.of(target.point, target.cut);
    if (!effect) {
      void vscode.window.showInformationMessage(
        'This text is not in the index as it stands here. Save the file, and ask again when its chunks are indexed.',
      );
      return;
    }
    const line = this.lineOf(target);
    await this.document.show(effect, `${target.path}${line === undefined ? '' : `:${line}`}`);
  }

  /** One-based line of the cut, where the document is open. */
  private lineOf({ path, text }: { path: string; text: string }): number | undefined {
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.path.endsWith(`/${path}`));
    const passage = document && this.diagnostics.passagesOf(document).find(({ warning }) => warning.text === text);
    return document && passage ? this.diagnostics.rangeOf(document, passage).start.line + 1 : undefined;
  }
}
