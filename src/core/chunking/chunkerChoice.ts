import type { ChunkingSettings } from '../../shared/chunking';
import type { Chunker, TokenCounter } from './chunk';
import type { CodeGrammars } from './codeGrammars';
import { RecursiveChunker } from './recursiveChunker';
import { SentenceChunker } from './sentenceChunker';
import { StructureChunker } from './structureChunker';
import { TokenChunker } from './tokenChunker';

export interface ChunkerModel {
  /** The model's own tokenizer. */
  counter: TokenCounter;
  /** The model's limit, special tokens included. */
  maxTokens: number;
  /** Without them code is cut by its lines. */
  grammars?: CodeGrammars;
}

/** @throws Error that names the setting which does not fit the others */
export function createChunker(settings: ChunkingSettings, { counter, maxTokens, grammars }: ChunkerModel): Chunker {
  switch (settings.chunker) {
    case 'structure':
      return new StructureChunker(counter, { maxTokens, size: settings.size, grammars });
    case 'recursive':
      return new RecursiveChunker(counter, maxTokens, settings);
    case 'tokens':
      return new TokenChunker(counter, maxTokens, settings);
    case 'sentences':
      return new SentenceChunker(counter, maxTokens, settings);
  }
}
