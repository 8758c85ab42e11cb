/**
 * One chunker for each way of cutting that some folder asks for; all share the tokenizer and the grammars. Documents that
 * would hold up the thread are cut in another one.
 */
import * as path from 'node:path';
import type { Chunk, Chunker, Document, TokenCounter } from '../core/chunking/chunk';
import { createChunker } from '../core/chunking/chunkerChoice';
import { CodeGrammars } from '../core/chunking/codeGrammars';
import { parseChunking, type ChunkingSettings } from '../shared/chunking';
import type { ChunkingThread } from './chunkingThread';

/** Characters that take 10 to 20 ms to cut; most documents are shorter. */
const longDocument = 48_000;

export class Chunkers {
  private readonly bySettings = new Map<string, Chunker>();
  private readonly grammars: CodeGrammars;

  /**
   * @param assetsFolder the extension's own folder
   * @param thread cuts long documents; without it all are cut here
   */
  constructor(
    private readonly counter: () => Promise<TokenCounter>,
    private readonly maxTokens: number,
    assetsFolder: string,
    private readonly thread?: ChunkingThread,
  ) {
    this.grammars = new CodeGrammars(path.join(assetsFolder, 'dist', 'grammars'));
  }

  /** @throws Error that names the setting which can't be used */
  async of(settings: ChunkingSettings): Promise<Chunker> {
    const counter = await this.counter();
    const parsed = parseChunking(settings);
    const key = JSON.stringify(Object.entries(parsed).sort());
    let chunker = this.bySettings.get(key);
    if (chunker === undefined) {
      chunker = createChunker(parsed, { counter, maxTokens: this.maxTokens, grammars: this.grammars });
      if (this.thread !== undefined) chunker = new ThreadedChunker(chunker, parsed, this.thread);
      this.bySettings.set(key, chunker);
    }
    return chunker;
  }
}

/** The same chunks as of the inner chunker, whichever thread cuts. */
class ThreadedChunker implements Chunker {
  readonly id: string;

  constructor(
    private readonly inner: Chunker,
    private readonly settings: ChunkingSettings,
    private readonly thread: ChunkingThread,
  ) {
    this.id = inner.id;
  }

  async chunk(document: Document, previous?: readonly string[]): Promise<Chunk[]> {
    if (document.text.length < longDocument) return this.inner.chunk(document, previous);
    try {
      return await this.thread.chunk(this.settings, document, previous);
    } catch {
      // A document that holds others up is better than one that is not in the index; its own error comes again here.
      return this.inner.chunk(document, previous);
    }
  }
}
