import { DiskSource } from '../core/index/diskSource';
import type { IndexedFile } from '../core/index/folderIndex';
import { chunkIdOf, type Points } from '../core/index/points';
import { findFile } from '../core/index/walkDecision';
import type { FileExplanation, IndexedFileFacts } from '../shared/fileExplanation';
import type { Space } from './space';

const kindNames = { markdown: 'Markdown', code: 'code', plain: 'plain text' };

/**
 * Whether a file is indexed and what decided: what the index holds of it, and what the rules and the file say now.
 *
 * @param path inside the folder, with forward slashes
 * @throws Error where it does not lie in the folder, or the folder is not of this space
 */
export async function explainFile(space: Space, folderUri: string, path: string): Promise<FileExplanation> {
  const position = space.folderList.findIndex(({ open }) => open.spec.uri === folderUri);
  if (position < 0) throw new Error('This file does not lie in a folder of this window.');
  const { open, settings } = space.folderList[position];
  if (path === '' || path.split('/').some((name) => name === '' || name === '.' || name === '..'))
    throw new Error(`${path} does not lie in ${open.spec.name}.`);
  const indexed = open.index.file(path);
  const facts = indexed && factsOf(space.points, position, indexed);
  const found = await findFile(open.spec.path, settings, path);
  const base = { folderUri, path, ...(facts && { facts }) };
  if (!found.indexed) return { ...base, state: facts ? 'leaving' : 'left-out', leftOut: found.leftOut, at: found.at };
  const read = await new DiskSource(open.spec.path, settings).read(path);
  if (!read.read) {
    const { reason, rule, detail } = read;
    return { ...base, state: facts ? 'leaving' : 'left-out', leftOut: { reason, rule, detail }, at: path };
  }
  const kinds = [...new Set(read.documents.map(({ kind }) => kindNames[kind]))];
  const reading = { encoding: read.encoding, kinds };
  if (indexed) return { ...base, ...reading, state: indexed.hash === read.hash ? 'indexed' : 'outdated' };
  const failed = space.indexing.lastReport?.errors.find((error) => error.path === nameOf(space, position, path));
  return { ...base, ...reading, state: 'waiting', ...(failed && { error: failed.message }) };
}

/** As a run's report names a file. */
export function nameOf(space: Space, position: number, path: string): string {
  return space.folderList.length > 1 ? `${space.folderNames[position]}/${path}` : path;
}

function factsOf(points: Points, position: number, file: IndexedFile): IndexedFileFacts {
  return {
    fileType: file.fileType,
    chunks: file.chunks.length,
    tokens: tokensOf(points, position, file),
    indexedMs: file.indexedMs > 0 ? file.indexedMs : undefined,
  };
}

/** Word pieces of a file's chunks; twins count at each of their places. */
export function tokensOf(points: Points, position: number, { chunks }: IndexedFile): number {
  let tokens = 0;
  for (const { id } of chunks) {
    const row = points.rowOfChunk(chunkIdOf(position, id));
    if (row !== undefined) tokens += points.point(row)?.tokens ?? 0;
  }
  return tokens;
}
