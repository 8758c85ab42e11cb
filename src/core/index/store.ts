/**
 * The stored index of one folder and one model: a SQLite file with exactly one writer, who holds a lease above this
 * class. Each method is one transaction: a file is never half stored. Vectors are keyed by the hash of the exact text
 * that the model saw, so moving, renaming and touching files embeds nothing twice.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { ChunkOrigin } from './chunkOrigin';
import { rememberCuts, rememberedCut } from './earlierCuts';
import { DamagedBlockError, packIntegers, unpackBlock, unpackIntegers } from './embeddingBlocks';
import type { EmbeddingEntry, PackedBlock } from './embeddingBlocks';
import { isDamage, StoreDatabase } from './storeDatabase';
import { getMeta, insertBlocks, NewerStoreError, prepareSchema, setMeta, type StoreIdentity } from './storeSchema';
import { tidyStore } from './storeTidying';

export interface StoredChunk {
  /** Never given to another chunk of this store. */
  id: number;
  start: number;
  end: number;
  startLine: number;
  endLine: number;
  embeddingId: number;
  /** Absent where the document is the file's text. */
  origin?: ChunkOrigin;
}

interface FileAttributes {
  path: string;
  hash: string;
  size: number;
  mtimeMs: number;
  fileType: string;
  /** Id of the chunker that cut it (name, version and options), and how it was read where that is not plain UTF-8. */
  chunker: string;
  /** When its chunks were stored; 0 where an older version stored them. */
  indexedMs: number;
}

export interface StoredFile extends FileAttributes {
  id: number;
  chunks: StoredChunk[];
}

export interface FileToStore extends FileAttributes {
  chunks: Omit<StoredChunk, 'id'>[];
}

export interface StoredText {
  key: string;
  context: string[];
  text: string;
  kind: string;
  tokens: number;
  /** Texts that were given to the model for it, see `Chunk.parts`. */
  parts: number;
}

export interface EmbeddingToStore extends Omit<EmbeddingEntry, 'id'> {
  context: string[];
  text: string;
}

/** Why a store was not opened as it was; what it held is at `asidePath`. */
export interface SetAside {
  reason: 'corrupt' | 'newer';
  asidePath: string;
}

interface FileRow extends FileAttributes {
  id: number;
  firstChunk: number;
  chunks: Uint8Array;
  origins: string | null;
}

const integersPerChunk = 5;

export class IndexStore {
  private nextChunk: number;

  private constructor(
    private readonly database: StoreDatabase,
    private readonly dimensions: number,
  ) {
    this.nextChunk = Number(getMeta(database, 'nextChunk') ?? 1);
  }

  /**
   * Opens or creates the store. The caller holds the lease of the file. A store that can't be read is renamed, never
   * deleted, and a new one begins.
   * @param accept reads what is needed at once; when it finds damage, the store is set aside as well
   * @throws StoreFullError, StoreReadOnlyError
   */
  static open<T>(
    file: string,
    identity: StoreIdentity,
    accept: (store: IndexStore) => T,
  ): { store: IndexStore; accepted: T; setAside: SetAside | undefined };
  static open(file: string, identity: StoreIdentity): { store: IndexStore; setAside: SetAside | undefined };
  static open(file: string, identity: StoreIdentity, accept: (store: IndexStore) => unknown = () => undefined): object {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    // The lease is ours, so a lock that is still here belongs to a process that died.
    fs.rmSync(`${file}.lock`, { recursive: true, force: true });
    try {
      return { ...IndexStore.openExisting(file, identity, accept), setAside: undefined };
    } catch (error) {
      const reason = error instanceof NewerStoreError ? 'newer' : 'corrupt';
      if (reason === 'corrupt' && !isDamage(error)) throw error;
      const asidePath = moveAside(file, reason);
      return { ...IndexStore.openExisting(file, identity, accept), setAside: { reason, asidePath } };
    }
  }

  private static openExisting(
    file: string,
    identity: StoreIdentity,
    accept: (store: IndexStore) => unknown,
  ): { store: IndexStore; accepted: unknown } {
    const database = new StoreDatabase(file);
    try {
      prepareSchema(database, identity);
      const store = new IndexStore(database, identity.dimensions);
      return { store, accepted: accept(store) };
    } catch (error) {
      database.closeQuietly();
      throw error;
    }
  }

  get file(): string {
    return this.database.file;
  }

  getMeta(key: string): string | undefined {
    return getMeta(this.database, key);
  }

  setMeta(key: string, value: string): void {
    setMeta(this.database, key, value);
  }

