/**
 * Brings a folder's index up to date: reads what changed, cuts it into chunks, embeds the texts that have no vector yet,
 * and commits. Embeddings are committed as they come and a file when all of its chunks have one, so a crash loses at
 * most what was in flight.
 */
import type { SkippedCounts } from '../../shared/indexing';
import type { LeftOut } from '../../shared/fileExplanation';
import type { Chunker } from '../chunking/chunk';
import type { Embedder } from '../embedding/embedding';
import { chunkKey, embedChunks, type ChunkInspector, type ChunkToEmbed } from './chunkEmbedding';
import { documentChunks } from './documentChunks';
import type { DocumentSource, ReadResult, SourceFile } from './documentSource';
import { spreadOrder, wantedFirst } from './fileOrder';
import type { FolderIndex, IndexedEmbedding } from './folderIndex';
import type { EmbeddingToStore, FileToStore, StoredChunk } from './store';
import { Turns } from './turns';

/** A commit holds at most this much new work. */
const commitEveryMs = 250;
const commitEveryEmbeddings = 64;
/** Texts that wait at the embedder at most: enough to keep every session busy, few enough to stop at once. */
const textsInFlight = 64;
/** Chunks of one file that are given to the embedder at once: a long file does not take a long turn. */
const chunksAtOnce = 16;
/** From this many changed paths on, one walk over the folder is cheaper than a look at each. */
const pathsForWalk = 64;
/** Texts embedded by single changes after which the store is tidied. */
const embeddedUntilTidied = 500;

export interface IndexerOptions {
  source: DocumentSource;
  chunker: Chunker;
  embedder: Embedder;
  inspector?: ChunkInspector;
  signal: AbortSignal;
  /** Paths of files that go before all others, such as those that are open in an editor. Asked again for each file. */
  wanted?: () => Iterable<string>;
  onProgress?: (progress: UpdateProgress) => void;
}

export interface UpdateProgress {
  phase: 'scanning' | 'embedding';
  filesDone: number;
  filesTotal: number;
  bytesDone: number;
  bytesTotal: number;
  chunks: number;
  embeddedTokens: number;
}

export interface UpdateReport {
  files: number;
  chunks: number;
  tokens: number;
  embedded: number;
  reused: number;
  skipped: SkippedCounts;
  errors: { path: string; message: string }[];
}

/** Nothing done yet. */
export function emptyReport(): UpdateReport {
  return { files: 0, chunks: 0, tokens: 0, embedded: 0, reused: 0, skipped: {}, errors: [] };
}

/** Its range is that in the file. */
type PreparedChunk = ChunkToEmbed & Omit<StoredChunk, 'id' | 'embeddingId'> & { key: string };

interface PreparedFile extends Omit<FileToStore, 'chunks'> {
  chunks: PreparedChunk[];
}

export class IndexUpdate {
  private readonly report = emptyReport();
  private readonly progress: UpdateProgress = {
    phase: 'scanning',
    filesDone: 0,
    filesTotal: 0,
    bytesDone: 0,
    bytesTotal: 0,
    chunks: 0,
    embeddedTokens: 0,
  };
  private readonly newEmbeddings = new Map<string, EmbeddingToStore>();
  /** Embeddings of this run by key: stored ones have an id. */
  private readonly known = new Map<string, IndexedEmbedding>();
  private readonly embedding = new Map<string, Promise<void>>();
  private readonly ready: PreparedFile[] = [];
  private readonly touched: SourceFile[] = [];
  private lastCommitMs = Date.now();
  private inFlight = 0;
  private wakeUp: (() => void) | undefined;
  private failure: { error: unknown } | undefined;
  private readonly turns = new Turns();

  constructor(
    private readonly index: FolderIndex,
    private readonly options: IndexerOptions,
  ) {}

  /** The whole folder: what is new, changed or gone. Every committed file is kept when it is aborted. */
  async everything(): Promise<UpdateReport> {
    this.tellProgress();
    const { files, skipped } = await this.options.source.list(this.options.signal);
    this.report.skipped = { ...skipped };
    const present = new Set(files.map(({ path }) => path));
    this.index.remove([...this.index.files].map(({ path }) => path).filter((path) => !present.has(path)));
    this.index.skipped.keepOnly(present);
    await this.files(spreadOrder(files));
    await this.tidy();
    return this.report;
  }

  /** Some paths, files or folders, that were said to have changed. Very many, as of a branch switch, are one walk. */
  async paths(paths: readonly string[]): Promise<UpdateReport> {
    if (paths.length >= pathsForWalk) return this.everything();
    const found = new Map<string, SourceFile>();
    for (const path of new Set(paths)) {
      const files = await this.options.source.find(path, this.options.signal);
      for (const file of files) found.set(file.path, file);
      const present = new Set(files.map((file) => file.path));
      this.index.remove(this.index.pathsUnder(path).filter((indexed) => !present.has(indexed)));
    }
    await this.files([...found.values()]);
    if (this.index.embeddedSinceTidied >= embeddedUntilTidied) await this.tidy();
    return this.report;
  }

