/** What splitting a chunk would change: its halves are embedded, and ranked for the queries that belong to them. */
import { embeddedText } from '../core/chunking/chunk';
import type { Embedder } from '../core/embedding/embedding';
import { splitRanks } from '../core/topics/splitDamage';
import { queriesOf } from '../core/topics/splitQueries';
import type { SplitEffect, SplitRank } from '../shared/chunkQuality';
import type { Marker } from '../shared/space';
import type { Space } from './space';

const excerptLength = 400;
const neighborsOfHalves = 5;

export interface SplitRequest {
  point: number;
  /** Offset in the chunk's text; the detector's cut when it is left out. */
  cut?: number;
  /** Queries of an evaluation file whose answer is this chunk. */
  queries?: string[];
}

/** @returns null when the point is gone or has no place to cut. */
export async function splitEffect(
  space: Space,
  embedder: Embedder,
  { point, cut: wanted, queries = [] }: SplitRequest,
  signal: AbortSignal,
): Promise<SplitEffect | null> {
  const stored = space.textOf(point);
  const cut = wanted ?? space.mixed.of(point)?.cut;
  if (stored === undefined || !space.points.isLive(point) || cut === undefined) return null;
  const halves = [stored.text.slice(0, cut), stored.text.slice(cut)];
  if (halves.some((half) => half.trim() === '')) return null;
  const asked = [
    ...queriesOf(stored.context, halves),
    ...queries.map((text) => ({ kind: 'evaluation' as const, text })),
  ];
  const embedded = await embedder.embed(
    [...halves.map((half) => embeddedText(stored.context, half)), ...asked.map(({ text }) => text)].map((text) => ({
      text,
    })),
    { priority: 'query', signal },
  );
  const [before, after] = embedded;
  const ranks = splitRanks(
    asked.map(({ text }, i) => ({ text, vector: embedded[2 + i].vector })),
    space.points.vector(point),
    [before.vector, after.vector],
    space.points.vectorRows,
    (row) => row !== point && space.points.isLive(row),
  );
  const baseline = space.queries.pairBaseline();
  const half = (i: 0 | 1): SplitEffect['before'] => ({
    excerpt: halves[i].trim().slice(0, excerptLength),
    tokens: embedded[i].tokens,
    neighbors: space.queries.neighbors(embedded[i].vector, neighborsOfHalves, baseline, (row) => row !== point),
    at: placeOf(space.layout.placement.marker('', embedded[i].vector, baseline)),
  });
  return {
    point,
    cut,
    similarity: before.vector.reduce((sum, value, k) => sum + value * after.vector[k], 0),
    ranks: ranks.map(({ query, rankNow, rankSplit, half: nearer }, i): SplitRank => ({
      kind: asked[i].kind,
      query,
      half: nearer === 0 ? 'before' : 'after',
      rankNow,
      rankSplit,
    })),
    before: half(0),
    after: half(1),
  };
}

function placeOf({ x, y }: Marker): { x: number; y: number } | undefined {
  return x === undefined || y === undefined ? undefined : { x, y };
}
