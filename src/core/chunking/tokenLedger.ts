import type { TokenCounter } from './chunk';

/**
 * Word pieces of every word of a text, counted once. BERT's pieces never reach over a space, a tab or a line break, so
 * the pieces of a range are a difference of two sums, plus the parts of words at its ends.
 */
export class TokenLedger {
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  /** Pieces of all words before the i-th. */
  private readonly sums: number[] = [0];

  constructor(
    readonly text: string,
    private readonly counter: TokenCounter,
  ) {
    const known = new Map<string, number>();
    for (let i = 0, length = text.length; i < length;) {
      if (isWordBreak(text.charCodeAt(i))) {
        i++;
        continue;
      }
      const start = i;
      while (i < length && !isWordBreak(text.charCodeAt(i))) i++;
      const word = text.slice(start, i);
      let tokens = known.get(word);
      if (tokens === undefined) {
        tokens = counter.countTokens(word);
        known.set(word, tokens);
      }
      this.starts.push(start);
      this.ends.push(i);
      this.sums.push(this.sums.at(-1)! + tokens);
    }
  }

  /** Word pieces of `text.slice(start, end)`, special tokens not included. */
  count(start: number, end: number): number {
    if (start >= end) return 0;
    let first = this.firstWordEndingAfter(start);
    let last = this.lastWordStartingBefore(end);
    if (first > last) return 0;
    const cutsFirst = this.starts[first] < start;
    const cutsLast = this.ends[last] > end;
    if (first === last) return cutsFirst || cutsLast ? this.countPart(start, end) : this.pieces(first);
    let tokens = 0;
    if (cutsFirst) tokens += this.countPart(start, this.ends[first++]);
    if (cutsLast) tokens += this.countPart(this.starts[last--], end);
    return tokens + this.sums[last + 1] - this.sums[first];
  }

  /** Words of a range, those that reach over its ends cut to it. */
  *words(start: number, end: number): Generator<{ start: number; end: number; tokens: number }> {
    for (let i = this.firstWordEndingAfter(start); i < this.starts.length && this.starts[i] < end; i++) {
      const wordStart = Math.max(start, this.starts[i]);
      const wordEnd = Math.min(end, this.ends[i]);
      yield { start: wordStart, end: wordEnd, tokens: this.count(wordStart, wordEnd) };
    }
  }

  /** Whether a cut at this offset parts a word: then the pieces of the two sides need not add up. */
  cutsWord(offset: number): boolean {
    const word = this.lastWordStartingBefore(offset);
    return word >= 0 && this.ends[word] > offset;
  }

  private pieces(word: number): number {
    return this.sums[word + 1] - this.sums[word];
  }

  private countPart(start: number, end: number): number {
    return this.counter.countTokens(this.text.slice(start, end));
  }

  private firstWordEndingAfter(offset: number): number {
    let low = 0;
    let high = this.ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ends[middle] > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private lastWordStartingBefore(offset: number): number {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle] < offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** Only these: other blank characters are removed by BERT's normalizer and join the words around them. */
function isWordBreak(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}
