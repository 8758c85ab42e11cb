/** A number for each point, for coloring: similarity, tokens, age. */
import { setImmediate } from 'node:timers/promises';
import type { Embedder } from '../core/embedding/embedding';
import type { SimilarityBaseline } from '../core/neighbors/similarityBaseline';
import { similaritiesTo } from '../core/neighbors/blockedKnn';
import type { ColorData, ColorKind, PointValues, SimilarityTarget, SimilarityValues } from '../shared/mapQuestions';
import { gitTimes } from './gitHistory';
import { centroidLabel, centroidOf, livePoints } from './pointSelection';
import type { Space } from './space';

const secondsPerDay = 86_400;

/**
 * Similarity of every point to one of them, to the centroid of several, or to a query.
 * @returns null when none of the points is there any more, or nothing was asked.
 */
export async function similarityTo(
  space: Space,
  embedder: Embedder,
  { points, query }: SimilarityTarget,
  signal: AbortSignal,
): Promise<SimilarityValues | null> {
  let vector: Float32Array | undefined;
  let baseline: SimilarityBaseline | undefined;
  let label = '';
  if (query !== undefined && query.trim() !== '') {
    label = query.trim();
    [{ vector }] = await embedder.embed([{ text: label }], { priority: 'query', signal });
    baseline = await space.queries.queryBaseline(embedder);
  } else if (points !== undefined) {
    const rows = livePoints(space, points);
    vector = centroidOf(space, rows);
    baseline = space.queries.pairBaseline();
    label = centroidLabel(rows.length);
  }
  if (vector === undefined) return null;
  await setImmediate();
  const all = similaritiesTo(space.points.vectorRows, vector);
  return {
    ...valuesOf(space.points.liveRows(), (row) => all[row]),
    label,
    baseline: baseline && {
      median: baseline.quantile(50),
      p95: baseline.quantile(95),
      p99: baseline.quantile(99),
    },
  };
}

/** @returns null where there is nothing to color by. */
export async function colorData(
  space: Space,
  kind: ColorKind,
  trusted: boolean,
  signal: AbortSignal,
): Promise<ColorData | null> {
  const rows = space.points.liveRows();
  if (kind === 'tokens') {
    return { kind, unit: 'tokens', ...valuesOf(rows, (row) => space.points.point(row)?.tokens ?? Number.NaN) };
  }
  // Git runs what a repository's own settings name.
  if (!trusted) return null;
  const times = await Promise.all(space.folderList.map(({ open }) => gitTimes(open.spec.path, signal)));
  if (times.every((ofFolder) => ofFolder === undefined)) return null;
  const nowSeconds = Date.now() / 1000;
  const ages = valuesOf(rows, (row) => {
    let newest = Number.NaN;
    for (const { folder, file } of space.points.point(row)?.places ?? []) {
      const committed = times[folder]?.get(file.path);
      if (committed !== undefined && !(committed <= newest)) newest = committed;
    }
    return Math.max(0, (nowSeconds - newest) / secondsPerDay);
  });
  return ages.range === undefined ? null : { kind, unit: 'days', ...ages };
}

function valuesOf(rows: Int32Array, value: (row: number) => number): PointValues {
  const values = Float32Array.from(rows, value);
  const known = values.filter((each) => !Number.isNaN(each)).sort();
  const range =
    known.length === 0 ? undefined : { min: known[0], median: known[known.length >> 1], max: known[known.length - 1] };
  return { point: Uint32Array.from(rows), values, range };
}
