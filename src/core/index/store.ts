/**
 * The stored index of one folder and one model: a SQLite file with exactly one writer, who holds a lease above this
 * class. Each method is one transaction: a file is never half stored. Vectors are keyed by the hash of the exact text
 * that the model saw, so moving, renaming and touching files embeds nothing twice.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Database, SQLite3Error } from 'node-sqlite3-wasm';
import type { ChunkOrigin } from './chunkOrigin';

const schemaVersion = 2;

/** Vectors without a chunk are kept for text that may come back (a branch switched to and fro), up to this share of the live ones. */
const orphansKeptShare = 0.5;
const orphansKeptLeast = 2000;

export interface StoreIdentity {
  folderUri: string;
  folderPath: string;
  modelFingerprint: string;
  modelName: string;
  dimensions: number;
}

export interface StoredFile {
  id: number;
  path: string;
  hash: string;
  size: number;
  mtimeMs: number;
  fileType: string;
  /** Chunker and version that cut it, and how it was read where that is not plain UTF-8. */
  chunker: string;
  /** When its chunks were stored; 0 where an older version stored them. */
  indexedMs: number;
}

export interface StoredChunk {
  id: number;
  fileId: number;
  start: number;
  end: number;
  startLine: number;
  endLine: number;
  embeddingId: number;
  /** Absent where the document is the file's text. */
  origin?: ChunkOrigin;
}

export interface StoredText {
  key: string;
  context: string[];
  text: string;
  kind: string;
  tokens: number;
}

export interface FileToStore {
  path: string;
  hash: string;
  size: number;
  mtimeMs: number;
  fileType: string;
  chunker: string;
  indexedMs: number;
  chunks: Omit<StoredChunk, 'id' | 'fileId'>[];
}

export interface EmbeddingToStore extends StoredText {
  vector: Float32Array;
  /** What the mixed-topic detector noted, as JSON. */
  cut: string | null;
}

/** Why a store was not opened as it was; what it held is at `asidePath`. */
export interface SetAside {
  reason: 'corrupt' | 'newer';
  asidePath: string;
}

class NewerStoreError extends Error {}

/** SQLite takes vectors as bytes; a copy, because the array may lie in shared memory. */
function toBytes(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
}

function toFloats(bytes: Uint8Array): Float32Array {
  const copy = bytes.slice();
  return new Float32Array(copy.buffer, 0, copy.byteLength / 4);
}

export class IndexStore {
  private constructor(
    readonly file: string,
    private readonly database: Database,
  ) {}

  /**
   * Opens or creates the store. The caller holds the lease of the file. A store that can't be read is renamed, never
   * deleted, and a new one begins.
   * @throws Error when the folder can't be written or the disk is full
   */
  static open(file: string, identity: StoreIdentity): { store: IndexStore; setAside: SetAside | undefined } {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    // The lease is ours, so a lock that is still here belongs to a process that died.
    fs.rmSync(`${file}.lock`, { recursive: true, force: true });
    try {
      return { store: IndexStore.openExisting(file, identity), setAside: undefined };
    } catch (error) {
      const reason = error instanceof NewerStoreError ? 'newer' : 'corrupt';
      if (reason === 'corrupt' && !isDamage(error)) throw error;
      const asidePath = moveAside(file, reason);
      return { store: IndexStore.openExisting(file, identity), setAside: { reason, asidePath } };
    }
  }

  private static openExisting(file: string, identity: StoreIdentity): IndexStore {
    const database = new Database(file);
    try {
      // The one writer needs no shared-memory file, so write-ahead logging works; readers ask the writer.
      database.exec('PRAGMA locking_mode = EXCLUSIVE');
      database.exec('PRAGMA journal_mode = WAL');
      database.exec('PRAGMA synchronous = NORMAL');
      const store = new IndexStore(file, database);
      store.prepareSchema(identity);
      return store;
    } catch (error) {
      closeQuietly(database);
      throw error;
    }
  }

