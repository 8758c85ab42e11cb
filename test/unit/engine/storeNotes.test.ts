import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Database } from 'node-sqlite3-wasm';
import { hashVector } from '../index/memoryFolder';
import { FolderStores } from '../../../src/engine/folderStores';
import { damagedFilesNote, setAsideNote } from '../../../src/engine/storeNotes';
import { Points } from '../../../src/core/index/points';

const dimensions = 8;
const spec = { uri: 'file:///w', path: '/w', name: 'handbook' };

describe('what is told of a stored index that is not as it was left', () => {
  let folder: string;
  let file: string;
  const stores = (): FolderStores => new FolderStores(folder, { fingerprint: 'm', name: 'm', dimensions }, file);

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-lens-notes-'));
    file = path.join(folder, 'store', 'index.db');
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** What happened, what was kept, what to do. */
  function hasThreeParts(message: string, happened: RegExp, kept: RegExp, toDo: RegExp): void {
    assert.match(message, /\bhandbook\b/);
    assert.doesNotMatch(message, /\.\.|undefined/);
    const [first, second, third] = [happened, kept, toDo].map((part) => message.search(part));
    assert.ok(first >= 0 && second > first && third > second, message);
  }

  function written(): void {
    const mine = stores();
    const { index } = mine.open(spec);
    const attributes = { hash: 'h', size: 1, mtimeMs: 1, fileType: 'Text', chunker: 'c', indexedMs: 1 };
    // More than a block holds: a second part of the store is not damaged.
    for (let i = 0; i < 90; i++) {
      const entry = {
        kind: 'plain',
        tokens: 1,
        parts: 1,
        cut: null,
        context: [],
        vector: hashVector(`t${i}`, dimensions),
      };
      index.store.commit([{ key: `k${i}`, text: `t${i}`, ...entry }], (ids) => [
        {
          ...{ path: `f${i}.txt`, ...attributes },
          chunks: [{ start: 0, end: 1, startLine: 0, endLine: 0, embeddingId: ids.get(`k${i}`) ?? -1 }],
        },
      ]);
    }
    mine.close(spec);
  }

  it('names files whose part is damaged, a few of many', () => {
    written();
    const bytes = fs.readFileSync(file);
    const vector = new Uint8Array(hashVector('t17', dimensions).buffer);
    // A page that was split may hold it as well as the one that counts.
    for (let at = bytes.indexOf(vector); at >= 0; at = bytes.indexOf(vector, at)) bytes.fill(0x7f, at, at + 4);
    fs.writeFileSync(file, bytes);
    const mine = stores();
    const { index } = mine.open(spec);
    const damaged = new Points(dimensions).addFolder(0, index);
    assert.ok(damaged.includes('f17.txt') && damaged.length < 90);
    const note = damagedFilesNote(spec.name, damaged);
    hasThreeParts(note, /f\d+\.txt/, /All other files are kept/, /next run embeds them again; .* check the disk/);
    assert.match(damagedFilesNote('handbook', ['a', 'b']), /2 files were taken out of it \(a, b\)/);
    const many = Array.from({ length: 1_234 }, (_, i) => `f${i}`);
    assert.match(damagedFilesNote('handbook', many), /1,234 files were .* \(f0, f1, f2, f3, f4 and 1,229 more\)/);
    mine.close(spec);
  });

  for (const [reason, spoil, happened] of [
    ['corrupt', () => fs.writeFileSync(file, 'no database'.repeat(1000)), /is damaged/],
    [
      'newer',
      () => {
        const database = new Database(file);
        database.exec('PRAGMA locking_mode = EXCLUSIVE');
        database.run(`UPDATE meta SET value = '999' WHERE key = 'schemaVersion'`);
        database.close();
      },
      /written by a newer version/,
    ],
  ] as const) {
    it(`names where a ${reason} one is kept`, () => {
      written();
      spoil();
      const mine = stores();
      const { setAside, index } = mine.open(spec);
      assert.equal(setAside?.reason, reason);
      assert.equal(index.fileCount, 0);
      hasThreeParts(setAsideNote(spec.name, setAside), happened, /kept as .*index\.db\./, /Index the folder again/);
      assert.ok(fs.existsSync(setAside.asidePath));
      mine.close(spec);
    });
  }

  it('says why one can not be opened', () => {
    written();
    const [first, second] = [stores(), stores()];
    first.open(spec);
    assert.throws(
      () => second.open(spec),
      ({ message }: Error) => {
        hasThreeParts(message, /in use by another process/, /Nothing was changed/, /close that one and try again/);
        return true;
      },
    );
    first.close(spec);
    fs.renameSync(file, `${file}.away`);
    fs.mkdirSync(file);
    assert.throws(
      () => stores().open(spec),
      ({ message }: Error) => {
        hasThreeParts(message, /can't be opened: \S/, /What was stored is kept/, /check that there is space/);
        return true;
      },
    );
  });
});
