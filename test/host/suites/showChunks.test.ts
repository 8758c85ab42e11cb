import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ChunkOverlay } from '../../../src/host/chunks/chunkOverlay';
import type { DocumentChunk, DocumentChunks } from '../../../src/shared/chunking';
import type { EngineParams } from '../../../src/shared/hostEngine';
import { closeEditors, edit, temporaryFolder, until } from './editorState';
import { FakeEngine } from './fakeEngine';

const page = '# Title\n\nFirst paragraph.\n\nSecond paragraph, which is long.\n\nThird.\n';

/** One chunk a paragraph, a token a word; those longer than four words are over the limit and come in two parts. */
function paragraphs({ text }: EngineParams<'chunks'>): DocumentChunks {
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length - 1;
  const chunks = [...text.matchAll(/\S[^]*?(?=\n\n|\s*$)/g)].map((match): DocumentChunk => {
    const [start, end] = [match.index, match.index + match[0].length];
    const tokens = match[0].split(/\s+/).length;
    const parts = tokens > 4 ? [start, start + match[0].indexOf('which')] : [];
    return { start, end, startLine: lineOf(start), endLine: lineOf(end - 1), tokens, context: ['Title'], parts };
  });
  return { maxTokens: 4, chunks };
}

describe('Show Chunks', () => {
  let folder: { uri: vscode.Uri; dispose(): Promise<void> };
  let engine: FakeEngine;
  let overlay: ChunkOverlay;

  const labelsOf = (document: vscode.TextDocument): string[] => {
    const marks = overlay.marksOf(document);
    return [...(marks?.label ?? []), ...(marks?.overLimit ?? [])]
      .sort((a, b) => a.range.start.line - b.range.start.line)
      .map(({ range, renderOptions }) => `${range.start.line}: ${renderOptions?.after?.contentText}`);
  };

  beforeEach(async () => {
    folder = await temporaryFolder({ 'page.md': page });
    engine = new FakeEngine({ chunks: paragraphs });
    overlay = new ChunkOverlay(engine, {
      isOpen: false,
      isIndexed: false,
      open: () => Promise.reject(new Error('no')),
    });
  });

  afterEach(async () => {
    overlay.dispose();
    await vscode.workspace
      .getConfiguration('latentLens.chunking')
      .update('chunker', undefined, vscode.ConfigurationTarget.Global);
    await folder.dispose();
  });

  it('draws chunks with their tokens, marks those over the limit, and goes when it is switched off', async () => {
    const { document } = await vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, 'page.md'));
    assert.equal(overlay.isShown, false);
    await overlay.show();
    assert.deepEqual(labelsOf(document), [
      '0: chunk 1 · 2 tokens',
      '2: chunk 2 · 2 tokens',
      '4: chunk 3 · 5 tokens · over the limit, embedded in 2 parts',
      '6: chunk 4 · 1 token',
    ]);
    const marks = overlay.marksOf(document);
    assert.ok(marks);
    assert.deepEqual(
      marks.ruleBelow.map(({ range }) => range.start.line),
      [1, 3, 5],
      'a rule on the blank line above each chunk',
    );
    assert.deepEqual(
      marks.shadeLines.map(({ range }) => document.getText(range)),
      ['# Title', 'Second paragraph, which is long.'],
    );
    assert.equal(marks.overLimit.length, 1);
    assert.equal(marks.part.length, 1);
    assert.match(
      String((marks.overLimit[0].hoverMessage as string[])[0]),
      /Chunk 3 of 4: lines 5–5, 5 of at most 4 tokens.*Title.*2 parts/,
    );
    assert.match(overlay.statusText, /4 chunks · 10 tokens · 1 over the limit/);

    await overlay.hide();
    assert.equal(overlay.isShown, false);
    assert.equal(overlay.marksOf(document), undefined);
    const asked = engine.askedFor('chunks').length;
    await edit(document.uri, (change) => change.insert(document.uri, new vscode.Position(0, 0), 'x'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(engine.askedFor('chunks').length, asked, 'nobody is asked once it is off');
  });

  it('follows what is typed without saving, and asks once for a burst of it', async () => {
    const { document } = await vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, 'page.md'));
    await overlay.show();
    const before = engine.askedFor('chunks').length;
    for (const letter of ['N', 'e', 'w', '\n', '\n'].reverse())
      await edit(document.uri, (change) => change.insert(document.uri, new vscode.Position(2, 0), letter));
    await until('the new paragraph is a chunk', () => labelsOf(document).length === 5);
    assert.ok(document.isDirty);
    assert.equal(labelsOf(document)[1], '2: chunk 2 · 1 token');
    const asked = engine.askedFor('chunks').slice(before);
    assert.ok(asked.length <= 3, `asked ${asked.length} times for five letters`);
    assert.equal(asked.at(-1)?.text, document.getText());
    await until('the total follows', () => overlay.statusText.includes('5 chunks'));
  });

  it('works on untitled documents and follows the chunking settings', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: 'One.\n\nTwo.' });
    await vscode.window.showTextDocument(document);
    await overlay.show();
    assert.deepEqual(labelsOf(document), ['0: chunk 1 · 1 token', '2: chunk 2 · 1 token']);
    const [question] = engine.askedFor('chunks').slice(-1);
    assert.deepEqual([question.name, question.languageId, question.place], [undefined, 'markdown', undefined]);
    assert.equal(question.settings.chunker, 'structure');
    await vscode.workspace
      .getConfiguration('latentLens.chunking')
      .update('chunker', 'sentences', vscode.ConfigurationTarget.Global);
    await until('it is cut anew', () => engine.askedFor('chunks').at(-1)?.settings.chunker === 'sentences');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await closeEditors();
  });

  it('says what is wrong and draws nothing where a document can’t be cut', async () => {
    overlay.dispose();
    engine = new FakeEngine({ chunks: () => Promise.reject(new Error('The document is longer than it may be.')) });
    overlay = new ChunkOverlay(engine, {
      isOpen: false,
      isIndexed: false,
      open: () => Promise.reject(new Error('no')),
    });
    const { document } = await vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, 'page.md'));
    await assert.rejects(overlay.show(), /longer than it may be/);
    assert.equal(overlay.marksOf(document), undefined);
    assert.match(overlay.statusText, /warning/);
  });

  it('marks overlapping chunks and chunks that begin inside a line', async () => {
    overlay.dispose();
    const chunk = (start: number, end: number): DocumentChunk => ({
      start,
      end,
      startLine: 0,
      endLine: 0,
      tokens: 3,
      context: [],
      parts: [],
    });
    engine = new FakeEngine({ chunks: () => ({ maxTokens: 9, chunks: [chunk(0, 10), chunk(6, 16)] }) });
    overlay = new ChunkOverlay(engine, {
      isOpen: false,
      isIndexed: false,
      open: () => Promise.reject(new Error('no')),
    });
    const document = await vscode.workspace.openTextDocument({ language: 'plaintext', content: 'one two three four' });
    await vscode.window.showTextDocument(document);
    await overlay.show();
    const marks = overlay.marksOf(document);
    assert.ok(marks);
    assert.deepEqual(labelsOf(document), ['0: chunk 1 · 3 tokens | chunk 2 · 3 tokens · overlaps chunk 1']);
    assert.deepEqual(
      marks.overlap.map(({ range }) => document.getText(range)),
      ['o th'],
    );
    assert.deepEqual(
      marks.seam.map(({ range }) => range.start.character),
      [6],
    );
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});
