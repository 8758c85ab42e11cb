/** What windows ask about one space. */
import type { Embedder } from '../core/embedding/embedding';
import { chunkIdOf } from '../core/index/points';
import type { EngineResult } from '../shared/hostEngine';
import type { ChunkDetail, SearchResults, SpaceReadings } from '../shared/space';
import { rankQualityOf } from './pointHonesty';
import type { Space } from './space';

/** Characters of an excerpt on hover: a few lines. */
const excerptLength = 400;

/** @throws Error when the query is empty */
export async function search(
  space: Space,
  embedder: Embedder,
  {
    query,
    limit,
    signal,
    within,
  }: { query: string; limit: number; signal: AbortSignal; /** Rows; all when left out. */ within?: Int32Array },
): Promise<SearchResults> {
  const startMs = Date.now();
  const text = query.trim();
  if (text === '') throw new Error('There is nothing to search for: the query is empty.');
  const [{ vector }] = await embedder.embed([{ text }], { priority: 'query', signal });
  const baseline = await space.queries.queryBaseline(embedder);
  const rows = within && new Set(within);
  const found = space.queries.neighbors(vector, limit, baseline, rows && ((row) => rows.has(row)));
  const hits = found.map((hit, i) => ({ ...hit, rank: i + 1 }));
  return {
    query: text,
    hits,
    marker: space.layout.placement.marker(text, vector, baseline),
    elapsedMs: Date.now() - startMs,
    searched: within?.length ?? space.points.chunkCount,
  };
}

export function excerpts(space: Space, rows: readonly number[]): EngineResult<'excerpts'> {
  return rows.flatMap((row) => {
    const point = space.points.point(row);
    if (point === undefined || point.places.length === 0) return [];
    const excerpt = (space.textOf(row)?.text ?? '').slice(0, excerptLength);
    return [{ point: row, place: space.queries.place(point.places[0]), places: point.places.length, excerpt }];
  });
}

export function chunkDetail(space: Space, row: number, neighbors: number, maxTokens: number): ChunkDetail | null {
  const point = space.points.point(row);
  const stored = space.textOf(row);
  if (point === undefined || stored === undefined || point.places.length === 0) return null;
  const places = point.places.map((place) => space.queries.place(place));
  const overlapping = overlappingPoints(space, row);
  return {
    point: row,
    place: places[0],
    places,
    context: stored.context,
    text: stored.text,
    tokens: point.tokens,
    maxTokens,
    ...(point.parts > 1 && { parts: point.parts }),
    trust: space.map.trust(row),
    trustOf: space.map.trustCountedOver,
    mixed: space.mixedAt(row, point.places[0]),
    neighbors: space.queries
      .neighbors(space.points.vector(row), neighbors, space.queries.pairBaseline(), (other) => other !== row)
      .map((neighbor) => (overlapping.has(neighbor.point) ? { ...neighbor, overlaps: true } : neighbor)),
  };
}

/** Points whose text stands over a part of this one's somewhere: they are near because they share it. */
function overlappingPoints(space: Space, row: number): Set<number> {
  const points = new Set<number>();
  for (const { folder, file, chunk } of space.points.point(row)?.places ?? []) {
    for (const other of file.chunks) {
      if (other.id === chunk.id || other.origin?.cell !== chunk.origin?.cell) continue;
      if (other.start >= chunk.end || other.end <= chunk.start) continue;
      const point = space.points.rowOfChunk(chunkIdOf(folder, other.id));
      if (point !== undefined) points.add(point);
    }
  }
  return points;
}

/**
 * The point whose chunk holds a position of a document, or of a notebook's cell; where chunks overlap, the one that has
 * most around it on both sides.
 */
export function pointAt(space: Space, folderUri: string, file: string, offset: number, cell?: number): number | null {
  const folder = space.folderList.findIndex(({ open }) => open.spec.uri === folderUri);
  const chunks = space.folderList[folder]?.open.index.file(file)?.chunks ?? [];
  const depth = ({ start, end }: { start: number; end: number }): number => Math.min(offset - start, end - 1 - offset);
  const [chunk] = chunks
    .filter((each) => each.origin?.cell === cell && depth(each) >= 0)
    .sort((a, b) => depth(b) - depth(a));
  return chunk === undefined ? null : (space.points.rowOfChunk(chunkIdOf(folder, chunk.id)) ?? null);
}

/** @param indexesFolder named as the place of the stores when there are several */
export async function spaceReadings(
  space: Space,
  model: { name: string; dimensions: number },
  indexesFolder: string,
): Promise<SpaceReadings> {
  const baseline = space.queries.pairBaseline();
  const folders = space.folderList.map(({ open }) => open);
  let tokens = 0;
  for (const row of space.points.liveRows()) tokens += space.points.point(row)?.tokens ?? 0;
  return {
    files: folders.reduce((sum, { index }) => sum + index.fileCount, 0),
    chunks: space.points.chunkCount,
    points: space.points.liveCount,
    tokens,
    dimensions: model.dimensions,
    modelName: model.name,
    baseline: baseline && {
      median: baseline.quantile(50),
      p95: baseline.quantile(95),
      p99: baseline.quantile(99),
      histogram: baseline.histogram(),
    },
    trust: space.map.meanTrust(),
    trustOf: space.map.trustCountedOver,
    falseNeighbors: space.map.meanFalseNeighbors(),
    neighborRecall: space.map.graph?.graph.recall,
    rankQuality: await rankQualityOf(space),
    mixed: space.mixed.flaggedCount(),
    layout: space.map.layout,
    storeBytes: folders.reduce((sum, { index }) => sum + index.store.bytes(), 0),
    storePath: folders.length === 1 ? folders[0].storeFolder : indexesFolder,
  };
}
