/** The index of one folder in memory: which files and chunks there are and which embedding each chunk has. */
import type { EmbeddingEntry } from './embeddingBlocks';
import { SkippedFiles } from './skippedFiles';
import { IndexStore, type SetAside, type StoredChunk, type StoredFile } from './store';
import type { StoreIdentity } from './storeSchema';

export type IndexedChunk = StoredChunk;
export type IndexedFile = StoredFile;

/** An embedding as a change tells it: without the vector where whoever listens has it already. */
export interface IndexedEmbedding extends Omit<EmbeddingEntry, 'vector'> {
  vector: Float32Array | undefined;
}

/** What a commit changed, told after it is on the disk. */
export interface FolderChange {
  removed: IndexedFile[];
  added: IndexedFile[];
  /** Embeddings of the added files' chunks, whether they are new or were stored before. */
  embeddings: ReadonlyMap<number, IndexedEmbedding>;
  /** Reads a vector that is not told. */
  vectorOf(embeddingId: number): Float32Array | undefined;
}

export class FolderIndex {
  private readonly filesByPath = new Map<string, IndexedFile>();
  private readonly listeners = new Set<(change: FolderChange) => void>();
  private chunks = 0;
  /** Texts embedded since the store was tidied last. */
  embeddedSinceTidied = 0;

  /** Files that are not in the index because of what is in them. */
  readonly skipped: SkippedFiles;

  private constructor(
    readonly store: IndexStore,
    files: readonly IndexedFile[],
  ) {
    this.skipped = new SkippedFiles(store);
    for (const file of files) this.put(file);
  }

  /**
   * Opens or creates the index of a folder, whose lease the caller holds. One that can't be read is set aside.
   * @throws StoreFullError, StoreReadOnlyError
   */
  static open(file: string, identity: StoreIdentity): { index: FolderIndex; setAside: SetAside | undefined } {
    const { store, accepted, setAside } = IndexStore.open(file, identity, (opened) => opened.files());
    return { index: new FolderIndex(store, accepted), setAside };
  }

  get chunkCount(): number {
    return this.chunks;
  }

  get files(): Iterable<IndexedFile> {
    return this.filesByPath.values();
  }

  get fileCount(): number {
    return this.filesByPath.size;
  }

  file(path: string): IndexedFile | undefined {
    return this.filesByPath.get(path);
  }

  /**
   * Texts of the chunks as which a file was cut before, for a chunker to keep: of this very content, wherever it stood,
   * else of the file as it is in the index.
   */
  textsCutBefore(path: string, hash: string, chunker: string): string[] {
    const remembered = this.store.textsCutBefore(hash, chunker);
    if (remembered !== undefined) return remembered;
    const file = this.filesByPath.get(path);
    return file?.chunker === chunker ? this.store.textsOf(file.chunks.map(({ embeddingId }) => embeddingId)) : [];
  }

  /** Paths of the indexed files at or below a path: a deleted folder is told by its own path alone. */
  pathsUnder(path: string): string[] {
    if (this.filesByPath.has(path)) return [path];
    const prefix = `${path}/`;
    return [...this.filesByPath.keys()].filter((candidate) => candidate.startsWith(prefix));
  }

  onChange(listener: (change: FolderChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Ids of the embeddings that chunks have. */
  liveEmbeddings(): Set<number> {
    const live = new Set<number>();
    for (const { chunks } of this.filesByPath.values()) for (const { embeddingId } of chunks) live.add(embeddingId);
    return live;
  }

  /**
   * Visits the embeddings that chunks have, by id. A part of the store that is damaged is forgotten, with the files that
   * need it: the next update reads and embeds these again and nothing else.
   * @returns paths of the files that were forgotten
   */
  eachLiveEmbedding(live: ReadonlySet<number>, visit: (embedding: EmbeddingEntry) => void): string[] {
    const damaged = new Set(this.store.eachEmbedding(live, visit));
    if (damaged.size === 0) return [];
    const paths = [...this.filesByPath.values()]
      .filter(({ chunks }) => chunks.some(({ embeddingId }) => damaged.has(embeddingId)))
      .map(({ path }) => path);
    this.store.forgetEmbeddings([...damaged]);
    this.remove(paths);
    return paths;
  }

  /** Replaces files after the store has committed them. */
  replace(files: readonly IndexedFile[], embeddings: ReadonlyMap<number, IndexedEmbedding>): void {
    const removed = files.flatMap(({ path }) => this.take(path) ?? []);
    for (const file of files) this.put(file);
    this.store.rememberCuts(removed);
    this.tell({ removed, added: [...files], embeddings });
  }

  remove(paths: readonly string[]): void {
    const indexed = paths.filter((path) => this.filesByPath.has(path));
    if (indexed.length === 0) return;
    this.store.removeFiles(indexed);
    const removed = indexed.flatMap((path) => this.take(path) ?? []);
    this.store.rememberCuts(removed);
    this.tell({ removed, added: [], embeddings: new Map() });
  }

  private put(file: IndexedFile): void {
    this.filesByPath.set(file.path, file);
    this.chunks += file.chunks.length;
  }

  private take(path: string): IndexedFile | undefined {
    const file = this.filesByPath.get(path);
    if (file === undefined) return undefined;
    this.filesByPath.delete(path);
    this.chunks -= file.chunks.length;
    return file;
  }

  private tell(change: Omit<FolderChange, 'vectorOf'>): void {
    const vectorOf = (id: number): Float32Array | undefined => this.store.embedding(id)?.vector;
    for (const listener of this.listeners) listener({ ...change, vectorOf });
  }
}
