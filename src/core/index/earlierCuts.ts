/**
 * How files were cut before: by hash of the content and chunker, the embeddings of the chunks in their order. A text that
 * comes back, under another path or after a switch of branches or of chunkers, is cut as it was, so that its vectors are
 * found again: a document that was edited keeps cuts that its text alone would not give.
 */
import { packIntegers, unpackIntegers } from './embeddingBlocks';
import type { StoreDatabase } from './storeDatabase';

/** A few hundred bytes each; what was cut longest ago is forgotten, and cut anew when it comes back. */
const mostRemembered = 20_000;

export const earlierCutsTable = `
  CREATE TABLE IF NOT EXISTS earlier_cuts (
    hash TEXT NOT NULL, chunker TEXT NOT NULL, embeddings BLOB NOT NULL, PRIMARY KEY (hash, chunker));`;

interface CutFile {
  hash: string;
  chunker: string;
  chunks: readonly { embeddingId: number }[];
}

/** Remembers files that leave the index or are replaced. */
export function rememberCuts(database: StoreDatabase, files: readonly CutFile[]): void {
  if (files.length === 0) return;
  database.transaction(() => {
    for (const { hash, chunker, chunks } of files) {
      database.run('INSERT OR REPLACE INTO earlier_cuts (hash, chunker, embeddings) VALUES (?, ?, ?)', [
        hash,
        chunker,
        packIntegers(chunks.map(({ embeddingId }) => embeddingId)),
      ]);
    }
    database.run('DELETE FROM earlier_cuts WHERE rowid <= (SELECT max(rowid) FROM earlier_cuts) - ?', [mostRemembered]);
  });
}

/** Ids of the embeddings of a content's chunks; undefined when it was never cut so, or that is forgotten. */
export function rememberedCut(database: StoreDatabase, hash: string, chunker: string): number[] | undefined {
  const row = database.get<{ embeddings: Uint8Array }>(
    'SELECT embeddings FROM earlier_cuts WHERE hash = ? AND chunker = ?',
    [hash, chunker],
  );
  return row === undefined ? undefined : [...unpackIntegers(row.embeddings)];
}
