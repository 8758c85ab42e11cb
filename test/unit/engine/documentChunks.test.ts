import assert from 'node:assert/strict';
import { createChunker } from '../../../src/core/chunking/chunkerChoice';
import { chunksOfDocument } from '../../../src/engine/documentChunks';
import { defaultChunking, type ChunkingSettings, type DocumentChunks } from '../../../src/shared/chunking';
import { stubCounter, words } from '../chunking/chunkChecks';

function chunks(
  document: { text: string; name?: string; languageId?: string },
  settings: Partial<ChunkingSettings> = {},
): Promise<DocumentChunks> {
  const chunking = { ...defaultChunking, ...settings };
  return chunksOfDocument(
    { name: undefined, languageId: '', ...document, settings: chunking, place: undefined },
    { chunker: createChunker(chunking, { counter: stubCounter, maxTokens: 64 }), maxTokens: 64, space: undefined },
  );
}

describe('the chunks of a document in the editor', () => {
  const markdown = `# Title\n\n${words(40)}\n\n${words(40)}\n`;

  it('are those that the index would have, by name or by language', async () => {
    const named = await chunks({ text: markdown, name: '/w/a.md', languageId: 'plaintext' });
    assert.deepEqual(
      named.chunks.map(({ context }) => context),
      [[], ['Title']],
    );
    assert.deepEqual(await chunks({ text: markdown, languageId: 'markdown' }), named);
    const plain = await chunks({ text: markdown, languageId: 'plaintext' });
    assert.deepEqual(
      plain.chunks.map(({ context }) => context),
      [[], []],
    );
  });

  it('say where the parts of one over the limit begin', async () => {
    const text = words(90);
    const { maxTokens, chunks: found } = await chunks({ text }, { chunker: 'recursive', size: 1000, overlap: 0 });
    assert.equal(maxTokens, 64);
    assert.equal(found.length, 1);
    assert.equal(found[0].tokens, 92);
    assert.ok(found[0].parts.length === 2 && found[0].parts[0] === 0 && text.startsWith('word', found[0].parts[1]));
  });

  it('stand at their source where text is taken out of markup', async () => {
    const text = `<html><body><h1>Title</h1><p>Some text in a page.</p></body></html>`;
    const found = await chunks({ text, name: '/w/a.html', languageId: 'html' });
    assert.equal(found.chunks.length, 1);
    const [{ start, end }] = found.chunks;
    assert.match(text.slice(start, end), /Title.*Some text in a page\./);
  });

  it('are refused for documents that nobody writes by hand', async () => {
    await assert.rejects(chunks({ text: 'x'.repeat(5_000_001) }), /longer than 5,000,000 characters/);
  });
});
