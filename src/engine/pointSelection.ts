/** Questions about several points together: what they are about, what lies near them, what lies among them. */
import type { Embedder } from '../core/embedding/embedding';
import { Turns } from '../core/index/turns';
import { SimilarityBaseline } from '../core/neighbors/similarityBaseline';
import { seededRandom } from '../core/neighbors/seededRandom';
import { tellingTerms } from '../core/topics/clusterLabels';
import type { CentroidDetail, PointList, SelectionLabel } from '../shared/mapQuestions';
import type { SearchResults } from '../shared/space';
import type { Space } from './space';
import { search } from './spaceAnswers';

const centralShown = 5;
/** Pairs of a selection whose similarity says how much it holds together. */
const pairsDrawn = 2000;
/** Chunks of a selection, and of the rest, that are read for their words. */
const textsRead = 240;

/** The points that are still there, each once, ascending. */
export function livePoints(space: Space, asked: PointList): Int32Array {
  const rows = new Set<number>();
  for (const row of asked) if (space.points.isLive(row)) rows.add(row);
  return Int32Array.from(rows).sort();
}

/** Normalized mean of some points' vectors; undefined for none, and for points that cancel each other out. */
export function centroidOf(space: Space, rows: Int32Array): Float32Array | undefined {
  const sum = new Float64Array(space.points.dimensions);
  for (const row of rows) space.points.vector(row).forEach((value, d) => (sum[d] += value));
  const length = Math.hypot(...sum);
  return length < 1e-9 ? undefined : Float32Array.from(sum, (value) => value / length);
}

/** @returns null when none of the points is there any more. */
export function centroid(space: Space, asked: PointList, neighbors: number): CentroidDetail | null {
  const rows = livePoints(space, asked);
  const vector = centroidOf(space, rows);
  if (vector === undefined) return null;
  const { queries, points } = space;
  const baseline = queries.pairBaseline();
  const similarities = Float32Array.from(rows, (row) => dot(points.vector(row), vector)).sort();
  const selected = new Set(rows);
  const pairs = pairsWithin(space, rows);
  return {
    points: rows.length,
    marker: space.layout.placement.marker(centroidLabel(rows.length), vector, baseline),
    spread: {
      mean: similarities.reduce((sum, value) => sum + value, 0) / similarities.length,
      least: similarities[0],
      median: similarities[similarities.length >> 1],
    },
    cohesionPercentile: pairs && baseline?.percentileOf(pairs.quantile(50)),
    central: queries.neighbors(vector, centralShown, baseline, (row) => selected.has(row)),
    neighbors: queries.neighbors(vector, neighbors, baseline, (row) => !selected.has(row)),
  };
}

/** What several points together are called. */
export function centroidLabel(points: number): string {
  return points === 1 ? 'the selected chunk' : `the middle of ${points.toLocaleString('en-US')} chunks`;
}

function pairsWithin(space: Space, rows: Int32Array): SimilarityBaseline | undefined {
  if (rows.length < 2) return undefined;
  const random = seededRandom(11);
  const similarities = new Float32Array(pairsDrawn);
  for (let i = 0; i < pairsDrawn; i++) {
    const first = random.below(rows.length);
    const second = (first + 1 + random.below(rows.length - 1)) % rows.length;
    similarities[i] = dot(space.points.vector(rows[first]), space.points.vector(rows[second]));
  }
  return SimilarityBaseline.of(similarities);
}

export function searchWithin(
  space: Space,
  embedder: Embedder,
  request: { query: string; points: PointList; limit: number; signal: AbortSignal },
): Promise<SearchResults> {
  const { points, ...rest } = request;
  return search(space, embedder, { ...rest, within: livePoints(space, points) });
}

/** Terms that tell the selection from the rest of the space. */
export async function labelSelection(space: Space, asked: PointList, signal: AbortSignal): Promise<SelectionLabel> {
  const rows = livePoints(space, asked);
  const selected = new Set(rows);
  const rest = space.points.liveRows().filter((row) => !selected.has(row));
  const own = await spreadTexts(space, rows, signal);
  const others = await spreadTexts(space, rest, signal);
  const terms = rest.length === 0 ? [] : tellingTerms(own, others);
  return {
    points: rows.length,
    terms,
    name: terms.slice(0, 2).join(', '),
    read: { selection: own.length, rest: others.length },
  };
}

/** Texts of some points, evenly spread, in short turns. */
export async function spreadTexts(space: Space, rows: Int32Array, signal: AbortSignal): Promise<string[]> {
  const texts: string[] = [];
  const read = Math.min(rows.length, textsRead);
  const turns = new Turns();
  for (let i = 0; i < read; i++) {
    texts.push(space.textOf(rows[Math.floor((i * rows.length) / read)])?.text ?? '');
    await turns.breathe();
    signal.throwIfAborted();
  }
  return texts;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += a[d] * b[d];
  return sum;
}