  private async files(files: readonly SourceFile[]): Promise<void> {
    const { signal, wanted = () => [] } = this.options;
    this.progress.phase = 'embedding';
    this.progress.filesTotal = files.length;
    this.progress.bytesTotal = files.reduce((sum, { size }) => sum + size, 0);
    this.tellProgress();
    const tasks = new Set<Promise<void>>();
    try {
      for (const file of wantedFirst(files, wanted)) {
        signal.throwIfAborted();
        if (this.failure !== undefined) break;
        await this.turns.breathe();
        const prepared = await this.prepare(file);
        if (prepared === undefined) {
          this.finish(file, undefined);
          this.commitIfDue();
          continue;
        }
        const embedded = await this.submit(prepared);
        const task = Promise.all(embedded)
          .then(() => {
            this.ready.push(prepared);
            this.finish(file, prepared);
            this.commitIfDue();
          })
          .catch((error: unknown) => this.fail(error))
          .finally(() => tasks.delete(task));
        tasks.add(task);
      }
    } catch (error) {
      this.fail(error);
    }
    await Promise.all(tasks);
    // Also after an abort or a failure: what was embedded is kept.
    this.commit();
    this.index.skipped.save();
    if (this.failure !== undefined) throw this.failure.error;
    signal.throwIfAborted();
  }

  private fail(error: unknown): void {
    this.failure ??= { error };
    this.wakeUp?.();
  }

  /** Gives the store back what nobody needs. It may be stopped between any two steps. */
  private async tidy(): Promise<void> {
    this.index.embeddedSinceTidied = 0;
    const steps = this.index.store.tidy(this.index.liveEmbeddings());
    while (steps.next().done !== true) {
      await this.turns.breathe();
      if (this.options.signal.aborted) return;
    }
  }

  private finish(file: SourceFile, prepared: PreparedFile | undefined): void {
    this.progress.filesDone++;
    this.progress.bytesDone += file.size;
    const chunks = prepared?.chunks ?? this.index.file(file.path)?.chunks;
    if (chunks !== undefined) {
      this.report.files++;
      this.report.chunks += chunks.length;
      this.progress.chunks += chunks.length;
      if (prepared === undefined) this.report.reused += chunks.length;
    }
    this.tellProgress();
  }

  /** @returns undefined when there is nothing to embed: unchanged, unreadable or without text */
  private async prepare(file: SourceFile): Promise<PreparedFile | undefined> {
    const { source, chunker, embedder } = this.options;
    const reading = source.readingOf(file.path);
    const chunkerId = [chunker.id, reading, chunker.variantOf?.(file.path) ?? '']
      .filter((part) => part !== '')
      .join(' ');
    const before = this.index.file(file.path);
    const sameChunker = before?.chunker === chunkerId;
    if (before !== undefined && sameChunker && before.size === file.size && before.mtimeMs === file.mtimeMs)
      return undefined;
    const skippedBefore = this.index.skipped.known(file, reading);
    if (skippedBefore !== undefined) {
      this.leaveOut(file, skippedBefore);
      return undefined;
    }
    const result = await source.read(file.path).catch((error: unknown): ReadResult => {
      this.report.errors.push({ path: file.path, message: error instanceof Error ? error.message : String(error) });
      return { read: false, reason: 'unreadable' };
    });
    if (!result.read) {
      const { reason, rule, detail } = result;
      this.index.skipped.note(file, reading, { reason, rule, detail });
      this.leaveOut(file, result);
      return undefined;
    }
    this.index.skipped.forget(file.path);
    if (before !== undefined && sameChunker && before.hash === result.hash) {
      before.size = file.size;
      before.mtimeMs = file.mtimeMs;
      this.touched.push(file);
      return undefined;
    }
    const chunks: PreparedChunk[] = [];
    const previous = this.index.textsCutBefore(file.path, result.hash, chunkerId);
    for (const document of result.documents) {
      for (const { chunk, text, kind, place } of await documentChunks(
        chunker,
        { path: file.path, ...document },
        previous,
      )) {
        const parts = (chunk.parts ?? []).map(({ start, end }) => ({
          start: start - chunk.start,
          end: end - chunk.start,
        }));
        const toEmbed = { text, context: chunk.context, kind, parts };
        chunks.push({ ...toEmbed, ...place, key: chunkKey(embedder.fingerprint, toEmbed) });
      }
      await this.turns.breathe();
    }
    const { hash, fileType } = result;
    return { ...file, hash, fileType, chunker: chunkerId, indexedMs: Date.now(), chunks };
  }

