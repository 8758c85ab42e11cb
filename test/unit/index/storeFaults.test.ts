import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Database } from 'node-sqlite3-wasm';
import { FolderIndex } from '../../../src/core/index/folderIndex';
import { IndexUpdate, type UpdateReport } from '../../../src/core/index/indexer';
import { Points } from '../../../src/core/index/points';
import { vectorKey } from '../../../src/core/index/chunkEmbedding';
import { HashEmbedder, hashVector, MemoryFolder, paragraphChunker } from './memoryFolder';

const dimensions = 8;
const identity = {
  ...{ folderUri: 'file:///w', folderPath: '/w', modelFingerprint: 'hash-embedder', modelName: 'hash' },
  dimensions,
};
const { signal } = new AbortController();
/** Kinds of pages, their first byte (https://www.sqlite.org/fileformat.html). */
const [indexLeaf, tableLeaf] = [0x0a, 0x0d];

describe('a store that meets with trouble', () => {
  let folder: string;
  let file: string;
  let source: MemoryFolder;
  let embedder: HashEmbedder;

  const update = (index: FolderIndex): Promise<UpdateReport> =>
    new IndexUpdate(index, { source, chunker: paragraphChunker, embedder, signal }).everything();
  /** An index of so many files of two paragraphs each, closed. */
  const written = async (files: number): Promise<void> => {
    for (let i = 0; i < files; i++) source.write(`f${i}.txt`, `one of ${i} ${'x'.repeat(300)}\ntwo of ${i}`);
    const { index } = FolderIndex.open(file, identity);
    await update(index);
    index.store.close();
  };
  const damage = (change: (bytes: Buffer) => void): void => {
    const bytes = fs.readFileSync(file);
    const before = Buffer.from(bytes);
    change(bytes);
    assert.ok(!bytes.equals(before), 'what is to be damaged is in the file');
    fs.writeFileSync(file, bytes);
  };
  /** Pages that hold a text: the rows of a table, or those of an index over it. */
  const tearPages = (bytes: Buffer, text: string, kind: number): void => {
    const pageBytes = 4096;
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) {
      const page = Math.floor(at / pageBytes) * pageBytes;
      if (bytes[page] === kind) bytes.fill(0xff, page, page + pageBytes);
    }
  };
  /** Whatever the store writes fails with this code, while the work goes on. */
  const whileWritesFail = async (code: string, freeBlocks: number, work: () => Promise<void>): Promise<void> => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const real = require('node:fs') as Record<'writeSync' | 'statfsSync', unknown>;
    const { writeSync, statfsSync } = real;
    real.writeSync = () => {
      throw Object.assign(new Error(code), { code });
    };
    real.statfsSync = () => ({ bavail: freeBlocks, bsize: 4096 });
    try {
      await work();
    } finally {
      Object.assign(real, { writeSync, statfsSync });
    }
  };

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-faults-'));
    file = path.join(folder, 'index.db');
    source = new MemoryFolder();
    embedder = new HashEmbedder();
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  for (const version of [1, 2]) {
    it(`of version ${version} is brought up to date: same files, chunks and vectors, nothing embedded`, async () => {
      const texts = Array.from({ length: 150 }, (_, i) => `paragraph ${i}`);
      const database = new Database(file);
      database.exec(`
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE files (id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE, hash TEXT NOT NULL,
          size INTEGER NOT NULL, mtime_ms REAL NOT NULL, file_type TEXT NOT NULL, chunker TEXT NOT NULL
          ${version === 2 ? ', indexed_ms REAL NOT NULL DEFAULT 0' : ''});
        CREATE TABLE embeddings (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, context TEXT NOT NULL,
          text TEXT NOT NULL, kind TEXT NOT NULL, tokens INTEGER NOT NULL, vector BLOB NOT NULL, cut TEXT);
        CREATE TABLE chunks (id INTEGER PRIMARY KEY AUTOINCREMENT, file_id INTEGER NOT NULL REFERENCES files (id),
          start INTEGER NOT NULL, end INTEGER NOT NULL, start_line INTEGER NOT NULL, end_line INTEGER NOT NULL,
          embedding_id INTEGER NOT NULL REFERENCES embeddings (id) ${version === 2 ? ', origin TEXT' : ''});
        CREATE INDEX chunks_by_file ON chunks (file_id);
        CREATE INDEX chunks_by_embedding ON chunks (embedding_id);
        INSERT INTO meta VALUES ('schemaVersion', '${version}'), ('modelFingerprint', 'hash-embedder'), ('run', 'complete');`);
      database.exec('BEGIN');
      for (const [i, text] of texts.entries()) {
        const vector = new Uint8Array(hashVector(text, dimensions).buffer);
        const values = [
          vectorKey('hash-embedder', text),
          '[]',
          text,
          'plain',
          3,
          vector,
          i === 7 ? '{"gain":1}' : null,
        ];
        database.run(
          'INSERT INTO embeddings (key, context, text, kind, tokens, vector, cut) VALUES (?,?,?,?,?,?,?)',
          values,
        );
      }
      for (let i = 0; i < 30; i++) {
        const own = texts.slice(5 * i, 5 * i + 5);
        source.write(`f${i}.txt`, own.join('\n'));
        const [listed] = await source.find(`f${i}.txt`);
        const read = await source.read(`f${i}.txt`);
        assert.ok(read.read);
        database.run('INSERT INTO files (path, hash, size, mtime_ms, file_type, chunker) VALUES (?,?,?,?,?,?)', [
          listed.path,
          read.hash,
          listed.size,
          listed.mtimeMs,
          'Text',
          paragraphChunker.id,
        ]);
        let start = 0;
        for (const [line, text] of own.entries()) {
          const values = [i + 1, start, start + text.length, line, line, 5 * i + line + 1];
          database.run(
            'INSERT INTO chunks (file_id, start, end, start_line, end_line, embedding_id) VALUES (?,?,?,?,?,?)',
            values,
          );
          start += text.length + 1;
        }
      }
      database.exec('COMMIT');
      database.close();

      const { index, setAside } = FolderIndex.open(file, identity);
      assert.equal(setAside, undefined);
      assert.equal(index.store.getMeta('run'), 'complete');
      const points = new Points(dimensions);
      assert.deepEqual(points.addFolder(0, index), []);
      assert.equal(points.liveCount, 150);
      for (const { path: name, chunks } of index.files) {
        const read = await source.read(name);
        assert.ok(read.read);
        for (const { start, end, embeddingId } of chunks)
          assert.equal(index.store.text(embeddingId)?.text, read.documents[0].text.slice(start, end));
      }
      const row = points.rowOfKey(vectorKey('hash-embedder', texts[7])) ?? -1;
      assert.deepEqual([...points.vector(row)], [...hashVector(texts[7], dimensions)]);
      assert.equal(points.point(row)?.cut, '{"gain":1}');
      assert.deepEqual([(await update(index)).embedded, embedder.embedded.length], [0, 0]);
      index.store.close();
      assert.equal(FolderIndex.open(file, identity).index.chunkCount, 150);
    });
  }

  it('embeds again only what a damaged part of it held', async () => {
    await written(200);
    const vector = new Uint8Array(hashVector('two of 17', dimensions).buffer);
    damage((bytes) => bytes.fill(0x7f, bytes.indexOf(vector), bytes.indexOf(vector) + 4));
    const { index, setAside } = FolderIndex.open(file, identity);
    assert.equal(setAside, undefined);
    const damaged = new Points(dimensions).addFolder(0, index);
    assert.ok(damaged.includes('f17.txt') && damaged.length < 80, `${damaged.length} files`);
    assert.equal(index.fileCount, 200 - damaged.length);
    embedder.embedded.length = 0;
    const report = await update(index);
    assert.equal(report.files, 200);
    assert.ok(report.embedded > 0 && report.embedded <= 2 * damaged.length, `${report.embedded} texts`);
    const points = new Points(dimensions);
    assert.deepEqual(points.addFolder(0, index), []);
    assert.equal(points.chunkCount, 400);
    index.store.close();
  });

  it('is set aside when the list of its files is damaged, though it was closed in good order', async () => {
    await written(200);
    damage((bytes) => tearPages(bytes, 'f17.txt', tableLeaf));
    const { index, setAside } = FolderIndex.open(file, identity);
    assert.equal(setAside?.reason, 'corrupt');
    assert.ok(fs.existsSync(setAside?.asidePath ?? ''));
    assert.equal((await update(index)).embedded, 400);
    index.store.close();
  });

  it('is set aside at the next start when a run meets damage that opening does not see, and says so', async () => {
    await written(200);
    damage((bytes) => tearPages(bytes, 'f17.txt', indexLeaf));
    const { index, setAside } = FolderIndex.open(file, identity);
    assert.equal(setAside, undefined);
    for (let i = 0; i < 200; i++) source.write(`f${i}.txt`, `changed ${i}`);
    await assert.rejects(update(index), /can't be read .*Restart the engine: what is damaged is set aside/);
    index.store.close();
    const again = FolderIndex.open(file, identity);
    assert.equal(again.setAside?.reason, 'corrupt');
    assert.equal((await update(again.index)).files, 200);
    again.index.store.close();
  });

  it('keeps what was committed when the disk is full, says so, and goes on when there is space', async () => {
    await written(20);
    const { index } = FolderIndex.open(file, identity);
    for (let i = 0; i < 60; i++) source.write(`g${i}.txt`, `more of ${i} ${'y'.repeat(2000)}`);
    const { pages } = firstRow(index, 'PRAGMA page_count', 'page_count');
    limitPages(index, pages + 8);
    await assert.rejects(update(index), /no space left for the index .*Free some space/);
    assert.ok(index.fileCount >= 20 && index.fileCount < 80);
    const kept = index.fileCount;
    limitPages(index, 1_000_000);
    const report = await update(index);
    assert.deepEqual([index.fileCount, report.files], [80, 80]);
    index.store.close();
    const again = FolderIndex.open(file, identity);
    assert.deepEqual([again.setAside, again.index.fileCount], [undefined, 80]);
    assert.ok(kept >= 20);
    again.index.store.close();
  });

  for (const [what, code, freeBlocks, words] of [
    ['a full disk under the file system', 'ENOSPC', 0, /no space left for the index .*Free some space/],
    ['a disk that became read-only', 'EROFS', 1_000_000, /can't be written or read .*Check the disk and who may write/],
  ] as const) {
    it(`meets ${what} in the middle of a run: nothing committed is lost, and the next run completes it`, async () => {
      await written(20);
      const { index } = FolderIndex.open(file, identity);
      source.write('new.txt', 'a new one');
      await whileWritesFail(code, freeBlocks, () => assert.rejects(update(index), words));
      assert.equal(index.file('new.txt'), undefined);
      assert.equal((await update(index)).files, 21);
      index.store.close();
      const again = FolderIndex.open(file, identity).index;
      assert.equal(again.fileCount, 21);
      again.store.close();
    });
  }

  it('that can not be opened for writing says what to check', async () => {
    await written(1);
    await whileWritesFail('EROFS', 1_000_000, () => {
      assert.throws(() => FolderIndex.open(file, identity), /can't be written or read .*Check the disk/);
      return Promise.resolve();
    });
    const { index, setAside } = FolderIndex.open(file, identity);
    assert.deepEqual(
      [setAside, index.fileCount],
      [undefined, 1],
      'a store that can be read is not taken for a damaged one',
    );
    index.store.close();
  });
});

interface Inside {
  database: { all<T>(sql: string): T[]; exec(sql: string): void };
}

function firstRow(index: FolderIndex, sql: string, column: string): { pages: number } {
  const [row] = (index.store as unknown as Inside).database.all<Record<string, number>>(sql);
  return { pages: row[column] };
}

function limitPages(index: FolderIndex, pages: number): void {
  (index.store as unknown as Inside).database.exec(`PRAGMA max_page_count = ${pages}`);
}
