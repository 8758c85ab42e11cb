/**
 * Brings a folder's index up to date: reads what changed, cuts it into chunks, embeds the texts that have no vector yet,
 * and commits. Embeddings are committed as they come and a file when all of its chunks have one, so a crash loses at
 * most what was in flight.
 */
import { createHash } from 'node:crypto';
import type { SkippedCounts } from '../../shared/space';
import type { LeftOut } from '../../shared/fileExplanation';
import { embeddedText, type Chunk, type Chunker } from '../chunking/chunk';
import type { ChunkOrigin } from './chunkOrigin';
import { documentChunks } from './documentChunks';
import type { Embedder, EmbeddingRequest } from '../embedding/embedding';
import type { DocumentSource, ReadResult, SourceFile } from './documentSource';
import { spreadOrder, wantedFirst } from './fileOrder';
import type { FolderIndex, IndexedEmbedding, IndexedFile } from './folderIndex';
import type { EmbeddingToStore, FileToStore } from './store';

/** A commit holds at most this much new work. */
const commitEveryMs = 250;
const commitEveryEmbeddings = 64;
/** Texts that wait at the embedder at most: enough to keep every session busy, few enough to stop at once. */
const textsInFlight = 64;

/** Looks at a chunk in the pass that embeds it; what it notes is stored beside the vector. */
export interface ChunkInspector {
  /** Ranges of the chunk's text to average in the same pass; none for a chunk that is not inspected. */
  spans(text: string, kind: string): readonly (readonly [number, number])[];
  note(text: string, spans: readonly (readonly [number, number])[], spanVectors: Float32Array, tokens: number): string;
}

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
interface PreparedChunk extends Omit<Chunk, 'parts'> {
  key: string;
  text: string;
  kind: string;
  origin?: ChunkOrigin;
}

interface PreparedFile extends Omit<FileToStore, 'chunks'> {
  chunks: PreparedChunk[];
}

