import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ChunkOpener } from '../../../src/host/places/chunkOpener';
import { PlaceTracker } from '../../../src/host/places/placeTracker';
import type { SpaceController } from '../../../src/host/space/spaceController';
import type { Place } from '../../../src/shared/space';
import { edit, isShown, temporaryFolder } from './editorState';
import { placeOf } from './fakeEngine';

const indexed = '# Title\n\nThe first passage is here.\n\nThe second passage,\nof two lines.\n\nThe end.\n';
const text = 'The second passage,\nof two lines.';

describe('opening a chunk', () => {
  let folder: { uri: vscode.Uri; dispose(): Promise<void> };
  let file: vscode.Uri;
  let place: Place;
  let tracker: PlaceTracker;
  let opener: ChunkOpener;
  /** What the engine says of the chunk. */
  let answer: { place: Place; text: string } | null;

  beforeEach(async () => {
    folder = await temporaryFolder({ 'page.md': indexed });
    file = vscode.Uri.joinPath(folder.uri, 'page.md');
    place = placeOf(7, folder.uri.toString(), 'page.md', indexed, text);
    answer = { place, text };
    const space = { request: async () => answer } as unknown as Pick<SpaceController, 'request'>;
    tracker = new PlaceTracker();
    opener = new ChunkOpener(space, tracker);
  });

  afterEach(async () => {
    opener.dispose();
    tracker.dispose();
    await folder.dispose();
  });

  const open = (): Promise<vscode.TextEditor | undefined> => opener.open(7, { preview: false });

  /** The line at which an editor stands. */
  const lineAt = (editor: vscode.TextEditor | undefined): string | undefined =>
    editor?.document.lineAt(editor.selection.active.line).text;

  it('puts the cursor at its first line', async () => {
    const editor = await open();
    assert.equal(editor?.document.uri.toString(), file.toString());
    assert.equal(editor?.selection.active.line, 4);
  });

  it('puts the cursor at an offset into it', async () => {
    const editor = await opener.open(7, { preview: false, offset: text.indexOf('of two') });
    assert.equal(lineAt(editor), 'of two lines.');
    assert.equal(editor?.selection.active.character, 0);
  });

  it('follows text that moved in the file since it was indexed', async () => {
    await vscode.workspace.fs.writeFile(file, Buffer.from(`A new line.\n\nAnother.\n${indexed}`));
    const editor = await open();
    assert.equal(editor?.selection.active.line, 7);
    assert.equal(lineAt(editor), 'The second passage,');
  });

  it('follows unsaved edits above it', async () => {
    await vscode.window.showTextDocument(file);
    await edit(file, (change) => change.insert(file, new vscode.Position(0, 0), 'typed\ntyped\n'));
    assert.equal((await open())?.selection.active.line, 6);
  });

  it('opens what became of it when somebody typed into it', async () => {
    await vscode.window.showTextDocument(file);
    tracker.show([{ place, text }]);
    await edit(file, (change) => {
      change.insert(file, new vscode.Position(0, 0), 'above\n');
      change.insert(file, new vscode.Position(4, 4), 'changed ');
    });
    const editor = await open();
    assert.equal(lineAt(editor), 'The changed second passage,');
  });

  it('opens nothing when its text is gone, rather than the lines where it was', async () => {
    await vscode.workspace.fs.writeFile(file, Buffer.from(indexed.replace(text, 'Something else\nentirely.')));
    assert.equal(await open(), undefined);
    assert.ok(!isShown(file));
  });

  it('opens nothing when the file is gone', async () => {
    await vscode.workspace.fs.delete(file);
    assert.equal(await open(), undefined);
    assert.ok(!isShown(file));
  });

  it('opens nothing when the index no longer knows the chunk, or means another one by its id', async () => {
    answer = null;
    assert.equal(await open(), undefined);
    tracker.show([{ place, text: 'What the list showed' }]);
    answer = { place, text };
    assert.equal(await open(), undefined);
    assert.ok(!isShown(file));
  });

  it('leaves the focus where it is in a preview, and shows it in the preview tab', async () => {
    const other = vscode.Uri.joinPath(folder.uri, 'other.md');
    await vscode.workspace.fs.writeFile(other, Buffer.from('Another page.'));
    await vscode.window.showTextDocument(other, { preview: false });
    await opener.open(7, { preview: true, viewColumn: vscode.ViewColumn.One });
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    assert.ok(tab?.isPreview && tab.label === 'page.md');
  });
});
