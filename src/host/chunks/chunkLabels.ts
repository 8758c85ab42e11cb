/** Words of Show Chunks. */
import type { DocumentChunk, DocumentChunks } from '../../shared/chunking';

const number = (value: number): string => value.toLocaleString('en-US');
const counted = (count: number, noun: string): string => `${number(count)} ${noun}${count === 1 ? '' : 's'}`;

/** What stands at the end of a chunk's first line: "chunk 3 · 187 tokens". */
export function chunkLabel(chunk: DocumentChunk, index: number, overlaps: boolean): string {
  const parts = [`chunk ${index + 1}`, counted(chunk.tokens, 'token')];
  if (chunk.parts.length > 0) parts.push(`over the limit, embedded in ${chunk.parts.length} parts`);
  if (overlaps) parts.push(`overlaps chunk ${index}`);
  return parts.join(' · ');
}

/** More of it, shown when the pointer rests on the chunk's beginning. */
export function chunkHover(chunk: DocumentChunk, index: number, { chunks, maxTokens }: DocumentChunks): string {
  const lines = `lines ${chunk.startLine + 1}–${chunk.endLine + 1}`;
  const size = `${number(chunk.tokens)} of at most ${number(maxTokens)} tokens`;
  const context = chunk.context.length > 0 ? `, embedded below its headings: ${chunk.context.join(' > ')}` : '';
  const parts =
    chunk.parts.length > 0
      ? `. The model takes ${number(maxTokens)} at once: it is embedded in ${chunk.parts.length} parts, whose mean is its vector`
      : '';
  return `Chunk ${index + 1} of ${chunks.length}: ${lines}, ${size}${context}${parts}.`;
}

/** The status bar: "12 chunks · 2,310 tokens". */
export function chunksSummary({ chunks }: DocumentChunks): string {
  const tokens = chunks.reduce((sum, chunk) => sum + chunk.tokens, 0);
  const over = chunks.filter(({ parts }) => parts.length > 0).length;
  return [
    counted(chunks.length, 'chunk'),
    counted(tokens, 'token'),
    ...(over > 0 ? [`${number(over)} over the limit`] : []),
  ].join(' · ');
}
