import * as vscode from 'vscode';
import type { SearchHit, SearchResults } from '../../shared/space';
import { isCancelled, messageOf } from '../engine';
import type { ChunkOpener } from '../places/chunkOpener';
import { placeUri, type PlaceTracker } from '../places/placeTracker';
import type { SpaceController } from '../space/spaceController';
import { EditorMemento } from './editorMemento';
import { LatestAnswer } from './latestAnswer';
import { hitWords, resultsTitle } from './searchItems';

export interface SearchPickOptions {
  space: Pick<SpaceController, 'request' | 'folders'>;
  opener: Pick<ChunkOpener, 'open' | 'clearHighlight'>;
  tracker: Pick<PlaceTracker, 'show'>;
  showOnMap: (results: SearchResults) => Promise<void>;
  initialQuery?: string;
}

interface HitItem extends vscode.QuickPickItem {
  hit: SearchHit;
}

const debounceMs = 150;
const limit = 30;

/** The quick pick that searches while people type: arrow keys preview a hit, Enter opens it, Escape takes all back. */
export class SearchPick {
  readonly pick: vscode.QuickPick<HitItem>;
  private readonly memento = EditorMemento.capture();
  private readonly previewed: vscode.Uri[] = [];
  private readonly latest: LatestAnswer<string, SearchResults>;
  private results: SearchResults | undefined;
  /** Whether an arrow key was pressed since the hits came: the first one is active without anybody choosing it. */
  private navigated = false;
  private accepted = false;
  private closing: Promise<void> | undefined;
  private previewing: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: SearchPickOptions) {
    this.latest = new LatestAnswer(
      debounceMs,
      (query, signal) => options.space.request('search', { query, limit }, signal),
      (_query, results) => this.showResults(results),
      (_query, error) => this.showError(error),
    );
    this.pick = vscode.window.createQuickPick<HitItem>();
    this.pick.title = 'Search by meaning';
    this.pick.placeholder = 'Ask in your own words: hits need not share a word with the question';
    this.pick.buttons = [{ iconPath: new vscode.ThemeIcon('graph-scatter'), tooltip: 'Show on Latent Map' }];
    keepOrder(this.pick);
    this.pick.onDidChangeValue((value) => this.ask(value));
    this.pick.onDidChangeActive(([item]) => item && this.preview(item));
    this.pick.onDidAccept(() => void this.accept());
    this.pick.onDidTriggerButton(() => void this.sendToMap());
    this.pick.onDidHide(() => void this.close());
  }

  show(): void {
    this.pick.show();
    if (this.options.initialQuery) {
      this.pick.value = this.options.initialQuery;
      this.ask(this.options.initialQuery);
    }
  }

  private ask(value: string): void {
    const query = value.trim();
    if (query === '') {
      this.latest.cancel();
      this.results = undefined;
      this.pick.items = [];
      this.pick.busy = false;
      return;
    }
    this.pick.busy = true;
    this.latest.question(query);
  }

  private showResults(results: SearchResults): void {
    this.results = results;
    this.navigated = false;
    this.pick.busy = false;
    this.pick.title = resultsTitle(results);
    this.options.tracker.show(results.hits);
    const folders = this.options.space.folders;
    this.pick.items = results.hits.map((hit) => ({
      ...hitWords(hit, folders.length > 1 ? folderName(folders, hit.place.folderUri) : undefined),
      alwaysShow: true,
      hit,
    }));
  }

  private showError(error: unknown): void {
    this.pick.busy = false;
    if (isCancelled(error)) return;
    this.pick.items = [];
    this.pick.title = `The search failed: ${messageOf(error)}`;
  }

  private preview(item: HitItem): void {
    if (item !== this.pick.items[0]) this.navigated = true;
    if (!this.navigated || this.closing) return;
    // One after the other, and only the one that is still active: a held arrow key passes many.
    this.previewing = this.previewing.then(async () => {
      if (this.closing || this.pick.activeItems[0] !== item) return;
      this.previewed.push(placeUri(item.hit.place));
      await this.options.opener
        .open(item.hit.place.chunkId, { preview: true, viewColumn: this.memento.column })
        .catch(() => undefined);
    });
  }

  private async accept(): Promise<void> {
    const item = this.pick.selectedItems[0] ?? this.pick.activeItems[0];
    if (!item) return;
    this.accepted = true;
    this.pick.hide();
    await this.previewing;
    try {
      await this.options.opener.open(item.hit.place.chunkId, { preview: false, viewColumn: this.memento.column });
    } catch (error) {
      if (!isCancelled(error)) void vscode.window.showErrorMessage(messageOf(error));
    }
  }

  /** Sends the hits to the map instead of opening one, and gives back the editor. */
  async sendToMap(): Promise<void> {
    const results = this.results;
    if (!results) return;
    await this.close();
    await this.options.showOnMap(results);
  }

  private close(): Promise<void> {
    this.closing ??= this.giveBack();
    return this.closing;
  }

  private async giveBack(): Promise<void> {
    this.latest.cancel();
    this.pick.hide();
    await this.previewing;
    this.pick.dispose();
    if (this.accepted) return;
    this.options.opener.clearHighlight();
    if (this.previewed.length === 0) return;
    // What was open before may be gone from the disk meanwhile; then there is nothing to give back.
    await this.memento.restore(this.previewed).catch(() => undefined);
  }
}

function folderName(folders: SpaceController['folders'], uri: string): string {
  return folders.find(({ folder }) => folder.uri === uri)?.folder.name ?? '';
}

/**
 * Hits are ranked by similarity. `alwaysShow` keeps all of them, but the editor still moves those whose label holds the
 * typed words to the top; it reads this property, which its typings don't list yet (microsoft/vscode#73904).
 */
function keepOrder(pick: vscode.QuickPick<HitItem>): void {
  (pick as vscode.QuickPick<HitItem> & { sortByLabel?: boolean }).sortByLabel = false;
}