  private prepareSchema(identity: StoreIdentity): void {
    this.database.exec('CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID');
    const found = this.getMeta('schemaVersion');
    if (found !== undefined && Number(found) > schemaVersion) throw new NewerStoreError(`schema version ${found}`);
    // A store that was not closed may have been torn by the system itself; one that was closed is not checked again.
    if (this.getMeta('open') === 'yes') {
      const check = this.database.get('PRAGMA quick_check(1)') as Record<string, unknown> | null;
      const verdict = check === null ? 'no answer' : String(Object.values(check)[0]);
      if (verdict !== 'ok') throw new SQLite3Error(`database disk image is malformed: ${verdict}`);
    }
    this.transaction(() => {
      this.database.exec(`
        CREATE TABLE IF NOT EXISTS files (
          id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE, hash TEXT NOT NULL, size INTEGER NOT NULL,
          mtime_ms REAL NOT NULL, file_type TEXT NOT NULL, chunker TEXT NOT NULL, indexed_ms REAL NOT NULL DEFAULT 0);
        CREATE TABLE IF NOT EXISTS embeddings (
          id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, context TEXT NOT NULL, text TEXT NOT NULL,
          kind TEXT NOT NULL, tokens INTEGER NOT NULL, vector BLOB NOT NULL, cut TEXT);
        CREATE TABLE IF NOT EXISTS chunks (
          id INTEGER PRIMARY KEY AUTOINCREMENT, file_id INTEGER NOT NULL REFERENCES files (id), start INTEGER NOT NULL,
          end INTEGER NOT NULL, start_line INTEGER NOT NULL, end_line INTEGER NOT NULL,
          embedding_id INTEGER NOT NULL REFERENCES embeddings (id), origin TEXT);
        CREATE INDEX IF NOT EXISTS chunks_by_file ON chunks (file_id);
        CREATE INDEX IF NOT EXISTS chunks_by_embedding ON chunks (embedding_id);`);
      if (found === '1')
        this.database.exec(
          'ALTER TABLE chunks ADD COLUMN origin TEXT; ALTER TABLE files ADD COLUMN indexed_ms REAL NOT NULL DEFAULT 0',
        );
      const model = this.getMeta('modelFingerprint');
      if (model !== undefined && model !== identity.modelFingerprint) {
        // Vectors of another model can't stand beside ours; the documents are still there to be embedded again.
        this.database.exec('DELETE FROM chunks; DELETE FROM files; DELETE FROM embeddings;');
        this.setMeta('run', 'none');
      }
      this.setMeta('schemaVersion', String(schemaVersion));
      this.setMeta('open', 'yes');
      for (const [key, value] of Object.entries(identity)) this.setMeta(key, String(value));
    });
  }

  getMeta(key: string): string | undefined {
    const row = this.database.get('SELECT value FROM meta WHERE key = ?', [key]) as { value: string } | null;
    return row?.value;
  }

  setMeta(key: string, value: string): void {
    this.database.run('INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value', [
      key,
      value,
    ]);
  }

  files(): StoredFile[] {
    const rows = this.database.all(
      'SELECT id, path, hash, size, mtime_ms AS mtimeMs, file_type AS fileType, chunker, indexed_ms AS indexedMs FROM files',
    );
    return rows as unknown as StoredFile[];
  }

  chunks(): StoredChunk[] {
    const rows = this.database.all(
      'SELECT id, file_id AS fileId, start, end, start_line AS startLine, end_line AS endLine, embedding_id AS embeddingId, origin FROM chunks ORDER BY id',
    ) as unknown as (Omit<StoredChunk, 'origin'> & { origin: string | null })[];
    return rows.map(({ origin, ...chunk }) =>
      origin === null ? chunk : { ...chunk, origin: JSON.parse(origin) as ChunkOrigin },
    );
  }

  /** Visits every embedding that has a chunk, by id. The vector is the callee's to keep. */
  eachLiveEmbedding(
    visit: (id: number, key: string, tokens: number, kind: string, cut: string | null, vector: Float32Array) => void,
  ): void {
    const statement = this.database.prepare(
      'SELECT id, key, tokens, kind, cut, vector FROM embeddings WHERE id IN (SELECT embedding_id FROM chunks) ORDER BY id',
    );
    try {
      for (const row of statement.iterate()) {
        const { id, key, tokens, kind, cut, vector } = row as unknown as {
          id: number;
          key: string;
          tokens: number;
          kind: string;
          cut: string | null;
          vector: Uint8Array;
        };
        visit(id, key, tokens, kind, cut, toFloats(vector));
      }
    } finally {
      statement.finalize();
    }
  }

  /** The embeddings among these keys that are stored already. */
  knownEmbeddings(keys: readonly string[]): Map<string, { id: number; vector: Float32Array; cut: string | null }> {
    const known = new Map<string, { id: number; vector: Float32Array; cut: string | null }>();
    const statement = this.database.prepare('SELECT id, vector, cut FROM embeddings WHERE key = ?');
    try {
      for (const key of new Set(keys)) {
        const row = statement.get([key]) as { id: number; vector: Uint8Array; cut: string | null } | null;
        if (row !== null) known.set(key, { id: row.id, vector: toFloats(row.vector), cut: row.cut });
      }
    } finally {
      statement.finalize();
    }
    return known;
  }

  text(embeddingId: number): StoredText | undefined {
    const row = this.database.get('SELECT key, context, text, kind, tokens FROM embeddings WHERE id = ?', [
      embeddingId,
    ]);
    if (row === null) return undefined;
    const { key, context, text, kind, tokens } = row as Record<string, string | number>;
    return {
      key: key as string,
      context: JSON.parse(context as string) as string[],
      text: text as string,
      kind: kind as string,
      tokens: tokens as number,
    };
  }