  private leaveOut({ path }: SourceFile, { reason }: LeftOut): void {
    this.report.skipped[reason] = (this.report.skipped[reason] ?? 0) + 1;
    this.index.remove([path]);
  }

  /**
   * Gives the file's texts that have no vector yet to the embedder, a few at a time.
   * @returns settles when all of its chunks have one
   */
  private async submit(file: PreparedFile): Promise<Promise<void>[]> {
    const embedded: Promise<void>[] = [];
    for (let from = 0; from < file.chunks.length; from += chunksAtOnce) {
      while (this.inFlight >= textsInFlight && this.failure === undefined)
        await new Promise<void>((resolve) => (this.wakeUp = resolve));
      if (this.failure !== undefined) break;
      await this.turns.breathe();
      embedded.push(...this.submitSome(file.chunks.slice(from, from + chunksAtOnce)));
    }
    if (this.failure !== undefined) embedded.push(Promise.reject(asError(this.failure.error)));
    return embedded;
  }

  private submitSome(chunks: readonly PreparedChunk[]): Promise<void>[] {
    const unknown = chunks.filter(({ key }) => !this.known.has(key) && !this.embedding.has(key));
    for (const [key, stored] of this.index.store.knownEmbeddings(unknown.map(({ key }) => key)))
      this.known.set(key, stored);
    const toEmbed = new Map<string, PreparedChunk>();
    for (const chunk of unknown) if (!this.known.has(chunk.key)) toEmbed.set(chunk.key, chunk);
    this.report.reused += chunks.length - toEmbed.size;
    if (toEmbed.size > 0) {
      const own = this.embed([...toEmbed.values()]);
      // Whoever waits for it hears of a failure; it must not count as unheard before that.
      own.catch((error: unknown) => this.fail(error));
      for (const key of toEmbed.keys()) this.embedding.set(key, own);
    }
    return [...new Set(chunks.flatMap(({ key }) => this.embedding.get(key) ?? []))];
  }

  private async embed(chunks: readonly PreparedChunk[]): Promise<void> {
    const { embedder, inspector, signal } = this.options;
    this.inFlight += chunks.length;
    let waiting = chunks.length;
    try {
      await embedChunks(embedder, chunks, {
        inspector,
        signal,
        onEmbedded: (i, { vector, tokens, cut }) => {
          const { key, context, text, kind, parts } = chunks[i];
          const entry = { key, kind, tokens, parts: Math.max(1, parts.length), cut, vector };
          this.newEmbeddings.set(key, { ...entry, context: [...context], text });
          this.known.set(key, { id: -1, ...entry });
          this.report.embedded++;
          this.index.embeddedSinceTidied++;
          this.report.tokens += tokens;
          this.progress.embeddedTokens += tokens;
          waiting--;
          this.inFlight--;
          this.wakeUp?.();
          this.commitIfDue();
        },
      });
    } finally {
      this.inFlight -= waiting;
    }
  }

  private commitIfDue(): void {
    if (this.newEmbeddings.size >= commitEveryEmbeddings || Date.now() - this.lastCommitMs >= commitEveryMs)
      this.commit();
  }

  private commit(): void {
    this.lastCommitMs = Date.now();
    this.index.store.touchFiles(this.touched.splice(0));
    const embeddings = [...this.newEmbeddings.values()];
    const files = this.ready.splice(0);
    if (embeddings.length === 0 && files.length === 0) return;
    this.newEmbeddings.clear();
    const idOf = (ids: ReadonlyMap<string, number>, key: string): number => {
      const id = ids.get(key) ?? this.known.get(key)?.id;
      if (id === undefined || id < 0) throw new Error(`no embedding for a chunk of a ready file`);
      return id;
    };
    const stored = this.index.store.commit(embeddings, (ids) =>
      files.map((file) => ({
        ...file,
        chunks: file.chunks.map(({ start, end, startLine, endLine, origin, key }) => ({
          ...{ start, end, startLine, endLine, embeddingId: idOf(ids, key) },
          ...(origin !== undefined && { origin }),
        })),
      })),
    );
    for (const [key, id] of stored.embeddingIds) {
      const known = this.known.get(key);
      if (known !== undefined) known.id = id;
      this.embedding.delete(key);
    }
    if (files.length === 0) return;
    const used = new Map<number, IndexedEmbedding>();
    for (const { chunks } of files) {
      for (const { key } of chunks) {
        const embedding = this.known.get(key);
        if (embedding === undefined || used.has(embedding.id)) continue;
        used.set(embedding.id, { ...embedding });
        // The points keep the numbers from here on.
        embedding.vector = undefined;
      }
    }
    this.index.replace(stored.files, used);
  }

  private tellProgress(): void {
    this.options.onProgress?.({ ...this.progress });
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
