import assert from 'node:assert/strict';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { FileExplanation } from '../../../src/shared/fileExplanation';
import type { FolderReport, SpaceReport } from '../../../src/shared/spaceReport';
import { RetryFailedFilesCommand } from '../../../src/host/commands/retryFailedFiles';
import { WhyIndexedCommand } from '../../../src/host/commands/whyIndexed';
import { IndexReportDocument } from '../../../src/host/report/indexReportDocument';
import { readFolders } from '../../../src/host/space/folderSettings';
import { SpaceController } from '../../../src/host/space/spaceController';
import { closeEditors, memento, silentLog, until } from './editorState';
import { FakeEngine, readyState } from './fakeEngine';

/** Presses a button of the next message, and remembers what the message said. */
class Person {
  readonly read: { message: string; detail: string; buttons: string[] }[] = [];
  private readonly original = vscode.window.showInformationMessage;

  constructor(public presses: string | undefined) {
    const window = vscode.window as { showInformationMessage: unknown };
    window.showInformationMessage = async (message: string, ...rest: unknown[]) => {
      const options = rest.find((each): each is vscode.MessageOptions => typeof each === 'object');
      const buttons = rest.filter((each): each is string => typeof each === 'string');
      this.read.push({ message, detail: options?.detail ?? '', buttons });
      return buttons.find((button) => button === this.presses);
    };
  }

  leave(): void {
    (vscode.window as { showInformationMessage: unknown }).showInformationMessage = this.original;
  }
}

