import type { SplitEffect } from '../../src/shared/chunkQuality';
import type { MapColumns, Marker, Neighbor, PointHonesty, SearchResults } from '../../src/shared/space';
import { noEmphasis, type Emphasis } from '../map/scene';
import type { Selected } from './selectionModel';

/** What decides which parts of the map are marked. */
export interface EmphasisSource {
  map: MapColumns | null;
  rowOfPoint: ReadonlyMap<number, number>;
  selected: Selected;
  neighbors: readonly Neighbor[];
  focusedPoint: number | undefined;
  results: SearchResults | undefined;
  /** Points that a search for words found. */
  matches: Uint32Array | undefined;
  /** Whether query or selection came last: the later one is emphasized. */
  linksFrom: 'query' | 'selection';
  honesty: PointHonesty | undefined;
  /** What a split of the selected chunk would change. */
  split: SplitEffect | undefined;
  /** The centroid of the selected set, once it was asked for. */
  centroid: Marker | undefined;
}

/** Hits that are tied to the star of a query by lines. */
const linkedHits = 12;

/** Lines, stars, rings and what stays bright, for the query or the selection. */
export function emphasisOf(source: EmphasisSource): Emphasis {
  const { map, rowOfPoint, selected, results, matches } = source;
  if (!map) return noEmphasis;
  const rowsOf = (points: Iterable<number>): number[] => [...points].flatMap((point) => rowOfPoint.get(point) ?? []);
  const maskOf = (points: Iterable<number>): Uint8Array => {
    const mask = new Uint8Array(map.point.length);
    for (const row of rowsOf(points)) mask[row] = 1;
    return mask;
  };
  const links = (neighbors: readonly Neighbor[]): Emphasis['links'] =>
    neighbors.flatMap(({ point, similarity }) => {
      const row = rowOfPoint.get(point);
      return row === undefined ? [] : [{ row, similarity }];
    });
  const queryStars = starsOf(results?.marker);
  if (source.linksFrom === 'query' && matches) {
    return { ...noEmphasis, bright: maskOf(matches), selected: rowOf(source) };
  }
  if (source.linksFrom === 'query' && results) {
    return {
      ...noEmphasis,
      stars: queryStars,
      selected: rowOf(source),
      origin: queryStars.length === 1 ? queryStars[0] : undefined,
      links: links(results.hits.slice(0, linkedHits)),
      bright: results.hits.length > 0 ? maskOf(results.hits.map(({ point }) => point)) : undefined,
    };
  }
  const focused = source.focusedPoint === undefined ? undefined : rowOfPoint.get(source.focusedPoint);
  switch (selected.kind) {
    case 'none':
      return { ...noEmphasis, stars: queryStars, focused };
    case 'text': {
      const stars = starsOf(selected.detail?.marker);
      const origin = stars.length === 1 ? stars[0] : undefined;
      return { ...noEmphasis, stars, origin, links: links(source.neighbors), focused };
    }
    case 'set': {
      const path = selected.set.origin === 'walk' ? rowsOf(selected.set.points) : [];
      const stars = source.centroid ? starsOf(source.centroid) : queryStars;
      return { ...noEmphasis, stars, bright: maskOf(selected.set.points), path, focused };
    }
    case 'chunk': {
      const row = rowOf(source);
      const honesty = source.honesty?.point === selected.point ? source.honesty : undefined;
      return {
        ...noEmphasis,
        stars: queryStars,
        selected: row,
        origin: row === undefined ? undefined : { x: map.coordinates[2 * row], y: map.coordinates[2 * row + 1] },
        links: links(source.neighbors),
        missing: honesty ? rowsOf(honesty.missing.map(({ point }) => point)) : [],
        strangers: honesty ? rowsOf(honesty.strangers.map(({ point }) => point)) : [],
        halves: source.split?.point === selected.point ? halvesOf(source.split) : [],
        focused,
      };
    }
  }
}

function rowOf({ selected, rowOfPoint }: EmphasisSource): number | undefined {
  return selected.kind === 'chunk' ? rowOfPoint.get(selected.point) : undefined;
}

function halvesOf({ before, after }: SplitEffect): Emphasis['halves'] {
  return [before.at, after.at].flatMap((at) => (at ? [at] : []));
}

function starsOf(marker: Marker | undefined): Emphasis['stars'] {
  return marker?.stars.map(({ x, y, weight }) => ({ x, y, weight })) ?? [];
}