/** Key of a vector: the exact text that the model sees and the model itself; the chunker plays no part. */
export function vectorKey(fingerprint: string, text: string): string {
  return createHash('sha256').update(fingerprint).update('\0').update(text).digest('hex').slice(0, 40);
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
    this.index.store.collectGarbage();
    return this.report;
  }

  /** Some paths, files or folders, that were said to have changed. */
  async paths(paths: readonly string[]): Promise<UpdateReport> {
    const found = new Map<string, SourceFile>();
    for (const path of new Set(paths)) {
      const files = await this.options.source.find(path, this.options.signal);
      for (const file of files) found.set(file.path, file);
      const present = new Set(files.map((file) => file.path));
      this.index.remove(this.index.pathsUnder(path).filter((indexed) => !present.has(indexed)));
    }
    const files = [...found.values()];
    await this.files(files);
    return this.report;
  }

  private async files(files: readonly SourceFile[]): Promise<void> {
    const { signal } = this.options;
    this.progress.phase = 'embedding';
    this.progress.filesTotal = files.length;
    this.progress.bytesTotal = files.reduce((sum, { size }) => sum + size, 0);
    this.tellProgress();
    const tasks = new Set<Promise<void>>();
    let failure: { error: unknown } | undefined;
    try {
      for (const file of wantedFirst(files, this.options.wanted ?? (() => []))) {
        signal.throwIfAborted();
        if (failure !== undefined) break;
        const prepared = await this.prepare(file);
        if (prepared === undefined) {
          this.finish(file, undefined);
          this.commitIfDue();
          continue;
        }
        const task = this.embedFile(prepared)
          .then(() => {
            this.ready.push(prepared);
            this.finish(file, prepared);
            this.commitIfDue();
          })
          .catch((error: unknown) => {
            failure ??= { error };
          })
          .finally(() => {
            tasks.delete(task);
            this.wakeUp?.();
          });
        tasks.add(task);
        while (this.inFlight >= textsInFlight && failure === undefined) {
          await new Promise<void>((resolve) => (this.wakeUp = resolve));
        }
      }
    } finally {
      await Promise.all(tasks);
      // Also after an abort: what was embedded is kept.
      this.commit();
      this.index.skipped.save();
    }
    if (failure !== undefined) throw failure.error;
    signal.throwIfAborted();
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
    const chunkerId = reading === '' ? chunker.id : `${chunker.id} ${reading}`;
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
    for (const document of result.documents) {
      for (const { chunk, text, kind, place } of await documentChunks(chunker, { path: file.path, ...document })) {
        const key = vectorKey(embedder.fingerprint, embeddedText(chunk.context, text));
        chunks.push({ context: chunk.context, tokens: chunk.tokens, ...place, key, text, kind });
      }
    }
    const { hash, fileType } = result;
    return { ...file, hash, fileType, chunker: chunkerId, indexedMs: Date.now(), chunks };
  }

  private leaveOut({ path }: SourceFile, { reason }: LeftOut): void {
    this.report.skipped[reason] = (this.report.skipped[reason] ?? 0) + 1;
    this.index.remove([path]);
  }

  private async embedFile(file: PreparedFile): Promise<void> {
    const unknown = file.chunks.filter(({ key }) => !this.known.has(key) && !this.embedding.has(key));
    for (const [key, { id, vector, cut }] of this.index.store.knownEmbeddings(unknown.map(({ key }) => key))) {
      const chunk = file.chunks.find((candidate) => candidate.key === key);
      this.known.set(key, { id, key, tokens: chunk?.tokens ?? 0, kind: chunk?.kind ?? '', cut, vector });
    }
    const toEmbed = new Map<string, PreparedChunk>();
    for (const chunk of unknown) if (!this.known.has(chunk.key)) toEmbed.set(chunk.key, chunk);
    const others = file.chunks.map(({ key }) => this.embedding.get(key)).filter((promise) => promise !== undefined);
    const own = this.embedChunks([...toEmbed.values()]);
    for (const key of toEmbed.keys()) this.embedding.set(key, own);
    this.report.reused += file.chunks.length - toEmbed.size;
    await Promise.all([own, ...others]);
  }

  private async embedChunks(chunks: readonly PreparedChunk[]): Promise<void> {
    if (chunks.length === 0) return;
    const { embedder, inspector, signal } = this.options;
    const spans = chunks.map(({ text, kind }) => inspector?.spans(text, kind) ?? []);
    const requests = chunks.map((chunk, i): EmbeddingRequest => {
      const text = embeddedText(chunk.context, chunk.text);
      const offset = text.length - chunk.text.length;
      return { text, spans: spans[i].map(([start, end]) => [start + offset, end + offset] as const) };
    });
    this.inFlight += chunks.length;
    try {
      await embedder.embed(requests, {
        priority: 'index',
        signal,
        onEmbedded: (i, embedding) => {
          const { key, context, text, kind } = chunks[i];
          const { vector, tokens, spanVectors } = embedding;
          const cut =
            inspector !== undefined && spanVectors !== undefined && spans[i].length > 0
              ? inspector.note(text, spans[i], spanVectors, tokens)
              : null;
          this.newEmbeddings.set(key, { key, context, text, kind, tokens, vector, cut });
          this.known.set(key, { id: -1, key, tokens, kind, cut, vector });
          this.report.embedded++;
          this.report.tokens += tokens;
          this.progress.embeddedTokens += tokens;
          this.inFlight--;
          this.wakeUp?.();
          this.commitIfDue();
        },
      });
    } catch (error) {
      // What was not embedded leaves the queue; the exact number does not matter after a failure.
      this.inFlight = 0;
      throw error;
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
        chunks: file.chunks.map((chunk) => ({ ...chunk, embeddingId: idOf(ids, chunk.key) })),
      })),
    );
    for (const [key, id] of stored.embeddingIds) {
      const known = this.known.get(key);
      if (known !== undefined) known.id = id;
      this.embedding.delete(key);
    }
    const used = new Map<number, IndexedEmbedding>();
    const indexed = files.map((file, i): IndexedFile => {
      const { fileId, chunkIds } = stored.files[i];
      const chunks = file.chunks.map(({ start, end, startLine, endLine, origin, key }, j) => {
        const embedding = this.known.get(key) as IndexedEmbedding;
        used.set(embedding.id, embedding);
        return { id: chunkIds[j], start, end, startLine, endLine, origin, embeddingId: embedding.id };
      });
      const { path, hash, size, mtimeMs, fileType, chunker, indexedMs } = file;
      return { id: fileId, path, hash, size, mtimeMs, fileType, chunker, indexedMs, chunks };
    });
    if (indexed.length > 0) this.index.replace(indexed, used);
  }

  private tellProgress(): void {
    this.options.onProgress?.({ ...this.progress });
  }
}
