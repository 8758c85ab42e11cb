import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { FolderIndex } from '../../../src/core/index/folderIndex';
import { IndexUpdate } from '../../../src/core/index/indexer';
import { chunkIdOf, Points } from '../../../src/core/index/points';
import { HashEmbedder, hashVector, MemoryFolder, paragraphChunker } from './memoryFolder';

describe('the points of a space', () => {
  let root: string;
  const embedder = new HashEmbedder();
  const { signal } = new AbortController();

  /** An index of its own over some files, and what updates it. */
  function folderOf(name: string, source: MemoryFolder): { index: FolderIndex; update: () => Promise<unknown> } {
    const identity = { folderUri: name, folderPath: name, modelFingerprint: 'm', modelName: 'm', dimensions: 8 };
    const { index } = FolderIndex.open(path.join(root, `${name}.db`), identity);
    const update = (): Promise<unknown> =>
      new IndexUpdate(index, { source, chunker: paragraphChunker, embedder, signal }).everything();
    return { index, update };
  }

  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-points-'));
  });
  afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

  it('are distinct texts with all their places, over folders, and follow every change', async () => {
    const [firstFiles, secondFiles] = [new MemoryFolder(), new MemoryFolder()];
    firstFiles.write('a.txt', 'shared\nown').write('b.txt', 'shared');
    secondFiles.write('c.txt', 'shared\nforeign');
    const [first, second] = [folderOf('first', firstFiles), folderOf('second', secondFiles)];
    await first.update();
    const points = new Points(8);
    points.addFolder(0, first.index);
    points.addFolder(1, second.index);
    first.index.onChange((change) => points.apply(0, change));
    second.index.onChange((change) => points.apply(1, change));
    await second.update();
    const textOf = (row: number): string | undefined => {
      const point = points.point(row);
      return point && [first, second][point.folder].index.store.text(point.embeddingId)?.text;
    };
    const places = (): [string | undefined, number][] =>
      Array.from(points.liveRows(), (row): [string | undefined, number] => [
        textOf(row),
        points.point(row)?.places.length ?? 0,
      ]).sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1));
    assert.deepEqual(places(), [
      ['foreign', 1],
      ['own', 1],
      ['shared', 3],
    ]);
    assert.equal(points.chunkCount, 5);

    // The folder that brought the text loses it; the other one still has it.
    firstFiles.write('a.txt', 'own').remove('b.txt');
    await first.update();
    assert.deepEqual(places(), [
      ['foreign', 1],
      ['own', 1],
      ['shared', 1],
    ]);
    const { vectors, count } = points.liveVectors();
    assert.equal(count, 3);
    for (const row of points.liveRows()) {
      assert.deepEqual([...points.vector(row)], [...hashVector(textOf(row) ?? '', 8)]);
    }
    assert.equal(vectors.length >= count * 8, true);

    secondFiles.write('c.txt', 'foreign');
    await second.update();
    assert.deepEqual(places(), [
      ['foreign', 1],
      ['own', 1],
    ]);
    assert.equal(points.liveCount, 2);
    assert.equal(points.liveVectors().vectors.length, 2 * 8, 'dead rows are left out');
    first.index.store.close();
    second.index.store.close();
  });

  it('come in one order for the same texts, whatever came first', async () => {
    const keys: string[][] = [];
    for (const order of [
      ['x', 'y', 'z'],
      ['z', 'x', 'y'],
    ]) {
      const source = new MemoryFolder();
      const folder = folderOf(order.join(''), source);
      const points = new Points(8);
      folder.index.onChange((change) => points.apply(0, change));
      for (const text of order) {
        source.write(`${text}.txt`, text);
        await folder.update();
      }
      keys.push(Array.from(points.rowsByKey(), (row) => points.point(row)?.key ?? ''));
      const [row] = points.rowsByKey();
      assert.deepEqual([...points.vectorsOf(Int32Array.of(row))], [...points.vector(row)]);
      folder.index.store.close();
    }
    assert.deepEqual(keys[0], keys[1]);
  });

  it('are found by their chunks until these are gone', async () => {
    const source = new MemoryFolder().write('a.txt', 'one\ntwo');
    const folder = folderOf('folder', source);
    const points = new Points(8);
    folder.index.onChange((change) => points.apply(0, change));
    await folder.update();
    const [chunk] = folder.index.file('a.txt')?.chunks ?? [];
    const id = chunkIdOf(0, chunk.id);
    assert.equal(points.placeOfChunk(id)?.file.path, 'a.txt');
    source.write('a.txt', 'two');
    await folder.update();
    assert.equal(points.placeOfChunk(id), undefined);
    assert.equal(points.rowOfChunk(id), undefined);
    folder.index.store.close();
  });
});
