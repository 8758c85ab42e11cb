import { checkOverlap } from '../../shared/chunking';
import type { Chunk, Chunker, Document, TokenCounter } from './chunk';
import { chunkLimits, specialTokens } from './modelLimit';
import type { ChunkLimits } from './optimalCuts';
import { fitRange } from './rangeFitting';
import { LineIndex, trimRange, type TextRange } from './textLines';
import { TokenLedger } from './tokenLedger';

/** A word with more word pieces than this part of a window is taken apart: text without spaces, long names. */
const largestAtom = 0.1;
const leastAtom = 8;

/**
 * Windows of a fixed number of word pieces, whatever the text says, as pipelines cut that count tokens; by the model's
 * own tokenizer. A window ends between words, so it may be a few pieces smaller than asked for, and is never larger.
 */
export class TokenChunker implements Chunker {
  readonly id: string;
  private readonly limits: ChunkLimits;
  private readonly overlap: number;

  /**
   * @param size word pieces of a window, special tokens not included; null, and anything larger, is the model's limit.
   * @param overlap word pieces at most that a window repeats of the one before.
   * @throws Error when the overlap is not smaller than the window
   */
  constructor(
    private readonly counter: TokenCounter,
    maxTokens: number,
    { size, overlap }: { size: number | null; overlap: number | null },
  ) {
    this.limits = chunkLimits(maxTokens, size);
    this.overlap = overlap ?? 0;
    checkOverlap(this.overlap, this.limits.tokens);
    this.id = `tokens-1(${this.limits.tokens},${this.overlap})`;
  }

  chunk({ text }: Document): Promise<Chunk[]> {
    const ledger = new TokenLedger(text, this.counter);
    return Promise.resolve(
      windows(ledger, this.atoms(ledger), this.limits, (from, to, atoms) => this.next(ledger, from, to, atoms)),
    );
  }

  /** Words, and parts of words that are long. */
  private atoms(ledger: TokenLedger): TextRange[] {
    const most = Math.min(this.limits.tokens, Math.max(leastAtom, Math.floor(this.limits.tokens * largestAtom)));
    const limit = { first: most, rest: most, characters: most * (this.limits.characters / this.limits.tokens) };
    const atoms: TextRange[] = [];
    for (const { start, end, tokens } of ledger.words(0, ledger.text.length)) {
      // What people see as blank, the model may see as a character of a word.
      const word = trimRange(ledger.text, start, end);
      if (!word) continue;
      if (tokens <= most && end - start <= limit.characters) atoms.push(word);
      else atoms.push(...fitRange(ledger, word, limit, []));
    }
    return atoms;
  }

  /** The first atom of the window after [from, to): as far back as the overlap allows. */
  private next(ledger: TokenLedger, from: number, to: number, atoms: readonly TextRange[]): number {
    let next = to;
    const { end } = atoms[to - 1];
    while (next - 1 > from && ledger.count(atoms[next - 1].start, end) <= this.overlap) next--;
    return next;
  }
}

/**
 * Chunks of consecutive ranges, each with as many as fit.
 * @param ranges ordered, apart, each within the limits.
 * @param next first range of the chunk after [from, to): `to` without overlap, less with it, more than `from`.
 */
export function windows(
  ledger: TokenLedger,
  ranges: readonly TextRange[],
  limits: ChunkLimits,
  next: (from: number, to: number, ranges: readonly TextRange[]) => number,
  mostRanges = Infinity,
): Chunk[] {
  const lines = new LineIndex(ledger.text);
  const chunks: Chunk[] = [];
  let reached = 0;
  for (let from = 0; from < ranges.length;) {
    const { start } = ranges[from];
    const fits = (to: number): boolean =>
      ranges[to - 1].end - start <= limits.characters && ledger.count(start, ranges[to - 1].end) <= limits.tokens;
    let to = from + 1;
    while (to < ranges.length && to - from < mostRanges && fits(to + 1)) to++;
    if (to <= reached) {
      // What is repeated leaves no room for anything new: repeat less.
      from++;
      continue;
    }
    reached = to;
    const { end } = ranges[to - 1];
    chunks.push({
      start,
      end,
      startLine: lines.lineAt(start),
      endLine: lines.lineAt(end - 1),
      context: [],
      tokens: ledger.count(start, end) + specialTokens,
    });
    if (to === ranges.length) break;
    from = Math.max(from + 1, next(from, to, ranges));
  }
  return chunks;
}
