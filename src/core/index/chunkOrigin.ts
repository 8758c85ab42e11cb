/**
 * Where a chunk stands in its file when the document that was cut is not the file's text itself: a cell of a notebook, or
 * the readable text of a page with markup. Stored with the chunk, small enough to be kept in memory.
 */
export interface ChunkOrigin {
  /** Zero-based position of the notebook's cell: the chunk's offsets and lines count in that cell. */
  cell?: number;
  /**
   * How the chunk's text lies in the source, as triples (offset in the chunk's text, offset in the source counted from
   * the chunk's start, lines below the chunk's first line), ascending: from each offset on, text and source run side by side.
   */
  map?: number[];
}

/** Offset in the source, counted from the chunk's start, and lines below its first, of an offset in the chunk's text. */
export function sourceOffset(
  origin: ChunkOrigin | undefined,
  text: string,
  offset: number,
): { offset: number; lines: number } {
  const map = origin?.map;
  let [textAt, sourceAt, lines] = [0, 0, 0];
  if (map !== undefined) {
    for (let i = 0; i + 2 < map.length && map[i] <= offset; i += 3) [textAt, sourceAt, lines] = map.slice(i, i + 3);
  }
  return {
    offset: sourceAt + offset - textAt,
    lines: lines + (text.slice(textAt, offset).match(/\r\n?|\n/g)?.length ?? 0),
  };
}
