import { indentOf, textLines, trimRange, type TextRange } from './textLines';
import type { TokenLedger } from './tokenLedger';

/** How many word pieces a part may have: the first one may have fewer, as headings come before it. */
export interface PartLimit {
  first: number;
  rest: number;
  /** UTF-16 units that a part may have: words that the model does not know cost one piece at any length. */
  characters: number;
}

/** A part and what it costs to cut before it, see `optimalCuts`. */
export interface FittedPart extends TextRange {
  tokens: number;
  cutCost: number;
}

/** A way to cut a range further than it should be, and what cutting before a part costs: the finer, the costlier. */
export interface Splitter {
  split(range: TextRange): TextRange[];
  cutCost(part: TextRange): number;
}

const cutCosts = { line: 0.3, words: 1, characters: 2 };
/** Cutting deeper inside of nested code costs more, up to this depth in columns. */
const deepestIndent = 24;

/**
 * Cuts a range into parts within the limit: as it is where it fits, else by the splitters in their order (the i-th for what
 * the one before left too long), then into even runs of words, then inside of words.
 */
export function fitRange(
  ledger: TokenLedger,
  range: TextRange,
  limit: PartLimit,
  splitters: readonly Splitter[],
): FittedPart[] {
  const parts: FittedPart[] = [];
  const fit = (part: TextRange, cost: number, depth: number): void => {
    const tokens = ledger.count(part.start, part.end);
    const room = parts.length === 0 ? limit.first : limit.rest;
    if (tokens <= room && part.end - part.start <= limit.characters) {
      parts.push({ ...part, tokens, cutCost: cost });
      return;
    }
    const splitter = splitters[depth];
    if (!splitter) {
      fitWords(ledger, part, limit, cost, parts);
      return;
    }
    splitter.split(part).forEach((finer, i) => fit(finer, i === 0 ? cost : splitter.cutCost(finer), depth + 1));
  };
  fit(range, 0, 0);
  return parts;
}

/** Lines as parts, for code and tables. */
export function splitAtLines(text: string): Splitter {
  return {
    split: (range) =>
      textLines(text, range.start, range.end).flatMap((line) => trimRange(text, line.start, line.end) ?? []),
    cutCost: (line) => cutCosts.line * (1 + Math.min(indentOf(text, line.start), deepestIndent) / deepestIndent),
  };
}

/** Even runs of words, each near the limit but none beyond. */
function fitWords(ledger: TokenLedger, range: TextRange, limit: PartLimit, cost: number, parts: FittedPart[]): void {
  let cutCost = cost;
  let from = -1;
  let to = -1;
  let sum = 0;
  const total = ledger.count(range.start, range.end);
  const even = Math.ceil(total / Math.ceil(total / limit.rest));
  const flush = (): void => {
    const run = from < 0 ? undefined : trimRange(ledger.text, from, to);
    if (run) parts.push({ ...run, tokens: ledger.count(run.start, run.end), cutCost });
    if (run) cutCost = cutCosts.words;
    from = -1;
    sum = 0;
  };
  for (const word of ledger.words(range.start, range.end)) {
    const room = parts.length === 0 ? limit.first : limit.rest;
    if (word.tokens > room || word.end - word.start > limit.characters) {
      flush();
      fitCharacters(ledger, word, limit, cutCost, parts);
      cutCost = cutCosts.words;
      continue;
    }
    const full = sum + word.tokens > Math.min(even, room) || (from >= 0 && word.end - from > limit.characters);
    if (full && from >= 0) flush();
    if (from < 0) from = word.start;
    to = word.end;
    sum += word.tokens;
  }
  flush();
}

/** Cuts one word, between what people see as characters. */
function fitCharacters(
  ledger: TokenLedger,
  word: TextRange & { tokens: number },
  limit: PartLimit,
  cost: number,
  parts: FittedPart[],
): void {
  const { text } = ledger;
  const perToken = Math.max(1, (word.end - word.start) / Math.max(1, word.tokens));
  let cutCost = cost;
  let start = word.start;
  while (start < word.end) {
    const room = parts.length === 0 ? limit.first : limit.rest;
    let size = Math.min(limit.characters, Math.floor(room * perToken));
    let end = characterBoundary(text, start, Math.min(word.end, start + size));
    let tokens = ledger.count(start, end);
    while (tokens > room) {
      const smaller = Math.max(1, Math.min(Math.floor((size * room) / tokens), size - 1));
      const shorter = characterBoundary(text, start, start + smaller);
      // One character with more pieces than the limit: nothing finer is left.
      if (shorter >= end && smaller <= 1) break;
      size = smaller;
      end = shorter;
      tokens = ledger.count(start, end);
    }
    const part = trimRange(text, start, end);
    if (part) {
      parts.push({ ...part, tokens: ledger.count(part.start, part.end), cutCost });
      cutCost = cutCosts.characters;
    }
    start = end;
  }
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** A grapheme longer than this is cut between code points. */
const longestGrapheme = 64;

/** The last boundary of a grapheme in (start, offset]; of a code point where a single grapheme fills all of that. */
function characterBoundary(text: string, start: number, offset: number): number {
  if (offset >= text.length) return text.length;
  const from = Math.max(start, offset - longestGrapheme);
  const around = graphemes.segment(text.slice(from, offset + longestGrapheme)).containing(offset - from);
  if (around && around.index > 0) return from + around.index;
  return codePointBoundary(text, start, offset);
}

function codePointBoundary(text: string, start: number, offset: number): number {
  const inside = isSurrogate(text, offset - 1, 0xd800) && isSurrogate(text, offset, 0xdc00);
  if (!inside) return offset;
  return offset - 1 > start ? offset - 1 : offset + 1;
}

function isSurrogate(text: string, offset: number, base: number): boolean {
  return (text.charCodeAt(offset) & 0xfc00) === base;
}
