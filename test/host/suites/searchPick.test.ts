import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { ChunkOpener } from '../../../src/host/places/chunkOpener';
import { PlaceTracker } from '../../../src/host/places/placeTracker';
import { SearchPick } from '../../../src/host/search/searchPick';
import type { SpaceController } from '../../../src/host/space/spaceController';
import type { SearchHit, SearchResults } from '../../../src/shared/space';
import { isShown, temporaryFolder, until } from './editorState';
import { placeOf } from './fakeEngine';

const own = Array.from({ length: 200 }, (_, line) => `own line ${line}`).join('\n');
const pages = {
  'own.txt': own,
  'first.md': 'one\ntwo\nRefunds take five days.\n',
  'second.md': 'one\nMoney back within a week.\n',
  'third.md': 'The question itself: where is my money?\n',
};
const texts: [keyof typeof pages, string][] = [
  ['first.md', 'Refunds take five days.'],
  ['second.md', 'Money back within a week.'],
  ['third.md', 'The question itself: where is my money?'],
];

describe('the search while typing', () => {
  let folder: { uri: vscode.Uri; dispose(): Promise<void> };
  let tracker: PlaceTracker;
  let opener: ChunkOpener;
  let hits: SearchHit[];
  let onMap: SearchResults | undefined;
  const uri = (name: keyof typeof pages): vscode.Uri => vscode.Uri.joinPath(folder.uri, name);

  beforeEach(async () => {
    folder = await temporaryFolder(pages);
    onMap = undefined;
    hits = texts.map(([path, text], index) => ({
      rank: index + 1,
      point: index,
      place: placeOf(index, folder.uri.toString(), path, pages[path], text),
      places: 1,
      similarity: 0.7 - index / 10,
      percentile: 99 - index,
      text,
    }));
    tracker = new PlaceTracker();
    const place = async (_method: string, { chunkId }: { chunkId: number }): Promise<unknown> => hits[chunkId];
    opener = new ChunkOpener({ request: place } as unknown as SpaceController, tracker);
    // What the person has open: an editor with a selection, scrolled down.
    const editor = await vscode.window.showTextDocument(uri('own.txt'), { preview: false });
    editor.selection = new vscode.Selection(120, 2, 120, 5);
    editor.revealRange(editor.selection, vscode.TextEditorRevealType.AtTop);
    await until('the editor scrolled', () => (editor.visibleRanges[0]?.start.line ?? 0) > 100);
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    opener.dispose();
    tracker.dispose();
    await folder.dispose();
  });

  /** Searches for words that the last hit alone holds. */
  async function search(): Promise<SearchPick> {
    const marker = { label: 'q', x: 0, y: 0, stars: [], nearNothing: false };
    const results = { query: 'q', hits, marker, elapsedMs: 3, searched: 3 };
    const pick = new SearchPick({
      space: { request: async () => results, folders: [] },
      opener,
      tracker,
      showOnMap: async (sent) => void (onMap = sent),
      initialQuery: 'where is my money',
    });
    pick.show();
    await until('the hits', () => pick.pick.items.length === 3);
    await until('the first hit is active', () => pick.pick.activeItems.length === 1);
    return pick;
  }

  it('keeps the order of the similarity, shows all hits, and previews nothing before an arrow key', async () => {
    const { pick } = await search();
    assert.deepEqual(
      pick.items.map((item) => item.detail),
      ['first.md:3', 'second.md:2', 'third.md:1'],
    );
    assert.equal(pick.activeItems[0]?.detail, 'first.md:3', 'the editor sorted the hits by the typed words');
    await delay(300);
    assert.ok(!isShown(uri('first.md')));
  });

  it('previews the hit that an arrow key reaches, and Escape gives back the editor and its place', async () => {
    await search();
    await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
    await until('the preview of the second hit', () => isShown(uri('second.md')));
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    assert.ok(tab?.isPreview && tab.label === 'second.md');

    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    const back = (): vscode.TextEditor | undefined => vscode.window.activeTextEditor;
    await until('the own editor is back', () => back()?.document.uri.toString() === uri('own.txt').toString());
    await until('the preview is closed', () =>
      vscode.window.tabGroups.all.every((group) => group.tabs.every((each) => each.label === 'own.txt')),
    );
    await until('the editor is scrolled to where it was', () => (back()?.visibleRanges[0]?.start.line ?? 0) > 100);
    assert.deepEqual(back()?.selection, new vscode.Selection(120, 2, 120, 5));
  });

  it('opens the hit on Enter, at its line', async () => {
    await search();
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await until('the first hit', () => vscode.window.activeTextEditor?.document.uri.path.endsWith('first.md') === true);
    await until('the cursor at its line', () => vscode.window.activeTextEditor?.selection.active.line === 2);
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    assert.ok(tab && !tab.isPreview);
  });

  it('sends all hits to the map, after it gave back the editor', async () => {
    const picking = await search();
    await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
    await until('the preview of the second hit', () => isShown(uri('second.md')));
    await picking.sendToMap();
    assert.equal(onMap?.hits.length, 3);
    assert.ok(isShown(uri('own.txt')) && !isShown(uri('second.md')));
  });
});
