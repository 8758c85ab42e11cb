import type * as vscode from 'vscode';
import type { Warning } from '../../shared/space';
import { isCancelled, messageOf } from '../engine';
import { readChunking } from '../space/folderSettings';
import { pathInFolder } from '../space/pathInFolder';
import type { SpaceController } from '../space/spaceController';

/** A sentence is finished before it is judged. */
const typingPauseMs = 800;
/** What is written for readers; code is not judged. */
const judgedLanguages = new Set(['markdown', 'plaintext', 'mdx', 'asciidoc', 'latex', 'quarto', 'rmd']);

/** Judges documents while somebody types, saved or not: after a pause, and never two questions about one document. */
export class LiveJudge implements vscode.Disposable {
  private readonly waiting = new Map<vscode.TextDocument, NodeJS.Timeout>();
  private readonly asking = new Map<vscode.TextDocument, AbortController>();

  constructor(
    private readonly space: Pick<SpaceController, 'request' | 'isIndexed'>,
    private readonly log: Pick<vscode.LogOutputChannel, 'warn'>,
    private readonly onJudged: (document: vscode.TextDocument, warnings: Warning[]) => void,
  ) {}

  judgeSoon(document: vscode.TextDocument): void {
    this.forget(document);
    const { scheme } = document.uri;
    if (!['file', 'untitled'].includes(scheme) || !judgedLanguages.has(document.languageId)) return;
    if (!this.space.isIndexed) return;
    this.waiting.set(
      document,
      setTimeout(() => void this.judge(document), typingPauseMs),
    );
  }

  /** What is under way about a document is taken back. */
  forget(document: vscode.TextDocument): void {
    clearTimeout(this.waiting.get(document));
    this.waiting.delete(document);
    this.asking.get(document)?.abort();
    this.asking.delete(document);
  }

  dispose(): void {
    for (const document of [...this.waiting.keys(), ...this.asking.keys()]) this.forget(document);
  }

  private async judge(document: vscode.TextDocument): Promise<void> {
    this.waiting.delete(document);
    // What is as it lies on the disk is told by the index.
    if (!document.isDirty) return;
    const controller = new AbortController();
    this.asking.set(document, controller);
    const { version, uri, languageId } = document;
    const file = pathInFolder(uri);
    try {
      const found = await this.space.request(
        'judgeDocument',
        {
          text: document.getText(),
          name: uri.scheme === 'file' ? uri.path : undefined,
          languageId,
          settings: readChunking(document),
          file,
        },
        controller.signal,
      );
      // What was saved meanwhile is told by the index, what was typed is asked about again.
      if (controller.signal.aborted || document.version !== version || !document.isDirty) return;
      this.onJudged(
        document,
        found.map(({ start, end, mixed, text, point }): Warning => ({
          kind: 'mixed-topics',
          point: point ?? -1,
          place: {
            ...{ chunkId: -1, folderUri: file?.folderUri ?? '', path: file?.path ?? '', start, end },
            startLine: document.positionAt(start).line,
            endLine: document.positionAt(end).line,
          },
          mixed,
          text,
        })),
      );
    } catch (error) {
      if (!isCancelled(error) && !controller.signal.aborted)
        this.log.warn(`What is typed was not judged for mixed topics: ${messageOf(error)}`);
    } finally {
      if (this.asking.get(document) === controller) this.asking.delete(document);
    }
  }
}
