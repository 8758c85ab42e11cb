import assert from 'node:assert/strict';
import { embeddedText, type Chunk, type ChunkPart, type TokenCounter } from '../../../src/core/chunking/chunk';

/** Adds up over words, is not monotone inside of them, and is dear for long ones. */
export const stubCounter: TokenCounter = {
  countTokens: (text) =>
    text
      .split(/[ \t\r\n]+/)
      .filter((word) => word !== '')
      .reduce((sum, word) => sum + (word.length > 300 ? 1 : Math.ceil(word.length / 4)), 0),
};

export const words = (count: number, word = 'word'): string => Array.from({ length: count }, () => word).join(' ');

/** Lines, tokens, blank ends, surrogate pairs: what holds for a chunk or a part of any chunker. */
export function assertRange(text: string, range: Pick<Chunk, 'start' | 'end'>): string {
  const own = text.slice(range.start, range.end);
  assert.ok(range.end > range.start && own.trim() === own, 'not empty, no blank ends');
  assert.ok(!splitsPair(text, range.start) && !splitsPair(text, range.end), 'no surrogate pair is torn apart');
  return own;
}

export function assertTokens(
  own: string,
  chunk: Pick<ChunkPart, 'tokens'>,
  context: string[],
  counter: TokenCounter,
): void {
  assert.equal(
    chunk.tokens,
    counter.countTokens(embeddedText(context, own)) + 2,
    'tokens are those of the embedded text',
  );
}

export function assertLines(text: string, chunk: Chunk): void {
  assert.equal(chunk.startLine, lineOf(text, chunk.start));
  assert.equal(chunk.endLine, lineOf(text, chunk.end - 1));
}

/** Ranges in the order of their beginnings that hold all text between `from` and `to` that is not blank. */
export function assertCovers(
  text: string,
  ranges: readonly Pick<Chunk, 'start' | 'end'>[],
  from = 0,
  to = text.length,
): void {
  let reached = from;
  let begun = from;
  for (const { start, end } of ranges) {
    assert.ok(start >= begun, 'in order');
    assert.equal(text.slice(reached, Math.max(reached, start)).trim(), '', 'no text is lost');
    begun = start;
    reached = Math.max(reached, end);
  }
  assert.equal(text.slice(reached, to).trim(), '', 'no text is lost at the end');
}

export function assertApart(ranges: readonly Pick<Chunk, 'start' | 'end'>[]): void {
  ranges.forEach(({ start }, i) => assert.ok(i === 0 || start >= ranges[i - 1].end, 'apart'));
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).match(/\r\n|\n|\r(?!\n)/g)?.length ?? 0;
}

function splitsPair(text: string, offset: number): boolean {
  return /[\ud800-\udbff]/.test(text[offset - 1] ?? '') && /[\udc00-\udfff]/.test(text[offset] ?? '');
}
