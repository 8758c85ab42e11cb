/** One chunker for each way of cutting that some folder asks for; all share the tokenizer and the grammars. */
import * as path from 'node:path';
import type { Chunker, TokenCounter } from '../core/chunking/chunk';
import { createChunker } from '../core/chunking/chunkerChoice';
import { CodeGrammars } from '../core/chunking/codeGrammars';
import { parseChunking, type ChunkingSettings } from '../shared/chunking';

export class Chunkers {
  private readonly bySettings = new Map<string, Chunker>();
  private readonly grammars: CodeGrammars;

  /** @param assetsFolder the extension's own folder */
  constructor(
    private readonly counter: () => Promise<TokenCounter>,
    private readonly maxTokens: number,
    assetsFolder: string,
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
      this.bySettings.set(key, chunker);
    }
    return chunker;
  }
}
