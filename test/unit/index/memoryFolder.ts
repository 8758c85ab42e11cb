import { createHash } from 'node:crypto';
import type { Chunk, Chunker, Document } from '../../../src/core/chunking/chunk';
import type { Embedder, Embedding, EmbeddingRequest } from '../../../src/core/embedding/embedding';
import type { DocumentSource, ReadResult, SourceFile } from '../../../src/core/index/documentSource';

/** A folder whose files are in memory; each write gets a later time. */
export class MemoryFolder implements DocumentSource {
  private readonly files = new Map<string, { text: string; mtimeMs: number }>();
  private clock = 1;
  readonly reads: string[] = [];

  write(path: string, text: string): this {
    this.files.set(path, { text, mtimeMs: this.clock++ });
    return this;
  }

  remove(path: string): this {
    this.files.delete(path);
    return this;
  }

  rename(from: string, to: string): void {
    for (const [path, file] of [...this.files]) {
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      this.files.delete(path);
      this.files.set(to + path.slice(from.length), { ...file, mtimeMs: this.clock++ });
    }
  }

  list(): Promise<{ files: SourceFile[]; skipped: Record<string, never> }> {
    return Promise.resolve({ files: [...this.files.keys()].map((path) => this.describe(path)), skipped: {} });
  }

  find(path: string): Promise<SourceFile[]> {
    const names = [...this.files.keys()].filter((name) => name === path || name.startsWith(`${path}/`));
    return Promise.resolve(names.map((name) => this.describe(name)));
  }

  readingOf(): string {
    return '';
  }

  read(path: string): Promise<ReadResult> {
    this.reads.push(path);
    const text = this.files.get(path)?.text ?? '';
    return Promise.resolve({
      read: true,
      hash: createHash('sha1').update(text).digest('hex'),
      fileType: 'Text',
      encoding: 'UTF-8',
      documents: [{ text, kind: 'plain' }],
    });
  }

  private describe(path: string): SourceFile {
    const file = this.files.get(path);
    return { path, size: file?.text.length ?? 0, mtimeMs: file?.mtimeMs ?? 0 };
  }
}

/** One chunk a paragraph. */
export const paragraphChunker: Chunker = {
  id: 'paragraphs-1',
  chunk({ text }: Document): Promise<Chunk[]> {
    const chunks = [...text.matchAll(/[^\n]+/g)].map((match) => {
      const startLine = text.slice(0, match.index).split('\n').length - 1;
      return {
        start: match.index,
        end: match.index + match[0].length,
        startLine,
        endLine: startLine,
        context: [],
        tokens: 3,
      };
    });
    return Promise.resolve(chunks);
  },
};

/** Vectors made from a hash of the text: the same text, the same vector; counts what it was asked for. */
export class HashEmbedder implements Embedder {
  readonly dimensions = 8;
  readonly maxTokens = 256;
  readonly fingerprint = 'hash-embedder';
  readonly embedded: string[] = [];
  /** Called before each text; throws or waits to inject a failure. */
  before: (text: string) => Promise<void> | void = () => undefined;

  async embed(
    requests: readonly EmbeddingRequest[],
    options: { signal?: AbortSignal; onEmbedded?: (index: number, embedding: Embedding) => void },
  ): Promise<Embedding[]> {
    const all: Embedding[] = [];
    for (const [i, { text }] of requests.entries()) {
      options.signal?.throwIfAborted();
      await this.before(text);
      this.embedded.push(text);
      const embedding = { vector: hashVector(text, this.dimensions), tokens: 3, truncated: false };
      all.push(embedding);
      options.onEmbedded?.(i, embedding);
    }
    return all;
  }
}

export function hashVector(text: string, dimensions: number): Float32Array {
  const bytes = createHash('sha512').update(text).digest();
  const vector = Float32Array.from({ length: dimensions }, (_, d) => bytes[d] / 255 - 0.5);
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
}
