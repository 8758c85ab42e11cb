/** How a document that is open in an editor is cut, saved or not: what Show Chunks draws. Embeds and stores nothing. */
import type { Chunker } from '../core/chunking/chunk';
import { documentChunks } from '../core/index/documentChunks';
import { fileDocuments } from '../core/index/fileDocuments';
import { documentKindOfLanguage, fileKindOf } from '../core/index/fileKinds';
import type { FileDocument } from '../core/index/documentSource';
import type { DocumentChunks } from '../shared/chunking';
import type { EngineParams } from '../shared/hostEngine';
import type { Space } from './space';

/** Longer documents are data: the editor itself leaves out most of its features for them. */
const longestDocument = 5_000_000;

/**
 * @param space where the document is indexed: an edit keeps the chunks that still stand, as it will when it is saved
 * @throws Error when the document is too long to be cut while somebody types
 */
export async function chunksOfDocument(
  { text, name, languageId, place }: EngineParams<'chunks'>,
  { chunker, maxTokens, space }: { chunker: Chunker; maxTokens: number; space: Space | undefined },
): Promise<DocumentChunks> {
  if (text.length > longestDocument) {
    throw new Error(
      `The document is longer than ${longestDocument.toLocaleString('en-US')} characters: its chunks are not shown.`,
    );
  }
  const previous = place && space ? textsInIndex(space, place, chunker) : [];
  const result: DocumentChunks = { maxTokens, chunks: [] };
  for (const document of documentsOf(text, name, languageId)) {
    for (const { chunk, place: at } of await documentChunks(
      chunker,
      { path: place?.path ?? name, languageId, ...document },
      previous,
    )) {
      const { tokens, context, parts = [] } = chunk;
      const { start, end, startLine, endLine } = at;
      // Where the text was taken out of markup, parts have no place of their own.
      const starts = document.source ? [start] : parts.map((part) => start - chunk.start + part.start);
      result.chunks.push({ start, end, startLine, endLine, tokens, context, parts: parts.length > 0 ? starts : [] });
    }
  }
  return result;
}

/** As the index would read it; an untitled document has a language alone. */
export function documentsOf(text: string, name: string | undefined, languageId: string): FileDocument[] {
  if (name === undefined || !fileKindOf(name).known) return [{ text, kind: documentKindOfLanguage(languageId) }];
  const documents = fileDocuments(text, name);
  return Array.isArray(documents) ? documents : [];
}

export function textsInIndex(
  space: Space,
  { folderUri, path }: { folderUri: string; path: string },
  chunker: Chunker,
): string[] {
  const index = space.folderOfUri(folderUri)?.open.index;
  const file = index?.file(path);
  // The id is followed by how the file was read, where that is not plain text.
  if (!index || !file || !`${file.chunker} `.startsWith(`${chunker.id} `)) return [];
  return index.store.textsOf(file.chunks.map(({ embeddingId }) => embeddingId));
}
