import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Chunker } from '../../../src/core/chunking/chunk';
import type { DocumentSource } from '../../../src/core/index/documentSource';
import { FolderIndex } from '../../../src/core/index/folderIndex';
import { IndexUpdate, type UpdateReport } from '../../../src/core/index/indexer';
import { Points } from '../../../src/core/index/points';
import { HashEmbedder, hashVector, MemoryFolder, paragraphChunker } from './memoryFolder';

const identity = {
  folderUri: 'file:///w',
  folderPath: '/w',
  modelFingerprint: 'hash-embedder',
  modelName: 'hash',
  dimensions: 8,
};

describe('an index update', () => {
  let folder: string;
  let file: string;
  let index: FolderIndex;
  let source: MemoryFolder;
  let embedder: HashEmbedder;

  const open = (): void => {
    ({ index } = FolderIndex.open(file, identity));
  };
  const reopen = (): void => {
    index.store.close();
    open();
  };
  const update = (signal = new AbortController().signal): IndexUpdate =>
    new IndexUpdate(index, { source, chunker: paragraphChunker, embedder, signal });
  const everything = (signal?: AbortSignal): Promise<UpdateReport> => update(signal).everything();

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-index-'));
    file = path.join(folder, 'index.db');
    source = new MemoryFolder();
    embedder = new HashEmbedder();
    open();
  });
  afterEach(() => {
    index.store.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('embeds every chunk once and nothing the second time, also after the store was closed', async () => {
    source.write('a.txt', 'one\ntwo').write('b.txt', 'three');
    const first = await everything();
    assert.deepEqual([first.files, first.chunks, first.embedded, first.reused], [2, 3, 3, 0]);
    const second = await everything();
    assert.deepEqual([second.files, second.chunks, second.embedded, second.reused], [2, 3, 0, 3]);
    reopen();
    const third = await everything();
    assert.deepEqual([third.embedded, third.reused], [0, 3]);
    assert.equal(embedder.embedded.length, 3);
  });

  it('embeds only the changed paragraph of an edited file', async () => {
    source.write('a.txt', 'one\ntwo\nthree');
    await everything();
    source.write('a.txt', 'one\ntwo changed\nthree');
    const report = await update().paths(['a.txt']);
    assert.equal(report.embedded, 1);
    assert.deepEqual(embedder.embedded.slice(3), ['two changed']);
    assert.equal(index.file('a.txt')?.chunks.length, 3);
  });

  it('embeds nothing when a folder is renamed, a file is touched or a text comes back', async () => {
    source.write('old/a.txt', 'one\ntwo').write('b.txt', 'three');
    await everything();
    source.rename('old', 'new');
    source.write('b.txt', 'three');
    assert.equal((await everything()).embedded, 0);
    assert.deepEqual([...index.files].map(({ path: name }) => name).sort(), ['b.txt', 'new/a.txt']);
    source.remove('b.txt');
    await everything();
    assert.equal(index.file('b.txt'), undefined);
    source.write('b.txt', 'three');
    assert.equal((await everything()).embedded, 0);
  });

  it('gives one vector to twins, within a file, between files and in flight at once', async () => {
    source.write('a.txt', 'same\nsame').write('b.txt', 'same\nother').write('c.txt', 'same');
    embedder.before = () => new Promise((resolve) => setTimeout(resolve, 1));
    const report = await everything();
    assert.equal(report.chunks, 5);
    assert.equal(report.embedded, 2);
    assert.equal(embedder.embedded.filter((text) => text === 'same').length, 1);
    const ids = new Set([...index.files].flatMap(({ chunks }) => chunks.map(({ embeddingId }) => embeddingId)));
    assert.equal(ids.size, 2);
  });

  it('keeps what was embedded when it is stopped, and goes on from there', async () => {
    for (let i = 0; i < 40; i++) source.write(`f${i}.txt`, `text ${i}`);
    const controller = new AbortController();
    embedder.before = () => {
      if (embedder.embedded.length === 25) controller.abort(new Error('stopped'));
    };
    await assert.rejects(everything(controller.signal), /stopped/);
    const done = embedder.embedded.length;
    assert.ok(index.fileCount > 0 && index.fileCount <= done);
    reopen();
    embedder.before = () => undefined;
    const report = await everything();
    assert.equal(report.files, 40);
    assert.equal(embedder.embedded.length, 40, `nothing is embedded twice (${done} before the stop)`);
  });

  it('ends with the reason when a text can not be embedded, and keeps the rest', async () => {
    source.write('good.txt', 'good').write('bad.txt', 'bad');
    embedder.before = (text) => {
      if (text === 'bad') throw new Error('no vector for this');
    };
    await assert.rejects(everything(), /no vector for this/);
    assert.equal(index.file('bad.txt'), undefined);
    reopen();
    assert.equal(index.file('bad.txt'), undefined, 'a file is never half stored');
  });

  it('cuts a file again, but embeds nothing, when the chunker has a new version', async () => {
    source.write('a.txt', 'one\ntwo');
    await everything();
    const newer = { ...paragraphChunker, id: 'paragraphs-2' };
    const report = await new IndexUpdate(index, {
      source,
      chunker: newer,
      embedder,
      signal: new AbortController().signal,
    }).everything();
    assert.equal(report.embedded, 0);
    assert.equal(index.file('a.txt')?.chunker, 'paragraphs-2');
  });

  it('follows a folder that was moved, told by its two paths, and embeds nothing', async () => {
    source.write('x/a.txt', 'one').write('x/y/b.txt', 'two');
    await everything();
    source.rename('x', 'z');
    const report = await update().paths(['x', 'z']);
    assert.equal(report.embedded, 0);
    assert.deepEqual([...index.files].map(({ path: name }) => name).sort(), ['z/a.txt', 'z/y/b.txt']);
  });

  it('removes all files below a deleted folder that is told by its own path', async () => {
    source.write('x/a.txt', 'one').write('x/y/b.txt', 'two').write('xy.txt', 'three');
    await everything();
    source.remove('x/a.txt');
    source.remove('x/y/b.txt');
    await update().paths(['x']);
    assert.deepEqual(
      [...index.files].map(({ path: name }) => name),
      ['xy.txt'],
    );
  });

  it('takes thousands of events as one walk over the folder, and a few as a look at each', async () => {
    for (let i = 0; i < 400; i++) source.write(`d${i % 40}/f${i}.txt`, `text ${i}`);
    await everything();
    for (let i = 0; i < 300; i++) source.write(`d${i % 40}/f${i}.txt`, `other ${i % 50}`);
    const asked = { lists: 0, finds: 0 };
    const counting: DocumentSource = {
      list: () => (asked.lists++, source.list()),
      find: (name) => (asked.finds++, source.find(name)),
      readingOf: () => '',
      read: (name) => source.read(name),
    };
    const paths = Array.from({ length: 3000 }, (_, i) => `d${i % 40}/f${i}.txt`);
    const { signal } = new AbortController();
    const options = { source: counting, chunker: paragraphChunker, embedder, signal };
    assert.equal((await new IndexUpdate(index, options).paths(paths)).embedded, 50);
    assert.deepEqual(asked, { lists: 1, finds: 0 });
    assert.equal((await new IndexUpdate(index, options).paths(paths.slice(0, 5))).embedded, 0);
    assert.deepEqual(asked, { lists: 1, finds: 5 });
  });

  it('embeds nothing on the way back from a state in which every file was another one', async () => {
    /** Pages of a hundred paragraphs each: more than are kept whatever there is. */
    const stateOf = (name: string): string[] =>
      Array.from({ length: 21 }, (_, page) =>
        Array.from({ length: 100 }, (_line, i) => `${name} ${page} ${i}`).join('\n'),
      );
    const states = ['here', 'there'].map(stateOf);
    const switchTo = async (texts: string[]): Promise<number> => {
      for (const [i, text] of texts.entries()) source.write(`f${i}.txt`, text);
      return (await everything()).embedded;
    };
    assert.equal(await switchTo(states[0]), 2100);
    assert.equal(await switchTo(states[1]), 2100);
    for (const state of [0, 1, 0]) assert.equal(await switchTo(states[state]), 0);
    // A third state pushes out what was unused for longest, and no more.
    assert.equal(await switchTo(stateOf('elsewhere')), 2100);
    assert.equal(await switchTo(states[0]), 0);
    assert.equal(await switchTo(states[1]), 2100);
  });

  it('embeds a chunk over the limit in parts: one vector, the mean of theirs, found again by all of them', async () => {
    const halves: Chunker = {
      id: 'halves',
      chunk: ({ text }) => {
        const middle = text.length >> 1;
        const range = { start: 0, end: text.length, startLine: 0, endLine: 0, context: ['Top'], tokens: 6 };
        const parts = [
          { start: 0, end: middle, tokens: 3 },
          { start: middle, end: text.length, tokens: 3 },
        ];
        return Promise.resolve([text.includes('whole') ? range : { ...range, parts }]);
      },
    };
    const points = new Points(8);
    index.onChange((change) => points.apply(0, change));
    const run = (): Promise<UpdateReport> =>
      new IndexUpdate(index, { source, chunker: halves, embedder, signal: new AbortController().signal }).everything();
    source.write('a.txt', 'first second').write('b.txt', 'first second').write('c.txt', 'whole text');
    assert.deepEqual([(await run()).embedded, points.liveCount, points.chunkCount], [2, 2, 3]);
    const sum = hashVector('Top\nfirst ', 8).map((value, d) => value + hashVector('Top\nsecond', 8)[d]);
    const norm = Math.hypot(...sum);
    const row = [...points.liveRows()].find((candidate) => points.point(candidate)?.parts === 2) ?? -1;
    points.vector(row).forEach((value, d) => assert.ok(Math.abs(value - sum[d] / norm) < 1e-6));
    assert.equal(points.point(row)?.tokens, 6);
    reopen();
    assert.equal((await run()).embedded, 0);
    assert.equal(index.store.text(index.file('a.txt')?.chunks[0].embeddingId ?? -1)?.parts, 2);
  });

  it('writes a store that many small commits have made as few blocks, with every vector in place', async () => {
    embedder.before = () => new Promise((resolve) => setTimeout(resolve, 1));
    for (let i = 0; i < 200; i++) {
      source.write(`f${i}.txt`, `text ${i}`);
      if (i % 10 === 9)
        await update().paths([`f${i}.txt`, ...Array.from({ length: 9 }, (_, j) => `f${i - j - 1}.txt`)]);
    }
    const blocks = (): number => {
      const { database } = index.store as unknown as { database: { all(sql: string): unknown[] } };
      return database.all('SELECT first FROM blocks').length;
    };
    const before = blocks();
    await everything();
    assert.ok(before >= 20 && blocks() <= 6, `${before} blocks became ${blocks()}`);
    const seen = new Set<string>();
    const damaged = index.eachLiveEmbedding(index.liveEmbeddings(), ({ id, vector }) => {
      const text = index.store.text(id)?.text ?? '';
      assert.deepEqual([...vector], [...hashVector(text, 8)]);
      seen.add(text);
    });
    assert.deepEqual([damaged, seen.size], [[], 200]);
  });
});
