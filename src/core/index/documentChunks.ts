import type { Chunk, Chunker } from '../chunking/chunk';
import type { ChunkOrigin } from './chunkOrigin';
import type { FileDocument } from './documentSource';

/** A chunk of a file: its ranges count in the document that was cut, `place` says where it stands in the file. */
export interface FileChunk {
  chunk: Chunk;
  text: string;
  kind: FileDocument['kind'];
  place: { start: number; end: number; startLine: number; endLine: number; origin?: ChunkOrigin };
}

/**
 * Cuts one document of a file and finds out where its chunks stand.
 * @param previous texts of the file's chunks as it was cut before, in their order.
 */
export async function documentChunks(
  chunker: Chunker,
  document: FileDocument,
  previous: readonly string[],
): Promise<FileChunk[]> {
  const { text, kind, cell, source } = document;
  const chunks = await chunker.chunk(document, previous);
  return chunks.map((chunk) => {
    const { start, end, startLine, endLine } = chunk;
    const chunkText = text.slice(start, end);
    if (cell === undefined && source === undefined)
      return { chunk, text: chunkText, kind, place: { start, end, startLine, endLine } };
    const range = source?.range(start, end) ?? { start, end, startLine, endLine };
    const origin: ChunkOrigin = {
      ...(cell !== undefined && { cell }),
      ...(source !== undefined && { map: source.triples(start, end) }),
    };
    return { chunk, text: chunkText, kind, place: { ...range, origin } };
  });
}
