import { DiskSource } from '../core/index/diskSource';
import type { EngineResult } from '../shared/hostEngine';
import type { Space } from './space';

/** Where a chunk stands and its text; null when it is no longer in the index. */
export async function chunkPlace(space: Space, chunkId: number): Promise<EngineResult<'place'>> {
  const row = space.points.rowOfChunk(chunkId);
  const found = space.points.placeOfChunk(chunkId);
  if (row === undefined || found === undefined) return null;
  const place = space.queries.place(found);
  const text = space.textOf(row)?.text ?? '';
  if (!place.extracted) return { place, text };
  const { open, settings } = space.folderList[found.folder];
  const source = await new DiskSource(open.spec.path, settings).sourceText(place.path, found.file.hash);
  return { place, text, ...(source !== undefined && { source: source.slice(place.start, place.end) }) };
}