describe('why a file is indexed or not', () => {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  const root = folder.uri.fsPath;
  const file = vscode.Uri.joinPath(folder.uri, 'support', 'refunds.md');
  const place = { folderUri: folder.uri.toString(), path: 'support/refunds.md' };
  let explanation: FileExplanation;
  let report: SpaceReport;
  let engine: FakeEngine;
  let space: SpaceController;
  let person: Person;

  const folderReport: FolderReport = {
    folderUri: folder.uri.toString(),
    name: 'workspace',
    path: root,
    files: 64,
    chunks: 150,
    tokens: 12_345,
    chunksOverLimit: 2,
    byFolder: [
      { name: 'support', files: 14, chunks: 60, tokens: 6_000 },
      { name: '', files: 1, chunks: 2, tokens: 99 },
    ],
    byType: [{ name: 'Markdown', files: 60, chunks: 140, tokens: 12_000 }],
    skipped: [
      {
        reason: 'ignored',
        count: 3,
        examples: [
          {
            path: 'out/a.md',
            reason: 'ignored',
            rule: {
              source: 'ignore-file',
              file: path.join(root, 'README.md'),
              name: '.gitignore',
              line: 4,
              pattern: 'out/',
            },
          },
          { path: 'sports', reason: 'ignored' },
        ],
      },
    ],
    errors: [{ path: 'support/refunds.md', message: 'EACCES: permission denied' }],
    storeBytes: 2048,
    storeFile: '/store/x.db',
  };

  beforeEach(() => {
    explanation = { ...place, state: 'indexed' };
    report = {
      folders: [folderReport],
      points: 140,
      modelName: 'all-MiniLM-L6-v2',
      dimensions: 384,
      maxTokens: 256,
      runtime: 'wasm',
      threads: 2,
      tokensPerSecond: 2_000,
      memoryBytes: 2e8,
      lastRun: undefined,
      elapsedMs: 1,
    };
    engine = new FakeEngine({
      openSpace: () => ({ spaceId: 's1', state: readyState }),
      explainFile: () => explanation,
      indexReport: () => report,
      filesChanged: () => {
        report = { ...report, folders: [{ ...folderReport, errors: [] }] };
        explanation = { ...place, state: 'indexed' };
        return { embedded: 1 };
      },
    });
    space = new SpaceController({
      engine,
      log: silentLog,
      readFolders,
      keepCurrent: () => false,
      memento: memento(),
      storageFolder: '/nowhere',
    });
    person = new Person(undefined);
  });

  afterEach(async () => {
    person.leave();
    space.dispose();
    await closeEditors();
  });

  it('is told for the file of a context menu, and for the tab in front', async () => {
    await new WhyIndexedCommand(space).execute(file);
    await vscode.window.showTextDocument(file);
    await new WhyIndexedCommand(space).execute();
    const asked = engine.askedFor('explainFile').map(({ folderUri, path: name }) => ({ folderUri, path: name }));
    assert.deepEqual(asked, [place, place]);
    assert.match(person.read[0].message, /^refunds\.md is indexed/);
    assert.ok(person.read[0].detail.endsWith('support/refunds.md'));
  });

  it('leads to the line of the ignore file that decided', async () => {
    explanation = {
      ...place,
      state: 'left-out',
      leftOut: {
        reason: 'ignored',
        rule: {
          source: 'ignore-file',
          file: path.join(root, 'README.md'),
          name: '.gitignore',
          line: 7,
          pattern: '*.md',
        },
      },
    };
    person.presses = 'Open README.md';
    await new WhyIndexedCommand(space).execute(file);
    assert.match(person.read[0].message, /not indexed: .*line 7 of \.gitignore: \*\.md/);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.fsPath, path.join(root, 'README.md'));
    assert.equal(editor?.selection.active.line, 6);
  });

  it('offers to index what nothing leaves out, does it and says what came of it', async () => {
    explanation = { ...place, state: 'waiting' };
    person.presses = 'Index It';
    await new WhyIndexedCommand(space).execute(file);
    assert.deepEqual(engine.askedFor('filesChanged')[0]?.paths, ['support/refunds.md']);
    assert.deepEqual(
      person.read.map(({ message }) => message.split(',')[0].split('.md ')[1]),
      ['is not in the index yet', 'is indexed.'],
    );
  });

  it('names the setting, and offers to resume where indexing is paused', async () => {
    const rule = { source: 'setting', setting: 'latentLens.index.exclude', value: '**/*.md' } as const;
    explanation = { ...place, state: 'left-out', leftOut: { reason: 'excluded', rule } };
    await new WhyIndexedCommand(space).execute(file);
    assert.match(person.read[0].message, /latentLens\.index\.exclude: \*\*\/\*\.md/);
    assert.deepEqual(person.read[0].buttons, ['Open Settings']);
    explanation = { ...place, state: 'waiting' };
    engine.tell({ type: 'state', spaceId: 's1', state: { ...readyState, paused: true } });
    await new WhyIndexedCommand(space).execute(file);
    assert.match(person.read[1].detail, /paused/);
    assert.deepEqual(person.read[1].buttons, ['Resume Indexing']);
  });

  it('says of files outside the workspace and of unsaved ones why they can’t be in it', async () => {
    await new WhyIndexedCommand(space).execute(vscode.Uri.file('/elsewhere/x.md'));
    await new WhyIndexedCommand(space).execute(vscode.Uri.parse('untitled:Untitled-1'));
    await new WhyIndexedCommand(space).execute(vscode.Uri.parse('memfs:/x.md'));
    assert.match(person.read[0].message, /lies in no folder of this workspace/);
    assert.match(person.read[1].message, /not saved yet/);
    assert.match(person.read[2].message, /lies on no disk \(memfs\)/);
    assert.equal(engine.askedFor('explainFile').length, 0);
  });

  it('is reported for all files in a read-only document whose paths open, and failed files are tried again', async () => {
    const document = new IndexReportDocument(space, silentLog, 'latent-lens-report-test');
    try {
      await document.show();
      const editor = vscode.window.activeTextEditor;
      const { uri, languageId } = editor?.document ?? {};
      assert.ok(editor && uri);
      assert.equal(languageId, 'markdown');
      const text = (): string => editor.document.getText();
      for (const part of ['64 files, 150 chunks', 'support/refunds.md: EACCES', '| support', '(the folder itself)'])
        assert.ok(text().includes(part), `${part} is missing in\n${text()}`);
      const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', uri, 100);
      const targets = links.map(({ range, target }) => [
        editor.document.getText(range),
        target?.scheme === 'command' ? target.path : target?.fsPath,
        target?.fragment,
      ]);
      assert.deepEqual(
        targets.filter(([, target]) => target === 'revealInExplorer' || target?.startsWith(root)),
        [
          ['support/refunds.md', file.fsPath, ''],
          ['out/a.md', path.join(root, 'out/a.md'), ''],
          ['line 4 of .gitignore', path.join(root, 'README.md'), 'L4'],
          ['sports', 'revealInExplorer', ''],
        ],
      );
      const lenses = async (): Promise<(string | undefined)[]> =>
        (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri)).map(
          ({ command }) => command?.title.replace(/^\$\(\S+\) /, ''),
        );
      assert.deepEqual(await lenses(), ['Refresh', 'Retry 1 failed file', 'Settings of the index']);

      await new RetryFailedFilesCommand(space, document).execute();
      assert.deepEqual(engine.askedFor('filesChanged')[0]?.paths, ['support/refunds.md']);
      await until('the report is renewed', () => !text().includes('EACCES'));
      assert.deepEqual(await lenses(), ['Refresh', 'Settings of the index']);
      assert.match(person.read.at(-1)?.message ?? '', /1 file that had failed is indexed now/);
    } finally {
      document.dispose();
    }
  });
});
