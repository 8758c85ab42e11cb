/** The way between two points through chunks, told as a story of steps. */
import { nearest } from '../core/neighbors/blockedKnn';
import type { KnnGraph } from '../core/neighbors/knnGraph';
import { shortestPath } from '../core/neighbors/shortestPath';
import { distinguishingTerms, TermBackground, wordsOf } from '../core/topics/distinguishingTerms';
import type { Walk, WalkStep } from '../shared/mapQuestions';
import type { MapGraph } from './mapGraph';
import type { Space } from './space';

/** True neighbors of each chunk that a step may go to. */
const neighborsOfStep = 15;
const excerptLength = 400;
const termsOfStep = 3;
/** Chunks that say which words are ordinary in this space. */
const backgroundTexts = 150;

/** @returns null when one of the points is gone. */
export function walk(space: Space, from: number, to: number): Walk | null {
  const { points, map, queries } = space;
  if (!points.isLive(from) || !points.isLive(to)) return null;
  const baseline = queries.pairBaseline();
  const direct = similarityOf(space, from, to);
  const known = map.graph;
  const found = from === to ? [from] : known && wayThrough(space, known, from, to);
  return {
    steps: found === undefined ? [] : storyOf(space, found),
    length: found && found.reduce((sum, row, i) => (i === 0 ? 0 : sum + 1 - similarityOf(space, found[i - 1], row)), 0),
    direct,
    directPercentile: baseline?.percentileOf(direct),
    searched: {
      points: known?.graph.count ?? 0,
      neighbors: Math.min(neighborsOfStep, known?.graph.k ?? 0),
    },
    unreachable: found === undefined ? whyUnreachable(known) : undefined,
  };
}

function whyUnreachable(known: MapGraph | undefined): string {
  return known === undefined
    ? 'There is no way yet: the map is not laid out.'
    : `No way leads there: going from chunk to chunk among the ${Math.min(neighborsOfStep, known.graph.k)} nearest of each never gets from one to the other, so the two lie in parts of this space that share nothing.`;
}

/** Rows from the first to the last; ends that came after the layout hang on their own nearest points. */
function wayThrough(space: Space, known: MapGraph, from: number, to: number): number[] | undefined {
  const { graph, extra } = withEnds(space, known, [from, to]);
  const rowOf = (node: number) => (node < known.rows.length ? known.rows[node] : extra[node - known.rows.length]);
  const nodeOf = (row: number) => {
    const node = known.position[row] ?? -1;
    return node >= 0 ? node : known.rows.length + extra.indexOf(row);
  };
  const path = shortestPath(graph, nodeOf(from), nodeOf(to), {
    neighbors: neighborsOfStep,
    accept: (node) => space.points.isLive(rowOf(node)),
  });
  return path?.nodes.map(rowOf);
}

function withEnds(space: Space, known: MapGraph, ends: number[]): { graph: KnnGraph; extra: number[] } {
  const { graph, position } = known;
  const extra = ends.filter((row) => (position[row] ?? -1) < 0);
  if (extra.length === 0) return { graph, extra };
  const count = graph.count + extra.length;
  const indices = new Int32Array(count * graph.k).fill(-1);
  const similarities = new Float32Array(count * graph.k).fill(-2);
  indices.set(graph.indices);
  similarities.set(graph.similarities);
  extra.forEach((row, i) => {
    const accept = (other: number) => (position[other] ?? -1) >= 0 && space.points.isLive(other);
    const found = nearest(
      space.points.vectorRows,
      space.points.vector(row),
      Math.min(neighborsOfStep, graph.k),
      accept,
    );
    found.indices.forEach((other, rank) => {
      indices[(graph.count + i) * graph.k + rank] = position[other];
      similarities[(graph.count + i) * graph.k + rank] = found.similarities[rank];
    });
  });
  return { graph: { count, k: graph.k, indices, similarities }, extra };
}

function storyOf(space: Space, rows: readonly number[]): WalkStep[] {
  const { points, queries } = space;
  const baseline = queries.pairBaseline();
  const texts = rows.map((row) => space.textOf(row)?.text ?? '');
  const background = backgroundOf(space);
  for (const text of texts) background.add(text);
  return rows.map((row, i): WalkStep => {
    const { places } = points.point(row)!;
    const step = { point: row, place: queries.place(places[0]), places: places.length };
    const excerpt = texts[i].slice(0, excerptLength);
    if (i === 0) {
      return { ...step, excerpt, similarity: undefined, percentile: undefined, keeps: [], gains: [], loses: [] };
    }
    const similarity = similarityOf(space, rows[i - 1], row);
    const { before, after } = distinguishingTerms(texts[i - 1], texts[i], background, termsOfStep);
    return {
      ...step,
      excerpt,
      similarity,
      percentile: baseline?.percentileOf(similarity),
      keeps: sharedWords(texts[i - 1], texts[i], background),
      gains: after,
      loses: before,
    };
  });
}

/** Words of both texts: by how often both have them, and by how rare they are in the space. */
function sharedWords(before: string, after: string, background: TermBackground): string[] {
  const count = (text: string) => {
    const counts = new Map<string, { times: number; form: string }>();
    for (const { term, form } of wordsOf(text)) {
      counts.set(term, { times: (counts.get(term)?.times ?? 0) + 1, form: counts.get(term)?.form ?? form });
    }
    return counts;
  };
  const left = count(before);
  const weighed = [...count(after)].flatMap(([term, { times, form }]) => {
    const other = left.get(term);
    if (other === undefined) return [];
    return [{ form, weight: Math.sqrt(Math.min(times, other.times)) * -Math.log(background.share(term)) }];
  });
  return weighed
    .sort((a, b) => b.weight - a.weight || (a.form < b.form ? -1 : 1))
    .slice(0, termsOfStep)
    .map(({ form }) => form);
}

function backgroundOf(space: Space): TermBackground {
  const background = new TermBackground();
  const rows = space.points.liveRows();
  const read = Math.min(rows.length, backgroundTexts);
  for (let i = 0; i < read; i++) background.add(space.textOf(rows[Math.floor((i * rows.length) / read)])?.text ?? '');
  return background;
}

function similarityOf(space: Space, row: number, other: number): number {
  const a = space.points.vector(row);
  const b = space.points.vector(other);
  return a.reduce((sum, value, d) => sum + value * b[d], 0);
}
