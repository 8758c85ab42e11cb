/** Tables of a store, their versions, and the step from one version to the next. */
import { SQLite3Error } from 'node-sqlite3-wasm';
import { earlierCutsTable } from './earlierCuts';
import { entriesPerBlock, floatsOf, packBlock, packIntegers, type EmbeddingEntry } from './embeddingBlocks';
import type { StoreDatabase } from './storeDatabase';

const schemaVersion = 3;

export interface StoreIdentity {
  folderUri: string;
  folderPath: string;
  modelFingerprint: string;
  modelName: string;
  dimensions: number;
}

export class NewerStoreError extends Error {}

/**
 * `files.chunks` are five integers a chunk (start, end, first line, last line, embedding), `first_chunk` the id of the
 * first one, `origins` a JSON list where chunks are of documents other than the file's text. `embeddings` finds a text by its key; all else that is known of an embedding lies in `blocks`, named by
 * the first of its ids. `orphans` are embeddings without a chunk, by the pass of tidying that found them so.
 */
const tables = `
  CREATE TABLE IF NOT EXISTS files (
    id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE, hash TEXT NOT NULL, size INTEGER NOT NULL,
    mtime_ms REAL NOT NULL, file_type TEXT NOT NULL, chunker TEXT NOT NULL, indexed_ms REAL NOT NULL,
    first_chunk INTEGER NOT NULL, chunks BLOB NOT NULL, origins TEXT);
  CREATE TABLE IF NOT EXISTS embeddings (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, tokens INTEGER NOT NULL,
    parts INTEGER NOT NULL, context TEXT NOT NULL, text TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS blocks (
    first INTEGER PRIMARY KEY, ids BLOB NOT NULL, entries TEXT NOT NULL, vectors BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS orphans (pass INTEGER PRIMARY KEY, ids BLOB NOT NULL);`;

/** @throws NewerStoreError, SQLite3Error when the file is damaged */
export function prepareSchema(database: StoreDatabase, identity: StoreIdentity): void {
  database.exec('CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID');
  const found = getMeta(database, 'schemaVersion');
  if (found !== undefined && Number(found) > schemaVersion) throw new NewerStoreError(`schema version ${found}`);
  // A store that was not closed may have been torn by the system itself; one that was closed is not checked again.
  if (getMeta(database, 'open') === 'yes') {
    const verdict = database.get<{ quick_check: string }>('PRAGMA quick_check(1)')?.quick_check ?? 'no answer';
    if (verdict !== 'ok') throw new SQLite3Error(`database disk image is malformed: ${verdict}`);
  }
  database.transaction(() => {
    if (found === '1' || found === '2') upgradeFromRows(database);
    database.exec(tables);
    database.exec(earlierCutsTable);
    const model = getMeta(database, 'modelFingerprint');
    if (model !== undefined && model !== identity.modelFingerprint) {
      // Vectors of another model can't stand beside ours; the documents are still there to be embedded again.
      database.exec(
        'DELETE FROM files; DELETE FROM embeddings; DELETE FROM blocks; DELETE FROM orphans; DELETE FROM earlier_cuts;',
      );
      setMeta(database, 'run', 'none');
    }
    setMeta(database, 'schemaVersion', String(schemaVersion));
    setMeta(database, 'open', 'yes');
    for (const [key, value] of Object.entries(identity)) setMeta(database, key, String(value));
  });
}

export function getMeta(database: StoreDatabase, key: string): string | undefined {
  return database.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', [key])?.value;
}

export function setMeta(database: StoreDatabase, key: string, value: string): void {
  database.run('INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value', [key, value]);
}

export function insertBlocks(database: StoreDatabase, entries: readonly EmbeddingEntry[], dimensions: number): void {
  for (let from = 0; from < entries.length; from += entriesPerBlock) {
    const packed = packBlock(entries.slice(from, from + entriesPerBlock), dimensions);
    database.run('INSERT INTO blocks (first, ids, entries, vectors) VALUES (?, ?, ?, ?)', [
      entries[from].id,
      packed.ids,
      packed.entries,
      packed.vectors,
    ]);
  }
}

/** Versions 1 and 2 had a row for every chunk and every vector. Ids of embeddings stay; all is one transaction. */
function upgradeFromRows(database: StoreDatabase): void {
  for (const table of ['files', 'embeddings', 'chunks'])
    database.exec(`ALTER TABLE ${table} RENAME TO ${table}_before`);
  database.exec(tables);
  copyEmbeddings(database);
  copyFiles(database);
  for (const table of ['chunks', 'files', 'embeddings']) database.exec(`DROP TABLE ${table}_before`);
}

interface EmbeddingRow {
  id: number;
  key: string;
  context: string;
  text: string;
  kind: string;
  tokens: number;
  vector: Uint8Array;
  cut: string | null;
}

function copyEmbeddings(database: StoreDatabase): void {
  let last = -1;
  for (;;) {
    const rows = database.all<EmbeddingRow>('SELECT * FROM embeddings_before WHERE id > ? ORDER BY id LIMIT ?', [
      last,
      entriesPerBlock,
    ]);
    if (rows.length === 0) return;
    last = rows[rows.length - 1].id;
    const entries = rows.map(({ id, key, tokens, kind, cut, vector, context, text }): EmbeddingEntry => {
      database.run(
        'INSERT INTO embeddings (id, key, kind, tokens, parts, context, text) VALUES (?, ?, ?, ?, 1, ?, ?)',
        [id, key, kind, tokens, context, text],
      );
      return { id, key, tokens, kind, cut, parts: 1, vector: floatsOf(vector) };
    });
    insertBlocks(database, entries, entries[0].vector.length);
  }
}

interface ChunkRow {
  start: number;
  end: number;
  start_line: number;
  end_line: number;
  embedding_id: number;
  /** From version 2 on. */
  origin?: string | null;
}

function copyFiles(database: StoreDatabase): void {
  const columns = database.all<{ name: string }>('PRAGMA table_info(files_before)');
  const indexedMs = columns.some(({ name }) => name === 'indexed_ms') ? 'indexed_ms' : '0';
  let nextChunk = 1;
  for (const { id } of database.all<{ id: number }>('SELECT id FROM files_before ORDER BY id')) {
    const rows = database.all<ChunkRow>('SELECT * FROM chunks_before WHERE file_id = ? ORDER BY id', [id]);
    const chunks = packIntegers(
      rows.flatMap((row) => [row.start, row.end, row.start_line, row.end_line, row.embedding_id]),
    );
    const origins = rows.some(({ origin }) => origin != null)
      ? `[${rows.map(({ origin }) => origin ?? 'null').join(',')}]`
      : null;
    database.run(
      `INSERT INTO files (id, path, hash, size, mtime_ms, file_type, chunker, indexed_ms, first_chunk, chunks, origins)
       SELECT id, path, hash, size, mtime_ms, file_type, chunker, ${indexedMs}, ?, ?, ? FROM files_before WHERE id = ?`,
      [nextChunk, chunks, origins, id],
    );
    nextChunk += rows.length;
  }
  setMeta(database, 'nextChunk', String(nextChunk));
}
