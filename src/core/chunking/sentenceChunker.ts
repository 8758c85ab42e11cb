import { splitSentences } from '../topics/sentences';
import type { Chunk, Chunker, Document, TokenCounter } from './chunk';
import { chunkLimits } from './modelLimit';
import type { ChunkLimits } from './optimalCuts';
import { fitRange, splitAtLines } from './rangeFitting';
import type { TextRange } from './textLines';
import { TokenLedger } from './tokenLedger';
import { windows } from './tokenChunker';

/**
 * A fixed number of sentences, or as many as the model takes. Headings, list items, table rows and pieces of code count
 * as sentences; in source code, lines do.
 */
export class SentenceChunker implements Chunker {
  readonly id: string;
  private readonly limits: ChunkLimits;

  /**
   * @param size sentences of a chunk at most; null for as many as the model's limit allows.
   * @param overlap sentences that a chunk repeats of the one before.
   */
  constructor(
    private readonly counter: TokenCounter,
    maxTokens: number,
    private readonly options: { size: number | null; overlap: number | null },
  ) {
    this.limits = chunkLimits(maxTokens);
    this.id = `sentences-1(${maxTokens},${options.size ?? 'limit'},${options.overlap ?? 0})`;
  }

  chunk({ text, kind }: Document): Promise<Chunk[]> {
    const ledger = new TokenLedger(text, this.counter);
    const { tokens, characters } = this.limits;
    const limit = { first: tokens, rest: tokens, characters };
    const sentences = kind === 'code' ? splitAtLines(text).split({ start: 0, end: text.length }) : splitSentences(text);
    const ranges = sentences.flatMap((sentence): TextRange[] => fitRange(ledger, sentence, limit, []));
    const overlap = this.options.overlap ?? 0;
    return Promise.resolve(
      windows(ledger, ranges, this.limits, (_, to) => to - overlap, this.options.size ?? Infinity),
    );
  }
}
