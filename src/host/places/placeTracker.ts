import * as vscode from 'vscode';
import type { Place } from '../../shared/space';
import type { TextEdit } from './followEdits';
import { FollowedPassages, type Passage } from './followedPassages';

/** Places that are remembered as shown; the oldest go first. A panel and a quick pick together show fewer. */
const shownAtMost = 2000;

export function placeUri(place: Pick<Place, 'folderUri' | 'path'>): vscode.Uri {
  return vscode.Uri.joinPath(vscode.Uri.parse(place.folderUri, true), place.path);
}

export function editsOf(event: vscode.TextDocumentChangeEvent): TextEdit[] {
  return event.contentChanges.map((change) => ({
    offset: change.rangeOffset,
    removed: change.rangeLength,
    inserted: change.text.length,
  }));
}

/**
 * Follows the places that people are shown through the edits of open documents, so that a hit opens where its text lies
 * now, even when somebody typed into it since.
 */
export class PlaceTracker implements vscode.Disposable {
  private readonly shown = new Map<number, { uri: string; passage: Passage }>();
  private readonly documents = new Map<string, FollowedPassages>();
  private readonly disposables: vscode.Disposable[];

  constructor() {
    this.disposables = [
      vscode.workspace.onDidOpenTextDocument((document) => this.followShown(document)),
      vscode.workspace.onDidChangeTextDocument((event) => {
        const passages = this.documents.get(event.document.uri.toString());
        if (event.contentChanges.length > 0) passages?.edit(editsOf(event), () => event.document.getText());
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.documents.delete(document.uri.toString())),
    ];
  }

  /** Notes what a list shows: the place and the text there, or the beginning of it. */
  show(entries: readonly { place: Place; text: string }[]): void {
    const open = new Map(vscode.workspace.textDocuments.map((document) => [document.uri.toString(), document]));
    for (const { place, text } of entries) {
      const uri = placeUri(place).toString();
      const passage: Passage = { chunkId: place.chunkId, start: place.start, end: place.end, text };
      this.shown.delete(place.chunkId);
      this.shown.set(place.chunkId, { uri, passage });
      const document = open.get(uri);
      if (document) this.passagesOf(uri).add(passage, document.getText());
    }
    for (const chunkId of this.shown.keys()) {
      if (this.shown.size <= shownAtMost) break;
      this.shown.delete(chunkId);
    }
  }

  /** Where a shown place lies now in its open document; undefined when it isn't followed. */
  rangeOf(
    document: vscode.TextDocument,
    chunkId: number,
  ): { start: number; end: number; touched: boolean } | undefined {
    return this.documents.get(document.uri.toString())?.range(chunkId);
  }

  /** The text that a list shows under this id, or its beginning. */
  shownText(chunkId: number): string | undefined {
    return this.shown.get(chunkId)?.passage.text;
  }

  /** Forgets all: the ids of chunks have changed. */
  clear(): void {
    this.shown.clear();
    this.documents.clear();
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private followShown(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    for (const entry of this.shown.values()) {
      if (entry.uri === uri) this.passagesOf(uri).add(entry.passage, document.getText());
    }
  }

  private passagesOf(uri: string): FollowedPassages {
    let passages = this.documents.get(uri);
    if (!passages) {
      passages = new FollowedPassages();
      this.documents.set(uri, passages);
    }
    return passages;
  }
}
