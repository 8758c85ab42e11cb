import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { readFolders } from '../../../src/host/space/folderSettings';
import { followOpenFiles } from '../../../src/host/space/openFiles';
import { SpaceController } from '../../../src/host/space/spaceController';
import { followTyping } from '../../../src/host/space/typing';
import { followWorkspace } from '../../../src/host/space/workspaceWatcher';
import { closeEditors, memento, silentLog, temporaryFolder, until } from './editorState';
import { FakeEngine, indexReport, readyState } from './fakeEngine';

/** A window whose index is ready, its engine fake, its files and events VS Code's own. */
describe('what a window tells the engine', () => {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  const root = folder.uri.fsPath;
  let engine: FakeEngine;
  let space: SpaceController;
  let following: vscode.Disposable;

  beforeEach(async () => {
    engine = new FakeEngine({
      openSpace: () => ({ spaceId: 's1', state: readyState }),
      index: () => indexReport,
      filesChanged: () => ({ embedded: 0 }),
      openFiles: () => null,
      typing: () => null,
    });
    space = new SpaceController({
      engine,
      log: silentLog,
      readFolders,
      keepCurrent: () => true,
      memento: memento(),
      storageFolder: '/nowhere',
    });
    following = vscode.Disposable.from(
      followWorkspace(space, { keepCurrent: () => true, log: silentLog }),
      followOpenFiles(space),
      followTyping(space, engine),
    );
    await space.open();
  });

  afterEach(async () => {
    following.dispose();
    space.dispose();
    await closeEditors();
  });

  const told = (): string[][] => engine.askedFor('filesChanged').map(({ paths }) => paths);

  /** Waits until the engine was told of something and then of nothing more for two seconds. */
  async function settled(): Promise<string[][]> {
    await until('the engine is told', () => told().length > 0, 20_000);
    for (let before = -1; before !== told().length;) {
      before = told().length;
      await new Promise((resolve) => setTimeout(resolve, 2_000));
    }
    return told();
  }

  it('is one batch for a switch of git branches that rewrites, adds and removes 2,000 files', async function () {
    this.timeout(120_000);
    const repository = path.join(root, 'a repository');
    const git = async (...args: string[]): Promise<void> => {
      const identity = ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'core.autocrlf=false'];
      await promisify(execFile)('git', [...identity, ...args], { cwd: repository });
    };
    const write = (from: number, to: number, word: string): void => {
      for (let i = from; i < to; i++) {
        const file = path.join(repository, `d${i % 20}`, `${i}.md`);
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, `${word} ${i}\n`);
      }
    };
    try {
      fs.mkdirSync(repository, { recursive: true });
      await git('init', '-q');
      write(0, 1_500, 'one');
      await git('add', '.');
      await git('commit', '-qm', 'one');
      await git('checkout', '-qb', 'other');
      write(0, 1_000, 'two');
      write(1_500, 2_000, 'two');
      fs.rmSync(path.join(repository, 'd19'), { recursive: true });
      await git('add', '-A');
      await git('commit', '-qm', 'two');
      await git('checkout', '-q', '-');
      await settled();
      engine.asked.length = 0;

      await git('checkout', '-q', 'other');
      const batches = await settled();
      assert.equal(batches.length, 1, `batches of ${batches.map(({ length }) => length).join(', ')} paths`);
      const [paths] = batches;
      assert.ok(paths.length >= 1_400, `${paths.length} paths`);
      for (const file of ['a repository/d0/0.md', 'a repository/d0/1500.md', 'a repository/d19/19.md'])
        assert.ok(
          paths.some((each) => file === each || file.startsWith(`${each}/`)),
          `${file} is missing`,
        );
      assert.ok(!paths.some((each) => each.includes('.git/')), 'files of git itself were told');
    } finally {
      fs.rmSync(repository, { recursive: true, force: true });
      await settled();
    }
  });

  it('is both names of a folder that was renamed, and a file that was an unsaved document before', async function () {
    this.timeout(60_000);
    const made = path.join(root, 'to rename');
    fs.mkdirSync(made);
    fs.writeFileSync(path.join(made, 'inside.md'), 'text');
    try {
      await settled();
      engine.asked.length = 0;
      await vscode.workspace.fs.rename(vscode.Uri.file(made), vscode.Uri.file(`${made}d`));
      const paths = (await settled()).flat();
      const covers = (file: string): boolean => paths.some((each) => file === each || file.startsWith(`${each}/`));
      assert.ok(covers('to rename/inside.md') && covers('to renamed/inside.md'), paths.join(', '));

      engine.asked.length = 0;
      const untitled = vscode.Uri.file(path.join(`${made}d`, 'was unsaved.md')).with({ scheme: 'untitled' });
      const document = await vscode.workspace.openTextDocument(untitled);
      const edit = new vscode.WorkspaceEdit();
      edit.insert(untitled, new vscode.Position(0, 0), 'written before it had a place\n');
      await vscode.workspace.applyEdit(edit);
      await vscode.window.showTextDocument(document);
      await document.save();
      await until('the saved file is told', () => told().flat().includes('to renamed/was unsaved.md'), 20_000);
    } finally {
      fs.rmSync(made, { recursive: true, force: true });
      fs.rmSync(`${made}d`, { recursive: true, force: true });
      await settled();
    }
  });

  it('is which files are open, those in sight first', async () => {
    const open = async (file: string, viewColumn?: vscode.ViewColumn): Promise<void> => {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder.uri, file));
      await vscode.window.showTextDocument(document, { preview: false, viewColumn });
    };
    await open('support/refunds.md');
    await open('support/shipping.md');
    const last = (): string[] | undefined => engine.askedFor('openFiles').at(-1)?.files[0]?.paths;
    await until('both are told', () => last()?.length === 2);
    assert.deepEqual(last(), ['support/shipping.md', 'support/refunds.md']);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await until('the closed one is gone', () => last()?.length === 1);
  });

  it('is that the person types, while an index is under way, and not more than once a second', async () => {
    const outside = await temporaryFolder({ 'typed.md': '' });
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(outside.uri, 'typed.md'));
    const editor = await vscode.window.showTextDocument(document);
    const type = (text: string): Thenable<boolean> =>
      editor.edit((edit) => edit.insert(document.positionAt(document.getText().length), text));
    await type('nothing is indexed now');
    assert.equal(engine.askedFor('typing').length, 0);
    engine.tell({ type: 'state', spaceId: 's1', state: { ...readyState, phase: 'indexing' } });
    for (const letter of 'typed') await type(letter);
    assert.equal(engine.askedFor('typing').length, 1);
    await outside.dispose();
  });
});