  /**
   * Stores new embeddings and files in one transaction, each file replacing what was stored under its path.
   * @param files built with the ids that `embeddings` get, by key
   * @returns ids of the chunks by file, in the order given
   */
  commit(
    embeddings: readonly EmbeddingToStore[],
    files: (embeddingIds: ReadonlyMap<string, number>) => readonly FileToStore[],
  ): { embeddingIds: Map<string, number>; files: { fileId: number; chunkIds: number[] }[] } {
    return this.transaction(() => {
      const embeddingIds = new Map<string, number>();
      for (const { key, context, text, kind, tokens, vector, cut } of embeddings) {
        this.database.run(
          'INSERT INTO embeddings (key, context, text, kind, tokens, vector, cut) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING',
          [key, JSON.stringify(context), text, kind, tokens, toBytes(vector), cut],
        );
        const row = this.database.get('SELECT id FROM embeddings WHERE key = ?', [key]) as { id: number };
        embeddingIds.set(key, row.id);
      }
      const stored = files(embeddingIds).map((file) => {
        this.deleteFile(file.path);
        const fileId = Number(
          this.database.run(
            'INSERT INTO files (path, hash, size, mtime_ms, file_type, chunker, indexed_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
            [file.path, file.hash, file.size, file.mtimeMs, file.fileType, file.chunker, file.indexedMs],
          ).lastInsertRowid,
        );
        const chunkIds = file.chunks.map((chunk) =>
          Number(
            this.database.run(
              'INSERT INTO chunks (file_id, start, end, start_line, end_line, embedding_id, origin) VALUES (?, ?, ?, ?, ?, ?, ?)',
              [
                ...[fileId, chunk.start, chunk.end, chunk.startLine, chunk.endLine, chunk.embeddingId],
                chunk.origin === undefined ? null : JSON.stringify(chunk.origin),
              ],
            ).lastInsertRowid,
          ),
        );
        return { fileId, chunkIds };
      });
      return { embeddingIds, files: stored };
    });
  }

  /** The file's bytes were touched, its content is the same. */
  touchFiles(files: readonly { path: string; size: number; mtimeMs: number }[]): void {
    if (files.length === 0) return;
    this.transaction(() => {
      for (const { path: name, size, mtimeMs } of files) {
        this.database.run('UPDATE files SET size = ?, mtime_ms = ? WHERE path = ?', [size, mtimeMs, name]);
      }
    });
  }

  removeFiles(paths: readonly string[]): void {
    if (paths.length === 0) return;
    this.transaction(() => {
      for (const name of paths) this.deleteFile(name);
    });
  }

  private deleteFile(name: string): void {
    this.database.run('DELETE FROM chunks WHERE file_id IN (SELECT id FROM files WHERE path = ?)', [name]);
    this.database.run('DELETE FROM files WHERE path = ?', [name]);
  }

  /** Drops the oldest vectors that no chunk uses, beyond what is kept for text that may come back. */
  collectGarbage(): number {
    const { live, orphans } = this.database.get(
      'SELECT (SELECT COUNT(DISTINCT embedding_id) FROM chunks) AS live, (SELECT COUNT(*) FROM embeddings WHERE id NOT IN (SELECT embedding_id FROM chunks)) AS orphans',
    ) as { live: number; orphans: number };
    const excess = orphans - Math.max(orphansKeptLeast, Math.floor(live * orphansKeptShare));
    if (excess <= 0) return 0;
    return this.transaction(
      () =>
        this.database.run(
          'DELETE FROM embeddings WHERE id IN (SELECT id FROM embeddings WHERE id NOT IN (SELECT embedding_id FROM chunks) ORDER BY id LIMIT ?)',
          [excess],
        ).changes,
    );
  }

  bytes(): number {
    return [this.file, `${this.file}-wal`].reduce(
      (sum, name) => sum + (fs.statSync(name, { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
  }

  close(): void {
    if (!this.database.isOpen) return;
    try {
      this.setMeta('open', 'no');
    } finally {
      this.database.close();
    }
  }

  private transaction<T>(work: () => T): T {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.database.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk may have rolled back already.
      if (this.database.inTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }
}

function closeQuietly(database: Database): void {
  try {
    database.close();
  } catch {
    // It is being given up anyway.
  }
}

/** What SQLite says of a file that is torn, cut short or no database at all. */
function isDamage(error: unknown): boolean {
  return (
    error instanceof Error &&
    /malformed|not a database|unsupported file format|no such column|has no column/i.test(error.message)
  );
}

function moveAside(file: string, reason: SetAside['reason']): string {
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  const asidePath = `${file}.${reason}-${stamp}`;
  fs.renameSync(file, asidePath);
  for (const suffix of ['-wal', '-journal']) {
    if (fs.existsSync(file + suffix)) fs.renameSync(file + suffix, asidePath + suffix);
  }
  fs.rmSync(`${file}.lock`, { recursive: true, force: true });
  return asidePath;
}
