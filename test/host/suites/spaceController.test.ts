import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SpaceState } from '../../../src/shared/space';
import { SpaceController } from '../../../src/host/space/spaceController';
import { readFolders } from '../../../src/host/space/folderSettings';
import { followWorkspace } from '../../../src/host/space/workspaceWatcher';
import { memento, silentLog as log, until } from './editorState';
import { FakeEngine, indexReport as report, readyState } from './fakeEngine';

describe('the space of a window', () => {
  let engine: FakeEngine;
  let space: SpaceController;
  let state: SpaceState;
  let keepCurrent: boolean;
  /** Ends the indexing that is under way. */
  let finishIndexing: ((value: typeof report) => void)[];

  beforeEach(() => {
    state = readyState;
    keepCurrent = false;
    finishIndexing = [];
    engine = new FakeEngine({
      openSpace: () => ({ spaceId: 's1', state }),
      index: () => new Promise((resolve) => finishIndexing.push(resolve)),
      stopIndexing: () => null,
      filesChanged: () => ({ embedded: 1 }),
    });
    space = new SpaceController({
      engine,
      log,
      readFolders,
      keepCurrent: () => keepCurrent,
      memento: memento(),
      storageFolder: '/nowhere',
    });
  });

  afterEach(() => space.dispose());

  it('starts no engine in a window that never indexed anything', async () => {
    await space.openIfStored();
    assert.deepEqual(engine.asked, []);
  });

  it('opens the workspace folders with what the editor hides left out', async () => {
    await space.open();
    const [params] = engine.askedFor('openSpace');
    assert.equal(params?.folders[0]?.folder.uri, vscode.workspace.workspaceFolders?.[0]?.uri.toString());
    assert.ok(params?.folders[0]?.settings.exclude.some(({ glob }) => glob === '**/.git'));
    assert.equal(space.state.chunks, 3);
  });

  it('opens once for many who ask', async () => {
    await Promise.all([space.open(), space.open(), space.request('filesChanged', { folderUri: 'f', paths: [] })]);
    assert.equal(engine.askedFor('openSpace').length, 1);
  });

  it('takes the newer state that arrives before its space has a name', async () => {
    const opening = space.open();
    engine.tell({ type: 'state', spaceId: 's1', state: { ...readyState, chunks: 99 } });
    await opening;
    assert.equal(space.state.chunks, 99);
  });

  it('catches up with the disk when it opens an index, unless the setting or the person said no', async () => {
    keepCurrent = true;
    await space.open();
    await until('the refresh', () => finishIndexing.length === 1);
    assert.deepEqual(engine.askedFor('index')[0]?.startedByPerson, false);
    finishIndexing[0]?.(report);

    await space.stopIndexing();
    await space.reopen();
    assert.equal(engine.askedFor('index').length, 1, 'it went on although the person had stopped it');
  });

  it('indexes nothing by itself where nothing was ever indexed', async () => {
    keepCurrent = true;
    state = { ...readyState, phase: 'none' };
    await space.open();
    assert.equal(engine.askedFor('index').length, 0);
  });

  it('goes on with the indexing that an engine died in, and opens its folders in the next one', async () => {
    const run = space.index(true);
    await until('the first run', () => finishIndexing.length === 1);
    engine.die();
    await until('the second run', () => finishIndexing.length === 2);
    finishIndexing[1]?.(report);
    assert.equal((await run).chunks, 3);
    assert.deepEqual(
      engine.askedFor('index').map((params) => params.startedByPerson),
      [true, true],
    );
    assert.equal(engine.askedFor('openSpace').length, 2);
  });

  it('tells the engine of a file that was written, once, by its path in the folder', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    keepCurrent = true;
    await space.open();
    await until('the refresh', () => finishIndexing.length === 1);
    finishIndexing[0]?.(report);
    const following = followWorkspace(space, { keepCurrent: () => keepCurrent, log, quietMs: 200 });
    const file = vscode.Uri.joinPath(folder.uri, 'notes', 'written by the suite.md');
    try {
      await vscode.workspace.fs.writeFile(file, Buffer.from('text'));
      const told = (): string[] => engine.askedFor('filesChanged').flatMap((params) => params.paths);
      await until('the engine is told', () => told().includes('notes/written by the suite.md'));
      assert.equal(told().filter((path) => path.endsWith('suite.md')).length, 1);
      assert.equal(engine.askedFor('filesChanged')[0]?.folderUri, folder.uri.toString());
    } finally {
      following.dispose();
      await vscode.workspace.fs.delete(file);
    }
  });

  it('opens its folders again when a setting of the index changes', async () => {
    await space.open();
    const following = followWorkspace(space, { keepCurrent: () => keepCurrent, log });
    const index = vscode.workspace.getConfiguration('latentLens.index');
    try {
      await index.update('exclude', ['**/generated/**'], vscode.ConfigurationTarget.Workspace);
      await until('the space is opened again', () => engine.askedFor('openSpace').length === 2);
      assert.ok(
        engine.askedFor('openSpace')[1]?.folders[0]?.settings.exclude.some(({ glob }) => glob === '**/generated/**'),
      );
    } finally {
      following.dispose();
      await index.update('exclude', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });
});
