import type { ChunkLimits } from './optimalCuts';

/** `[CLS]` and `[SEP]`. */
export const specialTokens = 2;
/** UTF-16 units per word piece that a chunk may have: text that the model can't read costs no pieces. */
const charactersPerToken = 32;
const leastMaxTokens = 16;

/**
 * What a chunk may have without the special tokens.
 * @param maxTokens the model's limit, special tokens included.
 * @param size word pieces that the person asked for, at most; special tokens not included.
 * @throws {RangeError} when the limit leaves no room for text.
 */
export function chunkLimits(maxTokens: number, size: number | null = null): ChunkLimits {
  if (maxTokens < leastMaxTokens) {
    throw new RangeError(`A chunk needs room for ${leastMaxTokens} word pieces or more, not ${maxTokens}.`);
  }
  const tokens = Math.min(maxTokens - specialTokens, Math.max(size ?? Infinity, leastMaxTokens - specialTokens));
  return { tokens, characters: tokens * charactersPerToken };
}
