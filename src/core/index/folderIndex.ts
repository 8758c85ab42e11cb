/** The index of one folder in memory: which files and chunks there are and which embedding each chunk has. */
import { SkippedFiles } from './skippedFiles';
import type { IndexStore, StoredChunk, StoredFile } from './store';

export type IndexedChunk = Omit<StoredChunk, 'fileId'>;

export interface IndexedFile extends Omit<StoredFile, 'id'> {
  id: number;
  chunks: IndexedChunk[];
}

export interface IndexedEmbedding {
  id: number;
  key: string;
  tokens: number;
  kind: string;
  /** What the mixed-topic detector noted, as JSON. */
  cut: string | null;
  vector: Float32Array;
}

/** What a commit changed, told after it is on the disk. */
export interface FolderChange {
  removed: IndexedFile[];
  added: IndexedFile[];
  /** Embeddings of the added files' chunks, whether they are new or were stored before. */
  embeddings: ReadonlyMap<number, IndexedEmbedding>;
}

export class FolderIndex {
  private readonly filesByPath = new Map<string, IndexedFile>();
  private readonly listeners = new Set<(change: FolderChange) => void>();

  /** Files that are not in the index because of what is in them. */
  readonly skipped: SkippedFiles;

  constructor(readonly store: IndexStore) {
    this.skipped = new SkippedFiles(store);
    const byId = new Map<number, IndexedFile>();
    for (const file of store.files()) {
      const indexed = { ...file, chunks: [] };
      this.filesByPath.set(file.path, indexed);
      byId.set(file.id, indexed);
    }
    for (const { fileId, ...chunk } of store.chunks()) byId.get(fileId)?.chunks.push(chunk);
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

  /** Replaces files after the store has committed them. */
  replace(files: readonly IndexedFile[], embeddings: ReadonlyMap<number, IndexedEmbedding>): void {
    const removed: IndexedFile[] = [];
    for (const file of files) {
      const before = this.filesByPath.get(file.path);
      if (before !== undefined) removed.push(before);
      this.filesByPath.set(file.path, file);
    }
    this.tell({ removed, added: [...files], embeddings });
  }

  remove(paths: readonly string[]): void {
    this.store.removeFiles(paths);
    const removed: IndexedFile[] = [];
    for (const path of paths) {
      const file = this.filesByPath.get(path);
      if (file === undefined) continue;
      this.filesByPath.delete(path);
      removed.push(file);
    }
    if (removed.length > 0) this.tell({ removed, added: [], embeddings: new Map() });
  }

  private tell(change: FolderChange): void {
    for (const listener of this.listeners) listener(change);
  }
}
