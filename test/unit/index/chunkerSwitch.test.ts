import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { createChunker } from '../../../src/core/chunking/chunkerChoice';
import { FolderIndex } from '../../../src/core/index/folderIndex';
import { IndexUpdate, type UpdateReport } from '../../../src/core/index/indexer';
import { chunkerNames, defaultChunking, type ChunkingSettings } from '../../../src/shared/chunking';
import { stubCounter, words } from '../chunking/chunkChecks';
import { HashEmbedder, MemoryFolder } from './memoryFolder';

const identity = {
  folderUri: 'file:///w',
  folderPath: '/w',
  modelFingerprint: 'hash-embedder',
  modelName: 'hash',
  dimensions: 8,
};

const page = (title: string): string =>
  Array.from({ length: 12 }, (_, i) => `${title} ${i}: ${words(8 + ((i * 11) % 25))}.`).join('\n\n');

describe('an index that is cut in several ways', () => {
  let folder: string;
  let index: FolderIndex;
  let source: MemoryFolder;
  let embedder: HashEmbedder;

  const open = (): void => {
    ({ index } = FolderIndex.open(path.join(folder, 'index.db'), identity));
  };
  const everything = (settings: Partial<ChunkingSettings> = {}): Promise<UpdateReport> => {
    const chunker = createChunker({ ...defaultChunking, ...settings }, { counter: stubCounter, maxTokens: 64 });
    return new IndexUpdate(index, { source, chunker, embedder, signal: new AbortController().signal }).everything();
  };

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-switch-'));
    source = new MemoryFolder().write('a.txt', page('First')).write('b/c.txt', page('Second'));
    embedder = new HashEmbedder();
    open();
  });
  afterEach(() => {
    index.store.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('embeds what differs after a switch of chunkers, and nothing on the way back', async () => {
    const first = await everything();
    assert.equal(first.embedded, first.chunks);
    for (const chunker of chunkerNames.filter((name) => name !== 'structure')) {
      const other = await everything({ chunker, size: chunker === 'sentences' ? 2 : 30, overlap: 0 });
      assert.ok(other.embedded > 0, `${chunker} cuts elsewhere`);
      const back = await everything();
      assert.deepEqual([back.embedded, back.chunks], [0, first.chunks], `back from ${chunker}`);
    }
  });

  it('embeds nothing when an edited file is renamed, or its text comes back after another, also in another session', async () => {
    await everything();
    const edited = page('First').replace('First 5:', `First 5: ${words(9, 'new')}.\n\n${words(30, 'more')}.`);
    source.write('a.txt', edited);
    const change = await everything();
    assert.ok(change.embedded >= 1 && change.embedded <= 2, `${change.embedded} embedded`);
    const cut = index.file('a.txt')!.chunks.map(({ start, end }) => [start, end]);
    source.rename('a.txt', 'z.txt');
    assert.equal((await everything()).embedded, 0);
    source.write('z.txt', page('Third'));
    await everything();
    index.store.close();
    open();
    source.write('z.txt', edited);
    assert.equal((await everything()).embedded, 0);
    assert.deepEqual(
      index.file('z.txt')!.chunks.map(({ start, end }) => [start, end]),
      cut,
    );
    source.write('z.txt', page('First'));
    assert.equal((await everything()).embedded, 0);
  });

  it('embeds a chunk over the limit in parts and keeps its boundary', async () => {
    source = new MemoryFolder().write('a.txt', words(90));
    const { chunks, embedded } = await everything({ chunker: 'recursive', size: 1000, overlap: 0 });
    assert.deepEqual([chunks, embedded], [1, 1]);
    assert.ok(embedder.embedded.length > 1, 'the model saw it in parts');
    const [{ start, end, embeddingId }] = index.file('a.txt')!.chunks;
    assert.deepEqual([start, end], [0, words(90).length]);
    assert.equal(index.store.text(embeddingId)?.parts, embedder.embedded.length);
  });
});
