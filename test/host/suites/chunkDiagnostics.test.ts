import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ChunkDiagnostics } from '../../../src/host/quality/chunkDiagnostics';
import type { SpaceController } from '../../../src/host/space/spaceController';
import { diagnosticSource } from '../../../src/host/quality/warningText';
import type { Warning } from '../../../src/shared/space';
import { closeEditors, edit, temporaryFolder, until } from './editorState';
import { placeOf } from './fakeEngine';

const indexed =
  'Intro.\n\nBonds pay interest.\nRates rise.\nYields fall. The keeper saved the penalty. The match ended.\n\nOutro.\n';
const text = 'Bonds pay interest.\nRates rise.\nYields fall. The keeper saved the penalty. The match ended.';
const setting = 'latentLens.mixedTopics.problems';

describe('mixed-topic warnings in the Problems view', () => {
  let folder: { uri: vscode.Uri; dispose(): Promise<void> };
  let file: vscode.Uri;
  let changed: vscode.EventEmitter<void>;
  let warnings: Warning[];
  let diagnostics: ChunkDiagnostics;

  const ours = (): vscode.Diagnostic[] =>
    vscode.languages.getDiagnostics(file).filter((diagnostic) => diagnostic.source === diagnosticSource);
  const lines = (): number[] => ours().map((diagnostic) => diagnostic.range.start.line);

  beforeEach(async () => {
    folder = await temporaryFolder({ 'page.md': indexed });
    file = vscode.Uri.joinPath(folder.uri, 'page.md');
    changed = new vscode.EventEmitter();
    warnings = [
      {
        kind: 'mixed-topics',
        point: 12,
        place: placeOf(3, folder.uri.toString(), 'page.md', indexed, text),
        mixed: {
          cut: indexed.indexOf('The keeper'),
          cutLine: 4,
          before: ['interest', 'bonds'],
          after: ['keeper', 'match'],
          percentile: 97.8,
          gain: 1.2,
          flagged: true,
        },
        text,
      },
    ];
    const request = (async (method: string) => (method === 'warnings' ? warnings : [])) as SpaceController['request'];
    const space = { request, onDidChangeWarnings: changed.event, isIndexed: true };
    diagnostics = new ChunkDiagnostics(space, { warn: () => undefined });
  });

  afterEach(async () => {
    diagnostics.dispose();
    changed.dispose();
    await vscode.workspace.getConfiguration().update(setting, undefined, vscode.ConfigurationTarget.Global);
    await folder.dispose();
  });

  it('stand at the line of the cut, with both topics in words and the strength, for open files only', async () => {
    await diagnostics.refresh();
    assert.deepEqual(lines(), []);
    const { document } = await vscode.window.showTextDocument(file);
    await until('the warning of the opened file', () => ours().length === 1);
    const [diagnostic] = ours();
    assert.ok(diagnostic);
    assert.equal(diagnostic.range.start.line, 4);
    assert.equal(document.getText(diagnostic.range), 'The keeper saved the penalty.');
    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Information);
    for (const part of ['interest, bonds', 'keeper, match', '97%']) {
      assert.ok(diagnostic.message.includes(part), `${part} is missing in ${diagnostic.message}`);
    }
    await closeEditors();
    await until('the warning goes with its document', () => ours().length === 0);
  });

  it('follow the edits of the document', async () => {
    await diagnostics.refresh();
    await vscode.window.showTextDocument(file);
    await until('the warning', () => ours().length === 1);
    await edit(file, (change) => {
      change.insert(file, new vscode.Position(0, 0), 'one\ntwo\n');
      change.insert(file, new vscode.Position(3, 0), 'Prices drop.\n');
    });
    await until('the warning moved by three lines', () => lines()[0] === 7);
    await edit(file, (change) => change.delete(file, new vscode.Range(4, 0, 9, 0)));
    await until('the warning goes when its chunk was deleted', () => ours().length === 0);
  });

  it('are not shown where the text has changed since it was judged', async () => {
    await vscode.workspace.fs.writeFile(file, Buffer.from(indexed.replace('Rates rise.', 'Rates fall.')));
    await vscode.window.showTextDocument(file);
    await diagnostics.refresh();
    assert.deepEqual(lines(), []);
  });

  it('go when the engine takes them back', async () => {
    await vscode.window.showTextDocument(file);
    await diagnostics.refresh();
    assert.deepEqual(lines(), [4]);
    warnings = [];
    changed.fire();
    await until('the warning is taken back', () => ours().length === 0);
  });

  it('cover closed files when the setting says workspace, and nothing when it says off', async () => {
    const configuration = vscode.workspace.getConfiguration();
    await configuration.update(setting, 'workspace', vscode.ConfigurationTarget.Global);
    await until('the warning of the closed file', () => lines()[0] === 4);
    assert.deepEqual(ours()[0]?.range, new vscode.Range(4, 13, 4, 42));
    await configuration.update(setting, 'off', vscode.ConfigurationTarget.Global);
    await until('no warning', () => ours().length === 0);
    await vscode.window.showTextDocument(file);
    await diagnostics.refresh();
    assert.deepEqual(lines(), []);
  });

  it('lead to their point on the map', async () => {
    const { document } = await vscode.window.showTextDocument(file);
    await diagnostics.refresh();
    const [diagnostic] = ours();
    assert.ok(diagnostic);
    assert.equal(diagnostics.passageOf(document, diagnostic)?.warning.point, 12);
    const other = new vscode.Diagnostic(diagnostic.range, diagnostic.message);
    assert.equal(diagnostics.passageOf(document, other), undefined);
  });
});