  files(): StoredFile[] {
    const rows = this.database.all<FileRow>(
      'SELECT id, path, hash, size, mtime_ms AS mtimeMs, file_type AS fileType, chunker, indexed_ms AS indexedMs, first_chunk AS firstChunk, chunks, origins FROM files',
    );
    // A few names stand in many rows.
    const names = new Map<string, string>();
    const once = (name: string): string => names.get(name) ?? (names.set(name, name), name);
    return rows.map(({ firstChunk, chunks, origins, fileType, chunker, ...file }) => ({
      ...file,
      fileType: once(fileType),
      chunker: once(chunker),
      chunks: unpackChunks(chunks, firstChunk, origins),
    }));
  }

  /**
   * Visits the embeddings among these, by id. A vector is a view on its block's own copy.
   * @returns those that could not be read: a part of the file is damaged
   */
  eachEmbedding(ids: ReadonlySet<number>, visit: (embedding: EmbeddingEntry) => void): number[] {
    const missing = new Set(ids);
    for (const { first } of this.database.all<{ first: number }>('SELECT first FROM blocks ORDER BY first')) {
      for (const embedding of this.readBlock(first)) if (missing.delete(embedding.id)) visit(embedding);
    }
    return [...missing];
  }

  /** The embeddings among these keys that are stored already. */
  knownEmbeddings(keys: readonly string[]): Map<string, EmbeddingEntry> {
    const known = new Map<string, EmbeddingEntry>();
    for (const key of new Set(keys)) {
      const row = this.database.get<{ id: number }>('SELECT id FROM embeddings WHERE key = ?', [key]);
      const entry = row === undefined ? undefined : this.embedding(row.id);
      if (entry !== undefined) known.set(key, entry);
    }
    return known;
  }

  embedding(id: number): EmbeddingEntry | undefined {
    const row = this.database.get<{ first: number }>(
      'SELECT first FROM blocks WHERE first <= ? ORDER BY first DESC LIMIT 1',
      [id],
    );
    return row === undefined ? undefined : this.readBlock(row.first, (other) => other === id)[0];
  }

  /** Undefined also where its part of the file is damaged. */
  text(embeddingId: number): StoredText | undefined {
    try {
      const row = this.database.get<Omit<StoredText, 'context'> & { context: string }>(
        'SELECT key, context, text, kind, tokens, parts FROM embeddings WHERE id = ?',
        [embeddingId],
      );
      return row === undefined ? undefined : { ...row, context: JSON.parse(row.context) as string[] };
    } catch (error) {
      if (error instanceof SyntaxError || isDamage(error)) return undefined;
      throw error;
    }
  }

  /**
   * Stores new embeddings and files in one transaction, each file replacing what was stored under its path.
   * @param files built with the ids that `embeddings` get, by key
   * @returns the files as stored, in the order given
   */
  commit(
    embeddings: readonly EmbeddingToStore[],
    files: (embeddingIds: ReadonlyMap<string, number>) => readonly FileToStore[],
  ): { embeddingIds: Map<string, number>; files: StoredFile[] } {
    const { database } = this;
    const { nextChunk } = this;
    try {
      const committed = database.transaction(() => {
        const embeddingIds = this.insertEmbeddings(embeddings);
        const stored = files(embeddingIds).map((file) => this.insertFile(file));
        if (this.nextChunk !== nextChunk) setMeta(database, 'nextChunk', String(this.nextChunk));
        return { embeddingIds, files: stored };
      });
      database.checkpoint();
      return committed;
    } catch (error) {
      this.nextChunk = nextChunk;
      throw error;
    }
  }

  /** The file's bytes were touched, its content is the same. */
  touchFiles(files: readonly { path: string; size: number; mtimeMs: number }[]): void {
    if (files.length === 0) return;
    this.database.transaction(() => {
      for (const { path: name, size, mtimeMs } of files)
        this.database.run('UPDATE files SET size = ?, mtime_ms = ? WHERE path = ?', [size, mtimeMs, name]);
    });
  }

  removeFiles(paths: readonly string[]): void {
    if (paths.length === 0) return;
    this.database.transaction(() => {
      for (const name of paths) this.database.run('DELETE FROM files WHERE path = ?', [name]);
    });
  }

  /** Files that left the index: see {@link rememberCuts}. */
  rememberCuts(files: readonly StoredFile[]): void {
    rememberCuts(this.database, files);
  }

  /** Texts of a content's chunks as it was cut before, in their order; those that were dropped meanwhile are left out. */
  textsCutBefore(hash: string, chunker: string): string[] | undefined {
    const ids = rememberedCut(this.database, hash, chunker);
    return ids && this.textsOf(ids);
  }

