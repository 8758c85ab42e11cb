import type { Chunk, Chunker, Document, TokenCounter } from './chunk';
import { addCutPreference, type ChunkUnit } from './chunkUnit';
import { codeUnits } from './codeUnits';
import { HeadingContexts } from './headingContext';
import { markdownUnits } from './markdownUnits';
import { optimalCuts, type ChunkLimits } from './optimalCuts';
import { LineIndex } from './textLines';
import { TokenLedger } from './tokenLedger';

/** `[CLS]` and `[SEP]`. */
const specialTokens = 2;
/** What headings above a chunk may take of the limit. */
const contextShare = 0.25;
/** UTF-16 units per word piece that a chunk may have: text that the model can't read costs no pieces. */
const charactersPerToken = 32;
const leastMaxTokens = 16;

export interface StructureChunkerOptions {
  /** The model's limit: special tokens and the headings embedded with a chunk count. */
  maxTokens: number;
}

/**
 * Cuts documents where their structure does: Markdown and plain text at headings, blocks, sentences, words, in that
 * order; code at its top level, blank lines, lines.
 *
 * Chunks are ordered, don't overlap, have no blank ends and hold all text that is not blank; none exceeds the
 * limit, unless one character alone does.
 */
export class StructureChunker implements Chunker {
  readonly id: string;
  private readonly limits: ChunkLimits;

  /**
   * @param counter its counts must add up over words that a space, a tab or a line break divides, as BERT's do.
   * @throws {RangeError} when the limit leaves no room for text.
   */
  constructor(
    private readonly counter: TokenCounter,
    { maxTokens }: StructureChunkerOptions,
  ) {
    if (maxTokens < leastMaxTokens) {
      throw new RangeError(`A chunk needs room for ${leastMaxTokens} word pieces or more, not ${maxTokens}.`);
    }
    this.id = `structure-2(${maxTokens})`;
    const tokens = maxTokens - specialTokens;
    this.limits = { tokens, characters: tokens * charactersPerToken };
  }

  chunk(document: Document): Promise<Chunk[]> {
    return Promise.resolve(this.cut(document));
  }

  private cut(document: Document): Chunk[] {
    const { text, kind } = document;
    const ledger = new TokenLedger(text, this.counter);
    const contexts = new HeadingContexts(this.counter, Math.floor(this.limits.tokens * contextShare));
    const units = kind === 'code' ? codeUnits(ledger, this.limits) : markdownUnits(ledger, contexts, this.limits, kind);
    addCutPreference(text, units);
    const contextOf = (unit: ChunkUnit): ReturnType<HeadingContexts['of']> =>
      contexts.of(unit.isHeading ? unit.heading?.parent : unit.heading);
    const lines = new LineIndex(text);
    const chunks: Chunk[] = [];

    const add = (from: number, to: number): void => {
      const { start } = units[from];
      const { end } = units[to - 1];
      const context = contextOf(units[from]);
      const tokens = ledger.count(start, end) + context.tokens + specialTokens;
      // Parts of one word may have more pieces together than apart.
      if (tokens > this.limits.tokens + specialTokens && to - from > 1) {
        const middle = (from + to) >> 1;
        add(from, middle);
        add(middle, to);
        return;
      }
      const [startLine, endLine] = [lines.lineAt(start), lines.lineAt(end - 1)];
      chunks.push({ start, end, startLine, endLine, context: [...context.titles], tokens });
    };

    const cuts = optimalCuts(units, (unit) => contextOf(units[unit]).tokens, this.limits);
    cuts.forEach((from, i) => add(from, cuts[i + 1] ?? units.length));
    return chunks;
  }
}
