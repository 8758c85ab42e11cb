import { checkOverlap, type ChunkingSettings } from '../../shared/chunking';
import type { Chunk, Chunker, ChunkPart, Document, TokenCounter } from './chunk';
import { LocatedSplitter } from './locatedSplitter';
import { chunkLimits, specialTokens } from './modelLimit';
import { cutStructure } from './structureChunker';
import { LineIndex, trimRange, type TextRange } from './textLines';
import { TokenLedger } from './tokenLedger';

/** LangChain's own. */
const usualSize = 1000;
const usualOverlap = 200;

/**
 * The very chunks of LangChain's RecursiveCharacterTextSplitter, sizes in UTF-16 units as it counts them. Chunks may
 * overlap. One over the model's limit keeps its boundary and is embedded in parts.
 */
export class RecursiveChunker implements Chunker {
  readonly id: string;
  private readonly splitter: LocatedSplitter;

  /** @throws Error when the overlap is not smaller than the size */
  constructor(
    private readonly counter: TokenCounter,
    private readonly maxTokens: number,
    { size, overlap, separators, language }: Omit<ChunkingSettings, 'chunker'>,
  ) {
    const chunkSize = size ?? usualSize;
    const chunkOverlap = overlap ?? Math.min(usualOverlap, Math.floor(chunkSize / 5));
    checkOverlap(chunkOverlap, chunkSize);
    this.id = `recursive-1(${JSON.stringify([maxTokens, chunkSize, chunkOverlap, language, separators])})`;
    this.splitter = new LocatedSplitter({ chunkSize, chunkOverlap, separators, language });
  }

  async chunk({ text }: Document): Promise<Chunk[]> {
    const ledger = new TokenLedger(text, this.counter);
    const lines = new LineIndex(text);
    const chunks: Chunk[] = [];
    for (const { start, end } of await this.splitter.ranges(text)) {
      // With sizes of a few characters LangChain returns blanks too, untrimmed: there is nothing in them to embed.
      if (!trimRange(text, start, end)) continue;
      const tokens = ledger.count(start, end) + specialTokens;
      const chunk: Chunk = {
        start,
        end,
        startLine: lines.lineAt(start),
        endLine: lines.lineAt(end - 1),
        context: [],
        tokens,
      };
      const { characters } = chunkLimits(this.maxTokens);
      chunks.push(
        tokens <= this.maxTokens && end - start <= characters ? chunk : { ...chunk, parts: this.parts(text, chunk) },
      );
    }
    return chunks;
  }

  /** Cut where the text's own structure is, as evenly as it allows. */
  private parts(text: string, { start, end }: TextRange): ChunkPart[] {
    const slice = text.slice(start, end);
    const ledger = new TokenLedger(slice, this.counter);
    const parts = cutStructure({ text: slice, kind: 'plain' }, this.counter, chunkLimits(this.maxTokens));
    return parts.map((part) => ({
      start: start + part.start,
      end: start + part.end,
      tokens: ledger.count(part.start, part.end) + specialTokens,
    }));
  }
}