  textsOf(embeddingIds: readonly number[]): string[] {
    return embeddingIds.flatMap((id) => this.text(id)?.text ?? []);
  }

  /** Forgets embeddings whose block can't be read, so that their texts are embedded again. */
  forgetEmbeddings(ids: readonly number[]): void {
    this.database.transaction(() => {
      for (const id of ids) this.forgetRow(id);
    });
  }

  /** Drops what nobody has used for longest and joins small blocks, one transaction a step. See {@link tidyStore}. */
  *tidy(live: ReadonlySet<number>): Generator<void, number> {
    const dropped = yield* tidyStore(this.database, this.dimensions, live);
    yield;
    this.database.checkpoint();
    return dropped;
  }

  bytes(): number {
    return this.database.bytes();
  }

  close(): void {
    if (!this.database.isOpen) return;
    try {
      // One that is damaged is checked when it is opened next.
      if (!this.database.isDamaged) this.setMeta('open', 'no');
      this.database.checkpoint(true);
    } finally {
      this.database.close();
    }
  }

  private forgetRow(id: number): void {
    this.database.run('DELETE FROM embeddings WHERE id = ?', [id]);
  }

  private insertEmbeddings(embeddings: readonly EmbeddingToStore[]): Map<string, number> {
    const ids = new Map<string, number>();
    const added: EmbeddingEntry[] = [];
    for (const { context, text, ...entry } of embeddings) {
      const { key, kind, tokens, parts } = entry;
      const row = this.database.get<{ id: number }>('SELECT id FROM embeddings WHERE key = ?', [key]);
      if (row !== undefined && this.embedding(row.id) !== undefined) {
        ids.set(key, row.id);
        continue;
      }
      // Its block was damaged: the text is stored anew.
      if (row !== undefined) this.forgetRow(row.id);
      const { lastInsertRowid: id } = this.database.run(
        'INSERT INTO embeddings (key, kind, tokens, parts, context, text) VALUES (?, ?, ?, ?, ?, ?)',
        [key, kind, tokens, parts, JSON.stringify(context), text],
      );
      ids.set(key, id);
      added.push({ id, ...entry });
    }
    insertBlocks(this.database, added, this.dimensions);
    return ids;
  }

  private insertFile({ chunks, ...file }: FileToStore): StoredFile {
    const first = this.nextChunk;
    this.nextChunk += chunks.length;
    const { path: name, hash, size, mtimeMs, fileType, chunker, indexedMs } = file;
    const attributes = { path: name, hash, size, mtimeMs, fileType, chunker, indexedMs };
    const origins = chunks.some(({ origin }) => origin !== undefined)
      ? JSON.stringify(chunks.map(({ origin }) => origin ?? null))
      : null;
    this.database.run('DELETE FROM files WHERE path = ?', [name]);
    const { lastInsertRowid: id } = this.database.run(
      'INSERT INTO files (path, hash, size, mtime_ms, file_type, chunker, indexed_ms, first_chunk, chunks, origins) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      [name, hash, size, mtimeMs, fileType, chunker, indexedMs, first, packChunks(chunks), origins],
    );
    return { id, ...attributes, chunks: chunks.map((chunk, i) => ({ id: first + i, ...chunk })) };
  }

  /** No entries for a block that is damaged: its texts count as not embedded. */
  private readBlock(first: number, wanted?: (id: number) => boolean): EmbeddingEntry[] {
    try {
      const packed = this.database.get<PackedBlock>('SELECT ids, entries, vectors FROM blocks WHERE first = ?', [
        first,
      ]);
      return packed === undefined ? [] : unpackBlock(packed, this.dimensions, wanted);
    } catch (error) {
      if (error instanceof DamagedBlockError || isDamage(error)) return [];
      throw error;
    }
  }
}

function packChunks(chunks: readonly Omit<StoredChunk, 'id'>[]): Uint8Array {
  return packIntegers(
    chunks.flatMap(({ start, end, startLine, endLine, embeddingId }) => [start, end, startLine, endLine, embeddingId]),
  );
}

function unpackChunks(packed: Uint8Array, first: number, originsText: string | null): StoredChunk[] {
  const integers = unpackIntegers(packed);
  const origins = originsText === null ? undefined : (JSON.parse(originsText) as (ChunkOrigin | null)[]);
  return Array.from({ length: integers.length / integersPerChunk }, (_, i) => {
    const at = i * integersPerChunk;
    return {
      id: first + i,
      start: integers[at],
      end: integers[at + 1],
      startLine: integers[at + 2],
      endLine: integers[at + 3],
      embeddingId: integers[at + 4],
      ...(origins?.[i] != null && { origin: origins[i] }),
    };
  });
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
