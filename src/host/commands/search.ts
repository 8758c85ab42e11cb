import * as vscode from 'vscode';
import type { MapPanel } from '../panel/mapPanel';
import type { ChunkOpener } from '../places/chunkOpener';
import type { PlaceTracker } from '../places/placeTracker';
import { SearchPick } from '../search/searchPick';
import { ensureIndexed } from '../space/personIndexing';
import type { SpaceController } from '../space/spaceController';
import type { Command } from './command';

/** A selection that is longer is no question; it is for Embed Selection. */
const longestSelectedQuery = 120;

export class SearchCommand implements Command {
  readonly id = 'latentLens.search';

  constructor(
    private readonly space: SpaceController,
    private readonly opener: ChunkOpener,
    private readonly tracker: PlaceTracker,
    private readonly panel: MapPanel,
  ) {}

  /** @param query What to search for at once; what is selected when absent. */
  async execute(query?: unknown): Promise<void> {
    if (!(await ensureIndexed(this.space, 'search'))) return;
    new SearchPick({
      space: this.space,
      opener: this.opener,
      tracker: this.tracker,
      showOnMap: async (results) => this.panel.showResults(results),
      initialQuery: typeof query === 'string' ? query : selectedQuery(),
    }).show();
  }
}

function selectedQuery(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.selection.isEmpty || !editor.selection.isSingleLine) return undefined;
  const text = editor.document.getText(editor.selection).trim();
  return text.length > 0 && text.length <= longestSelectedQuery ? text : undefined;
}
